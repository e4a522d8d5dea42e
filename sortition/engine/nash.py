"""The chances whose product is largest (Nash welfare), by an interior-point method on a few dozen rows.

max Σ people × ln(seats of a profile) over the relaxed panels. The log keeps every chance above zero; the Newton system
reduces to one row and column for each quota.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sortition.engine.leximin import Cut
from sortition.engine.polytope import Floats, Pool

STEPS = 120
CENTRING = 0.2
NEARLY = 1e-10
STALLED = 1e-9  # a step shorter than this: what double precision can settle is settled
LOOSE = 1e-7  # inequalities that always bind leave no interior otherwise


@dataclass(frozen=True)
class _Rows:
    """low ≤ x @ matrix ≤ high, matrix[t, r]; the caps of the profiles are apart."""

    matrix: Floats
    low: Floats
    high: Floats


def _rows(pool: Pool, kept: np.ndarray, cuts: Sequence[Cut]) -> _Rows:
    parts = [np.ones((pool.size, 1)), pool.table.astype(float), *(cut.prices[:, None] for cut in cuts)]
    low = np.concatenate([[pool.seats], pool.low, [-np.inf] * len(cuts)])
    high = np.concatenate([[pool.seats], pool.high, [cut.most for cut in cuts]])
    loose = np.where(low == high, 0.0, LOOSE)
    return _Rows(np.hstack(parts)[kept], low - loose, high + loose)


def nash_chances(pool: Pool, reachable: np.ndarray, cuts: Sequence[Cut] = ()) -> Floats:
    """Chances by profile; nothing for those not reachable."""
    kept = np.nonzero(reachable)[0]
    people = pool.people[kept]
    seats = _interior(_rows(pool, kept, cuts), people, float(pool.seats))
    chances = np.zeros(pool.size)
    chances[kept] = np.clip(seats / people, 0.0, 1.0)
    return chances


def _interior(rows: _Rows, people: Floats, total: float) -> Floats:
    """Primal-dual path following: x, a price for each row (equalities: any sign), slacks and prices of the inequalities."""
    equal = rows.low == rows.high
    sides = [(rows.low, 1.0), (rows.high, -1.0)]
    bounds = [
        (row, sign, bound[row]) for bound, sign in sides for row in np.nonzero(~equal & np.isfinite(bound))[0]
    ]
    which = np.array([row for row, _, _ in bounds], np.int64)
    signs, limits = np.array([sign for _, sign, _ in bounds]), np.array([limit for _, _, limit in bounds])
    matrix, target = rows.matrix, np.where(equal, rows.low, 0.0)
    x = people * min(0.9, total / people.sum())
    slack = np.concatenate(
        [np.maximum(signs * ((x @ matrix)[which] - limits), 1.0), (1 + LOOSE) * people - x]
    )
    price, dual = np.ones(len(slack)), np.zeros(len(equal))
    count = len(which)
    for _ in range(STEPS):
        centre = CENTRING * float(slack @ price) / len(slack)
        sums = x @ matrix
        off = np.concatenate([signs * (sums[which] - limits), (1 + LOOSE) * people - x]) - slack
        push = (centre - price * off) / slack
        row_push, row_weight = np.zeros(len(equal)), np.zeros(len(equal))
        np.add.at(row_push, which, signs * push[:count])
        np.add.at(row_weight, which, price[:count] / slack[:count])
        diagonal = people / x**2 + price[count:] / slack[count:]
        force = people / x + matrix @ np.where(equal, dual, row_push) - push[count:]
        flow = matrix / diagonal[:, None]
        inner = matrix.T @ flow
        behind = force @ flow
        wish = np.where(equal, target - sums - behind, -behind)
        softness = np.where(equal, -1e-13, -1.0 / np.maximum(row_weight, 1e-300))
        change = np.linalg.lstsq(inner - np.diag(softness), wish, rcond=1e-15)[0]
        step = (force + matrix @ change) / diagonal
        moved = step @ matrix
        slack_step = np.concatenate([signs * moved[which], -step]) + off
        price_step = (centre - price * slack_step) / slack - price
        length = min(_reach(x, step), _reach(slack, slack_step), _reach(price, price_step))
        x, slack, price = x + length * step, slack + length * slack_step, price + length * price_step
        dual = dual + length * np.where(equal, change, 0.0)
        if length < STALLED or slack @ price / len(slack) < NEARLY and np.abs(off).max() < 1e-9:
            break
    return np.asarray(x)


def _reach(values: Floats, steps: Floats) -> float:
    """How far to go, at most 1, for every value to stay above zero."""
    shrinking = steps < 0
    return float(min(1.0, 0.95 * np.min(-values[shrinking] / steps[shrinking], initial=np.inf)))
