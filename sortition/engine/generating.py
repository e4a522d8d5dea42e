"""Legal panels of large weight, one after the other from one model kept warm.

The simplex method walks from the panel before towards the heaviest one, and is stopped as soon as that is enough. Where
it stops at half a person, the few profiles in question are tried up and down; failing that, a dive settles one half
after the other. An integer program is the last resort.
"""

import hashlib
import time

import highspy
import numpy as np

from sortition.engine.diving import Dive
from sortition.engine.polytope import INFEASIBLE, OPTIMAL, WHOLE, Floats, Ints, Pool, columns, is_legal, model

FAR = 2**31 - 1
STRIDE = 8
STRIDES = 12
HALVES = 9
LONGEST_SEARCH = 60.0
TIME_LIMIT = highspy.HighsModelStatus.kTimeLimit
STOPPED = highspy.HighsModelStatus.kIterationLimit
FEASIBLE = 2  # HiGHS: a solution is at hand
PRIMAL, DUAL = 4, 1  # HiGHS: simplex strategies
CHOICES = (np.arange(1 << HALVES)[:, None] >> np.arange(HALVES)) & 1


class Noise:
    """Numbers between -1 and 1 that depend on the seed and on nothing else."""

    def __init__(self, seed: bytes, label: str) -> None:
        self.start = hashlib.sha256(seed + b"|" + label.encode()).digest()
        self.count = 0

    def uniform(self, size: int) -> Floats:
        self.count += 1
        stream = hashlib.shake_256(self.start + self.count.to_bytes(8, "big")).digest(4 * size)
        return np.frombuffer(stream, ">u4").astype(np.float64) / 2.0**31 - 1.0

    def below(self, limit: int, size: int) -> Ints:
        """Whole numbers from 0 to `limit` excluded."""
        return np.minimum(((self.uniform(size) + 1) / 2 * limit).astype(np.int64), limit - 1)

    def order(self, size: int) -> Ints:
        return np.asarray(np.argsort(self.uniform(size), kind="stable"))


