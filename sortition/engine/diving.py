"""A whole panel from the relaxation: settle one half-seated profile after the other, and go back where that fails.

Each step moves one bound of a model kept warm, so that a few pivots answer it. Depth first, the most seated half first:
the first panel met is close to the heaviest one.
"""

import time
from dataclasses import dataclass, field

import highspy
import numpy as np

from sortition.engine.polytope import INFEASIBLE, OPTIMAL, WHOLE, Floats, Ints, Pool, columns, model

STEPS = 200
AT_ONCE = 3  # one half in so many is settled before the model is solved again


@dataclass(frozen=True)
class Limits:
    """Bounds of the profiles (`low`, `high`), and of the seats and quotas (`least`, `most`)."""

    low: Floats
    high: Floats
    least: Floats
    most: Floats

    @classmethod
    def of(cls, pool: Pool) -> "Limits":
        """Those of a panel."""
        seats = [float(pool.seats)]
        return cls(
            np.zeros(pool.size),
            pool.most,
            np.concatenate([seats, pool.low]),
            np.concatenate([seats, pool.high]),
        )


@dataclass
class _Branch:
    """A profile settled above `high` of the other half, which is tried afterwards."""

    profile: int
    low: float
    high: float
    other: float
    turned: bool = False


@dataclass
class Dive:
    """`panel` gives a legal panel of large weight, None when there is none (`proved`) or the steps or time ran out."""

    pool: Pool
    proved: bool = False
    steps: int = STEPS
    deadline: float = float("inf")
    path: list[_Branch] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.highs: highspy.Highs = model(self.pool, integer=False, presolve="off")
        self.every = np.arange(self.pool.size, dtype=np.int32)
        self.own = Limits.of(self.pool)
        self.rows = np.arange(len(self.own.least), dtype=np.int32)

    def panel(self) -> Ints | None:
        for _ in range(self.steps):
            if time.monotonic() > self.deadline:
                return None
            status = self._solved()
            if status == OPTIMAL:
                found = columns(self.highs)
                half = np.where(np.abs(found - np.rint(found)) > WHOLE, found - np.floor(found), 0.0)
                count = int(np.count_nonzero(half))
                if not count:
                    return np.asarray(np.rint(found).astype(np.int64))
                for profile in np.argsort(-half, kind="stable")[: max(1, count // AT_ONCE)].tolist():
                    self._settle(profile, float(np.ceil(found[profile])))
            elif status != INFEASIBLE:
                return None
            elif not self._go_back():
                self.proved = True
                return None
        return None

    def _solved(self) -> highspy.HighsModelStatus:
        """From the last basis; from scratch if rounding has led the solver astray."""
        self.highs.run()
        if self.highs.getModelStatus() not in (OPTIMAL, INFEASIBLE):
            self.highs.clearSolver()
            self.highs.run()
        return self.highs.getModelStatus()

    def begin(self, weights: Floats, limits: Limits | None = None, holding: int | None = None) -> None:
        """`limits`: narrower or wider ones than those of a panel; `holding`: a profile that must sit."""
        limits = limits or self.own
        self.path, self.proved = [], False
        self.low, self.high = limits.low.copy(), limits.high.copy()
        if holding is not None:
            self.low[holding] = 1.0
        self.highs.changeColsBounds(self.pool.size, self.every, self.low, self.high)
        self.highs.changeRowsBounds(len(limits.least), self.rows, limits.least, limits.most)  # type: ignore[attr-defined]
        self.highs.changeColsCost(self.pool.size, self.every, np.ascontiguousarray(weights))

    def _settle(self, profile: int, least: float) -> None:
        self.path.append(_Branch(profile, float(self.low[profile]), float(self.high[profile]), least - 1))
        self._bound(profile, least, float(self.high[profile]))

    def _go_back(self) -> bool:
        """To the last branch whose other half is not tried yet; False if there is none."""
        while self.path:
            last = self.path.pop()
            if last.turned:
                self._bound(last.profile, last.low, last.high)
                continue
            last.turned = True
            self._bound(last.profile, last.low, last.other)
            self.path.append(last)
            return True
        return False

    def _bound(self, profile: int, low: float, high: float) -> None:
        self.low[profile], self.high[profile] = low, high
        self.highs.changeColBounds(profile, low, high)
