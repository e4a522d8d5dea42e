"""Seats from population, and what cannot hold together. Pure: plain values in, plain values out."""

from collections import defaultdict
from dataclasses import dataclass
from math import ceil, floor

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Row:
    """A target: at least `minimum` and at most `maximum` seats for one category of a criterion."""

    criterion: str
    category: str
    minimum: int
    maximum: int


def proportional(seats, populations):
    """{key: people} → {key: (minimum, maximum)}: the whole numbers on either side of the exact share."""
    people = sum(populations.values())
    shares = {key: seats * count / people for key, count in populations.items()}
    return {key: (floor(share), ceil(share)) for key, share in shares.items()}


def contradictions(seats, rows):
    """Sentences, empty when the targets can hold with these seats (whoever volunteers)."""
    sentences = [
        _("%(category)s: the minimum (%(minimum)s) is above the maximum (%(maximum)s).") % vars(row)
        for row in rows
        if row.minimum > row.maximum
    ]
    by_criterion = defaultdict(list)
    for row in rows:
        by_criterion[row.criterion].append(row)
    for criterion, members in by_criterion.items():
        sentences += _against_seats(seats, criterion, members)
    return sentences


def _against_seats(seats, criterion, rows):
    least, most = sum(row.minimum for row in rows), sum(row.maximum for row in rows)
    facts = {"criterion": criterion, "least": least, "most": most, "seats": seats}
    if least > seats:
        yield _("%(criterion)s: the minima add up to %(least)s, more than the %(seats)s seats.") % facts
    if most < seats:
        yield _("%(criterion)s: the maxima add up to %(most)s, fewer than the %(seats)s seats.") % facts
