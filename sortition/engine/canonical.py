"""The bytes that are published, committed to and checked: UTF-8 (NFC), LF, comma, a heading, lines in order."""

import csv
import hashlib
import io
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from sortition.engine import VERSION
from sortition.engine.profiles import Person, Quota


def table(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV in canonical form: minimal quoting, one final line feed. Rows are written in the order given."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(rows)
    return unicodedata.normalize("NFC", out.getvalue()).encode()


def people_csv(people: Sequence[Person]) -> bytes:
    """id, then each criterion by name (and the household if anybody shares one); sorted by id. For auditors only."""
    criteria = sorted({criterion for person in people for criterion in person.profile})
    with_homes = any(person.household for person in people)
    heading = ["id", *criteria, *(["household"] if with_homes else [])]
    rows = [
        [
            person.id,
            *(person.profile.get(name, "") for name in criteria),
            *([person.household] if with_homes else []),
        ]
        for person in sorted(people, key=lambda person: person.id.encode())
    ]
    return table(heading, rows)


def ids_csv(people: Sequence[Person]) -> bytes:
    """Pseudonyms alone, sorted: the public list."""
    return table(["id"], [[name] for name in sorted((person.id for person in people), key=str.encode)])


def quotas_csv(quotas: Sequence[Quota]) -> bytes:
    """category, value, min, max (the field's own heading: `category` is the criterion); sorted."""
    rows = [(quota.criterion, quota.category, quota.minimum, quota.maximum) for quota in sorted(quotas)]
    return table(["category", "value", "min", "max"], rows)


def panels_csv(panels: Sequence[Sequence[str]]) -> bytes:
    """panel (from 0), id; panels in order, ids sorted within."""
    return table(["panel", "id"], ((number, name) for number, panel in enumerate(panels) for name in panel))


def chances_csv(chances: Mapping[str, float]) -> bytes:
    """id, probability with twelve decimals; sorted by id."""
    return table(
        ["id", "probability"], ((name, f"{chances[name]:.12f}") for name in sorted(chances, key=str.encode))
    )


def selected_csv(ids: Iterable[str]) -> bytes:
    return table(["id"], [[name] for name in sorted(ids, key=str.encode)])


def parameters_json(
    *, seats: int, panels: int, rule: str, seated: Sequence[str] = (), **more: object
) -> bytes:
    """What is fixed before the seed is known, besides people and quotas: keys sorted, no spaces, one final line feed."""
    facts = {
        "seats": seats,
        "panels": panels,
        "rule": rule,
        "seated": sorted(seated),
        "engine": VERSION,
        **more,
    }
    return as_json(facts)


def as_json(facts: Mapping[str, object]) -> bytes:
    return (json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


# ---- the commitment


def commitment(
    people: bytes, quotas: bytes, parameters: bytes, salts: Mapping[str, str] | None = None
) -> str:
    """SHA-256, in hexadecimal, of the root of the people, SHA-256 of quotas, SHA-256 of parameters."""
    return hashlib.sha256(b"".join(commitment_parts(people, quotas, parameters, salts))).hexdigest()


def commitment_txt(
    people: bytes, quotas: bytes, parameters: bytes, salts: Mapping[str, str] | None = None
) -> bytes:
    """The commitment, then the three digests it is made of, one a line."""
    parts = commitment_parts(people, quotas, parameters, salts)
    lines = [hashlib.sha256(b"".join(parts)).digest(), *parts]
    return "".join(f"{line.hex()}\n" for line in lines).encode()


def commitment_parts(
    people: bytes, quotas: bytes, parameters: bytes, salts: Mapping[str, str] | None = None
) -> tuple[bytes, bytes, bytes]:
    root = levels(leaves(people, salts))[-1][0]
    return root, hashlib.sha256(quotas).digest(), hashlib.sha256(parameters).digest()


def records(people: bytes) -> tuple[str, dict[str, str]]:
    """The heading of people.csv and, by id, each record; all with their final line feed."""
    found, record = [], ""
    for line in io.StringIO(people.decode(), newline="\n"):
        record += line
        if record.count('"') % 2 == 0:  # otherwise a line feed inside quotes
            found.append(record)
            record = ""
    return found[0], {next(csv.reader(io.StringIO(row, newline="")))[0]: row for row in found[1:]}


def leaf(heading: str, row: str, salt: str) -> bytes:
    """One person's leaf: SHA-256(0x00, heading, row, salt)."""
    return hashlib.sha256(b"\0" + f"{heading}{row}{salt}".encode()).digest()


def leaves(people: bytes, salts: Mapping[str, str] | None = None) -> list[bytes]:
    """One a person, sorted, so that their order tells nothing. Without salts a leaf could be guessed: never publish it."""
    heading, rows = records(people)
    return sorted(leaf(heading, row, (salts or {}).get(name, "")) for name, row in rows.items())


def levels(nodes: Sequence[bytes]) -> list[list[bytes]]:
    """The tree, from its leaves to its root: SHA-256(0x01, left, right); a node left alone goes up as it is."""
    found = [list(nodes) or [hashlib.sha256(b"").digest()]]
    while len(found[-1]) > 1:
        below = found[-1]
        pairs = [below[at : at + 2] for at in range(0, len(below), 2)]
        found.append(
            [
                hashlib.sha256(b"\x01" + pair[0] + pair[1]).digest() if len(pair) == 2 else pair[0]
                for pair in pairs
            ]
        )
    return found


def leaf_proof(people: bytes, salts: Mapping[str, str] | None, person: str) -> dict[str, object]:
    """What somebody needs to check alone that they are in the pool with the right values. `KeyError` for a stranger."""
    heading, rows = records(people)
    salt = (salts or {}).get(person, "")
    tree = levels(leaves(people, salts))
    at, path = tree[0].index(leaf(heading, rows[person], salt)), []
    for level in tree[:-1]:
        beside = at ^ 1
        if beside < len(level):
            path.append(["left" if beside < at else "right", level[beside].hex()])
        at //= 2
    return {
        "heading": heading.removesuffix("\n"),
        "row": rows[person].removesuffix("\n"),
        "salt": salt,
        "path": path,
        "root": tree[-1][0].hex(),
    }


def leaves_txt(people: bytes, salts: Mapping[str, str]) -> bytes:
    return "".join(f"{node.hex()}\n" for node in leaves(people, salts)).encode()


def salts_csv(salts: Mapping[str, str]) -> bytes:
    """id, salt; sorted. For auditors only, with people.csv."""
    return table(["id", "salt"], [[name, salts[name]] for name in sorted(salts, key=str.encode)])


def floors_csv(fair: Mapping[str, float], panels: int) -> bytes:
    """id, and the panels the rule promises: ⌊panels × fair chance⌋."""
    rows = ([name, int(panels * fair[name] + 1e-6)] for name in sorted(fair, key=str.encode))
    return table(["id", "panels"], rows)
