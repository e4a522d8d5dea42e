"""A text, for the machines that read law."""

from django import template

from assembly import linked
from deliberations.models import Proposal

register = template.Library()


@register.simple_tag
def legislation(text):
    item = text.council
    adopted = bool(item) and item.outcome in Proposal.VOTED_BY_COUNCIL
    return linked.script(
        {
            "@type": "Legislation",
            "name": text.title,
            "abstract": text.plain_summary,
            "legislationType": text.get_kind_display(),
            "inLanguage": "fr",
            "url": linked.address(text.get_absolute_url()),
            "image": linked.address(text.get_card_url()),
            "datePublished": text.transmitted_at and text.transmitted_at.date(),
            "creator": linked.assembly() | {"department": str(text.workshop)},
            "legislationDate": item.session_on if adopted else None,
            "legislationPassedBy": linked.council() if adopted else None,
            "legislationIdentifier": item.reference if adopted else "",
            "license": "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
        }
    )
