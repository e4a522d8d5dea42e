"""What machines read beside a page, in the words of schema.org: data, never a program."""

import json

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

ESCAPED = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&"}


def script(data):
    """A block of data, which the content security policy lets pass since nothing in it runs."""
    known = {name: value for name, value in data.items() if value not in (None, "", [])}
    words = json.dumps({"@context": "https://schema.org", **known}, ensure_ascii=False, default=str)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(words.translate(ESCAPED)))


def address(path):
    return f"{settings.SITE_URL}{path}"


def assembly():
    return {"@type": "GovernmentOrganization", "name": _("Paris Citizens’ Assembly"), "url": address("/")}


def council():
    return {"@type": "GovernmentOrganization", "name": "Conseil de Paris", "url": "https://www.paris.fr"}