class Generator:
    """`panel` for one of large weight, `best` for the largest, `holding` for one with a given profile.

    None where there is no such panel (`proved`) or time ran out.
    """

    def __init__(self, pool: Pool, deadline: float = float("inf")) -> None:
        self.pool, self.deadline, self.proved = pool, deadline, False
        self.every = np.arange(pool.size, dtype=np.int32)
        self.dive = Dive(pool, deadline=deadline)
        self.relaxed = self.dive.highs
        self.relaxed.setOptionValue("primal_simplex_bound_perturbation_multiplier", 0.0)
        self._whole: highspy.Highs | None = None

    def until(self, deadline: float) -> None:
        """Past it, nothing more is searched."""
        self.deadline = self.dive.deadline = deadline

    def panel(self, weights: Floats, pivots: int = FAR) -> Ints | None:
        """People by profile. `pivots`: how far to walk, the fewer the faster."""
        self.dive.begin(weights)
        found = self._walk(weights, pivots)
        if found is None:
            found = self.dive.panel()
        self.proved = found is None and self.dive.proved
        if found is not None or self.proved:
            return found
        return self._searched(weights, np.zeros(self.pool.size), self.pool.most)

    def _walk(self, weights: Floats, pivots: int) -> Ints | None:
        """The first whole panel met from there on."""
        found, status = None, self._step(pivots)
        for _ in range(STRIDES):
            found = self._made_whole(weights) if status in (OPTIMAL, STOPPED) else None
            if found is not None or status != STOPPED:
                break
            status = self._step(STRIDE)
        self.relaxed.setOptionValue("simplex_iteration_limit", FAR)
        self.relaxed.setOptionValue("simplex_strategy", DUAL)
        return found

    def _step(self, pivots: int) -> highspy.HighsModelStatus:
        self.relaxed.setOptionValue("simplex_strategy", PRIMAL)
        self.relaxed.setOptionValue("simplex_iteration_limit", pivots)
        self.relaxed.run()
        return self.relaxed.getModelStatus()

    def _made_whole(self, weights: Floats) -> Ints | None:
        """Where the walk stands, if that is a legal panel, or the heaviest close to it, if there is one."""
        solution = self.relaxed.getSolution()
        found = np.array(solution.col_value)
        rounded = np.rint(found)
        halves = np.abs(found - rounded) > WHOLE
        count = int(np.count_nonzero(halves))
        if count > min(HALVES, self.pool.size):
            return None
        if count:
            near = np.abs(np.array(solution.col_dual))
            near[halves] = -1.0
            return self._rounded(weights, found, rounded, near)
        return rounded.astype(np.int64) if is_legal(self.pool, rounded[None, :]) else None

    def _rounded(self, weights: Floats, found: Floats, rounded: Floats, near: Floats) -> Ints | None:
        """Each of the profiles that are nearest to a change, up or down by one: the heaviest legal panel."""
        pool = self.pool
        open_ = np.argsort(near, kind="stable")[:HALVES]
        down = np.where(near < 0, np.floor(found), np.where(rounded < pool.most, rounded, rounded - 1))[open_]
        panel = rounded.copy()
        panel[open_] = np.maximum(down, 0)
        choices = CHOICES[: 1 << len(open_), : len(open_)]
        counts = panel @ pool.table + choices @ pool.table[open_]
        legal = (counts >= pool.low).all(1) & (counts <= pool.high).all(1)
        legal &= panel.sum() + choices.sum(1) == pool.seats
        legal &= (panel[open_] + choices <= pool.most[open_]).all(1)
        if not legal.any():
            return None
        panel[open_] += choices[int(np.where(legal, choices @ weights[open_], -np.inf).argmax())]
        return panel.astype(np.int64) if is_legal(pool, panel[None, :]) else None

    @property
    def whole(self) -> highspy.Highs:
        if self._whole is None:
            self._whole = model(self.pool, integer=True, mip_rel_gap=1e-2, mip_detect_symmetry=False)
        return self._whole

    def _searched(self, weights: Floats, low: Floats, high: Floats) -> Ints | None:
        self.proved = False
        if time.monotonic() > self.deadline:
            return None
        self.whole.changeColsBounds(self.pool.size, self.every, low, high)
        self.whole.changeColsCost(self.pool.size, self.every, np.ascontiguousarray(weights))
        seconds = max(0.1, min(LONGEST_SEARCH, self.deadline - time.monotonic()))
        self.whole.setOptionValue(
            "time_limit", self.whole.getRunTime() + seconds
        )  # HiGHS counts all its runs
        self.whole.run()
        self.proved = self.whole.getModelStatus() == INFEASIBLE
        if self.whole.getModelStatus() != OPTIMAL and not self._found_something():
            return None
        return np.asarray(np.rint(columns(self.whole)).astype(np.int64))

    def _found_something(self) -> bool:
        """Out of time, but with a legal panel in hand."""
        late = self.whole.getModelStatus() == TIME_LIMIT
        return bool(late and self.whole.getInfo().primal_solution_status == FEASIBLE)

    def best(self, weights: Floats) -> Ints | None:
        """The legal panel of the largest weight, proved so."""
        self.whole.setOptionValue("mip_rel_gap", 0.0)
        weights = weights * (
            1e4 / max(float(np.abs(weights).max()), 1e-12)
        )  # HiGHS also stops at 1e-6 in absolute terms
        found = self._searched(weights, np.zeros(self.pool.size), self.pool.most)
        self.whole.setOptionValue("mip_rel_gap", 1e-2)
        return found if self.whole.getModelStatus() == OPTIMAL else None

    def holding(self, profile: int) -> Ints | None:
        """A legal panel that contains this profile."""
        weights = np.zeros(self.pool.size)
        self.dive.begin(weights, holding=profile)
        found = self.dive.panel()
        self.proved = found is None and self.dive.proved
        if found is not None or self.proved:
            return found
        low = np.zeros(self.pool.size)
        low[profile] = 1.0
        return self._searched(weights, low, self.pool.most)
