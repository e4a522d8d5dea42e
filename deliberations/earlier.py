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


def earlier_words(row, entries=None):
    """Every edit that changed words, the latest first: one query, none where its entries are there already."""
    after, found = {name: getattr(row, name) for name in row.words_kept}, []
    known = list(row.entries if entries is None else entries)
    for entry in reversed([entry for entry in known if entry.act.endswith(".edit")]):
        for name, was in entry.facts.get("was", {}).items():
            label = row._meta.get_field(name).verbose_name
            found.append(Earlier(entry.at, entry.role_label, label, compare(was, after[name])))
            after[name] = was
    return found
