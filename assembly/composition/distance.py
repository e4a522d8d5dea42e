"""How far a group is from its target, as a number of people. Pure.

**Distance to target**: out of 100 people of the group, how many at least would have to give their place to
somebody of another category, for every category to hold the number it should. People come whole: a category
that should hold 17.4 of 100 is on target with 17 and with 18. Of several criteria, the furthest one counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor


@dataclass(frozen=True)
class Aim:
    """The share of a group that a category should hold: at least, at most."""

    least: Fraction
    most: Fraction

    def within(self, size: Fraction | int) -> tuple[int, int]:
        """In whole people, for a group of this size."""
        return floor(self.least * size), ceil(self.most * size)


def exchanges(counts: Iterable[tuple[Fraction | int, Aim]]) -> Fraction | int:
    """How many must change category: those missing below a minimum or those beyond a maximum, whichever is more."""
    rows = list(counts)
    size = sum(count for count, _aim in rows)
    bounds = [(count, *aim.within(size)) for count, aim in rows]
    missing = sum(max(0, least - count) for count, least, _most in bounds)
    beyond = sum(max(0, count - most) for count, _least, most in bounds)
    return max(missing, beyond)


def distance(counts: Iterable[tuple[Fraction | int, Aim]]) -> Fraction | None:
    """The same out of 100; nothing for an empty group."""
    rows = list(counts)
    size = sum(count for count, _aim in rows)
    return Fraction(100) * exchanges(rows) / size if size else None
