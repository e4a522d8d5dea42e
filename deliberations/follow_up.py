"""The figures of the right of follow-up, across all cycles."""

from urllib.parse import urlencode

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from assembly import clock
from deliberations.models import Measure, Return

State = Measure.State
FATES = {
    "done": (_("done in whole or in part"), (State.DONE, State.PARTLY_DONE)),
    "moving": (_("under way"), (State.IN_PROGRESS, State.UNDER_STUDY)),
    "waiting": (_("not started"), (State.NOT_STARTED,)),
    "dropped": (_("dropped"), (State.DROPPED,)),
}
"""What came of a measure, in four words."""


def cells_of(rows, *keys):
    """How many measures of each state, and how many late among them, by these keys."""
    late = Count("pk", filter=Q(due_on__lt=clock.today()))
    return list(rows.order_by().values("state", *keys).annotate(number=Count("pk"), late=late))


def what_came_of(rows):
    """The short answer, all measures together: one query."""
    return counted(cells_of(rows))


def figures(rows):
    """Counts by fate, by directorate, by cycle and by year: three queries, whatever the number of measures."""
    cells = cells_of(rows, "owner", "proposal__cycle__number", "proposal__cycle__title")
    return {
        **counted(cells),
        "states": [
            {"label": label, "value": sum(cell["number"] for cell in cells if cell["state"] == state)}
            for state, label in State.choices
        ],
        "owners": grouped(cells, "owner", narrowed_by="owner"),
        "cycles": grouped(cells, "proposal__cycle__number", "proposal__cycle__title", narrowed_by="cycle"),
        "years": years(rows),
    }


def counted(cells):
    """How many met each fate, and how many wait for a return that is late."""
    fates = {
        fate: sum(cell["number"] for cell in cells if cell["state"] in states)
        for fate, (_name, states) in FATES.items()
    }
    return {
        "total": sum(fates.values()),
        "fates": fates,
        "overdue": sum(cell["late"] for cell in cells),
        **fates,
    }


def grouped(cells, key, label=None, *, narrowed_by):
    """The counts of each directorate, or of each cycle, and the address that narrows the list to it."""
    names = {cell[key]: cell[label or key] for cell in cells}
    return [
        {
            "label": names[value],
            "address": f"?{urlencode({narrowed_by: value})}",
            **counted([cell for cell in cells if cell[key] == value]),
        }
        for value in sorted(names)
    ]


def years(rows):
    """What was adopted, told, ended and spent each year, the latest first."""
    session = "proposal__council_item__session_on__year"
    adopted = dict(rows.order_by().values_list(session).annotate(number=Count("pk")))
    told = (
        Return.objects.filter(measure__in=rows.order_by().values("pk"))
        .order_by()
        .values("on__year")
        .annotate(
            returns=Count("pk"),
            done=Count("pk", filter=Q(state=State.DONE)),
            dropped=Count("pk", filter=Q(state=State.DROPPED)),
            cost=Sum("cost"),
        )
    )
    told = {row["on__year"]: row for row in told}
    nothing = {"returns": 0, "done": 0, "dropped": 0, "cost": None}
    known = sorted({*adopted, *told} - {None}, reverse=True)
    return [{"year": year, "adopted": adopted.get(year, 0), **(told.get(year) or nothing)} for year in known]
