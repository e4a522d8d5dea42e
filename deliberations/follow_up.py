"""The figures of the right of follow-up, across all cycles."""

from django.db.models import Count, Q, Sum

from assembly import clock
from deliberations.models import Measure, Return

State = Measure.State


def figures(rows):
    """Counts by state, by directorate and by year: three queries, whatever the number of measures."""
    late = Count("pk", filter=Q(due_on__lt=clock.today()))
    cells = list(rows.order_by().values("owner", "state").annotate(number=Count("pk"), late=late))
    return {
        "total": sum(cell["number"] for cell in cells),
        "ended_well": sum(cell["number"] for cell in cells if cell["state"] == State.DONE),
        "overdue": sum(cell["late"] for cell in cells),
        "states": [
            {"label": label, "value": sum(cell["number"] for cell in cells if cell["state"] == state)}
            for state, label in State.choices
        ],
        "owners": [of_owner(owner, cells) for owner in sorted({cell["owner"] for cell in cells})],
        "years": years(rows),
    }


def of_owner(owner, cells):
    own = [cell for cell in cells if cell["owner"] == owner]

    def ended(state):
        return sum(cell["number"] for cell in own if cell["state"] == state)

    total, done, dropped = sum(cell["number"] for cell in own), ended(State.DONE), ended(State.DROPPED)
    return {
        "owner": owner,
        "total": total,
        "done": done,
        "under_way": total - done - dropped,
        "dropped": dropped,
        "overdue": sum(cell["late"] for cell in own),
    }


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
