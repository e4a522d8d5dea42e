"""Many questions at once, one a line: what was said twice is found, nothing is lost."""

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 2000
ALIKE = 0.8
MARKS = re.compile(r"^\s*(?:[-–—•*]|\d{1,3}\s*[.)])\s+")


@dataclass(frozen=True)
class Line:
    """One question as it was pasted; `twin` is the one it repeats."""

    number: int
    text: str
    twin: str = ""

    @property
    def too_long(self):
        return len(self.text) > LONGEST

    @property
    def is_new(self):
        return not self.twin and not self.too_long


def understand(text, known=()):
    """The lines of a text; `known` are the questions that are there already."""
    seen = [(question, words_of(question)) for question in known]
    lines = []
    for raw in (text or "").splitlines():
        words = MARKS.sub("", raw).strip()
        if not words:
            continue
        mine = words_of(words)
        twin = next((question for question, theirs in seen if alike(mine, theirs)), "")
        lines.append(Line(len(lines) + 1, words, twin))
        if not twin:
            seen.append((words, mine))
    return lines


def words_of(text):
    """The words of a question without accents, capitals or marks."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return frozenset(re.findall(r"\w+", "".join(c for c in plain if not unicodedata.combining(c))))


def alike(one, other):
    """Nearly the same words; other numbers make another question."""
    if not one or not other or min(len(one), len(other)) < ALIKE * max(len(one), len(other)):
        return False
    same = len(one & other) >= ALIKE * len(one | other)
    return same and not any(word.isdigit() for word in one ^ other)
