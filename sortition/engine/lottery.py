"""Stage 2: a lottery over legal panels, as fair as the quotas allow, drawn by a seed nobody controls.

Three things make it checkable. The pool, the quotas and the rule are committed to before the seed exists. The optimiser
sees how many people have each profile, never who: people are placed by hashes of the seed. What is published (panels
and certificate) is verified without any solver.
"""

import hashlib
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from sortition.engine import VERSION, canonical
from sortition.engine.canonical import (
    chances_csv,
    commitment,
    ids_csv,
    panels_csv,
    parameters_json,
    people_csv,
    quotas_csv,
)
from sortition.engine.certificate import Certificate, certify
from sortition.engine.profiles import Person, Profiles, Quota, after_seated, profiles_of
from sortition.engine.quotas import Conflict, Infeasible, check, contradictions, misfits, shortages

if TYPE_CHECKING:
    from sortition.engine.exact import Settled
    from sortition.engine.generating import Generator
    from sortition.engine.leximin import Fair
    from sortition.engine.peeling import Peeled
    from sortition.engine.polytope import Ints

__all__ = [
    "RULES",
    "Infeasible",
    "Lottery",
    "Person",
    "Quota",
    "chances_csv",
    "commitment",
    "draw_lottery",
    "ids_csv",
    "panels_csv",
    "parameters_json",
    "people_csv",
    "pick",
    "quotas_csv",
]

RULES = ("leximin", "capped", "maximin", "nash")
EXACT_UP_TO = 150
ROUNDED_UP_TO = 450
SETTLING = 0.7  # of the time there is, what chances may take; panels have the rest
TRIES, QUICK_TRIES = 8, 2
FEW = 50  # one panel in so many not made by peeling: the relaxation may promise too much
NEVER = float("inf")
TIME_LIMIT = 120.0  # seconds, for those who ask: tight pools could be searched for days
Progress = Callable[[float], None]
Id = str


@dataclass(frozen=True)
class Lottery:
    """Numbered panels, each legal; to draw is to pick a number.

    `chances`: the share of panels each person is in. `fair`: the chance the rule gives before panels are counted in
    whole numbers (under maximin, the one it promises to everybody), or what mixtures of legal panels were found to give
    if the rule's own are out of reach. `minimum`: the smallest chance among those a legal
    panel can contain; `bound`: what the certificate proves no lottery can exceed. `short`: people in fewer than ⌊panels × fair⌋ panels (by one, usually nobody).
    `unreachable`: people no legal panel can contain. `panels` hold the newly drawn, without those already seated. `gap`: what the chances promised miss of what
    the rule could give, 0 if they are exact; None if only the relaxation was solved, which the panels follow.
    `cut_short`: time ran out before everything was tried.
    """

    panels: tuple[tuple[Id, ...], ...]
    chances: dict[Id, float]
    fair: dict[Id, float]
    minimum: float
    bound: float
    certificate: Certificate
    rule: str
    seed: str
    version: str
    commitment: str
    short: tuple[Id, ...] = ()
    unreachable: tuple[Id, ...] = ()
    cut_short: bool = False
    gap: float | None = None
    seconds: float = 0.0

    def panels_of(self, person: Id) -> list[int]:
        """The numbers of the panels somebody is in."""
        return [number for number, panel in enumerate(self.panels) if person in panel]

    @property
    def number(self) -> int:
        """The panel the seed itself designates."""
        return pick(len(self.panels), self.seed)

    @property
    def selected(self) -> tuple[Id, ...]:
        return self.panels[self.number]


def pick(lottery_size: int, text: str) -> int:
    """A panel number from a text, each equally likely: SHA-256 of panel|text|0, 1, 2…; the first 64 bits, unless they
    fall in the incomplete last round, in which case the next."""
    if lottery_size < 1:
        raise ValueError("There is no panel to pick.")
    rounds = 2**64 // lottery_size * lottery_size
    counter = 0
    while True:
        digest = hashlib.sha256(f"panel|{text}|{counter}".encode()).digest()
        number = int.from_bytes(digest[:8], "big")
        if number < rounds:
            return number % lottery_size
        counter += 1


def seed_of(commitment_hex: str, text: str) -> bytes:
    """The draw's own seed: SHA-256("sortition-v1" | commitment | public text)."""
    return hashlib.sha256(f"sortition-v1|{commitment_hex}|{text}".encode()).digest()


