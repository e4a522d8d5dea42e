"""What `peeling` could not make: panels of those most behind, copied while errors can be made up for, then one by one."""

import time
from dataclasses import dataclass

import numpy as np

from sortition.engine.generating import Generator
from sortition.engine.polytope import Floats, Ints, Pool

FINENESS = 200


@dataclass
class Panels:
    """Panels by profile, before people are placed. `cut_short` if the time ran out and the last ones repeat earlier ones."""

    counts: Ints
    cut_short: bool = False


def herd(
    pool: Pool, generator: Generator, chances: Floats, number: int, deadline: float, made: Ints
) -> Panels:
    """`number` legal panels, those `made` first, whose average follows `chances` as well as can be."""
    panels = list(made)
    total = made.sum(0).astype(float)
    while len(panels) < number:
        if panels and time.monotonic() > deadline:
            return Panels(np.array([panels[index % len(panels)] for index in range(number)]), cut_short=True)
        copies = max(1, (number - len(panels)) // FINENESS)
        panel = generator.panel((len(panels) + copies) * chances - total / pool.people)
        if panel is None:
            raise ArithmeticError("A pool with a legal panel has lost it.")
        total += panel * copies
        panels += [panel] * copies
    return Panels(np.array(panels))


def floors(pool: Pool, chances: Floats, number: int) -> Ints:
    """How many seats over all panels a profile must reach for each of its people to be in ⌊number × chance⌋ panels."""
    return np.asarray((pool.people * np.floor(number * chances + 1e-6)).astype(np.int64))
