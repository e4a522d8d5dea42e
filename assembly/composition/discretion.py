"""What the public may read of a personal criterion without learning anything about one person. Pure.

Three rules, each for one way of guessing:

1. A small count points at somebody: fewer than 3 is shown as “1–2”, and when it is the only one a second count is
   blurred too, or the total would give the first away. A group of fewer than 5 shows nothing.
2. Two tables give away whoever stands in one and not in the other. A table is renewed only when, compared with
   *every* table already public, nobody or at least 5 people left, nobody or at least 5 came, and those who left
   (or came) are not of one category but for one. Otherwise the nearest table already public is shown again, and
   its difference is nil. So even who knows all names, and had both tables without rule 1, cannot tell the category
   of one person: at least two remain possible, for each of those who moved.
3. Whatever is worked out from a table (shares, distances, charts) is worked out from what is shown of it.

Half-days of presence are no count of people: a category where fewer than 3 people were present shows only what it
holds together with the next smallest.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FEW = 3  # below it, a count could point at somebody
FEWEST = 5  # who moves hides among that many

Cell = tuple[float, float]  # at least, at most


@dataclass(frozen=True)
class Table:
    """People by category, and what is shown of them."""

    people: frozenset[str]
    cells: Mapping[str, Cell]
    origin: tuple[str, str] = ("", "")  # day and stage it was first shown for


def blurred(counts: Mapping[str, int]) -> dict[str, Cell]:
    """Rule 1."""
    cells = {key: (count, count) for key, count in counts.items()}
    small = [key for key, count in counts.items() if 0 < count < FEW]
    others = sorted((key for key, count in counts.items() if count >= FEW), key=lambda key: counts[key])
    cells |= dict.fromkeys(small, (1, FEW - 1))
    if len(small) == 1 and others:
        both = counts[small[0]] + counts[others[0]]
        cells[others[0]] = (both - FEW + 1, both - 1)
    return cells


def blurred_half_days(half_days: Mapping[str, float], present: Mapping[str, int]) -> dict[str, Cell]:
    """Rule 1 for presence: `present` is how many people stand behind each figure."""
    cells = {key: (value, value) for key, value in half_days.items()}
    small = [key for key, number in present.items() if 0 < number < FEW]
    if small:
        others = sorted((key for key in half_days if present.get(key, 0) >= FEW), key=half_days.get)
        hidden = [*small, *others[:1]]
        together = sum(half_days[key] for key in hidden)
        cells |= dict.fromkeys(hidden, (0, together))
    return cells


def hidden_among(moved: Iterable[str | None]) -> bool:
    """Rule 2 for those who moved one way, by their categories: nobody, or enough and not all alike but one."""
    counts = Counter(moved)
    size = counts.total()
    return not size or (None not in counts and size >= FEWEST and max(counts.values()) <= size - 2)


def far_enough(people: frozenset[str], table: Table, category_of: Mapping[str, str]) -> bool:
    """Rule 2 between a group and a table already public."""
    left, came = table.people - people, people - table.people
    if not left and not came:
        return False
    return all(hidden_among(category_of.get(ref) for ref in moved) for moved in (left, came))


def shown(people: frozenset[str], category_of: Mapping[str, str], known: Iterable[Table]) -> Table | None:
    """The table to show for this group: its own, or the nearest already public; None when it shows nothing."""
    known = list(known)
    if len(people) < FEWEST:
        return None
    if all(far_enough(people, table, category_of) for table in known):
        return Table(people, blurred(Counter(category_of.get(ref, "") for ref in people)))
    return min(known, key=lambda table: len(table.people ^ people))
