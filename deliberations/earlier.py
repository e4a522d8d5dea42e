"""The words something had before it was edited: the journal keeps them, its page shows what changed."""

from dataclasses import dataclass
from datetime import datetime

from assembly.differences import Segment, compare


@dataclass(frozen=True)
class Earlier:
    """What one edit did to one field: `segments` lead from the words before to the words after."""

    at: datetime
    role_label: str
    label: str
    segments: list[Segment]


def earlier_words(row):
    """Every edit that changed words, the latest first: one query."""
    after, found = {name: getattr(row, name) for name in row.words_kept}, []
    for entry in row.entries.filter(act=f"{row._meta.label_lower}.edit").order_by("-pk"):
        for name, was in entry.facts.get("was", {}).items():
            label = row._meta.get_field(name).verbose_name
            found.append(Earlier(entry.at, entry.role_label, label, compare(was, after[name])))
            after[name] = was
    return found
