"""What waits for a person: each room registers what it asks of people, the roof shows it.

`@waits` registers a function of a user that yields Steps; it asks few queries, and none for whom it never concerns.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from assembly import clock

WAITS = []
A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Step:
    """One thing to do: what, about what, where, and by when."""

    title: str
    note: str
    url: str
    due: datetime | None = None

    @property
    def late(self):
        return self.due is not None and self.due < clock.now()


def waits(builder):
    WAITS.append(builder)
    return builder


def waiting_for(user) -> list[Step]:
    """Everything that waits for this person; votes and texts (the last floor) before the rest."""
    return ordered(step for builder in reversed(WAITS) for step in builder(user))


def ordered(steps):
    """Late first, then by date; what has no date stands where what is due in a week does."""
    return sorted(steps, key=lambda step: (not step.late, step.due or clock.now() + A_WEEK))
