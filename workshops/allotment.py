"""Who goes to which workshop. Pure: plain values in, plain values out; anybody can replay it.

The rule, in this order:
1. whom the secretariat placed by hand stays there, whoever has a workshop keeps it; both count below;
2. workshops are of equal size, give or take one person;
3. the first criterion to be mixed (gender) is spread evenly, give or take one person;
4. wishes: a first choice costs nothing, a second 1, a third 4, a fourth 9…; the total is as low as can be.
   Each place by which another criterion (age, diploma, district) is out of balance by more than one person
   costs as much as a second choice;
5. what is still equal is settled by the seed, printed with the result.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import highspy

TIES = 100


@dataclass(frozen=True)
class Person:
    """`wishes`: workshops in order of preference; `place`: the workshop they already belong to;
    `pinned`: the one they are placed in by hand."""

    ref: str
    wishes: tuple[str, ...] = ()
    traits: Mapping[str, str] = field(default_factory=dict)
    place: str | None = None
    pinned: str | None = None


@dataclass(frozen=True)
class Place:
    """`rank` is None for whoever wished nothing, and beyond their list when none of their wishes was met."""

    workshop: str
    rank: int | None


@dataclass(frozen=True)
class Outcome:
    places: Mapping[str, Place]
    sizes: Mapping[str, int]
    wanted: Mapping[str, int]

    @property
    def by_rank(self) -> Counter[int | None]:
        return Counter(place.rank for place in self.places.values())


def allot(
    people: Sequence[Person], workshops: Sequence[str], seed: str, mixed: Sequence[str] = ()
) -> Outcome:
    """A workshop for each person who has none yet."""
    if not workshops:
        raise ValueError("no workshop to allot")
    free = sorted((person for person in people if person.place is None), key=lambda person: person.ref)
    problem = _Problem(people, free, workshops, seed, mixed)
    chosen = problem.solve()
    places = {person.ref: Place(chosen[person.ref], rank(person, chosen[person.ref])) for person in free}
    sizes = Counter(chosen.values()) + Counter(person.place for person in people if person.place)
    wanted = Counter(person.wishes[0] for person in free if person.wishes)
    return Outcome(places, {w: sizes[w] for w in workshops}, {w: wanted[w] for w in workshops})


def places_in_each(people: int, workshops: int) -> int:
    """The size no workshop exceeds when all are of equal size, give or take one person."""
    return -(-people // max(workshops, 1))


def rank(person: Person, workshop: str) -> int | None:
    """1 for a first choice; one more than the list is long for what was not on it."""
    if not person.wishes:
        return None
    return person.wishes.index(workshop) + 1 if workshop in person.wishes else len(person.wishes) + 1


def displeasure(person: Person, workshop: str) -> int:
    place = rank(person, workshop)
    return 0 if place is None else (place - 1) ** 2


def tie(seed: str, ref: str, workshop: str) -> int:
    return int.from_bytes(sha256(f"{seed}|{ref}|{workshop}".encode()).digest()[:4], "big") % TIES


class _Problem:
    """The assignment as a small integer programme; costs are whole numbers, so the best one is exact."""

    def __init__(self, people, free, workshops, seed, mixed):
        self.people = sorted(people, key=lambda person: person.ref)
        self.free, self.workshops, self.seed = free, workshops, seed
        self.solver = highspy.Highs()
        self.solver.silent()
        self.solver.setOptionValue("random_seed", 0)
        self.solver.setOptionValue("mip_rel_gap", 0.0)
        self.solver.setOptionValue("mip_abs_gap", 0.5)
        self.goes = {(p.ref, w): self.solver.addBinary() for p in free for w in workshops}
        for person in free:
            self.solver.addConstr(self._sum(self.goes[person.ref, w] for w in workshops) == 1)
            if person.pinned in workshops:
                self.solver.addConstr(self.goes[person.ref, person.pinned] == 1)
        self.firm = self._spread(self.people, tolerance=0)
        self.loose = []
        for position, criterion in enumerate(mixed):
            slack = self.firm if position == 0 else self.loose
            for group in self._groups(criterion):
                slack += self._spread(group, tolerance=min(position, 1))

    def _groups(self, criterion):
        groups = defaultdict(list)
        for person in self.people:
            groups[person.traits.get(criterion, "")].append(person)
        return [groups[key] for key in sorted(groups) if key]

    def _spread(self, group, tolerance):
        """As many of a group in each workshop, give or take; returns what measures the excess."""
        low, spare = divmod(len(group), len(self.workshops))
        least, most = low - tolerance, low + (1 if spare else 0) + tolerance
        settled = Counter(person.place for person in group)
        newcomers = [person for person in group if person.place is None]
        excesses = []
        for workshop in self.workshops:
            here = self._sum(self.goes[person.ref, workshop] for person in newcomers) + settled[workshop]
            over, under = self.solver.addVariable(), self.solver.addVariable()
            self.solver.addConstr(here - over <= most)
            self.solver.addConstr(here + under >= least)
            excesses += [over, under]
        return excesses

    def _sum(self, terms):
        return self.solver.qsum(list(terms))

    def solve(self):
        """First the sizes and the firm mix, as near as can be; then wishes, the loose mix, and the seed."""
        if not self.free:
            return {}
        self.solver.minimize(self._sum(self.firm))
        excess = round(self.solver.getInfo().objective_function_value)
        self.solver.addConstr(self._sum(self.firm) <= excess)
        weight = TIES * (len(self.free) + 1)
        self.solver.minimize(
            self._sum(
                self._cost(person, w, weight) * self.goes[person.ref, w]
                for person in self.free
                for w in self.workshops
            )
            + weight * self._sum(self.loose)
        )
        return {
            person.ref: next(w for w in self.workshops if self.solver.val(self.goes[person.ref, w]) > 0.5)
            for person in self.free
        }

    def _cost(self, person, workshop, weight):
        return weight * displeasure(person, workshop) + tie(self.seed, person.ref, workshop)
