"""Chances that whole panels can really give, when the linear relaxation promises more than they can.

The relaxation allows half a person. On real pools it loses nothing; on tiny tight ones it may. Write the chances as a
mixture of panels (columns made on demand, priced by integer programs); where that is impossible, the prices say so in
one inequality that every lottery satisfies (a cut), and the chances are computed again with it.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from sortition.engine.generating import Generator, Noise
from sortition.engine.leximin import Cut, Fair, fair_chances
from sortition.engine.peeling import mixture
from sortition.engine.polytope import INFINITY, OPTIMAL, Floats, Ints, Pool, columns, indices, solver

TOLERANCE = 5e-7
MOST_CUTS = 200
TRIES, LEAST_TRIES = 4, 1000  # panels priced for each profile, and in all, before the gap is taken as it is
SEARCH = 20  # what an integer program counts for
NUDGE = 0.3
NEARLY = 0.01  # where peeling leaves less than that, little is missing
AT_ONCE = 12  # a column for so many profiles, each time


@dataclass(frozen=True)
class Settled:
    """Chances that the mixture of `panels` (in these `shares`) gives; the rule promises nobody more than `gap` above."""

    fair: Fair
    gap: float
    cuts: tuple[Cut, ...]
    panels: Ints
    shares: Floats
    known: tuple[Ints, ...] = ()

    @property
    def exact(self) -> bool:
        return self.gap <= TOLERANCE


def settled_chances(
    pool: Pool, generator: Generator, rule: str, deadline: float, begun: Sequence[Ints] = ()
) -> Settled:
    """The chances of the rule over mixtures of legal panels; at the deadline the fairest reached, with their gap.

    `begun`: legal panels known already, one of them at least if the deadline may be over.
    """
    known = _Mixture(pool, generator)
    for panel in begun:
        known.add(panel)
    first = fair = fair_chances(pool, rule, deadline=deadline)
    gap, cut = known.miss(fair.chances * pool.people, deadline)
    if gap > TOLERANCE and (never := known.impossible):
        first = fair = fair_chances(pool, rule, never, deadline=deadline)
        gap, cut = known.miss(fair.chances * pool.people, deadline)
    cuts: list[Cut] = []
    while cut is not None and len(cuts) < MOST_CUTS:
        cuts.append(cut)
        fair = fair_chances(pool, rule, np.nonzero(~first.reachable)[0].tolist(), cuts, deadline)
        gap, cut = known.miss(fair.chances * pool.people, deadline)
    chances = fair.chances
    if gap > TOLERANCE:
        known.shares = _fairest(np.array(known.panels), pool.people, fair)
        chances = known.given()
        gap = float((fair.chances - chances).max())
    panels, shares = known.shared()
    return Settled(_proved(fair, first, chances), gap, tuple(cuts), panels, shares, tuple(known.panels))


def _proved(fair: Fair, first: Fair, chances: Floats) -> Fair:
    """With the prices of the relaxation, which prove a bound without any solver; cuts have no such proof."""
    minimum = min(fair.minimum, float(chances[fair.reachable].min(initial=1.0)))
    return Fair(chances, minimum, first.duals, fair.levels, fair.reachable)


def _fairest(panels: Ints, people: Floats, fair: Fair) -> Floats:
    """Shares of these panels: the smallest chance of those in any as large as can be, then nobody far below the rule's."""
    highs, size = solver(), len(people)
    seen = fair.reachable & (panels.sum(0) > 0)
    for profile in range(size):
        highs.addRow(0.0 if seen[profile] else -INFINITY, INFINITY, 0, indices([]), np.array([]))
    for wanted in fair.chances * people:
        highs.addRow(float(wanted), INFINITY, 0, indices([]), np.array([]))
    highs.addRow(1.0, 1.0, 0, indices([]), np.array([]))
    rows = np.arange(size, dtype=np.int32)
    highs.addCol(-1.0, 0.0, float(fair.chances[seen].min(initial=1.0)), size, rows, -people)
    highs.addCol(0.0, 0.0, INFINITY, size, rows + size, people)
    for panel in panels:
        sits = np.nonzero(panel)[0]
        values = np.concatenate([panel[sits], panel[sits], [1]]).astype(float)
        places = np.concatenate([sits, sits + size, [2 * size]]).astype(np.int32)
        highs.addCol(0.0, 0.0, INFINITY, len(places), places, values)
    highs.run()
    shares = columns(highs)
    highs.changeColBounds(0, max(0.0, float(shares[0]) - TOLERANCE / 10), 1.0)
    highs.changeColsCost(2, indices([0, 1]), np.array([0.0, 1.0]))
    highs.run()
    shares = columns(highs) if highs.getModelStatus() == OPTIMAL else shares
    return np.maximum(shares[2:], 0.0)


