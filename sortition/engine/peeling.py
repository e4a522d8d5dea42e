"""Chances written as panels: take panels off, one kind after the other, so that what is left is always a sum of panels.

`numbered` does so in whole numbers: how many seats each profile gets over all panels is settled first, within one of what
its chance says, and nothing is lost afterwards. `mixture` does so with shares, and reaches the chances exactly.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sortition.engine.diving import Dive, Limits
from sortition.engine.polytope import Floats, Ints, Pool

FINENESS = 12
STUMBLES = 60
STEPS = 150
LITTLE = 1e-9
DUST = 1e-7
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Peeled:
    """Panels by profile, one a row; `left` is how many (or what share) could not be made."""

    panels: Ints
    left: float
    shares: Floats


def numbered(pool: Pool, chances: Floats, number: int, deadline: float, progress: Progress) -> Peeled:
    """`number` panels in which each profile has ⌊⌋ or ⌈⌉ of number × chance × people seats; fewer if that gets stuck."""
    dive = Dive(pool, steps=STEPS, deadline=deadline)
    seats = _totals(dive, chances * pool.people, number)
    if seats is None:
        return _peeled(pool, [], [], float(number))
    rest, left, panels, copies = seats.astype(float), number, list[Ints](), list[int]()
    stumbles, fineness = 0, FINENESS
    while left and stumbles < STUMBLES and time.monotonic() < deadline:
        many = max(1, left // fineness)
        found = None
        while found is None and many:
            weights = (rest - (left - many) / number * seats) / pool.people
            found = _taken(dive, weights, rest, left, many)
            if found is None:
                many, stumbles, fineness = many // 2, stumbles + 1, fineness + FINENESS
        if found is None:
            break
        panels.append(found)
        copies.append(many)
        rest, left = rest - many * found, left - many
        progress(1 - left / number)
    return _peeled(pool, panels, copies, float(left))


def _peeled(pool: Pool, panels: Sequence[Ints], shares: Sequence[float], left: float) -> Peeled:
    return Peeled(np.array(panels, np.int64).reshape(-1, pool.size), left, np.array(shares))


def _totals(dive: Dive, seats: Floats, number: int) -> Ints | None:
    """Seats over all panels, in whole numbers, each within one of what is wanted."""
    wanted = number * seats
    low, high = np.floor(wanted + 1e-6), np.ceil(wanted - 1e-6)
    whole = replace(dive.own, low=low, high=high, least=number * dive.own.least, most=number * dive.own.most)
    dive.begin(wanted - low, whole)
    return dive.panel()


def _taken(dive: Dive, weights: Floats, rest: Floats, left: int, many: int) -> Ints | None:
    """A panel that can be taken off so many times, the rest staying a sum of `left` − `many` relaxed ones."""
    own, after = dive.own, left - many
    held = np.concatenate([[rest.sum()], rest @ dive.pool.table])
    limits = Limits(
        np.maximum(own.low, np.ceil((rest - after * own.high) / many)),
        np.minimum(own.high, np.floor(rest / many)),
        np.maximum(own.least, np.ceil((held - after * own.most) / many)),
        np.minimum(own.most, np.floor((held - after * own.least) / many)),
    )
    if (limits.low > limits.high).any() or (limits.least > limits.most).any():
        return None
    dive.begin(weights, limits)
    return dive.panel()


def mixture(pool: Pool, seats: Floats, deadline: float) -> Peeled:
    """Panels and shares of 1 whose sum is `seats` by profile; what is left where no panel can be taken off any more."""
    dive = Dive(pool, steps=STEPS, deadline=deadline)
    rest, left, panels, shares = seats.copy(), 1.0, list[Ints](), list[float]()
    while left > DUST:
        dive.begin(rest / pool.people, _face(dive.own, pool, rest, left))
        panel = dive.panel()
        share = 0.0 if panel is None else _most(dive.own, pool, rest, left, panel)
        if panel is None or share <= LITTLE * left:
            break
        panels.append(panel)
        shares.append(share)
        rest, left = rest - share * panel, left - share
    return _peeled(pool, panels, shares, left)


def _face(own: Limits, pool: Pool, rest: Floats, left: float) -> Limits:
    """Whatever is at its limit in the rest must be so in the panel taken off."""
    held = np.concatenate([[rest.sum()], rest @ pool.table])
    return Limits(
        np.where(rest >= left * own.high - LITTLE, own.high, 0.0),
        np.where(rest <= LITTLE, 0.0, own.high),
        np.where(held >= left * own.most - 10 * LITTLE, own.most, own.least),
        np.where(held <= left * own.least + 10 * LITTLE, own.least, own.most),
    )


def _most(own: Limits, pool: Pool, rest: Floats, left: float, panel: Ints) -> float:
    """The largest share at which what is left stays within every limit."""
    held, has = (
        np.concatenate([[rest.sum()], rest @ pool.table]),
        np.concatenate([[panel.sum()], panel @ pool.table]),
    )
    slack = [rest, left * own.high - rest, held - left * own.least, left * own.most - held]
    use = [panel, own.high - panel, has - own.least, own.most - has]
    room, used = np.maximum(np.concatenate(slack), 0.0), np.concatenate(use)
    return min(left, float(np.min(room[used > LITTLE] / used[used > LITTLE], initial=np.inf)))
