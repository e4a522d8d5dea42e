"""How fast the draw room follows a hand: `manage.py measure room`."""

import time

from assembly.measuring import Figure, measure
from sortition import weighing
from sortition.engine.sample_pool import sample_pool

#: (people, seats, seconds a change of quota may take to show, seconds for the whole page)
SIZES = ((748, 100, 0.5, 5), (5_000, 100, 1.0, 15))
TRIES = 5


@measure("room")
def room(sizes=SIZES):
    """A quota tried while it is typed, and everything the page of the draw room holds."""
    for people, seats, at_once, whole in sizes:
        crowd, quotas = sample_pool(people, seats)
        inputs = weighing.Inputs(crowd, quotas, seats, "leximin", {})
        name = f"{people:,} people, {seats} seats"
        tried = min(seconds(weighing.trial, inputs) for _ in range(TRIES))
        yield Figure(f"{name}: a quota tried", tried, "s", bar=at_once, at_least=False)
        yield Figure(
            f"{name}: the whole page", seconds(weighing.weigh, inputs), "s", bar=whole, at_least=False
        )


def seconds(work, inputs):
    started = time.monotonic()
    work(inputs)
    return time.monotonic() - started
