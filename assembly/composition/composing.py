"""The composition of a cycle on a day, stage by stage and criterion by criterion, as plain values.

In full for those who run it; as the public may read it, by the rules of assembly/discretion.py.
"""

from collections import Counter, defaultdict
from fractions import Fraction

from django.db.models import prefetch_related_objects

from assembly.composition import discretion, stages
from assembly.composition.discretion import Table
from assembly.composition.portraits import whole_targets


def facts_of(cycle):
    """{stage: [who counts, from when to when]}: one query a stage."""
    return {stage.key: list(stage.facts(cycle)) for stage in stages.in_order()}


def criteria_of(cycle, pool=None):
    """The criteria in plain values, with what each category should hold: of the whole, or of one pool."""
    prefetch_related_objects([cycle], "pools__targets", "criteria__categories")
    pools = [one for one in cycle.pools.all() if pool in (None, one.pk)]
    return {
        "seats": sum(one.seats for one in pools),
        "criteria": [described(criterion, pools, whole=pool is None) for criterion in cycle.criteria.all()],
    }


def described(criterion, pools, *, whole):
    categories = list(criterion.categories.all())
    aims = whole_targets(categories, pools)
    return {
        "key": criterion.key,
        "title": criterion.title,
        "personal": criterion.personal,
        "source": next((category.source for category in categories if category.source), ""),
        "aim": "seats" if aims else "population" if whole else "",
        "categories": [
            {
                "key": category.key,
                "title": category.title,
                "population": category.population or 0,
                "minimum": aims.get(category.pk, (None, None))[0],
                "maximum": aims.get(category.pk, (None, None))[1],
            }
            for category in categories
        ],
    }


def counted(criteria, facts, day, *, pool=None, refs=None):
    """Every figure of that day. `pool`, `refs`: of one pool; of these people only (a workshop’s)."""
    chosen = [stage for stage in stages.in_order() if refs is None or stage.seated]
    here = {stage.key: present(facts[stage.key], day, pool, refs) for stage in chosen}
    return {
        "day": day.isoformat(),
        "seats": criteria["seats"],
        "stages": [
            {
                "key": stage.key,
                "half_days": stage.half_days,
                "number": plain(sum(fact.weight for fact in here[stage.key])),
            }
            for stage in chosen
            if here[stage.key]
        ],
        "criteria": [
            criterion | {"cells": {key: cells(criterion, rows) for key, rows in here.items() if rows}}
            for criterion in criteria["criteria"]
        ],
    }


def present(facts, day, pool, refs):
    return [
        fact
        for fact in facts
        if fact.holds(day) and pool in (None, fact.pool) and (refs is None or fact.ref in refs)
    ]


def plain(number):
    """A figure as JSON keeps it: whole where it is."""
    return int(number) if number == int(number) else float(number)


def tallied(criterion, rows):
    """{category: how much}; what is not one of the categories is not stated ("")."""
    known = {category["key"] for category in criterion["categories"]}
    found = Counter()
    for fact in rows:
        key = fact.profile.get(criterion["key"], "")
        found[key if key in known else ""] += fact.weight
    return found


def cells(criterion, rows):
    """{category: [at least, at most]}; empty when nobody at this stage said it."""
    found = tallied(criterion, rows)
    if not any(found[category["key"]] for category in criterion["categories"]):
        return {}
    return {key: [plain(found[key])] * 2 for key in keys_of(criterion, found)}


def keys_of(criterion, found):
    return [category["key"] for category in criterion["categories"]] + ([""] if found[""] else [])


# What the public may read -----------------------------------------------------------


def protected(figures, criteria, facts, day, earlier):
    """The same figures by the rules of discretion. `earlier`: the snapshots of the cycle already public."""
    here = {stage["key"]: present(facts[stage["key"]], day, None, None) for stage in figures["stages"]}
    return figures | {
        "criteria": [
            criterion | discreet(criterion, here, directory(criterion, facts), tables_of(criterion, earlier))
            if criterion["personal"]
            else criterion
            for criterion in figures["criteria"]
        ]
    }


def tables_of(of, snapshots):
    """The tables of a criterion that were shown for the first time in these snapshots."""
    return [
        Table(
            frozenset(snapshot.people[stage]),
            {name: tuple(cell) for name, cell in cells.items()},
            (snapshot.public["day"], stage),
        )
        for snapshot in snapshots
        for criterion in snapshot.public["criteria"]
        if criterion["key"] == of["key"]
        for stage, cells in criterion["cells"].items()
        if stage in snapshot.people and stage not in criterion["origins"]
    ]


def directory(criterion, facts):
    """{ref: category} of everybody known one by one at any stage, on any day."""
    known = {category["key"] for category in criterion["categories"]}
    return {
        fact.ref: key if (key := fact.profile.get(criterion["key"], "")) in known else ""
        for rows in facts.values()
        for fact in rows
        if fact.ref
    }


def discreet(criterion, here, everybody, known):
    """Cells by stage, and of which day and stage they are where an earlier table is shown again."""
    found, origins = {}, {}
    for stage in stages.in_order():
        rows = here.get(stage.key, ())
        if not criterion["cells"].get(stage.key):
            continue
        if stage.half_days:
            found[stage.key] = discreet_half_days(criterion, rows)
        elif table := discretion.shown(*people_of(criterion, rows, everybody), known):
            keys = keys_of(criterion, Counter(table.cells.keys()))
            found[stage.key] = {key: list(table.cells.get(key, (0, 0))) for key in keys}
            if table in known:
                origins[stage.key] = list(table.origin)
            else:
                known = [*known, Table(table.people, table.cells, ("", stage.key))]
    return {"cells": found, "origins": origins}


def people_of(criterion, rows, everybody):
    """Those of a stage, and the category of everybody; of the former, as that stage has it."""
    own = directory(criterion, {"": rows})
    return frozenset(own), everybody | own


def discreet_half_days(criterion, rows):
    present = defaultdict(set)
    for fact in rows:
        present[fact.profile.get(criterion["key"], "")].add(fact.ref)
    found = tallied(criterion, rows)
    half_days = {key: float(found[key]) for key in keys_of(criterion, found)}
    shown = discretion.blurred_half_days(half_days, {key: len(refs) for key, refs in present.items()})
    return {key: [plain(Fraction(str(bound))) for bound in cell] for key, cell in shown.items()}


def people(figures, facts, day):
    """{stage: refs} of the stages whose people are known one by one: kept with the snapshot, never shown."""
    return {
        stage["key"]: sorted(fact.ref for fact in present(facts[stage["key"]], day, None, None))
        for stage in figures["stages"]
        if not stage["half_days"] and all(fact.ref for fact in facts[stage["key"]])
    }
