"""What a page says of itself to those who link to it: its one address, its picture, its data."""

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import translate_url

from assembly import linked

register = template.Library()


@register.inclusion_tag("components/_addresses.html", takes_context=True)
def addresses(context):
    """The one address of this page, and the same page in each language."""
    path = context["request"].path
    page = context["request"].GET.get("page", "")
    query = f"?page={page}" if page.isdecimal() else ""
    here = f"{settings.SITE_URL}{path}{query}"
    there = [(code, translate_url(here, code)) for code, _name in settings.LANGUAGES]
    return {"here": here, "languages": there, "default": settings.LANGUAGE_CODE}


@register.inclusion_tag("components/_sharing.html")
def share(title="", description="", picture="", kind="website"):
    """How the page looks where somebody shares it; without a title, by that of the page."""
    picture = linked.address(picture or static("img/share.png"))
    return {"title": title, "description": description, "picture": picture, "kind": kind}


@register.simple_tag
def organisation():
    area = {"@type": "City", "name": "Paris"}
    parent = {"@type": "GovernmentOrganization", "name": "Ville de Paris", "url": "https://www.paris.fr"}
    return linked.script(linked.assembly() | {"areaServed": area, "parentOrganization": parent})