def draw_lottery(
    people: Sequence[Person],
    quotas: Sequence[Quota],
    seats: int,
    *,
    seed: str,
    panels: int = 1000,
    rule: str = "leximin",
    seated: Sequence[Person] = (),
    time_limit: float | None = None,
    progress: Progress | None = None,
    commitment_hex: str | None = None,
) -> Lottery:
    """Make the lottery. The same people, quotas, rule, seed and version give the same bytes, in whatever order given.

    `seats` counts the people already `seated`, who are taken off the quotas. `time_limit` in seconds: past it
    nothing more is tried, and the lottery is the fairest one made of the panels known (`cut_short`). `progress` receives fractions of 1. `commitment_hex` replaces the
    commitment computed here when more parameters were frozen. Raises `Infeasible`, or `ValueError` for an empty seed,
    no panels or an unknown rule.
    """
    if not seed or panels < 1 or rule not in RULES:
        raise ValueError("A seed, at least one panel and a known rule are needed.")
    started = time.monotonic()
    _refuse(people, quotas, seats, seated)
    committed = commitment_hex or _commitment(people, quotas, seats, panels, rule, seated)
    profiles = profiles_of(people, after_seated(quotas, seated), seats - len(seated))
    limits = (started + SETTLING * time_limit, started + time_limit) if time_limit else (NEVER, NEVER)
    made = _Making(profiles, rule, panels, seed_of(committed, seed), limits, progress or (lambda _: None))
    if not made.run():
        raise Infeasible(check(people, quotas, seats, seated=seated) or [Conflict("too_long")])
    return made.lottery(rule, seed, committed, time.monotonic() - started)


def _refuse(people: Sequence[Person], quotas: Sequence[Quota], seats: int, seated: Sequence[Person]) -> None:
    found = contradictions(quotas, seats) or misfits([*people, *seated], quotas)
    if not found:
        left = seats - len(seated)
        found = shortages(profiles_of(people, after_seated(quotas, seated), left))
        found += [Conflict("no_seats")] if left < 1 else []
        if found and left >= 1:
            found = check(people, quotas, seats, seated=seated) or found
    if found:
        raise Infeasible(found)


def _commitment(
    people: Sequence[Person],
    quotas: Sequence[Quota],
    seats: int,
    panels: int,
    rule: str,
    seated: Sequence[Person],
) -> str:
    parameters = parameters_json(
        seats=seats, panels=panels, rule=rule, seated=[person.id for person in seated]
    )
    return commitment(people_csv(people), quotas_csv(quotas), parameters)


