"""The pieces a text is made of. Pure: lists of {"id", "kind", "text"} in, lists out."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

KINDS = ("citation", "recital", "operative", "article", "measure")
LONGEST = 20_000
MOST = 1_000
Clause = dict[str, str]


def clause(kind: str, text: str = "", id: str = "") -> Clause:
    return {"id": id or uuid4().hex[:12], "kind": kind, "text": text}


def tidy(clauses: Iterable[Mapping[str, Any]]) -> list[Clause]:
    """Plain clauses, each with a name of its own; blank ones go, words are kept to the letter otherwise."""
    kept, seen = [], set()
    for row in clauses:
        text = (
            str(row.get("text") or "").replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
        )
        if not text:
            continue
        name = str(row.get("id") or "")[:36]
        piece = clause(row["kind"], text, "" if name in seen else name)
        seen.add(piece["id"])
        kept.append(piece)
    return kept


def add(clauses: Sequence[Clause], kind: str, after: int | None = None) -> list[Clause]:
    place = len(clauses) if after is None else after + 1
    return [*clauses[:place], clause(kind), *clauses[place:]]


def move(clauses: Sequence[Clause], index: int, step: int) -> list[Clause]:
    """One place up (-1) or down (+1); at the end of the text nothing happens."""
    other = index + step
    moved = list(clauses)
    if 0 <= index < len(moved) and 0 <= other < len(moved):
        moved[index], moved[other] = moved[other], moved[index]
    return moved


def delete(clauses: Sequence[Clause], index: int) -> list[Clause]:
    return [row for place, row in enumerate(clauses) if place != index]


def of_kind(clauses: Iterable[Clause], *kinds: str) -> list[Clause]:
    return [row for row in clauses if row["kind"] in kinds]


def plain(clauses: Iterable[Clause]) -> str:
    return "\n\n".join(row["text"] for row in clauses)
