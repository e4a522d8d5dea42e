"""The pieces a text is made of. Pure: lists of {"id", "kind", "text"} in, lists out."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

KINDS = ("citation", "recital", "operative", "article", "measure")
LONGEST = 20_000
MOST = 900
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


def split(clauses: Sequence[Clause], index: int, at: int) -> list[Clause]:
    """One clause becomes two, cut before character `at`: the first keeps its name."""
    row = clauses[index]
    text = row["text"].replace("\r\n", "\n")
    head, tail = text[:at].rstrip(), text[at:].lstrip()
    if not head or not tail:
        return list(clauses)
    return [*clauses[:index], row | {"text": head}, clause(row["kind"], tail), *clauses[index + 1 :]]


def merge(clauses: Sequence[Clause], index: int) -> list[Clause]:
    """A clause takes in the one that follows it, and keeps its own name and kind."""
    if not 0 <= index < len(clauses) - 1:
        return list(clauses)
    row, following = clauses[index], clauses[index + 1]
    joined = row | {"text": f"{row['text'].rstrip()} {following['text'].lstrip()}"}
    return [*clauses[:index], joined, *clauses[index + 2 :]]


def replace(clauses: Sequence[Clause], name: str, text: str) -> list[Clause]:
    """The clause of that name with other words; blank words take it out."""
    kept = [row | {"text": text} if row["id"] == name else row for row in clauses]
    return [row for row in kept if row["text"].strip()]


def insert(clauses: Sequence[Clause], after: str, piece: Clause) -> list[Clause]:
    """A new clause after the one of that name; at the end when it is gone, first when no name is given."""
    names = [row["id"] for row in clauses]
    place = names.index(after) + 1 if after in names else len(names) if after else 0
    return [*clauses[:place], piece, *clauses[place:]]


def named(clauses: Iterable[Clause], name: str) -> Clause | None:
    return next((row for row in clauses if row["id"] == name), None)


def of_kind(clauses: Iterable[Clause], *kinds: str) -> list[Clause]:
    return [row for row in clauses if row["kind"] in kinds]


def plain(clauses: Iterable[Clause]) -> str:
    return "\n\n".join(row["text"] for row in clauses)
