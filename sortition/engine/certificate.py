"""A proof, checked with fractions alone, that no lottery could have a larger smallest chance.

Each category of each criterion has a score, and a seat has one too. A person's points are the sum for their profile
(none if negative). Whatever the legal panel, its members carry at most B points, because of the quotas; everybody in
the pool together carries D. So, whatever the lottery over legal panels, somebody's chance is at most B / D.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sortition.engine.profiles import Profiles, Quota


@dataclass(frozen=True)
class Certificate:
    """`scores` by (criterion, category) and the score of a `seat`, as decimal texts; `bound` is B / D exactly.

    `unreachable` are the profiles no legal panel can contain, as quota categories in the order of the criteria.
    """

    seat: str
    scores: Mapping[tuple[str, str], str]
    points_of_a_panel: Fraction
    points_of_the_pool: Fraction
    unreachable: tuple[tuple[str, ...], ...] = ()

    @property
    def bound(self) -> Fraction:
        return self.points_of_a_panel / self.points_of_the_pool if self.points_of_the_pool else Fraction(1)

    def as_json(self) -> dict[str, object]:
        return {
            "seat": self.seat,
            "scores": [
                [criterion, category, score] for (criterion, category), score in sorted(self.scores.items())
            ],
            "points_of_a_panel": str(self.points_of_a_panel),
            "points_of_the_pool": str(self.points_of_the_pool),
            "bound": f"{float(self.bound):.12f}",
            "unreachable": [list(profile) for profile in self.unreachable],
        }


def certify(profiles: Profiles, duals: Sequence[float], reachable: Sequence[bool]) -> Certificate:
    """Turn the solver's prices (of a seat, then of each quota) into a proof; rounding them keeps it valid."""
    ways = (_certificate(profiles, [sign * float(dual) for dual in duals], reachable) for sign in (1, -1))
    return min(
        (way for way in ways if way.points_of_the_pool > 0), key=lambda way: way.bound, default=_nothing()
    )


def _nothing() -> Certificate:
    return Certificate("0", {}, Fraction(0), Fraction(0))


def _certificate(profiles: Profiles, prices: Sequence[float], reachable: Sequence[bool]) -> Certificate:
    texts = [f"{price:.12f}" for price in prices]
    seat, scores = texts[0], [Fraction(text) for text in texts[1:]]
    panel, pool = points(profiles, Fraction(seat), scores, reachable)
    named = {(q.criterion, q.category): text for q, text in zip(profiles.quotas, texts[1:], strict=True)}
    left_out = tuple(
        tuple(profiles.quotas[index].category for index in kind)
        for kind, included in zip(profiles.kinds, reachable, strict=True)
        if not included
    )
    return Certificate(seat, named, panel, pool, left_out)


def points(
    profiles: Profiles, seat: Fraction, scores: Sequence[Fraction], reachable: Sequence[bool]
) -> tuple[Fraction, Fraction]:
    """(B, D): the most points a legal panel can carry, and the points of the pool."""
    panel = seat * profiles.seats + sum(
        (_most(q, s) for q, s in zip(profiles.quotas, scores, strict=True)), Fraction(0)
    )
    pool = Fraction(0)
    for kind, members, included in zip(profiles.kinds, profiles.members, reachable, strict=True):
        held = seat + sum((scores[index] for index in kind), Fraction(0))
        if included:
            pool += len(members) * max(held, Fraction(0))
            panel += len(members) * max(-held, Fraction(0))
    return panel, pool


def _most(quota: Quota, score: Fraction) -> Fraction:
    return max(score * quota.minimum, score * quota.maximum)
