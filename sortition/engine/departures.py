"""The people who depart least from quotas that cannot all be kept."""

from collections.abc import Collection, Mapping

import numpy as np

from sortition.engine.polytope import INFINITY, INTEGER, OPTIMAL, columns, indices, model, pool_of
from sortition.engine.profiles import HOUSEHOLD, Profiles


def least(
    profiles: Profiles,
    kept_criteria: Collection[str],
    *,
    full: bool,
    priorities: Mapping[str, float] | None = None,
) -> list[int] | None:
    """People by profile, or None if even the kept criteria (and the household rule) cannot hold.

    With `full` false, fewer people sit than the quotas expect: the minima of the kept criteria no longer bind. `priorities`
    say what one person too many or too few costs in a criterion (1 if not named).
    """
    pool = pool_of(profiles)
    highs = model(pool, integer=True, most=pool.people, time_limit=20.0)
    for index, quota in enumerate(profiles.quotas):
        kept = quota.criterion in kept_criteria or quota.criterion == HOUSEHOLD
        if kept and not full:
            highs.changeRowBounds(1 + index, -INFINITY, float(quota.maximum))
        if not kept:
            _allow(highs, index, float(profiles.seats), (priorities or {}).get(quota.criterion, 1.0))
    highs.run()
    if highs.getModelStatus() != OPTIMAL:
        return None
    return [int(count) for count in np.rint(columns(highs)[: pool.size])]


def _allow(highs: object, index: int, most: float, cost: float) -> None:
    """Let a quota be missed from below or from above, at a price for each seat."""
    for sign in (1.0, -1.0):
        position = highs.getNumCol()  # type: ignore[attr-defined]
        highs.addCol(-cost, 0.0, most, 1, indices([1 + index]), np.array([sign]))  # type: ignore[attr-defined]
        highs.changeColIntegrality(position, INTEGER)  # type: ignore[attr-defined]
