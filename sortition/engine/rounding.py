"""From a mixture of panels to whole numbers of copies, so that every profile keeps what it is promised.

A linear program shares the panels out between the columns known; the whole part of each share is kept, and what remains
is shared out again, down to the last panel. Columns are added at the prices of whatever is still lacking.
"""

import time
from collections.abc import Sequence

import highspy
import numpy as np

from sortition.engine.generating import TIME_LIMIT, Generator
from sortition.engine.polytope import INFINITY, OPTIMAL, Floats, Ints, Pool, indices, solver

LITTLE = 1e-7
MATTERS = 1e-3
EXCESS = 0.05  # what a seat too many costs, against a seat too few
AT_ONCE = 10  # one in so many of the panels left is settled when no share is whole


def shared_out(
    pool: Pool,
    generator: Generator,
    known: Sequence[Ints],
    limits: tuple[Ints, Ints],
    number: int,
    deadline: float,
    tries: int,
) -> Ints:
    """`number` panels, one a row, with between `limits` seats for each profile where possible. Raises `TooLate`.

    `tries`: how many new panels are looked for, at most, each time the rest is shared out.
    """
    rounding = _Rounding(pool, generator, *limits, deadline, tries)
    for panel in known:
        rounding.add(panel)
    copies = rounding.copies(number)
    return np.repeat(np.array(rounding.panels), copies, axis=0)


class TooLate(Exception):
    """The deadline came before the panels were shared out."""


class _Rounding:
    """min Σ lacking + a little Σ excess, by profile, over copies of the panels known; what is settled leaves the rows."""

    def __init__(
        self, pool: Pool, generator: Generator, low: Ints, high: Ints, deadline: float, tries: int
    ) -> None:
        self.pool, self.generator, self.deadline, self.tries = pool, generator, deadline, tries
        self.low, self.high = low.astype(float), high.astype(float)
        self.panels: list[Ints] = []
        self.highs = self._model()

    def _model(self) -> highspy.Highs:
        pool, highs = self.pool, solver()
        for low, high in zip(self.low, self.high, strict=True):
            highs.addRow(low, high, 0, indices([]), np.array([]))
        highs.addRow(0.0, 0.0, 0, indices([]), np.array([]))
        for sign, cost in ((1.0, 1.0), (-1.0, EXCESS)):
            for profile, people in enumerate(pool.people):
                highs.addCol(cost / people, 0.0, INFINITY, 1, indices([profile]), np.array([sign]))
        return highs

    def add(self, panel: Ints) -> None:
        self.panels.append(panel)
        rows = np.append(np.nonzero(panel)[0], self.pool.size).astype(np.int32)
        values = np.append(panel[rows[:-1]], 1).astype(float)
        self.highs.addCol(0.0, 0.0, INFINITY, len(rows), rows, values)

    def copies(self, number: int) -> Ints:
        """How many copies of each panel known, `number` in all; past the deadline the last shares are rounded as they are."""
        settled = np.zeros(0, np.int64)
        while (left := number - int(settled.sum())) > 0:
            shares = self._shared(settled, left)
            settled = np.concatenate([settled, np.zeros(len(shares) - len(settled), np.int64)])
            late = time.monotonic() > self.deadline
            settled += all_of(shares, left) if late else _whole(shares, left)
        return settled

    def _shared(self, settled: Ints, left: int) -> Floats:
        done = settled @ np.array(self.panels)[: len(settled)] if len(settled) else np.zeros(self.pool.size)
        for profile in range(self.pool.size):
            low, high = self.low[profile] - done[profile], self.high[profile] - done[profile]
            self.highs.changeRowBounds(profile, float(low), float(high))
        self.highs.changeRowBounds(self.pool.size, float(left), float(left))
        lacking = self._solve()
        for _ in range(self.tries):
            if lacking < MATTERS or not self._priced():
                break
            lacking = self._solve()
        return np.array(self.highs.getSolution().col_value)[2 * self.pool.size :]

    def _solve(self) -> float:
        if self.deadline < INFINITY:
            seconds = max(0.0, self.deadline - time.monotonic())
            self.highs.setOptionValue("time_limit", self.highs.getRunTime() + seconds)  # of all its runs
        self.highs.run()
        if self.highs.getModelStatus() == TIME_LIMIT:
            raise TooLate
        if self.highs.getModelStatus() != OPTIMAL:
            raise ArithmeticError(str(self.highs.getModelStatus()))
        return float(self.highs.getInfo().objective_function_value)

    def _priced(self) -> bool:
        """One more panel, if it is worth more than those known at the prices of what is lacking."""
        prices = np.array(self.highs.getSolution().row_dual)
        panel = self.generator.panel(prices[:-1])
        if panel is None or float(prices[:-1] @ panel + prices[-1]) <= LITTLE:
            return False
        self.add(panel)
        return True


def all_of(shares: Floats, left: int) -> Ints:
    """As many copies as are left: the whole part of each share, and one more where most is lost."""
    whole = np.floor(np.maximum(shares, 0.0) + LITTLE).astype(np.int64)
    whole[np.argsort(whole - shares, kind="stable")[: left - int(whole.sum())]] += 1
    return whole


def _whole(shares: Floats, left: int) -> Ints:
    """The whole part of each share; where there is none, one copy of the panels with the largest."""
    whole = np.floor(np.maximum(shares, 0.0) + LITTLE).astype(np.int64)
    if not whole.any():
        count = max(1, min(left // AT_ONCE, np.count_nonzero(shares > LITTLE)))
        whole[np.argsort(-shares, kind="stable")[:count]] = 1
    return whole
