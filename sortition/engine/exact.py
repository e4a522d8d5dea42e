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

from sortition.engine.herding import Generator
from sortition.engine.leximin import Cut, Fair, fair_chances
from sortition.engine.polytope import INFINITY, OPTIMAL, Floats, Ints, Pool, indices, solver

TOLERANCE = 1e-7
MOST_CUTS = 200
NUDGE = 0.3


@dataclass(frozen=True)
class Settled:
    """Chances, and what they miss of being a mixture of legal panels: `gap` at most on anybody's chance, 0 if exact."""

    fair: Fair
    gap: float
    cuts: tuple[Cut, ...] = ()

    @property
    def exact(self) -> bool:
        return self.gap <= TOLERANCE


def settled_chances(
    pool: Pool, generator: Generator, rule: str, excluded: Sequence[int], deadline: float
) -> Settled:
    """The chances of the rule over mixtures of legal panels, or at the deadline the last computed with their gap."""
    cuts: list[Cut] = []
    mixture = _Mixture(pool, generator)
    first = fair = fair_chances(pool, rule, excluded)
    while True:
        gap, cut = mixture.miss(fair.chances * pool.people, deadline)
        if cut is None or len(cuts) >= MOST_CUTS:
            return Settled(_proved(fair, first), gap, tuple(cuts))
        cuts.append(cut)
        fair = fair_chances(pool, rule, excluded, cuts)


def _proved(fair: Fair, first: Fair) -> Fair:
    """With the prices of the relaxation, which prove a bound without any solver; cuts have no such proof."""
    return Fair(fair.chances, fair.minimum, first.duals, fair.levels, fair.reachable)


class _Mixture:
    """min e such that Σ share × panel + e × people ≥ wanted, Σ share = 1: the columns are panels, kept between calls."""

    def __init__(self, pool: Pool, generator: Generator) -> None:
        self.pool, self.generator = pool, generator
        self.panels: list[Ints] = []
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
        self._herd(wanted)
        while True:
            gap, prices, reached = self._solve()
            if gap <= TOLERANCE or time.monotonic() > deadline:
                return gap, None
            if self._priced(prices, reached):
                continue
            panel = self.generator.best(prices)
            if panel is None:
                return gap, None
            if float(prices @ panel) <= reached + TOLERANCE / 10:
                return gap, Cut(prices, float(prices @ panel))
            self._add(panel)

    def _priced(self, prices: Floats, reached: float) -> int:
        """Panels worth more than what is reached, found without any proof: at these prices, then around them."""
        size, added = float(prices.mean()) * NUDGE, 0
        for attempt in range(1 + self.pool.size // 12):
            nudged = prices + (size * self.generator.noise.uniform(self.pool.size) if attempt else 0.0)
            panel = self.generator.panel(nudged)
            if panel is not None and float(prices @ panel) > reached + TOLERANCE / 10:
                self._add(panel)
                added += 1
        return added

    def _herd(self, wanted: Floats) -> None:
        total = np.zeros(self.pool.size)
        for made in range(1, self.pool.size + self.pool.size // 3 + 2):
            panel = self.generator.panel((made * wanted - total) / self.pool.people)
            if panel is None:
                return
            total += panel
            self._add(panel)

    def _add(self, panel: Ints) -> None:
        self.panels.append(panel)
        rows = np.append(np.nonzero(panel)[0], self.pool.size).astype(np.int32)
        values = np.append(panel[rows[:-1]], 1).astype(float)
        self.highs.addCol(0.0, 0.0, INFINITY, len(rows), rows, values)

    def _solve(self) -> tuple[float, Floats, float]:
        self.highs.run()
        if self.highs.getModelStatus() != OPTIMAL:
            raise ArithmeticError(str(self.highs.getModelStatus()))
        duals = np.array(self.highs.getSolution().row_dual)
        return float(self.highs.getSolution().col_value[0]), np.maximum(duals[:-1], 0.0), -float(duals[-1])
