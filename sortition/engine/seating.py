"""Panels whose people change places: `mingle` between panels, then `repair` inside them, until floors are reached.

Every move leaves every panel legal.
"""

import itertools
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from sortition.engine.generating import Generator, Noise
from sortition.engine.polytope import Floats, Ints, Pool

ROUNDS = 24
LINKS = 60
PASSES = 15
REMADE = 5
STIR = 4
BATCH = 50
BATCHES = 3


class Seating:
    """Panels kept in three ways at once while people change places. M panels, k seats, T profiles, V quotas, F criteria.

    counts[m, t]: people of a profile; slots[m, s]: the profile in each seat; kinds[f][m, s]: its quota; held[m, v]: people
    counted for a quota; spare[f][m, s]: whether that quota would hold without this person.
    """

    def __init__(self, pool: Pool, counts: Ints) -> None:
        self.pool = pool
        self.counts = counts.astype(np.int32)
        self.totals = self.counts.sum(0, dtype=np.int64)
        every = np.broadcast_to(np.arange(pool.size, dtype=np.int32), counts.shape)
        self.slots = np.repeat(every.ravel(), self.counts.ravel()).reshape(len(counts), pool.seats)
        self.kind = [
            np.ascontiguousarray(pool.kinds[:, f].astype(np.int32)) for f in range(pool.kinds.shape[1])
        ]
        self.kinds = [kind[self.slots] for kind in self.kind]
        self.held = (
            np.stack([self._held(index) for index in range(len(pool.low))], axis=1)
            if len(pool.low)
            else (np.zeros((len(counts), 0), np.int64))
        )
        self.above, self.under = self.held > pool.low, self.held < pool.high
        self.spare = [np.take_along_axis(self.above, kinds, 1) for kinds in self.kinds]

    def _held(self, quota: int) -> Ints:
        return np.asarray(self.counts[:, self.pool.table[:, quota] > 0].sum(1, dtype=np.int64))

    def replace(self, row: int, panel: Ints) -> None:
        """Another panel, legal, in this place."""
        self.totals += panel - self.counts[row]
        self.counts[row] = panel
        self.slots[row] = np.repeat(np.arange(self.pool.size), panel)
        for kind, kinds in zip(self.kind, self.kinds, strict=True):
            kinds[row] = kind[self.slots[row]]
        self.held[row] = panel @ self.pool.table
        self._refresh(np.array([row]))

    def _refresh(self, rows: Ints) -> None:
        self.above[rows], self.under[rows] = self.held[rows] > self.pool.low, self.held[rows] < self.pool.high
        for kinds, spare in zip(self.kinds, self.spare, strict=True):
            spare[rows] = np.take_along_axis(self.above[rows], kinds[rows], 1)

    def open_to(self, profile: int) -> np.ndarray:
        """[m, s]: where a person of this profile may take the seat, the panel staying legal."""
        possible = np.repeat(
            (self.counts[:, profile] < self.pool.most[profile])[:, None], self.pool.seats, axis=1
        )
        for kind, kinds, spare in zip(self.kind, self.kinds, self.spare, strict=True):
            same, room = kinds == kind[profile], self.under[:, kind[profile]]
            possible &= same | (spare & room[:, None])
        possible &= self.slots != profile
        return possible

    def sit(self, rows: Ints, seats: Ints, profiles: Ints) -> None:
        """Give these seats, one a panel at most, to these profiles."""
        before = self.slots[rows, seats]
        for profile, change in ((before, -1), (profiles, 1)):
            self.counts[rows, profile] += change
            np.add.at(self.totals, profile, change)
            for kind in self.kind:
                self.held[rows, kind[profile]] += change
        self.slots[rows, seats] = profiles
        for kind, kinds in zip(self.kind, self.kinds, strict=True):
            kinds[rows, seats] = kind[profiles]
        self._refresh(rows)


def mingle(seating: Seating, noise: Noise, rounds: int = ROUNDS) -> None:
    """Pair the panels at random and let two people change places in each pair, if both panels stay legal."""
    for _ in range(rounds):
        order = noise.order(len(seating.slots))
        half = len(order) // 2
        _change_places(seating, order[:half], order[half : 2 * half], noise)


def _change_places(seating: Seating, ones: Ints, others: Ints, noise: Noise) -> None:
    seats = noise.below(seating.pool.seats, len(ones))
    leaving, arriving = seating.slots[ones, seats], seating.slots[others]
    possible = _swappable(seating, ones, others, leaving, arriving)
    preference = possible * (noise.uniform(possible.size).reshape(possible.shape) + 2)
    chosen = preference.argmax(1)
    done = np.nonzero(possible[np.arange(len(ones)), chosen])[0]
    profiles = arriving[done, chosen[done]]
    seating.sit(others[done], chosen[done], leaving[done])
    seating.sit(ones[done], seats[done], profiles)


