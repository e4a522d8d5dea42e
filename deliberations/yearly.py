"""The follow-up of a year in plain values: what a report freezes and prints."""

from datetime import date

from django.apps import apps


def content(report):
    """{year, foreword, counts by state, measures: […]}, at the end of its year or today if it is under way."""
    until = date(report.year, 12, 31)
    measures = [row_of(measure, until) for measure in followed(until)]
    return {
        "year": report.year,
        "foreword": report.foreword,
        "counts": counted(measures, "state"),
        "by_owner": owners(measures),
        "returns_given": sum(
            bool(row["said"] and row["said"]["on"].startswith(str(report.year))) for row in measures
        ),
        "overdue": sum(row["overdue"] for row in measures),
        "measures": measures,
    }


def followed(until):
    """Every measure adopted by then, with its returns."""
    rows = apps.get_model("deliberations", "Measure").objects.filter(
        proposal__council_item__session_on__lte=until
    )
    return (
        rows.select_related("proposal__cycle", "proposal__council_item")
        .prefetch_related("returns", "milestones")
        .order_by("proposal__cycle__number", "proposal", "number")
    )


def row_of(measure, until):
    returns = [given for given in measure.returns.all() if given.on <= until]
    last = returns[-1] if returns else None
    state = last.state if last else "not_started"
    owed = state not in measure.ENDED and (measure.due_on is None or measure.due_on <= until)
    return {
        "cycle": str(measure.proposal.cycle),
        "text": measure.proposal.title,
        "reference": str(measure.proposal.council_item.reference),
        "number": measure.number,
        "measure": measure.text,
        "owner": measure.owner,
        "state": state,
        "overdue": bool(owed and measure.is_overdue),
        "due_on": measure.due_on.isoformat() if measure.due_on and owed else "",
        "said": last and {"on": last.on.isoformat(), "words": last.words, "by": last.department},
        "cost": str(sum((given.cost for given in returns if given.cost is not None), 0)),
        "milestones": [
            {
                "label": row.label,
                "due_on": row.due_on.isoformat(),
                "reached_on": row.reached_on.isoformat()
                if row.reached_on and row.reached_on <= until
                else "",
            }
            for row in measure.milestones.all()
        ],
    }


def counted(rows, key):
    counts = {}
    for row in rows:
        counts[row[key]] = counts.get(row[key], 0) + 1
    return counts


def owners(rows):
    """{directorate: {state: how many}}."""
    found = {}
    for row in rows:
        states = found.setdefault(row["owner"], {})
        states[row["state"]] = states.get(row["state"], 0) + 1
    return dict(sorted(found.items()))
