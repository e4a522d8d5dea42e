"""Check that each level of chances could not be higher: python verify_levels.py DIRECTORY

For auditors: DIRECTORY holds levels.json and people.csv besides what verify.py reads. Standard library only; `verify.py`
lies beside this file. Exits 0 if every level is proved, 1 at the first that is not.
"""

import json
import sys
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

try:
    from sortition.engine.verify import Draw, must, number_of
except ImportError:
    from verify import Draw, must, number_of  # type: ignore[import-not-found, no-redef]

CLOSE = Fraction(1, 10**6)


def verify_levels(path: str) -> list[str]:
    """A sentence for each level, the smallest chance first. `RuntimeError` says what does not hold."""
    draw = Draw(path)
    draw.add_attributes()
    never = set(draw.proof["unreachable"])
    chances: dict[str, Fraction] = {}
    said = []
    for number, level in enumerate(json.loads(draw.text("levels.json"))["levels"], 1):
        chance = number_of(level["chance"])
        bound = _bound(draw, level, chances, never)
        must(
            abs(bound - chance) <= CLOSE,
            f"Level {number}: {float(bound):.6%} is proved, {float(chance):.6%} said.",
        )
        must(not set(level["people"]) & (set(chances) | never), f"Level {number} counts somebody twice.")
        chances.update(dict.fromkeys(level["people"], chance))
        people = len(level["people"])
        said.append(
            f"Level {number}: {people} people have {float(chance):.4%}; no more is possible once the levels before hold."
        )
    must(set(chances) | never == set(draw.ids), "Somebody has no level.")
    for row in draw.floors:
        promised = int(chances.get(row["id"], 0) * draw.size + CLOSE)
        must(
            int(row["panels"]) == promised, f"{row['id']} is promised {row['panels']} panels, not {promised}."
        )
    return said


def _bound(draw: Draw, level: dict[str, Any], chances: dict[str, Fraction], never: set[str]) -> Fraction:
    """(B less what the levels before carry) over the points of everybody else."""
    seat = number_of(level["seat"])
    scores = {(name, value): number_of(score) for name, value, score in level["scores"]}
    most = seat * draw.seats + sum(
        max(scores[name, value] * low, scores[name, value] * high) for name, value, low, high in draw.quotas
    )
    points = Fraction(0)
    for one, kind in draw.kind.items():
        if one in never:
            continue
        balance = seat + sum(scores[pair] for pair in zip(draw.criteria, kind, strict=True))
        most += max(-balance, Fraction(0)) - chances.get(one, Fraction(0)) * max(balance, Fraction(0))
        points += max(balance, Fraction(0)) if one not in chances else 0
    return min(most / points, Fraction(1)) if points > 0 else Fraction(1)  # nobody's chance is above 1


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 1:
        sys.exit("python verify_levels.py DIRECTORY")
    try:
        for sentence in verify_levels(arguments[0]):
            print("ok: " + sentence)
    except Exception as error:
        print(f"NOT SO: {error}")
        return 1
    print("Every level is proved.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
