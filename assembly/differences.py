"""What changed between two texts. Pure: texts in, segments out.

A segment is ("=", text), ("-", text) or ("+", text). "=" and "-" put together give the old text back,
"=" and "+" the new one, to the letter. Paragraphs are compared first, then the words of those that
changed; the blank after a word belongs to the word, so that nothing is lost or made up.
"""

import re
from collections.abc import Callable, Iterable, Sequence
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
