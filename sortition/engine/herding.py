"""Turn chances into numbered panels: each legal, and their average following the chances as closely as whole numbers can.

One panel after another, each made of those most behind (herding); then exchanges between two profiles in one panel, so
that each profile reaches its floor wherever that is possible.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sortition.engine.polytope import INFINITY, OPTIMAL, Floats, Ints, Pool, columns, model

WHOLE = 1e-6
NUDGE = 0.15
NUDGES = 8
FREE_COLUMNS = 40


class Noise:
    """Numbers between -1 and 1 that depend on the seed and on nothing else."""

    def __init__(self, seed: bytes, label: str) -> None:
        self.start = hashlib.sha256(seed + b"|" + label.encode()).digest()
        self.count = 0

    def uniform(self, size: int) -> Floats:
        self.count += 1
        stream = hashlib.shake_256(self.start + self.count.to_bytes(8, "big")).digest(4 * size)
        return np.frombuffer(stream, ">u4").astype(np.float64) / 2.0**31 - 1.0


class Generator:
    """The legal panel of the largest weight, or nearly: the relaxation, nudged until whole, else a small integer program."""

    def __init__(self, pool: Pool, noise: Noise) -> None:
        self.pool, self.noise = pool, noise
        self.every = np.arange(pool.size, dtype=np.int32)
        self.relaxed = model(pool, integer=False)
        self.whole = model(pool, integer=True, mip_rel_gap=1e-2, mip_detect_symmetry=False)

    def panel(self, weights: Floats) -> Ints | None:
        """People by profile, or None if no legal panel exists."""
        size = float(np.abs(weights).mean()) * NUDGE * 3**0.5
        for attempt in range(NUDGES):
            nudged = weights if attempt == 0 else weights + size * self.noise.uniform(self.pool.size)
            self.relaxed.changeColsCost(self.pool.size, self.every, np.ascontiguousarray(nudged))
            self.relaxed.run()
            if self.relaxed.getModelStatus() != OPTIMAL:
                return None
            found = columns(self.relaxed)
            rounded = np.rint(found)
            if np.abs(found - rounded).max() < WHOLE:
                return np.asarray(rounded.astype(np.int64))
        return self._near(weights, found, rounded)

    def _near(self, weights: Floats, found: Floats, rounded: Floats) -> Ints | None:
        """Search among the profiles close to the relaxation's choice, wider and wider."""
        costs = np.abs(np.array(self.relaxed.getSolution().col_dual))
        split = np.abs(found - rounded) > WHOLE
        count = max(FREE_COLUMNS, 3 * int(split.sum()))
        while count < self.pool.size:
            free = split.copy()
            free[np.argsort(costs, kind="stable")[:count]] = True
            low, high = np.where(free, 0.0, rounded), np.where(free, self.pool.most, rounded)
            panel = self._searched(weights, low, high)
            if panel is not None:
                return panel
            count *= 3
        return self._searched(weights, np.zeros(self.pool.size), self.pool.most)

    def _searched(self, weights: Floats, low: Floats, high: Floats) -> Ints | None:
        self.whole.changeColsBounds(self.pool.size, self.every, low, high)
        self.whole.changeColsCost(self.pool.size, self.every, np.ascontiguousarray(weights))
        self.whole.run()
        if self.whole.getModelStatus() != OPTIMAL:
            return None
        return np.asarray(np.rint(columns(self.whole)).astype(np.int64))

    def can_hold(self, profile: int) -> bool:
        """Whether some legal panel contains this profile."""
        low = np.zeros(self.pool.size)
        low[profile] = 1.0
        found = self._searched(np.zeros(self.pool.size), low, self.pool.most)
        return found is not None


@dataclass
class Panels:
    """Panels by profile, before people are placed. `cut_short` if the time ran out and the last ones repeat earlier ones."""

    counts: Ints
    cut_short: bool = False


