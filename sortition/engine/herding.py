"""What `peeling` could not make: panels of those most behind, copied while errors can be made up for, then one by one."""

import time
from collections.abc import Sequence

import numpy as np

from sortition.engine.generating import Generator
from sortition.engine.polytope import Floats, Ints, Pool

FINENESS = 200


def herd(
    pool: Pool,
    generator: Generator,
    chances: Floats,
    number: int,
    deadline: float,
    made: Sequence[Ints] | Ints,
) -> Ints:
    """`number` legal panels, those `made` (at least one) first, whose average follows `chances` as well as can be.

    At the deadline, those made are repeated.
    """
    panels = list(made)
    total = np.sum(panels, axis=0, dtype=float)
    while len(panels) < number:
        copies = max(1, (number - len(panels)) // FINENESS)
        late = time.monotonic() > deadline
        panel = None if late else generator.panel((len(panels) + copies) * chances - total / pool.people)
        if panel is None:
            break
        total += panel * copies
        panels += [panel] * copies
    return np.array([panels[index % len(panels)] for index in range(number)])


def nobody_left_out(counts: Ints, known: Sequence[Ints]) -> Ints:
    """Those in no panel get one of the panels known that has them, in place of one nobody needs."""
    counts = counts.copy()
    for panel in known:
        if not (panel[counts.sum(0) == 0] > 0).any():
            continue
        totals = counts.sum(0)
        spare = (totals - counts > 0) | (counts == 0) | (panel > 0)
        rows = np.nonzero(spare.all(1))[0]
        if len(rows):
            counts[rows[-1]] = panel
    return counts


def floors(pool: Pool, chances: Floats, number: int) -> Ints:
    """How many seats over all panels a profile must reach for each of its people to be in ⌊number × chance⌋ panels."""
    return np.asarray((pool.people * np.floor(number * chances + 1e-6)).astype(np.int64))
