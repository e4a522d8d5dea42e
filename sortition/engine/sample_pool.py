"""Pools of volunteers and their quotas, as uneven as real ones, to measure and to try a draw on.

Populations by district are those of Paris in thousands, rounded; the other shares and the odds of answering a letter are
assumptions. The same size and seed give the same pool.
"""

import hashlib
from collections.abc import Mapping, Sequence

from sortition.engine.profiles import Person, Quota

DISTRICTS = (16, 21, 34, 29, 58, 40, 48, 35, 60, 84, 142, 140, 178, 135, 228, 165, 165, 188, 181, 187)
SHARES: Mapping[str, Mapping[str, float]] = {
    "sex": {"F": 0.534, "M": 0.466},
    "age": {"18-29": 0.263, "30-44": 0.274, "45-59": 0.207, "60-74": 0.158, "75+": 0.098},
    "diploma": {"none": 0.343, "bac": 0.168, "bac+2": 0.116, "bac+3": 0.141, "bac+5": 0.232},
    "district": {f"{number:02d}": people / sum(DISTRICTS) for number, people in enumerate(DISTRICTS, 1)},
}
MORE: Mapping[str, Mapping[str, float]] = {
    "zone": {"centre": 0.19, "east": 0.31, "north": 0.27, "south": 0.23},
    "home": {"tenant": 0.45, "owner": 0.34, "social": 0.21},
    "work": {"employed": 0.56, "retired": 0.19, "student": 0.14, "other": 0.11},
    "travel": {"train": 0.52, "walk": 0.24, "bicycle": 0.12, "car": 0.12},
}
ODDS: Mapping[str, Mapping[str, float]] = {
    "sex": {"M": 1.1},
    "age": {"18-29": 0.6, "60-74": 1.7, "75+": 0.6},
    "diploma": {"none": 0.2, "bac": 0.6, "bac+3": 1.5, "bac+5": 2.2},
    "district": {"18": 0.8, "19": 0.7, "20": 0.8},
    "home": {"owner": 1.6, "social": 0.6},
    "work": {"retired": 1.5, "other": 0.6},
    "travel": {"bicycle": 2.0},
}


def sample_pool(
    people: int, seats: int, seed: str = "sample", criteria: Sequence[str] = tuple(SHARES), margin: int = 0
) -> tuple[list[Person], list[Quota]]:
    """That many volunteers, and quotas one seat wide around the shares of the population, and `margin` on both sides."""
    wanted = {name: (SHARES.get(name) or MORE[name]) for name in criteria}
    answered = {name: _answered(name, shares) for name, shares in wanted.items()}
    pool = [
        Person(f"v{number:06d}", {name: _drawn(answered[name], f"{seed}|{number}|{name}") for name in wanted})
        for number in range(people)
    ]
    return pool, [
        Quota(name, category, max(0, held - margin), held + 1 + margin)
        for name, shares in wanted.items()
        for category, share in shares.items()
        for held in [int(share * seats + 1e-9)]
    ]


def _answered(name: str, shares: Mapping[str, float]) -> Sequence[tuple[str, float]]:
    """Categories with their cumulated share among those who answer."""
    weights = [
        (category, share * ODDS.get(name, {}).get(category, 1.0)) for category, share in shares.items()
    ]
    total, sums = sum(weight for _, weight in weights), 0.0
    found = []
    for category, weight in weights:
        sums += weight / total
        found.append((category, sums))
    return found


def _drawn(cumulated: Sequence[tuple[str, float]], label: str) -> str:
    luck = int(hashlib.sha256(label.encode()).hexdigest()[:13], 16) / 16**13
    return next((category for category, upto in cumulated if luck < upto), cumulated[-1][0])
