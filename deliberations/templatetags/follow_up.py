"""Words and figures of a follow-up whose content is frozen in plain values."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format

from deliberations.models import Measure

register = template.Library()


@register.filter
def progress(state):
    """in_progress becomes “in progress”."""
    return Measure.State(state).label


@register.filter
def by_progress(counts):
    """{state: how many} as the rows of a chart, every state in its order."""
    return [{"label": label, "value": counts.get(state, 0)} for state, label in Measure.State.choices]


@register.filter
def figure(value):
    """1200.50 becomes 1 200,5."""
    if value in (None, ""):
        return ""
    value = Decimal(value).normalize()
    return number_format(value, max(0, -value.as_tuple().exponent), force_grouping=True)


@register.filter
def euros(value):
    """1200.50 becomes 1 200,5 €; nothing stays nothing."""
    return f"{figure(value)}\u00a0€" if value not in (None, "") else ""


@register.filter
def hundredth(share):
    """A share as a whole number out of a hundred, for a bar."""
    return str(round(100 * share))
