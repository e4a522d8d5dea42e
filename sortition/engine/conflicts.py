"""Explain quotas that cannot be kept: the smallest conflicting set found, and the cheapest ways out."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from sortition.engine.polytope import (
    INFEASIBLE,
    INFINITY,
    INTEGER,
    OPTIMAL,
    Pool,
    columns,
    indices,
    model,
    pool_of,
)
from sortition.engine.profiles import HOUSEHOLD, Profiles
from sortition.engine.quotas import Conflict, Quota, Relaxation

Bound = tuple[int, str]
LIMIT = 20.0
MOST_CONFLICTS = 3


def is_possible(profiles: Profiles) -> bool:
    """Whether one legal panel exists. A search that does not end counts as possible: the draw will tell."""
    if not profiles.kinds:
        return profiles.seats == 0
    highs = model(pool_of(profiles), integer=True, time_limit=LIMIT)
    highs.run()
    return bool(highs.getModelStatus() != INFEASIBLE)


def explain(
    profiles: Profiles,
    short: Sequence[Conflict],
    wanted: int,
    sacred: Mapping[str, float] | None = None,
    flexes: Sequence[Quota] = (),
) -> list[Conflict]:
    """The shortages, then conflicting sets that share no bound; the last one carries the relaxations."""
    ways = tuple(relaxations(profiles, wanted, sacred, flexes))
    found = [*short, *_independent(profiles, short)]
    last = found[-1]
    return [*found[:-1], Conflict(last.code, last.facts, last.quotas, ways)]


def _independent(profiles: Profiles, short: Sequence[Conflict]) -> list[Conflict]:
    """Conflicting sets one after the other, the bounds of the earlier ones put aside."""
    if profiles.size < profiles.seats or not profiles.kinds:
        return []
    index = {quota: position for position, quota in enumerate(profiles.quotas)}
    aside = {(index[quota], side) for one in short for quota in one.quotas for side in ("low", "high")}
    search, found = _Search(pool_of(profiles)), list[Conflict]()
    everything = {(position, side) for position in index.values() for side in ("low", "high")}
    while len(found) < MOST_CONFLICTS and not search.possible(everything - aside):
        bounds = smallest_conflict(profiles, aside)
        found.append(_together(profiles, bounds))
        if not bounds:
            break
        aside |= set(bounds)
    return found


def _together(profiles: Profiles, bounds: Sequence[Bound]) -> Conflict:
    """`each` says the same as `bounds`, in parts: criterion, category, side, limit, people available."""
    words, each = list[str](), list[tuple[str, str, str, int, int]]()
    available = profiles.available()
    for index, side in bounds:
        quota = profiles.quotas[index]
        sign, limit = ("≥", quota.minimum) if side == "low" else ("≤", quota.maximum)
        words.append(f"{quota.criterion} {quota.category} {sign} {limit} ({available[index]})")
        each.append((quota.criterion, quota.category, side, limit, available[index]))
    quotas = tuple(profiles.quotas[index] for index in sorted({index for index, _ in bounds}))
    facts = {"bounds": "; ".join(words), "count": len(bounds), "each": each}
    return Conflict("together_impossible", facts, quotas)


def smallest_conflict(profiles: Profiles, aside: Collection[Bound] = ()) -> list[Bound]:
    """A set of bounds that cannot be kept together, from which none can be taken away; the smallest of three tries."""
    pool = pool_of(profiles)
    search = _Search(pool)
    every = [(index, side) for index in range(len(pool.low)) for side in ("low", "high")]
    everything = [bound for bound in every if bound not in aside]
    by_criterion = sorted(everything, key=lambda bound: (profiles.quotas[bound[0]].criterion, bound))
    orders = (
        [[bound] for bound in sorted(everything, key=lambda bound: (bound[1] == "low", bound))],
        [[bound] for bound in sorted(everything, key=lambda bound: (bound[1] == "high", bound))],
        [*_grouped(profiles, by_criterion), *([bound] for bound in by_criterion)],
    )
    return min((_filtered(search, everything, order) for order in orders), key=lambda kept: (len(kept), kept))


def _grouped(profiles: Profiles, bounds: Iterable[Bound]) -> list[list[Bound]]:
    groups: dict[str, list[Bound]] = {}
    for bound in bounds:
        groups.setdefault(profiles.quotas[bound[0]].criterion, []).append(bound)
    return list(groups.values())


def _filtered(
    search: "_Search", everything: Sequence[Bound], order: Iterable[Sequence[Bound]]
) -> list[Bound]:
    kept = set(everything)
    for group in order:
        fewer = kept.difference(group)
        if fewer != kept and not search.possible(fewer):
            kept = fewer
    return sorted(kept)


class _Search:
    """Feasibility with some of the bounds only, on one model kept warm. Only what is proved impossible counts as such."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.highs = model(pool, integer=True, most=pool.people, time_limit=LIMIT)
        self.relaxed = model(pool, integer=False, most=pool.people)

    def possible(self, bounds: set[Bound]) -> bool:
        for index in range(len(self.pool.low)):
            low = float(self.pool.low[index]) if (index, "low") in bounds else 0.0
            high = float(self.pool.high[index]) if (index, "high") in bounds else float(self.pool.seats)
            self.highs.changeRowBounds(1 + index, low, high)
            self.relaxed.changeRowBounds(1 + index, low, high)
        self.relaxed.run()
        if self.relaxed.getModelStatus() == INFEASIBLE:
            return False
        self.highs.run()
        return bool(self.highs.getModelStatus() != INFEASIBLE)