class _Making:
    """The steps of one lottery: fair chances, panels by profile, exchanges, people."""

    def __init__(
        self,
        profiles: Profiles,
        rule: str,
        number: int,
        seed: bytes,
        limits: tuple[float, float],
        progress: Progress,
    ) -> None:
        from sortition.engine import polytope  # HiGHS and numpy: loaded when a draw is made

        self.profiles, self.rule, self.number, self.seed = profiles, rule, number, seed
        self.settle_by, self.deadline = limits
        self.progress = progress
        self.pool = polytope.pool_of(profiles)
        self.is_legal = polytope.is_legal
        self.settled: Settled | None = None
        self.cut_short = self.shared = False

    def run(self) -> bool:
        """False if no legal panel exists."""
        from sortition.engine.generating import Generator
        from sortition.engine.herding import nobody_left_out

        generator = Generator(self.pool)
        first = generator.panel(self.pool.people * 0.0)
        if first is None:
            return False
        self.progress(0.02)
        self.known = [first]
        counts = self._exchanged(generator, self._made(generator))
        if self._lacking(counts) and not self.shared and self.pool.size <= ROUNDED_UP_TO:
            counts = self._otherwise(generator, counts)
        self.panels = nobody_left_out(counts, self.known)
        assert self.is_legal(self.pool, self.panels)
        self.placed = place(self.profiles, self.panels, self.seed)
        self.progress(1.0)
        return True

    def _otherwise(self, generator: "Generator", counts: "Ints") -> "Ints":
        """Floors missed: the panels known are shared out again. If that fails, chances found to be in reach are promised."""
        counts = min(counts, self._exchanged(generator, self._rounded(generator)), key=self._lacking)
        if not self._lacking(counts) or self._late(generator, self.settle_by):
            return counts
        before, worst, lacking = self.fair, self._worst(counts), self._lacking(counts)
        self._promise(self.settled.fair if self.settled else self._settled(generator))
        again = self._exchanged(generator, self._rounded(generator))
        if (self._worst(again), -self._lacking(again)) > (worst, -lacking):
            return again
        self._promise(before)  # somebody would lose by it
        return counts

    def _worst(self, counts: "Ints") -> float:
        """The fewest panels anybody is in who can be in any."""
        shares = counts.sum(0) // self.pool.people
        return float(shares[self.fair.reachable].min(initial=self.number))

    def _late(self, generator: "Generator", deadline: float) -> bool:
        """Whether this is over; until then, `generator` searches."""
        generator.until(deadline)
        late = time.monotonic() > deadline
        self.cut_short |= late
        return late

    def _made(self, generator: "Generator") -> "Ints":
        """Few profiles: chances that whole panels can give exactly. Many: the relaxation, which loses nothing on most.

        Chances that peeling cannot follow are shared out between the panels they were found with.
        """
        from sortition.engine.herding import herd
        from sortition.engine.leximin import fair_chances

        few = self.pool.size <= EXACT_UP_TO
        fair = (
            self._settled(generator) if few else fair_chances(self.pool, self.rule, deadline=self.settle_by)
        )
        peeled = self._peeled(fair)
        self.known += list(peeled.panels)
        if peeled.left > self.number / FEW and not (self.settled and self.settled.exact):
            if self.settled is None:
                self._promise(self._settled(generator))
            return self._rounded(generator)
        self._late(generator, self.deadline)
        panels = (
            peeled.panels.repeat(peeled.shares.astype(int), axis=0) if peeled.shares.any() else self.known[:1]
        )
        self.herded = herd(self.pool, generator, self.fair.chances, self.number, self.deadline, panels)
        return self.herded

    def _settled(self, generator: "Generator") -> "Fair":
        from sortition.engine.exact import settled_chances

        self._late(generator, self.settle_by)
        self.settled = settled_chances(self.pool, generator, self.rule, self.settle_by, self.known)
        self.known = list(self.settled.known)
        self._late(generator, self.settle_by)
        return self.settled.fair

    def _rounded(self, generator: "Generator") -> "Ints":
        """Copies of the panels known, shared out by a linear program so that floors are reached; too late: as they are."""
        from sortition.engine.rounding import TooLate, all_of, shared_out

        self.shared = True
        self._late(generator, self.deadline)
        ceilings = (self.pool.people * ((self.number * self.fair.chances - 1e-6) // 1 + 1)).astype(int)
        limits, tries = (self.wanted, ceilings), TRIES if self.settled else QUICK_TRIES
        try:
            return shared_out(self.pool, generator, self.known, limits, self.number, self.deadline, tries)
        except TooLate:
            self.cut_short = True
            if self.settled is None:
                return self.herded
            shares = self.settled.shares / self.settled.shares.sum()
            return self.settled.panels.repeat(all_of(self.number * shares, self.number), axis=0)

    def _lacking(self, panels: "Ints") -> int:
        return int((self.wanted - panels.sum(0)).clip(min=0).sum())

    def _promise(self, fair: "Fair") -> None:
        from sortition.engine import herding

        self.fair = fair
        self.promised = self.fair.chances
        if self.rule == "maximin":  # promises the smallest chance, and nobody more than that
            self.promised = self.promised.clip(max=self.fair.minimum)
        self.wanted = herding.floors(self.pool, self.promised, self.number)

    def _peeled(self, fair: "Fair") -> "Peeled":
        from sortition.engine import peeling

        self._promise(fair)

        def report(part: float) -> None:
            self.progress(0.1 + 0.7 * part)

        until = self.deadline if self.settled else self.settle_by
        return peeling.numbered(self.pool, self.fair.chances, self.number, until, report)

    def _exchanged(self, generator: "Generator", counts: "Ints") -> "Ints":
        from sortition.engine.generating import Noise
        from sortition.engine.seating import Seating, mingle, repair

        seating = Seating(self.pool, counts)
        if not self._late(generator, self.deadline):
            mingle(seating, Noise(self.seed, "places"))
        self.progress(0.9)
        noise = Noise(self.seed, "exchanges")
        counts = repair(seating, generator, self.fair.chances, self.wanted, noise, self.deadline)
        self._late(generator, self.deadline)
        return counts.astype("int64")

    def lottery(self, rule: str, seed: str, committed: str, seconds: float) -> Lottery:
        times = Counter(name for panel in self.placed for name in panel)
        fair, short, never = {}, [], set()
        for members, chance, reachable in zip(
            self.profiles.members, self.promised.tolist(), self.fair.reachable.tolist(), strict=True
        ):
            for name in members:
                fair[name] = chance if reachable else 0.0
                if times[name] < int(self.number * chance + 1e-6):
                    short.append(name)
                if not reachable:
                    never.add(name)
        chances = {name: times[name] / self.number for name in sorted(fair)}
        proof = certify(self.profiles, self.fair.duals.tolist(), self.fair.reachable.tolist())
        possible = [chances[name] for name in fair.keys() - never]
        return Lottery(
            panels=self.placed,
            chances=chances,
            fair={name: fair[name] for name in sorted(fair)},
            minimum=min(possible, default=0.0),
            bound=float(proof.bound),
            certificate=proof,
            rule=rule,
            seed=seed,
            version=VERSION,
            commitment=committed,
            short=tuple(sorted(short)),
            unreachable=tuple(sorted(never)),
            cut_short=self.cut_short,
            gap=self.settled.gap if self.settled else None,
            seconds=seconds,
        )


# ---- people take their seats


def place(profiles: Profiles, counts: "Ints", seed: bytes) -> tuple[tuple[Id, ...], ...]:
    """Number the panels, then seat people, all by hashes of the seed; within a profile nobody sits twice more than another.

    Panels are numbered by SHA-256(seed|panel|j). Those of a profile are seated in the order of SHA-256(seed|person|cycle|id),
    everybody once before anybody twice, passing over whoever is in the panel already (or lives with somebody who is).
    """
    order = sorted(range(len(counts)), key=lambda made: _hash(seed, f"panel|{made}"))
    panels: list[list[Id]] = [[] for _ in counts]
    homes: list[set[str]] = [set() for _ in counts]
    for members, taken in zip(profiles.members, counts[order].T, strict=True):
        queue = _Queue(members, seed, profiles.households)
        seated = taken.nonzero()[0]
        for number, count in zip(seated.tolist(), taken[seated].tolist(), strict=True):
            panels[number] += queue.take(count, homes[number])
    return tuple(tuple(sorted(panel, key=str.encode)) for panel in panels)


def _hash(seed: bytes, label: str) -> bytes:
    return hashlib.sha256(seed + b"|" + label.encode()).digest()


class _Queue:
    """The people of one profile, in seeded order, everybody once in each cycle."""

    def __init__(self, members: Sequence[Id], seed: bytes, households: Mapping[Id, str]) -> None:
        self.members, self.seed = members, seed
        self.households = {name: households[name] for name in members if name in households}
        self.cycle = 0
        self.waiting: deque[Id] = deque()

    def take(self, count: int, homes: set[str]) -> list[Id]:
        if not self.households and (ready := self._ready(count)):
            return ready
        taken: list[Id] = []
        while len(taken) < count:
            found = self._next(taken, homes)
            taken.append(found)
            if found in self.households:
                homes.add(self.households[found])
        return taken

    def _ready(self, count: int) -> list[Id]:
        """The first who wait, if they are enough and nobody among them waits twice."""
        if len(self.members) == 1:
            return list(self.members)
        if not self.waiting:
            self._begin_a_cycle()
        first = list(islice(self.waiting, count))
        if len(set(first)) < count:
            return []
        for _ in first:
            self.waiting.popleft()
        return first

    def _next(self, taken: Sequence[Id], homes: set[str]) -> Id:
        for _ in range(2):
            for position, name in enumerate(self.waiting):
                if name not in taken and (not self.households or self.households.get(name) not in homes):
                    del self.waiting[position]
                    return name
            self._begin_a_cycle()
        raise AssertionError("A legal panel always finds its people.")

    def _begin_a_cycle(self) -> None:
        start = self.seed + f"|person|{self.cycle}|".encode()
        tickets = [(hashlib.sha256(start + name.encode()).digest(), name) for name in self.members]
        self.waiting.extend(name for _, name in sorted(tickets))
        self.cycle += 1


def by_category(people: Sequence[Person], chosen: Sequence[Id]) -> dict[str, dict[str, int]]:
    """How many of the chosen fall in each category, by criterion."""
    profiles = {person.id: person.profile for person in people}
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name in chosen:
        for criterion, category in profiles[name].items():
            counts[criterion][category] += 1
    return {criterion: dict(sorted(counts[criterion].items())) for criterion in sorted(counts)}


ids_of = canonical.ids_csv
