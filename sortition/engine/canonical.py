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


def commitment(people: bytes, quotas: bytes, parameters: bytes) -> str:
    """SHA-256, in hexadecimal, of the three SHA-256 digests one after the other."""
    return commitment_of_digests(*(hashlib.sha256(part).digest() for part in (people, quotas, parameters)))


def commitment_of_digests(people: bytes, quotas: bytes, parameters: bytes) -> str:
    return hashlib.sha256(people + quotas + parameters).hexdigest()