def herd(
    pool: Pool,
    generator: Generator,
    chances: Floats,
    number: int,
    deadline: float,
    progress: Callable[[float], None],
) -> Panels | None:
    """`number` legal panels whose average follows `chances`. None if there is no legal panel at all."""
    total = np.zeros(pool.size)
    panels: list[Ints] = []
    for made in range(1, number + 1):
        if panels and time.monotonic() > deadline:
            repeated = [panels[index % len(panels)] for index in range(number)]
            return Panels(np.array(repeated), cut_short=True)
        panel = generator.panel(made * chances - total / pool.people)
        if panel is None:
            return None
        total += panel
        panels.append(panel)
        if made % 10 == 0:
            progress(made / number)
    return Panels(np.array(panels))


def floors(pool: Pool, chances: Floats, number: int) -> Ints:
    """How many seats over all panels a profile must reach for each of its people to be in ⌊number × chance⌋ panels."""
    return np.asarray((pool.people * np.floor(number * chances + 1e-6)).astype(np.int64))


def repair(pool: Pool, panels: Ints, wanted: Ints, noise: Noise, deadline: float, passes: int = 60) -> None:
    """Exchange profiles inside panels, in place, until each reaches what is wanted or nothing more can be done."""
    work = _Repair(pool, panels, wanted, noise)
    for _ in range(passes):
        short = np.nonzero(work.totals < wanted)[0]
        if not len(short) or time.monotonic() > deadline:
            return
        moved = sum(work.lift(int(profile)) for profile in short)
        if not moved and not work.kick(int(short[work.draw(len(short))])):
            return


class _Repair:
    """Panels, their counts by quota, and the totals by profile, kept together as exchanges are made."""

    def __init__(self, pool: Pool, panels: Ints, wanted: Ints, noise: Noise) -> None:
        self.pool, self.panels, self.wanted, self.noise = pool, panels, wanted, noise
        self.totals = panels.sum(0)
        self.held = panels @ pool.table

    def draw(self, size: int) -> int:
        return int((self.noise.uniform(1)[0] + 1) / 2 * size) % size

    def lift(self, profile: int) -> int:
        """Bring a profile to what it wants, from profiles that have more than they want."""
        moved = 0
        while self.totals[profile] < self.wanted[profile]:
            donors = np.nonzero(self.totals > self.wanted)[0]
            if not self._exchange(profile, donors[donors != profile], 1e-6):
                break
            moved += 1
        return moved

    def kick(self, profile: int) -> bool:
        """Take from anybody, to leave a dead end."""
        others = np.delete(np.arange(self.pool.size), profile)
        return self._exchange(profile, others, 0.3)

    def _exchange(self, profile: int, donors: np.ndarray, chance: float) -> bool:
        rows, which = np.nonzero(self._possible(profile, donors))
        if not len(rows):
            return False
        surplus = (self.totals - self.wanted)[donors] / self.pool.people[donors]
        best = int(np.argmax(surplus[which] + chance * self.noise.uniform(len(which))))
        self._move(int(rows[best]), int(donors[which[best]]), profile)
        return True

    def _possible(self, profile: int, donors: np.ndarray) -> np.ndarray:
        """Panels × donors: where a person of this profile may take the seat of the donor's."""
        pool, kind = self.pool, self.pool.kinds[profile]
        open_seat = self.panels[:, profile] < pool.most[profile]
        possible = (self.panels[:, donors] > 0) & open_seat[:, None]
        for column in range(pool.kinds.shape[1]):
            gains, loses = kind[column], pool.kinds[donors, column]
            may_gain = (self.held[:, gains] < pool.high[gains])[:, None]
            possible &= (loses == gains)[None, :] | (may_gain & (self.held[:, loses] > pool.low[loses]))
        return np.asarray(possible)

    def _move(self, row: int, donor: int, profile: int) -> None:
        for index, change in ((donor, -1), (profile, 1)):
            self.panels[row, index] += change
            self.totals[index] += change
            self.held[row, self.pool.kinds[index]] += change


NEVER = INFINITY
