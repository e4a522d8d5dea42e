"""Words of public commitments and of the sheets of cycles, some of them frozen in plain values."""

from django import template
from django.conf import settings
from django.utils.translation import get_language

from deliberations import fiche
from deliberations.models import PledgeMilestone

register = template.Library()


@register.simple_tag
def fiche_groups(values):
    return fiche.groups(values)


@register.filter
def status(state):
    """in_progress becomes “in progress”."""
    return PledgeMilestone.State(state).label


@register.filter
def here(address):
    """The address of a page of this site in the language one reads; others as they are."""
    if not address.startswith("/") or get_language() == settings.LANGUAGE_CODE:
        return address
    return f"/{get_language()}{address}"