def _swappable(seating: Seating, ones: Ints, others: Ints, leaving: Ints, arriving: Ints) -> np.ndarray:
    """[pair, seat of the other panel]: whether that person and the one leaving may change places."""
    most = seating.pool.most
    possible = np.take_along_axis(seating.counts[ones], arriving, 1) < most[arriving]
    possible &= (seating.counts[others, leaving] < most[leaving])[:, None]
    possible &= arriving != leaving[:, None]
    for kind, kinds, spare in zip(seating.kind, seating.kinds, seating.spare, strict=True):
        mine, theirs = kind[leaving], kinds[others]
        goes = seating.above[ones, mine] & seating.under[others, mine]
        comes = np.take_along_axis(seating.under[ones], theirs, 1) & spare[others]
        possible &= (theirs == mine[:, None]) | (comes & goes[:, None])
    return np.asarray(possible)


def repair(
    seating: Seating, generator: Generator, chances: Floats, wanted: Ints, noise: Noise, deadline: float
) -> Ints:
    """Exchange profiles inside panels until each reaches what is wanted or nothing more can be done: the best counts seen.

    At a dead end a few panels are made again, from those now most behind, and others mingled.
    """
    work = _Repair(seating, wanted, noise)
    best = (work.lacking(), seating.counts.copy())
    for _ in range(PASSES):
        short = np.nonzero(seating.totals < wanted)[0]
        if not len(short) or time.monotonic() > deadline:
            break
        if not any(_each(move, short, deadline) for move in (work.lift, work.trade, work.chain)):
            best = min(best, (work.lacking(), seating.counts.copy()), key=lambda state: state[0])
            rows = noise.below(len(seating.slots), REMADE)
            _each(partial(work.remake, short=short, generator=generator, chances=chances), rows, deadline)
            mingle(seating, noise, STIR)
    return best[1] if best[0] < work.lacking() else seating.counts


def _each(move: Callable[[int], int], numbers: Ints, deadline: float) -> int:
    """How many moves were made, one number after the other while there is time."""
    moved = 0
    for number in numbers.tolist():
        if time.monotonic() > deadline:
            break
        moved += move(number)
    return moved


