"""What changed between two texts in clauses. Pure: clauses in, differences out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from assembly.differences import Segment, after, before, compare

__all__ = ["ClauseDifference", "after", "before", "compare", "compare_clauses", "summary"]


@dataclass(frozen=True)
class ClauseDifference:
    """What happened to one clause: `sort` is kept, changed, added or removed; `moved` when it went elsewhere."""

    sort: str
    kind: str
    old: Mapping[str, str] | None
    new: Mapping[str, str] | None
    segments: list[Segment] = field(default_factory=list)
    moved: bool = False


def compare_clauses(
    old: Sequence[Mapping[str, str]], new: Sequence[Mapping[str, str]]
) -> list[ClauseDifference]:
    """Clause by clause, in the order of the new text; a removed clause stands where it stood."""
    was, now = {clause["id"]: clause for clause in old}, {clause["id"]: clause for clause in new}
    common = [clause["id"] for clause in old if clause["id"] in now]
    order = [clause["id"] for clause in new if clause["id"] in was]
    still = set(_in_order(common, order))
    differences = []
    for key in _merged([clause["id"] for clause in old], [clause["id"] for clause in new], still):
        differences.append(
            _difference(was.get(key), now.get(key), moved=key in was and key in now and key not in still)
        )
    return differences


def _in_order(one: list[str], other: list[str]) -> list[str]:
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return [key for block in blocks for key in one[block.a : block.a + block.size]]


def _merged(old: list[str], new: list[str], still: set[str]) -> list[str]:
    """The new order, with each removed clause after the clause it followed."""
    present, follows, last = set(new), {}, None
    for key in old:
        if key in still:
            last = key
        elif key not in present:
            follows.setdefault(last, []).append(key)
    merged = list(follows.get(None, []))
    for key in new:
        merged.append(key)
        merged += follows.get(key, [])
    return merged


def _difference(
    old: Mapping[str, str] | None, new: Mapping[str, str] | None, moved: bool
) -> ClauseDifference:
    if old is None:
        return ClauseDifference("added", new["kind"], None, new, [("+", new["text"])])
    if new is None:
        return ClauseDifference("removed", old["kind"], old, None, [("-", old["text"])])
    same = old["text"] == new["text"] and old["kind"] == new["kind"]
    segments = [("=", new["text"])] if same else compare(old["text"], new["text"])
    return ClauseDifference("kept" if same else "changed", new["kind"], old, new, segments, moved)


def summary(differences: Iterable[ClauseDifference]) -> dict[str, int]:
    """How many clauses were added, removed, changed, moved."""
    rows = list(differences)
    counts = {sort: sum(row.sort == sort for row in rows) for sort in ("added", "removed", "changed")}
    return counts | {"moved": sum(row.moved for row in rows)}
