"""Words and figures of a follow-up whose content is frozen in plain values."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from assembly.shares import stacked
from deliberations.follow_up import FATES
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
    return written(value, 1)


@register.filter
def euros(value):
    """1200.50 becomes 1 200,50 €; nothing stays nothing."""
    return f"{written(value, 2)}\u00a0€" if value not in (None, "") else ""


def written(value, fewest):
    """A figure without needless noughts; `fewest` decimals when it has some."""
    if value in (None, ""):
        return ""
    decimals = max(0, -Decimal(value).normalize().as_tuple().exponent)
    return number_format(Decimal(value), decimals and max(decimals, fewest), force_grouping=True)


@register.filter
def hundredth(share):
    """A share as a whole number out of a hundred, for a bar."""
    return str(round(100 * share))


@register.inclusion_tag("deliberations/_fates.html")
def fates(rows, title, label, unnamed=""):
    """What came of the measures of each group: bars cut in four, and the table; each row leads to its list."""
    parts = [(fate, name) for fate, (name, _states) in FATES.items()]
    drawing = stacked([(str(row["label"] or unnamed), row["fates"]) for row in rows], parts)
    return {
        "drawing": drawing,
        "rows": rows,
        "title": title,
        "label": label or _("Group"),
        "unnamed": unnamed,
    }
