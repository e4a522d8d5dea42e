"""What quotas cost and what rules give, before anything is drawn: answers fast enough to follow somebody who types."""

from collections.abc import Sequence
from dataclasses import dataclass

from sortition.engine.profiles import HOUSEHOLD, Person, Quota, profiles_of


@dataclass(frozen=True)
class WhatIf:
    """One bound of a quota moved by one (`bound`: minimum or maximum; `change`: -1 or 1) and the worst chance that results.

    `gain` is the difference with the quotas as they are. A minimum of 0 may also mean that no panel exists any more.
    """

    quota: Quota
    bound: str
    change: int
    minimum: float
    gain: float


@dataclass(frozen=True)
class Missing:
    """How many more people of this category a draw would need at the least."""

    quota: Quota
    people: int


def what_if(people: Sequence[Person], quotas: Sequence[Quota], seats: int) -> list[WhatIf]:
    """Each bound moved by one, either way, and the worst chance that results; the greatest gains first.

    On the linear relaxation, from one warm model. The household rule is not a quota to be moved. Empty if the quotas
    cannot be kept as they are.
    """
    from sortition.engine import leximin, polytope  # HiGHS: loaded when asked

    profiles = profiles_of(people, quotas, seats)
    if not profiles.kinds:
        return []
    worst = leximin.Worst(polytope.pool_of(profiles))
    if worst.now is None:
        return []
    found = [
        WhatIf(quota, bound, change, value, value - worst.now)
        for index, quota in enumerate(profiles.quotas)
        if quota.criterion != HOUSEHOLD
        for bound, change, low, high in _moves(quota, seats)
        for value in [worst.with_bounds(index, low, high)]
    ]
    return sorted(found, key=lambda row: (-round(row.gain, 12), row.quota, row.bound, row.change))


def _moves(quota: Quota, seats: int) -> list[tuple[str, int, int, int]]:
    low, high = quota.minimum, quota.maximum
    moves = [("minimum", -1, low - 1, high), ("minimum", 1, low + 1, high)]
    moves += [("maximum", -1, low, high - 1), ("maximum", 1, low, high + 1)]
    return [move for move in moves if 0 <= move[2] <= move[3] <= seats]


def expected(people: Sequence[Person], quotas: Sequence[Quota], seats: int, rule: str) -> dict[str, float]:
    """The chance the rule gives each person, before panels are made; nobody whom no relaxed panel can contain is named."""
    from sortition.engine import leximin, polytope

    profiles = profiles_of(people, quotas, seats)
    if not profiles.kinds:
        return {}
    fair = leximin.fair_chances(polytope.pool_of(profiles), rule)
    return {
        name: chance
        for chance, members, kept in zip(fair.chances.tolist(), profiles.members, fair.reachable, strict=True)
        for name in (members if kept else ())
    }


def compare(
    people: Sequence[Person], quotas: Sequence[Quota], seats: int
) -> dict[str, tuple[float, float, float]]:
    """(smallest chance, largest chance, Gini index) under each rule, over people that some relaxed panel can contain."""
    from sortition.engine import leximin

    found = {}
    for rule in leximin.RULES:
        values = list(expected(people, quotas, seats, rule).values())
        found[rule] = (min(values, default=0.0), max(values, default=0.0), leximin.spread(values))
    return found


def worst(people: Sequence[Person], quotas: Sequence[Quota], seats: int) -> float | None:
    """The best smallest chance these quotas allow; None if they cannot be kept, even by a relaxed panel."""
    from sortition.engine import leximin, polytope

    profiles = profiles_of(people, quotas, seats)
    return leximin.Worst(polytope.pool_of(profiles)).now if profiles.kinds else None


def missing(people: Sequence[Person], quotas: Sequence[Quota], seats: int) -> list[Missing]:
    """During recruitment: the fewest more people, by category, without whom no panel can exist; nothing if one does.

    First each category's own shortage; if there is none and still no panel, the cheapest set of minima that cannot be
    reached with the people there are. People one may be looking for count in several criteria at once.
    """
    from sortition.engine import conflicts

    known = {(quota.criterion, quota.category) for quota in quotas}
    usable = [person for person in people if all(pair in known for pair in _asked(person, quotas))]
    profiles = profiles_of(usable, quotas, seats)
    short = [
        Missing(quota, quota.minimum - available)
        for quota, available in zip(profiles.quotas, profiles.available(), strict=True)
        if available < quota.minimum
    ]
    if short or conflicts.is_possible(profiles):
        return short
    return [Missing(quota, count) for quota, count in conflicts.lacking(profiles)]


def _asked(person: Person, quotas: Sequence[Quota]) -> set[tuple[str, str]]:
    return {(quota.criterion, person.profile.get(quota.criterion, "")) for quota in quotas}
