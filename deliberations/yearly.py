"""The follow-up of a year in plain values: what a report freezes and prints."""

from datetime import date
from decimal import Decimal

from django.apps import apps

from assembly import clock
from deliberations.models.ground import a_year_after


def content(report):
    """As things stand at the end of its year, or today if it is under way."""
    until = min(date(report.year, 12, 31), clock.today())
    measures = [row_of(measure, until) for measure in followed(until)]
    return {
        "year": report.year,
        "until": until.isoformat(),
        "foreword": report.foreword,
        "counts": counted(measures),
        "owners": owners(measures),
        "returns_given": sum(row["returns_this_year"] for row in measures),
        "overdue": sum(row["overdue"] for row in measures),
        "cost": added(row["cost"] for row in measures),
        "cost_this_year": added(row["cost_this_year"] for row in measures),
        "measures": measures,
    }


def followed(until):
    """Every measure adopted by then, with everything said of it: four queries."""
    rows = apps.get_model("deliberations", "Measure").objects.filter(
        proposal__council_item__session_on__lte=until
    )
    return (
        rows.select_related("proposal__cycle", "proposal__council_item")
        .prefetch_related("returns", "milestones", "indicators__readings__given")
        .order_by("proposal__cycle__number", "proposal_id", "number")
    )


def row_of(measure, until):
    item = measure.proposal.council_item
    returns = [given for given in measure.returns.all() if given.on <= until]
    of_the_year = [given for given in returns if given.on.year == until.year]
    last = returns[-1] if returns else None
    state = last.state if last else "not_started"
    due = None if state in measure.ENDED else a_year_after(last.on if last else item.session_on)
    return {
        "cycle": str(measure.proposal.cycle),
        "text": measure.proposal.title,
        "reference": item.reference,
        "number": measure.number,
        "measure": measure.text,
        "owner": measure.owner,
        "state": state,
        "overdue": bool(due and due < until),
        "due_on": due.isoformat() if due else "",
        "said": last
        and {
            "on": last.on.isoformat(),
            "words": last.words,
            "by": last.department,
            "evidence": last.evidence,
        },
        "returns_this_year": len(of_the_year),
        "cost": added(given.cost for given in returns),
        "cost_this_year": added(given.cost for given in of_the_year),
        "indicators": [indicator_row(row, until) for row in measure.indicators.all()],
        "milestones": [milestone_row(row, until) for row in measure.milestones.all()],
    }


def indicator_row(indicator, until):
    values = [row.value for row in indicator.readings.all() if row.given.on <= until]
    return {
        "label": indicator.label,
        "unit": indicator.unit,
        "start": plain(indicator.start),
        "last": plain(values[-1]) if values else "",
        "target": plain(indicator.target),
    }


def milestone_row(milestone, until):
    reached = milestone.reached_on if milestone.reached_on and milestone.reached_on <= until else None
    return {
        "label": milestone.label,
        "due_on": milestone.due_on.isoformat(),
        "reached_on": reached.isoformat() if reached else "",
        "overdue": not reached and milestone.due_on < until,
    }


def plain(value):
    return "" if value is None else f"{value.normalize():f}"


def added(costs):
    """What is known, added up; empty when nothing is."""
    known = [Decimal(cost) for cost in costs if cost not in (None, "")]
    return plain(sum(known)) if known else ""


def counted(rows):
    counts = {}
    for row in rows:
        counts[row["state"]] = counts.get(row["state"], 0) + 1
    return counts


def owners(rows):
    """One row for each directorate, in order of name."""
    found = {}
    for row in rows:
        found.setdefault(row["owner"], []).append(row)
    return [
        {
            "owner": owner,
            "total": len(measures),
            "done": sum(row["state"] == "done" for row in measures),
            "dropped": sum(row["state"] == "dropped" for row in measures),
            "overdue": sum(row["overdue"] for row in measures),
            "cost": added(row["cost"] for row in measures),
        }
        for owner, measures in sorted(found.items())
    ]