def relaxations(
    profiles: Profiles,
    wanted: int,
    sacred: Mapping[str, float] | None = None,
    flexes: Sequence[Quota] = (),
) -> list[Relaxation]:
    """The cheapest changes of bounds that make a panel exist, then the next cheapest touching other quotas.

    Lowering a small minimum costs more than lowering a large one. `sacred` multiplies the cost of a criterion (1 if not
    named); infinite, it is never touched, like the household rule.
    """
    if not profiles.kinds or profiles.size < profiles.seats or wanted < 1:
        return []
    pool = pool_of(profiles)
    barred: list[list[int]] = []
    found: list[Relaxation] = []
    while len(found) < wanted:
        slacks = _cheapest(profiles, pool, barred, sacred, flexes)
        if slacks is None or not slacks.any():
            break
        found.append(_relaxation(profiles, slacks, sacred))
        barred.append([int(index) for index in np.nonzero(slacks)[0]])
    return sorted(found, key=lambda relaxation: relaxation.effort)


def _weights(profiles: Profiles, sacred: Mapping[str, float] | None = None) -> list[float]:
    weights = []
    for quota in profiles.quotas:
        times = float("inf") if quota.criterion == HOUSEHOLD else (sacred or {}).get(quota.criterion, 1.0)
        weights += [times * (1 + 2 / max(1, quota.minimum)), times]
    return weights


def _limits(profiles: Profiles, flexes: Sequence[Quota]) -> list[int]:
    """How far each bound may move (minimum, maximum, minimum…)."""
    soft = {(quota.criterion, quota.category): quota for quota in flexes}
    found = []
    for quota in profiles.quotas:
        flex = soft.get((quota.criterion, quota.category))
        low, high = (flex.minimum, flex.maximum) if flex else (0, quota.maximum + profiles.seats)
        found += [max(0, quota.minimum - low), max(0, high - quota.maximum)]
    return found


def _cheapest(
    profiles: Profiles,
    pool: Pool,
    barred: Sequence[Sequence[int]],
    sacred: Mapping[str, float] | None = None,
    flexes: Sequence[Quota] = (),
) -> np.ndarray | None:
    """Slack of each bound (minimum, maximum, minimum…) at the least cost, without repeating a barred support."""
    highs = model(pool, integer=True, most=pool.people, time_limit=LIMIT)
    count, first = 2 * len(pool.low), pool.size
    limits = _limits(profiles, flexes)
    for index, weight in enumerate(_weights(profiles, sacred)):
        row, sign = index // 2, 1.0 if index % 2 == 0 else -1.0
        fixed = weight == float("inf")
        most = 0.0 if fixed else float(limits[index])
        highs.addCol(0.0 if fixed else -weight, 0.0, most, 1, indices([1 + row]), np.array([sign]))
        highs.changeColIntegrality(first + index, INTEGER)
    if barred:
        _bar(highs, first, count, pool.seats, barred)
    highs.run()
    if highs.getModelStatus() != OPTIMAL:
        return None
    return np.rint(columns(highs)[first : first + count]).astype(np.int64)


def _bar(highs: object, first: int, count: int, seats: int, barred: Sequence[Sequence[int]]) -> None:
    switch = first + count
    for index in range(count):
        highs.addCol(0.0, 0.0, 1.0, 0, indices([]), np.array([]))  # type: ignore[attr-defined]
        highs.changeColIntegrality(switch + index, INTEGER)  # type: ignore[attr-defined]
        pair = indices([first + index, switch + index])
        highs.addRow(-INFINITY, 0.0, 2, pair, np.array([1.0, -float(seats)]))  # type: ignore[attr-defined]
    for support in barred:
        used = indices([switch + index for index in support])
        highs.addRow(-INFINITY, len(support) - 1.0, len(support), used, np.ones(len(support)))  # type: ignore[attr-defined]


def lacking(profiles: Profiles) -> list[tuple[Quota, int]]:
    """The minima that cannot be reached with these people, and by how many: the cheapest such set."""
    if not profiles.kinds or profiles.size < profiles.seats:
        return []
    slacks = _cheapest(profiles, pool_of(profiles), [])
    if slacks is None:
        return []
    return [
        (quota, int(slacks[2 * index])) for index, quota in enumerate(profiles.quotas) if slacks[2 * index]
    ]


def _relaxation(
    profiles: Profiles, slacks: np.ndarray, sacred: Mapping[str, float] | None = None
) -> Relaxation:
    changes = []
    for index, quota in enumerate(profiles.quotas):
        down, up = int(slacks[2 * index]), int(slacks[2 * index + 1])
        if down or up:
            changes.append((quota, quota.minimum - down, quota.maximum + up))
    effort = sum(
        int(slack) * weight for slack, weight in zip(slacks, _weights(profiles, sacred), strict=True) if slack
    )
    return Relaxation(tuple(changes), round(effort, 6))
