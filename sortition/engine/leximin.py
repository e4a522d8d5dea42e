"""The fairest chances: the smallest as large as possible, then the next smallest, and so on (leximin).

Solved on profiles and on the linear relaxation of the legal panels, stage by stage; see `certificate` for the proof of
the first stage, which needs no solver to be checked.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from sortition.engine.polytope import INFINITY, OPTIMAL, Floats, Pool, solver

RULES = ("leximin", "capped", "maximin", "nash")
DUAL_TOLERANCE = 1e-7
ZERO = 1e-9


@dataclass(frozen=True)
class Fair:
    """Chances by profile; `duals` are those of the first stage (the seats, then the quotas), `minimum` its value."""

    chances: Floats
    minimum: float
    duals: Floats
    levels: int
    reachable: np.ndarray
    stages: tuple["Stage", ...] = ()


@dataclass(frozen=True)
class Stage:
    """One level of leximin: its chance, the prices that prove it (the seats, then the quotas), profiles settled before."""

    chance: float
    duals: Floats
    before: np.ndarray


@dataclass(frozen=True)
class Cut:
    """Σ prices × people seated ≤ most, for every legal panel. `prices` by profile."""

    prices: Floats
    most: float


def fair_chances(
    pool: Pool,
    rule: str,
    excluded: Sequence[int] = (),
    cuts: Sequence[Cut] = (),
    deadline: float = float("inf"),
) -> Fair:
    """Chances by profile under a rule: leximin, maximin, capped (same minimum, smallest maximum, then leximin), or nash.

    Profiles that no legal panel can contain (among them those `excluded`) get no chance, and do not drag the minimum of
    the others to nothing. Past the deadline, levels that are left stay as they were at the last one settled.
    """
    reachable = np.ones(pool.size, bool)
    reachable[list(excluded)] = False
    fair = _stages(pool, reachable, rule, cuts, deadline)
    while fair.minimum < ZERO and reachable.any():
        raised = fair if rule == "leximin" else _stages(pool, reachable, "leximin", cuts, deadline)
        if not (raised.chances[reachable] < ZERO).any():  # only leximin raises everybody who can be
            break
        reachable &= raised.chances >= ZERO
        fair = _stages(pool, reachable, rule, cuts, deadline)
    return fair


def _stages(pool: Pool, reachable: np.ndarray, rule: str, cuts: Sequence[Cut], deadline: float) -> Fair:
    stages = _Stages(pool, reachable, cuts)
    minimum, duals = stages.first()
    if rule == "maximin":
        return Fair(stages.shares(), minimum, duals, 1, reachable)
    if rule == "capped":
        stages = _Stages(pool, reachable, cuts, _smallest_maximum(pool, reachable, cuts, minimum))
        stages.first()
    if rule == "nash" and minimum >= ZERO:
        from sortition.engine.nash import nash_chances

        return Fair(nash_chances(pool, reachable, cuts), minimum, duals, 1, reachable)
    levels = stages.finish(deadline)
    return Fair(stages.chances, minimum, duals, levels, reachable, tuple(stages.found))


class _Stages:
    """max z such that every profile not yet settled has a chance of at least z; settle those held back; repeat."""

    def __init__(self, pool: Pool, reachable: np.ndarray, cuts: Sequence[Cut] = (), cap: float = 1.0) -> None:
        self.pool, self.reachable, self.cuts = pool, reachable, cuts
        self.most = np.where(
            reachable, pool.people * cap, 0.0
        )  # quotas bind by their rows, whose prices are the proof
        self.settled, self.found = ~reachable, list[Stage]()
        self.chances = np.zeros(pool.size)
        self.slack = 1e-9
        self.first_row = 1 + len(pool.low)
        self.highs = self._model()

    def _model(self) -> highspy.Highs:
        pool, free = self.pool, np.where(self.reachable, 0.0, -INFINITY)
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = pool.size + 1, self.first_row + pool.size
        program.col_cost_ = np.concatenate([np.zeros(pool.size), [1.0]])
        program.col_lower_ = np.zeros(pool.size + 1)
        program.col_upper_ = np.concatenate([self.most, [INFINITY]])
        program.row_lower_ = np.concatenate([[pool.seats], pool.low, free]).astype(float)
        program.row_upper_ = np.concatenate([[pool.seats], pool.high, np.full(pool.size, INFINITY)]).astype(
            float
        )
        self._fill(program)
        program.sense_ = highspy.ObjSense.kMaximize
        highs = solver()
        highs.passModel(program)
        for cut in self.cuts:
            used = np.nonzero(cut.prices)[0].astype(np.int32)
            highs.addRow(-INFINITY, cut.most, len(used), used, cut.prices[used])
        return highs

    def _fill(self, program: highspy.HighsLp) -> None:
        pool, width = self.pool, self.pool.kinds.shape[1] + 2
        rows = np.zeros((pool.size, width), np.int32)
        rows[:, 1:-1] = np.sort(pool.kinds, axis=1) + 1
        rows[:, -1] = self.first_row + np.arange(pool.size)
        last = np.arange(pool.size, dtype=np.int32) + self.first_row
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        starts = np.append(np.arange(0, rows.size + 1, width), rows.size + pool.size)
        program.a_matrix_.start_ = starts.astype(np.int32)
        program.a_matrix_.index_ = np.concatenate([rows.ravel(), last])
        program.a_matrix_.value_ = np.concatenate([np.ones(rows.size), -pool.people])

    def first(self) -> tuple[float, Floats]:
        """The largest minimum and the prices that prove it."""
        value = self._solve()
        self._settle(value)
        return value, self.found[0].duals

    def shares(self) -> Floats:
        """Chances by profile at the last solution found."""
        return np.asarray(np.array(self.highs.getSolution().col_value)[:-1] / self.pool.people)

    def finish(self, deadline: float) -> int:
        levels = 1
        while not self.settled.all():
            if time.monotonic() > deadline:
                self.chances = np.where(self.settled, self.chances, self.shares())
                break
            self._settle(self._solve())
            levels += 1
        return levels

    def _solve(self) -> float:
        self.highs.run()
        while self.highs.getModelStatus() != OPTIMAL:
            self._loosen()
            self.highs.run()
        return float(self.highs.getSolution().col_value[self.pool.size])

    def _loosen(self) -> None:
        """Rounding has built up: give the settled levels a little more room."""
        self.slack *= 10
        if self.slack > 1e-5:
            raise ArithmeticError(str(self.highs.getModelStatus()))
        for index in np.nonzero(self.settled & self.reachable)[0]:
            self._hold(int(index))
        self.highs.clearSolver()

    def _settle(self, value: float) -> None:
        prices = np.array(self.highs.getSolution().row_dual)
        self.found.append(Stage(value, prices[: self.first_row], self.settled.copy()))
        duals = np.abs(prices[self.first_row : self.first_row + self.pool.size])
        held = ~self.settled & (duals * self.pool.people > DUAL_TOLERANCE)
        if not held.any():
            held = ~self.settled & (duals == duals[~self.settled].max())
        self.chances[held] = value
        self.settled |= held
        for index in np.nonzero(held)[0]:
            self._hold(int(index))
            self.highs.changeRowBounds(int(self.first_row + index), -INFINITY, INFINITY)

    def _hold(self, index: int) -> None:
        people = self.pool.people[index]
        low = self.chances[index] * people - self.slack * max(1.0, people)
        self.highs.changeColBounds(index, max(0.0, float(low)), float(self.most[index]))


def _smallest_maximum(pool: Pool, reachable: np.ndarray, cuts: Sequence[Cut], minimum: float) -> float:
    """The smallest cap on everybody's chance under which the best minimum still holds."""
    stages = _Stages(pool, reachable, cuts)
    highs, size = stages.highs, pool.size
    highs.changeColBounds(size, max(0.0, minimum - 1e-10), INFINITY)
    highs.changeColCost(size, 0.0)
    rows = np.arange(highs.getNumRow(), highs.getNumRow() + size, dtype=np.int32)
    for index in range(size):
        highs.addRow(-INFINITY, 0.0, 1, np.array([index], np.int32), np.array([1.0]))
    highs.addCol(-1.0, 0.0, 1.0, size, rows, -pool.people)
    highs.run()
    if highs.getModelStatus() != OPTIMAL:
        return 1.0
    return min(1.0, float(highs.getSolution().col_value[size + 1]) + 1e-9)