class _Mixture:
    """min e such that Σ share × panel + e × people ≥ wanted, Σ share = 1: the columns are panels, kept between calls."""

    def __init__(self, pool: Pool, generator: Generator) -> None:
        self.pool, self.generator = pool, generator
        self.noise = Noise(b"exact", "prices")  # the seed has no part in it
        self.panels: list[Ints] = []
        self.tries, self.impossible = 0, list[int]()
        self.shares: Floats = np.zeros(0)
        self.highs = self._model()

    def _model(self) -> highspy.Highs:
        pool, highs = self.pool, solver()
        for _ in range(pool.size):
            highs.addRow(0.0, INFINITY, 0, indices([]), np.array([]))
        highs.addRow(1.0, 1.0, 0, indices([]), np.array([]))
        highs.addCol(1.0, 0.0, INFINITY, pool.size, np.arange(pool.size, dtype=np.int32), pool.people)
        return highs

    def miss(self, wanted: Floats, deadline: float) -> tuple[float, Cut | None]:
        """How far the panels stay from what is wanted, and the inequality that proves it; none if they reach it."""
        for profile in range(self.pool.size):
            self.highs.changeRowBounds(profile, float(wanted[profile]), INFINITY)
        peeled = mixture(self.pool, wanted, deadline)
        for panel in peeled.panels:
            self.add(panel)
        if peeled.left > NEARLY:
            self._seat_everybody(deadline)
            self._herd(wanted, deadline)
        tries = self.tries + max(
            LEAST_TRIES, TRIES * self.pool.size
        )  # counted, not timed: the same on any machine
        while True:
            gap, prices, reached = self._solve()
            if gap <= TOLERANCE or self.tries > tries or time.monotonic() > deadline:
                return gap, None
            if self._priced(prices, reached):
                continue
            panel = self.generator.best(prices)
            self.tries += SEARCH
            if panel is None:
                return gap, None
            if float(prices @ panel) <= reached + TOLERANCE / 50:
                return gap, Cut(prices, float(prices @ panel))
            self.add(panel)

    def _herd(self, wanted: Floats, deadline: float) -> None:
        """Panels of those most behind, to begin with."""
        total = np.zeros(self.pool.size)
        for made in range(1, self.pool.size + self.pool.size // 3):
            panel = self.generator.panel((made * wanted - total) / self.pool.people)
            if panel is None or time.monotonic() > deadline:
                return
            total += panel
            self.add(panel)

    def _priced(self, prices: Floats, reached: float) -> int:
        """Panels worth more than those known, found without proof at these prices, then around them: how many."""
        size, added = float(prices.mean()) * NUDGE, 0
        for attempt in range(1 + self.pool.size // AT_ONCE):
            self.tries += 1
            nudged = prices + (size * self.noise.uniform(self.pool.size) if attempt else 0.0)
            panel = self.generator.panel(nudged)
            if panel is not None and float(prices @ panel) > reached + TOLERANCE / 50:
                self.add(panel)
                added += 1
        return added

    def _seat_everybody(self, deadline: float) -> None:
        """A panel for each profile that is in none, unless no legal panel can contain it."""
        for kind in range(self.pool.size):
            if time.monotonic() > deadline:
                return
            if kind in self.impossible or any(panel[kind] for panel in self.panels):
                continue
            panel = self.generator.holding(kind)
            if panel is not None:
                self.add(panel)
            elif self.generator.proved:
                self.impossible.append(kind)

    def shared(self) -> tuple[Ints, Floats]:
        """The panels of the last mixture, and their shares of 1."""
        kept = np.nonzero(self.shares > 0)[0]
        return np.array([self.panels[at] for at in kept], np.int64).reshape(-1, self.pool.size), self.shares[
            kept
        ]

    def given(self) -> Floats:
        """The chances the last mixture gives."""
        panels, shares = self.shared()
        return np.asarray(shares @ panels / self.pool.people)

    def add(self, panel: Ints) -> None:
        self.panels.append(panel)
        rows = np.append(np.nonzero(panel)[0], self.pool.size).astype(np.int32)
        values = np.append(panel[rows[:-1]], 1).astype(float)
        self.highs.addCol(0.0, 0.0, INFINITY, len(rows), rows, values)

    def _solve(self) -> tuple[float, Floats, float]:
        self.highs.run()
        if self.highs.getModelStatus() != OPTIMAL:
            raise ArithmeticError(str(self.highs.getModelStatus()))
        duals, values = np.array(self.highs.getSolution().row_dual), columns(self.highs)
        self.shares = np.maximum(values[1:], 0.0)
        return float(values[0]), np.maximum(duals[:-1], 0.0), -float(duals[-1])