class _Repair:
    """Moves that bring a profile nearer to what it wants, each leaving every panel legal."""

    def __init__(self, seating: Seating, wanted: Ints, noise: Noise) -> None:
        self.seating, self.wanted, self.noise = seating, wanted, noise
        self.people = seating.pool.people
        base = 2 * len(seating.pool.low) + 1
        self.keys = sum(
            (kind.astype(np.int64) * base**power for power, kind in enumerate(seating.kind)),
            np.zeros(seating.pool.size, np.int64),
        )

    def _surplus(self) -> Ints:
        return np.asarray(self.seating.totals - self.wanted)

    def lift(self, profile: int) -> int:
        """Take seats from profiles that have more than they want, the richest first, one a panel."""
        seating, moved = self.seating, 0
        while (lacking := int(self.wanted[profile] - seating.totals[profile])) > 0:
            surplus = self._surplus()
            worth = np.where(
                seating.open_to(profile), np.maximum(surplus / self.people, 0)[seating.slots], 0.0
            )
            best = worth.argmax(1)
            values = worth[np.arange(len(best)), best]
            rows = np.argsort(-values, kind="stable")
            rows = rows[: np.count_nonzero(values)]
            rows = rows[_rank(seating.slots[rows, best[rows]]) < surplus[seating.slots[rows, best[rows]]]][
                :lacking
            ]
            if not len(rows):
                break
            seating.sit(rows, best[rows], np.full(len(rows), profile))
            moved += len(rows)
        return moved

    def trade(self, profile: int) -> int:
        """Two seats of a panel for two others with the same categories between them: no count by quota moves at all.

        Where quotas are exact nothing else is possible. Both who leave have some to spare; panels are tried by batches.
        """
        seating, moved = self.seating, 0
        order = self.noise.order(len(seating.slots))
        for start in range(0, min(len(order), BATCH * BATCHES), BATCH):
            if seating.totals[profile] >= self.wanted[profile]:
                break
            moved += self._traded(profile, order[start : start + BATCH])
        return moved

    def _traded(self, profile: int, rows: Ints) -> int:
        """Trades in these panels, one at most in each, while the profile lacks seats."""
        seating, moved = self.seating, 0
        rows = rows[seating.counts[rows, profile] < seating.pool.most[profile]]
        rich = (self._surplus() > 0)[seating.slots[rows]] & (seating.slots[rows] != profile)
        cover = np.zeros(rich.shape, np.int64)
        for number, (kind, kinds) in enumerate(zip(seating.kind, seating.kinds, strict=True)):
            cover |= (kinds[rows] == kind[profile]).astype(np.int64) << number
        full = (1 << len(seating.kind)) - 1
        pairs = (cover[:, :, None] | cover[:, None, :]) == full
        pairs &= rich[:, :, None] & rich[:, None, :]
        at, ones, others = np.nonzero(np.triu(pairs, 1))
        first, second = seating.slots[rows[at], ones], seating.slots[rows[at], others]
        fourth = self._named(self.keys[first] + self.keys[second] - self.keys[profile])
        done: set[int] = set()
        for index in (order := self.noise.order(len(at)))[fourth[order] >= 0].tolist():
            row = int(rows[at[index]])
            if row in done or seating.totals[profile] >= self.wanted[profile]:
                continue
            if self._trade(row, (ones[index], others[index]), (profile, fourth[index])):
                done.add(row)
                moved += 1
        return moved

    def _named(self, keys: Ints) -> Ints:
        """The profiles of these keys, -1 where nobody in the pool has that profile."""
        order = np.argsort(self.keys, kind="stable")
        place = np.minimum(np.searchsorted(self.keys[order], keys), len(order) - 1)
        return np.where(self.keys[order[place]] == keys, order[place], -1)

    def _trade(self, row: int, seats: tuple[int, int], profiles: tuple[int, int]) -> bool:
        """Done only if it still can be, after the trades before it."""
        seating = self.seating
        leaving = seating.slots[row, list(seats)]
        if not self._can_spare(leaving):
            return False
        counts = seating.counts[row].copy()
        np.add.at(counts, leaving, -1)
        np.add.at(counts, list(profiles), 1)
        if (counts > seating.pool.most).any():
            return False
        for seat, profile in zip(seats, profiles, strict=True):
            seating.sit(np.array([row]), np.array([seat]), np.array([profile]))
        return True

    def _can_spare(self, leaving: Ints) -> bool:
        twice = 1 + int(leaving[0] == leaving[1])
        return bool(((self.seating.totals - self.wanted)[leaving] >= twice).all())

    def chain(self, profile: int) -> int:
        """Take a seat from somebody who has none to spare, and give them another's, until one who has some is reached."""
        came: dict[int, Steps] = {profile: ()}
        waiting = [profile]
        for node in itertools.islice(waiting, LINKS):  # grows as it is read
            open_seats = self.seating.open_to(node)
            open_seats[[row for row, _, _ in came[node]]] = False
            rich = open_seats & (self._surplus() > 0)[self.seating.slots]
            if rich.any():
                row, seat = divmod(int(rich.argmax()), rich.shape[1])
                for step in (*came[node], (row, seat, node)):
                    self.seating.sit(*(np.array([part]) for part in step))
                return 1
            self._spread(node, open_seats, came, waiting)
        return 0

    def remake(self, row: int, short: Ints, generator: Generator, chances: Floats) -> int:
        """Another panel in place of this one, if those that are short gain by it; what others lose can be lifted again."""
        seating, number = self.seating, len(self.seating.slots)
        others = seating.totals - seating.counts[row]
        behind = number * chances - others / self.people
        behind[short] += np.maximum(self.wanted - others, 0)[short]
        panel = generator.panel(behind)
        if panel is None or (panel - seating.counts[row])[short].sum() <= 0:
            return 0
        seating.replace(row, panel)
        return 1

    def lacking(self) -> int:
        return int(np.maximum(self.wanted - self.seating.totals, 0).sum())

    def _spread(
        self, node: int, open_seats: np.ndarray, came: dict[int, "Steps"], waiting: list[int]
    ) -> None:
        rows, seats = np.nonzero(open_seats)
        links, first = np.unique(self.seating.slots[rows, seats], return_index=True)
        for position in self.noise.order(len(links)).tolist():
            link, at = int(links[position]), first[position]
            if link not in came:
                came[link] = (*came[node], (int(rows[at]), int(seats[at]), node))
                waiting.append(link)


Steps = tuple[tuple[int, int, int], ...]  # (panel, seat, the profile that takes it), each in another panel


def _rank(values: Ints) -> Ints:
    """How many equal values come before each."""
    order = np.argsort(values, kind="stable")
    sorted_values = values[order]
    starts = np.searchsorted(sorted_values, sorted_values)
    ranks = np.empty(len(values), np.int64)
    ranks[order] = np.arange(len(values)) - starts
    return ranks