class Worst:
    """The best smallest chance as quotas are moved, on one warm model; `now` is None if the quotas cannot be kept."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.highs = _Stages(pool, np.ones(pool.size, bool)).highs
        self.now = self._solved()
        if self.now is not None and self.now < ZERO:
            fair = fair_chances(pool, "maximin")
            self.highs = _Stages(pool, fair.reachable).highs
            self.now = self._solved()

    def with_bounds(self, index: int, low: int, high: int) -> float:
        """The best smallest chance with these bounds for one quota, 0 if no panel is left."""
        row, pool = 1 + index, self.pool
        self.highs.changeRowBounds(row, float(low), float(high))
        value = self._solved()
        self.highs.changeRowBounds(row, float(pool.low[index]), float(pool.high[index]))
        return value or 0.0

    def _solved(self) -> float | None:
        self.highs.run()
        if self.highs.getModelStatus() != OPTIMAL:
            return None
        return float(self.highs.getSolution().col_value[self.pool.size])


def spread(values: Sequence[float]) -> float:
    """The Gini index of chances: 0 when all are equal."""
    ordered = sorted(values)
    total, count = sum(ordered), len(ordered)
    if not total:
        return 0.0
    return sum((2 * rank - count - 1) * value for rank, value in enumerate(ordered, 1)) / (count * total)
