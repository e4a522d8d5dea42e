"""What changed between two texts. Pure: texts in, segments out.

A segment is ("=", text), ("-", text) or ("+", text). "=" and "-" put together give the old text back,
"=" and "+" the new one, to the letter. Paragraphs are compared first, then the words of those that
changed; the blank after a word belongs to the word, so that nothing is lost or made up.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import groupby

Segment = tuple[str, str]
WORD = re.compile(r"\S+\s*|\s+")
PARAGRAPH = re.compile(r"[^\n]*\n+|[^\n]+")
LONG = 1_000  # beyond, words that come back everywhere no longer serve as landmarks: time stays bounded


def compare(old: str, new: str) -> list[Segment]:
    return _joined(_aligned(PARAGRAPH.findall(old), PARAGRAPH.findall(new), finer=_words))


def before(segments: Iterable[Segment]) -> str:
    return "".join(text for sign, text in segments if sign != "+")


def after(segments: Iterable[Segment]) -> str:
    return "".join(text for sign, text in segments if sign != "-")


def _words(old: str, new: str) -> list[Segment]:
    return _aligned(WORD.findall(old), WORD.findall(new), finer=lambda gone, come: [("-", gone), ("+", come)])


def _aligned(
    old: Sequence[str], new: Sequence[str], finer: Callable[[str, str], list[Segment]]
) -> list[Segment]:
    segments: list[Segment] = []
    matcher = SequenceMatcher(None, old, new, autojunk=max(len(old), len(new)) > LONG)
    for sort, i, j, k, m in matcher.get_opcodes():
        gone, come = "".join(old[i:j]), "".join(new[k:m])
        if sort == "equal":
            segments.append(("=", gone))
        elif sort == "replace":
            segments += finer(gone, come)
        else:
            segments += [("-", gone), ("+", come)]
    return segments


def _joined(segments: Iterable[Segment]) -> list[Segment]:
    """Neighbours of one sign become one; empty ones go."""
    kept = (segment for segment in segments if segment[1])
    return [
        (sign, "".join(text for _, text in run))
        for sign, run in groupby(kept, key=lambda segment: segment[0])
    ]


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
