"""Each level of leximin proved, not the smallest chance alone: the same scores again, once for every level.

Those settled at lower levels keep at least their chances, so they carry that share of the points; what is left over B, over
the points of the others, bounds the next smallest chance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sortition.engine.profiles import Person, Profiles, Quota, after_seated, profiles_of

if TYPE_CHECKING:
    from sortition.engine.leximin import Fair


@dataclass(frozen=True)
class Level:
    """`chance` and scores as decimal texts; `people` are those settled at this level."""

    chance: str
    seat: str
    scores: Mapping[tuple[str, str], str]
    people: tuple[str, ...]


def prove(
    people: Sequence[Person],
    quotas: Sequence[Quota],
    seats: int,
    fair: Mapping[str, float],
    *,
    seated: Sequence[Person] = (),
    unreachable: Sequence[str] = (),
) -> list[Level]:
    """The levels of these leximin chances. None if whole panels give less than the relaxation, which is all this proves."""
    from sortition.engine import leximin, polytope  # HiGHS: loaded when asked

    profiles = profiles_of(people, after_seated(quotas, seated), seats - len(seated))
    never = [kind for kind, names in enumerate(profiles.members) if names[0] in set(unreachable)]
    found = leximin.fair_chances(polytope.pool_of(profiles), "leximin", never)
    chances = zip(profiles.members, found.chances.tolist(), strict=True)
    if any(abs(fair[names[0]] - chance) > 1e-6 for names, chance in chances):
        return []
    return [_level(profiles, found, number) for number in range(len(found.stages))]


def _level(profiles: Profiles, fair: "Fair", number: int) -> Level:
    stage = fair.stages[number]
    later = fair.stages[number + 1].before if number + 1 < len(fair.stages) else stage.before | True
    texts = [f"{float(price):.12f}" for price in stage.duals]
    pairs = zip(profiles.quotas, texts[1:], strict=True)
    now = (
        names
        for names, old, new in zip(profiles.members, stage.before, later, strict=True)
        if new and not old
    )
    return Level(
        f"{stage.chance:.12f}",
        texts[0],
        {(quota.criterion, quota.category): text for quota, text in pairs},
        tuple(sorted(name for names in now for name in names)),
    )


def as_json(levels: Sequence[Level]) -> dict[str, object]:
    scores = [[[*pair, level.scores[pair]] for pair in sorted(level.scores)] for level in levels]
    return {
        "levels": [
            {"chance": level.chance, "seat": level.seat, "scores": some, "people": list(level.people)}
            for level, some in zip(levels, scores, strict=True)
        ]
    }
