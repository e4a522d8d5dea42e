"""The figures of a composition as a page or a sheet shows them: shares, bars, distances, all from what is shown."""

from collections import defaultdict
from datetime import date
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from assembly.composition import stages
from assembly.composition.distance import Aim, distance
from assembly.lines import lines

FOLLOWED = ("drawn", "sitting", "attending")  # the stages whose distance is followed over the year
FREE = Aim(Fraction(0), Fraction(1))


def middle(cell):
    """A range stands for its middle."""
    low, high = (Fraction(str(bound)) for bound in cell)
    return (low + high) / 2


def aims(criterion, seats):
    """{category: what share of a group it should hold}; empty when nothing is laid down."""
    categories = criterion["categories"]
    if criterion["aim"] == "seats" and seats:
        return {one["key"]: aim_of(one, seats) for one in categories}
    people = sum(one["population"] for one in categories)
    if criterion["aim"] == "population" and people:
        shares = {one["key"]: Fraction(one["population"], people) for one in categories}
        return {key: Aim(share, share) for key, share in shares.items()}
    return {}


def aim_of(category, seats):
    least, most = category["minimum"], category["maximum"]
    return FREE if least is None else Aim(Fraction(least, seats), Fraction(most, seats))


def distance_of(criterion, stage, seats):
    """Of one criterion at one stage; None where nothing is known or laid down. Who did not say is left out."""
    cells, wanted = criterion["cells"].get(stage), aims(criterion, seats)
    if not cells or not wanted:
        return None
    return distance((middle(cells[key]), aim) for key, aim in wanted.items())


def furthest(figures, stage):
    """(distance, title of the criterion) that is furthest from its target at this stage, or None."""
    found = [
        (far, criterion["title"])
        for criterion in figures["criteria"]
        if (far := distance_of(criterion, stage, figures["seats"])) is not None
    ]
    return max(found, key=lambda pair: pair[0], default=None)


def sheet(figures):
    """Everything a template prints."""
    there = {stage["key"]: stage for stage in figures["stages"]}
    columns = [described(stage, there[stage.key]) for stage in stages.in_order() if stage.key in there]
    return {
        "day": date.fromisoformat(figures["day"]),
        "seats": figures["seats"],
        "stages": columns,
        "distances": [
            column | {"figure": plain(found[0]), "criterion": found[1]}
            for column in columns
            if (found := furthest(figures, column["key"]))
        ],
        "criteria": [matrix(criterion, columns, figures["seats"]) for criterion in figures["criteria"]],
        "protected": any(criterion.get("origins") is not None for criterion in figures["criteria"]),
    }


def described(stage, counted):
    return {
        "key": stage.key,
        "label": str(stage.label),
        "number": counted["number"],
        "half_days": stage.half_days,
    }


def matrix(criterion, columns, seats):
    """Categories down, stages across, a bar in each cell; all bars on one scale."""
    known = [column for column in columns if criterion["cells"].get(column["key"])]
    people = sum(one["population"] for one in criterion["categories"])
    rows = [
        {
            "label": one["title"],
            "share": one["population"] / people if people else None,
            "minimum": one["minimum"],
            "maximum": one["maximum"],
            "cells": [cell(criterion, one["key"], column) for column in known],
        }
        for one in criterion["categories"]
    ]
    if any("" in cells for cells in criterion["cells"].values()):
        unsaid = [cell(criterion, "", column) for column in known]
        rows.append(
            {"label": _("Not stated"), "share": None, "minimum": None, "maximum": None, "cells": unsaid}
        )
    most = max(
        [one["part"] for row in rows for one in row["cells"]] + [row["share"] or 0 for row in rows] + [0.01]
    )
    for row in rows:
        row["tick"] = f"{100 * row['share'] / most:.1f}%" if row["share"] is not None else ""
        for one in row["cells"]:
            one["width"] = f"{100 * one['part'] / most:.1f}%"
    return {
        "key": criterion["key"],
        "title": criterion["title"],
        "source": criterion["source"],
        "aim": criterion["aim"],
        "bounded": criterion["aim"] == "seats",
        "stages": known,
        "rows": rows,
        "distances": [(column, plain(distance_of(criterion, column["key"], seats))) for column in known],
        "again": again(criterion, known),
        "blurred": any(one["blurred"] for row in rows for one in row["cells"]),
    }


def plain(far):
    return far if far is None else round(float(far), 1)


def cell(criterion, key, column):
    """One figure in words, and its share of those who said it at that stage."""
    cells = criterion["cells"][column["key"]]
    bounds = cells.get(key, (0, 0))
    total = sum(middle(one) for one in cells.values())
    part = float(middle(bounds) / total) if total else 0
    return {"label": column["label"], "text": said(*bounds), "part": part, "blurred": bounds[0] != bounds[1]}


def said(low, high):
    low, high = (number_format(round(bound, 1), use_l10n=True) for bound in (low, high))
    return low if low == high else f"{low}–{high}"


def again(criterion, columns):
    """Which columns show an earlier table again, because too few people moved since; one line a table."""
    origins = criterion.get("origins") or {}
    labels = {stage.key: str(stage.label) for stage in stages.in_order()}
    found = defaultdict(list)
    for column in columns:
        if column["key"] in origins:
            found[tuple(origins[column["key"]])].append(column["label"])
    return [
        {"stages": ", ".join(names), "of": labels.get(key, ""), "day": day}
        for (day, key), names in found.items()
    ]


# Over the year ------------------------------------------------------------------------


def steps(snapshots):
    """[{label, day, distances}] of what was published at each moment, as plain values."""
    return [
        {
            "label": snapshot.get_moment_display(),
            "day": snapshot.public["day"],
            "distances": distances(snapshot.public, FOLLOWED),
        }
        for snapshot in snapshots
    ]


def distances(figures, wanted):
    found = {key: furthest(figures, key) for key in wanted}
    return {key: plain(pair[0]) for key, pair in found.items() if pair}


def journey(steps):
    """The lines of the distance over the moments; None until there are two to compare."""
    steps = [step for step in steps if step["distances"]]
    if len(steps) < 2:
        return None
    labels = {stage.key: str(stage.label) for stage in stages.in_order()}
    series = [
        (labels[key], [step["distances"].get(key) for step in steps])
        for key in FOLLOWED
        if any(key in step["distances"] for step in steps)
    ]
    return lines([step["label"] for step in steps], series)


def differences(first, second):
    """[(criterion, [(category, before, after)])] of those sitting, between two snapshots as they are shown."""
    after = {criterion["key"]: criterion for criterion in second["criteria"]}
    found = []
    for criterion in first["criteria"]:
        mine = criterion["cells"].get("sitting") or criterion["cells"].get("drawn")
        theirs = after.get(criterion["key"], {"cells": {}})["cells"]
        theirs = theirs.get("sitting") or theirs.get("drawn")
        if mine and theirs:
            rows = [
                (one["title"], said(*mine.get(one["key"], (0, 0))), said(*theirs.get(one["key"], (0, 0))))
                for one in criterion["categories"]
            ]
            found.append((criterion["title"], rows))
    return found
