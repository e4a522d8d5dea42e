"""When somebody leaves: the next in an order fixed by the seed before anybody left, quotas kept.

The whole remaining pool is the reserve. For one leaver this is a fair draw among those who fit; for several the earliest
tickets that together fit. If nobody fits, the panel that departs least from the quotas, in the same pool. Many leavers
at once may also be replaced by a lottery of their own (`redraw`), and a few people booked in advance (`substitutes`).
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sortition.engine.lottery import Lottery, draw_lottery
from sortition.engine.profiles import Person, Profiles, Quota, after_seated, profiles_of

POOL = "pool"


@dataclass(frozen=True)
class Deviation:
    """A quota not kept: how many sit, against its bounds."""

    quota: Quota
    seated: int

    def __str__(self) -> str:
        quota = self.quota
        return f"{quota.criterion} {quota.category}: {self.seated} ({quota.minimum}-{quota.maximum})"


@dataclass(frozen=True)
class Replacement:
    """`chosen` in the order of the reserve; `exact` if every quota holds, else `deviations` lists those that do not.

    `missing` counts the seats nobody in the reserve could take.
    """

    chosen: tuple[str, ...]
    exact: bool
    deviations: tuple[Deviation, ...] = ()
    missing: int = 0


def reserve_ticket(seed: str, person: str) -> str:
    """SHA-256(seed | reserve | id), in hexadecimal: smallest first."""
    return hashlib.sha256(f"{seed}|reserve|{person}".encode()).hexdigest()


def reserve_order(people: Sequence[Person], seed: str) -> tuple[str, ...]:
    """The ids in the order they will be called, which can be published before anybody leaves."""
    return tuple(
        sorted((person.id for person in people), key=lambda name: (reserve_ticket(seed, name), name))
    )


def redraw(
    leaver_ids: Collection[str],
    seated: Sequence[Person],
    reserve: Sequence[Person],
    quotas: Sequence[Quota],
    seats: int,
    seed: str,
    *,
    panels: int = 1000,
) -> Lottery:
    """Replace many at once by the same engine: a lottery among the reserve for the seats left, those who stay kept.

    Every chance is as fair as what is left of the quotas allows. Raises `Infeasible` if they cannot all hold: then
    `replace` gives the people who depart least.
    """
    gone = set(leaver_ids)
    staying = [person for person in seated if person.id not in gone]
    if len(seated) - len(staying) != len(gone):
        raise ValueError("Somebody who leaves must be seated.")
    available = _fitting(reserve, staying, quotas)
    return draw_lottery(available, quotas, seats, seed=f"{seed}|redraw", panels=panels, seated=staying)


def substitutes(
    seated: Sequence[Person],
    reserve: Sequence[Person],
    quotas: Sequence[Quota],
    seats: int,
    seed: str,
    *,
    count: int,
    drop_out: float | Mapping[str, float] = 0.12,
    scenarios: int = 100,
) -> tuple[str, ...]:
    """A short list of people to book in advance, against an estimated rate of drop-out (one for all, or by id).

    Scenarios of leavers are drawn by hashes of the seed. People are added one by one: each time the one who lowers most
    the departures left over all scenarios (a seat empty counts one, a quota missed one a person), ties by reserve
    ticket. Greedy, so not always the best list; the whole reserve in order remains the rule, this is for dates that
    must be booked.
    """
    rates = drop_out if isinstance(drop_out, Mapping) else dict.fromkeys((p.id for p in seated), drop_out)
    pool = sorted(_fitting(reserve, seated, quotas), key=lambda person: reserve_ticket(seed, person.id))
    needs = [
        _Need(seated, quotas, seats, _leavers(seated, rates, seed, number)) for number in range(scenarios)
    ]
    booked: list[Person] = []
    while pool and len(booked) < count:
        best = max(pool, key=lambda person: sum(need.relief(person) for need in needs))
        for need in needs:
            need.call(best)
        booked.append(best)
        pool = [person for person in pool if person is not best and not _shares_home(person, booked)]
    return tuple(person.id for person in booked)


def _leavers(seated: Sequence[Person], rates: Mapping[str, float], seed: str, scenario: int) -> set[str]:
    """Who leaves in a scenario: those whose hash, as a number between 0 and 1, is below their rate."""
    return {
        person.id
        for person in seated
        if int(hashlib.sha256(f"{seed}|scenario|{scenario}|{person.id}".encode()).hexdigest()[:13], 16)
        / 16**13
        < rates.get(person.id, 0.0)
    }


class _Need:
    """What a scenario lacks as substitutes are called: seats, and people by quota (below the minimum, up to the maximum)."""

    def __init__(
        self, seated: Sequence[Person], quotas: Sequence[Quota], seats: int, gone: Collection[str]
    ) -> None:
        staying = [person for person in seated if person.id not in gone]
        counts = Counter((name, category) for person in staying for name, category in person.profile.items())
        self.empty = seats - len(staying)
        self.below = {(q.criterion, q.category): q.minimum - counts[q.criterion, q.category] for q in quotas}
        self.room = {(q.criterion, q.category): q.maximum - counts[q.criterion, q.category] for q in quotas}

    def relief(self, person: Person) -> int:
        """How many departures fewer with this person: the seat, and each minimum not yet reached; none if a maximum forbids."""
        pairs = [pair for pair in person.profile.items() if pair in self.room]
        if self.empty <= 0 or any(self.room[pair] <= 0 for pair in pairs):
            return 0
        return 1 + sum(self.below[pair] > 0 for pair in pairs)

    def call(self, person: Person) -> None:
        if not self.relief(person):
            return
        self.empty -= 1
        for pair in person.profile.items():
            if pair in self.room:
                self.below[pair] -= 1
                self.room[pair] -= 1


def replace(
    leaver_ids: Collection[str],
    seated: Sequence[Person],
    reserve: Sequence[Person],
    quotas: Sequence[Quota],
    seats: int,
    seed: str,
    *,
    kept_criteria: Collection[str] = (POOL,),
    priorities: Mapping[str, float] | None = None,
) -> Replacement:
    """Fill the seats of the leavers (and any seat already empty).

    `seated` are the members, leavers included; `reserve` those available and not seated. Without an exact answer, the
    quotas of `kept_criteria` still hold, so somebody of a small pool is replaced within it; seats stay empty if even
    that is impossible. Among the others, `priorities`, declared beforehand, say what a person too many or too few costs
    in a criterion (1 if not named). Raises `ValueError` if a leaver is not seated.
    """
    remaining = [person for person in seated if person.id not in set(leaver_ids)]
    if len(seated) - len(remaining) != len(set(leaver_ids)):
        raise ValueError("Somebody who leaves must be seated.")
    needed = seats - len(remaining)
    available = sorted(
        _fitting(reserve, remaining, quotas), key=lambda person: reserve_ticket(seed, person.id)
    )
    if needed <= 0:
        return Replacement((), exact=True)
    left = after_seated(quotas, remaining)
    chosen = _exactly(available, left, needed) if len(available) >= needed else None
    if chosen is None:
        chosen = _nearest(available, left, needed, kept_criteria, priorities or {})
    now = [*remaining, *(person for person in available if person.id in set(chosen))]
    deviations = _deviations(now, quotas)
    missing = needed - len(chosen)
    return Replacement(tuple(chosen), not deviations and not missing, deviations, missing)


def _fitting(reserve: Sequence[Person], remaining: Sequence[Person], quotas: Sequence[Quota]) -> list[Person]:
    """Those the quotas know, who do not sit already and live with nobody who does."""
    known = {(quota.criterion, quota.category) for quota in quotas}
    criteria = {quota.criterion for quota in quotas}
    ids = {person.id for person in remaining}
    homes = {person.household for person in remaining if person.household}
    return [
        person
        for person in reserve
        if person.id not in ids
        and person.household not in homes
        and all((name, person.profile.get(name, "")) in known for name in criteria)
    ]


def _deviations(people: Sequence[Person], quotas: Sequence[Quota]) -> tuple[Deviation, ...]:
    counts = Counter((name, category) for person in people for name, category in person.profile.items())
    return tuple(
        Deviation(quota, counts[quota.criterion, quota.category])
        for quota in sorted(quotas)
        if not quota.minimum <= counts[quota.criterion, quota.category] <= quota.maximum
    )


def _exactly(available: Sequence[Person], quotas: Sequence[Quota], needed: int) -> list[str] | None:
    """The first people in order who can be part of a full set, one after the other; None if there is no full set."""
    if not _completes([], available, quotas, needed):
        return None
    chosen: list[Person] = []
    refused: set[tuple[tuple[str, str], ...]] = set()
    for person in available:
        kind = tuple(sorted(person.profile.items()))
        if len(chosen) == needed:
            break
        if kind in refused or _shares_home(person, chosen):
            continue
        if _completes([*chosen, person], available, quotas, needed):
            chosen.append(person)
        else:
            refused.add(kind)
    return [person.id for person in chosen]


def _shares_home(person: Person, chosen: Sequence[Person]) -> bool:
    return bool(person.household) and any(other.household == person.household for other in chosen)


def _completes(
    chosen: Sequence[Person], available: Sequence[Person], quotas: Sequence[Quota], needed: int
) -> bool:
    """Whether these people can be completed to fill every seat within the quotas."""
    counts = Counter((name, category) for person in chosen for name, category in person.profile.items())
    if any(counts[quota.criterion, quota.category] > quota.maximum for quota in quotas):
        return False
    left = after_seated(quotas, chosen)
    if len(chosen) == needed:
        return all(quota.minimum == 0 for quota in left)
    taken = {person.id for person in chosen}
    homes = {person.household for person in chosen if person.household}
    others = [p for p in available if p.id not in taken and (not p.household or p.household not in homes)]
    return _is_possible(profiles_of(others, left, needed - len(chosen)))


def _is_possible(profiles: Profiles) -> bool:
    from sortition.engine import conflicts  # HiGHS: loaded when a replacement is made

    return profiles.size >= profiles.seats and conflicts.is_possible(profiles)


def _nearest(
    available: Sequence[Person],
    quotas: Sequence[Quota],
    needed: int,
    kept_criteria: Collection[str],
    priorities: Mapping[str, float],
) -> list[str]:
    """As many seats filled as the kept criteria allow, with the least total departure from the other quotas."""
    for count in range(min(needed, len(available)), 0, -1):
        from sortition.engine import departures  # HiGHS: loaded when a replacement is made

        profiles = profiles_of(available, quotas, count)
        counts = departures.least(profiles, kept_criteria, full=count == needed, priorities=priorities)
        if counts is not None:
            return _in_order(available, profiles, counts)
    return []


def _in_order(available: Sequence[Person], profiles: Profiles, counts: Sequence[int]) -> list[str]:
    """People by ticket inside each profile, one of a household at most."""
    homes: set[str] = set()
    chosen: set[str] = set()
    people = {person.id: person for person in available}
    rank = {person.id: position for position, person in enumerate(available)}
    for members, count in zip(profiles.members, counts, strict=True):
        for name in sorted(members, key=rank.__getitem__):
            home = people[name].household
            if count and not (home and home in homes):
                chosen.add(name)
                homes.add(home)
                count -= 1
    return [person.id for person in available if person.id in chosen]
