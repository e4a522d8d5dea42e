"""The field's two files, and those a command may be given besides: quotas, people, ids, salts, rates."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sortition.engine.profiles import Person, Quota
from sortition.engine.quotas import Relaxation
from sortition.engine.reading import open_table
from sortition.engine.sentences import Unreadable


@dataclass(frozen=True)
class Targets:
    """Quotas, and how far each may give way if they cannot be kept (`flexes`: the same with wider bounds, or nothing)."""

    quotas: tuple[Quota, ...]
    flexes: tuple[Quota, ...] = ()

    @property
    def criteria(self) -> list[str]:
        return sorted({quota.criterion for quota in self.quotas})

    def relaxed(self, relaxation: Relaxation) -> "Targets":
        """The quotas once changed; those of a relaxation may be counted without the people already seated."""
        moved = {
            (q.criterion, q.category): (low - q.minimum, high - q.maximum)
            for q, low, high in relaxation.changes
        }
        return replace(self, quotas=tuple(_moved(quota, moved) for quota in self.quotas))


def _moved(quota: Quota, moved: dict[tuple[str, str], tuple[int, int]]) -> Quota:
    down, up = moved.get((quota.criterion, quota.category), (0, 0))
    return replace(quota, minimum=quota.minimum + down, maximum=quota.maximum + up)


def read_targets(path: str) -> Targets:
    """`category,value,min,max`; also with `name` for either, and `feature,value,min,max,min_flex,max_flex`."""
    table = open_table(path)
    names = [name.strip().lower() for name in table.header]
    first = next((name for name in ("feature", "category", "name") if name in names), None)
    second = next((name for name in ("value", "name") if name in names and name != first), None)
    missing = [name for name in ("min", "max") if name not in names]
    if first is None or second is None or missing:
        raise Unreadable("missing_columns", line=1, columns=", ".join(missing or ["category", "value"]))
    soft = [name for name in ("min_flex", "max_flex") if name in names]
    wanted = [first, second, "min", "max", *(soft if len(soft) == 2 else [])]
    at = [names.index(name) for name in wanted]
    rows = [
        _bounds(line, [row[position] if position < len(row) else "" for position in at])
        for line, row in table.rows()
    ]
    if not rows:
        raise Unreadable("empty_file")
    return Targets(
        tuple(Quota(*name, *bounds[:2]) for name, bounds in rows),
        tuple(Quota(*name, *bounds[2:]) for name, bounds in rows if len(bounds) == 4),
    )


def read_quotas(path: str) -> list[Quota]:
    return list(read_targets(path).quotas)


def _bounds(line: int, cells: Sequence[str]) -> tuple[tuple[str, str], list[int]]:
    criterion, category, *bounds = map(words, cells)
    if not all(cell.isascii() and cell.isdigit() for cell in bounds):
        raise Unreadable("unreadable_line", line=line, reason="min and max must be whole numbers")
    if not criterion or not category:
        raise Unreadable("unreadable_line", line=line, reason="the criterion or its category is missing")
    low, high, *soft = map(int, bounds)
    if soft and not soft[0] <= low <= high <= soft[1]:
        reason = "min_flex, min, max and max_flex must be in this order"
        raise Unreadable("unreadable_line", line=line, reason=reason)
    return (criterion, category), [low, high, *soft]


def read_people(path: str, criteria: Sequence[str], household: str = "") -> list[Person]:
    """One row a person, the id in the first column; `household` names columns that are equal within a household."""
    table = open_table(path)
    names = [words(name) for name in table.header]
    homes = [name for name in household.split(",") if name]
    missing = [name for name in [*criteria, *homes] if name not in names]
    if missing:
        raise Unreadable("missing_columns", line=table.header_line, columns=", ".join(missing))
    twice = next((name for name in [*criteria, *homes] if names.count(name) > 1), None)
    if twice:
        raise Unreadable("duplicated_column", line=table.header_line, column=twice)
    people = []
    for line, row in table.rows():
        if len(row) < len(names):
            raise Unreadable("ragged", line=line, found=len(row), expected=len(names))
        cells = dict(zip(names, map(words, row), strict=False))
        if not words(row[0]):
            raise Unreadable("unreadable_line", line=line, reason="the id is missing")
        home = "|".join(cells[name] for name in homes) if all(cells[name] for name in homes) else ""
        people.append(Person(words(row[0]), {name: cells[name] for name in criteria}, home))
    return people


def words(cell: str) -> str:
    return unicodedata.normalize("NFC", cell.strip())


def read_ids(path: str, people: Sequence[Person]) -> list[str]:
    """The first column of a table, each once and among these people."""
    names = [words(row[0]) for _, row in open_table(path).rows()]
    must_be_known(names, people)
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise ValueError(f"{twice} appears twice.")
    return names


def must_be_known(names: Collection[str], people: Sequence[Person]) -> None:
    known = {person.id for person in people}
    stranger = next((name for name in names if name not in known), None)
    if stranger is not None:
        raise ValueError(f"{stranger} is not among the people.")


def read_rates(path: str, people: Sequence[Person]) -> dict[str, float]:
    """One row a person: id, the rate at which they are expected to leave, between 0 and 1."""
    rows = [(words(row[0]), row[1].strip()) for _, row in open_table(path).rows() if len(row) > 1]
    must_be_known([name for name, _ in rows], people)
    wrong = next((name for name, rate in rows if not re.fullmatch(r"0|1|0?\.[0-9]+|1\.0+|0\.", rate)), None)
    if wrong is not None:
        raise ValueError(f"{wrong}: a rate is between 0 and 1.")
    return {name: float(rate) for name, rate in rows}


def read_salts(path: str, people: Sequence[Person]) -> dict[str, str]:
    """One row a person: id, salt."""
    salts = {words(row[0]): row[1].strip() for _, row in open_table(path).rows() if len(row) > 1}
    missing = [person.id for person in people if not re.fullmatch("[0-9a-f]{32}", salts.get(person.id, ""))]
    if missing:
        raise ValueError(
            f"No salt of 32 hexadecimal digits for {', '.join(missing[:3])} ({len(missing)} in all)."
        )
    return {person.id: salts[person.id] for person in people}
