"""Who among many answers may be one person, or live in one home: by rules a person can read, never all against all."""

import datetime
import itertools
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass

from sortition.engine.plain import bare

NAME_BIRTH, EMAIL, PHONE, NAME_ADDRESS, BIRTH_ADDRESS, ADDRESS = (
    "name_birth",
    "email",
    "phone",
    "name_address",
    "birth_address",
    "address",
)
RULES = (NAME_BIRTH, EMAIL, PHONE, NAME_ADDRESS, BIRTH_ADDRESS, ADDRESS)
FEW = 6
"""Within so few, everybody is compared with everybody; beyond (a hostel, a shared e-mail), with the first alone."""


@dataclass(frozen=True, slots=True)
class Known:
    """What an answer tells of a person; `here` when it belongs to the cycle that is looked at."""

    id: int
    last_name: str = ""
    first_name: str = ""
    born: datetime.date | None = None
    email: str = ""
    phone: str = ""
    address: str = ""
    postcode: str = ""
    here: bool = True


def alike(people: Iterable[Known]) -> dict[tuple[int, int], list[str]]:
    """{(id, id): the rules that bring them together}; the first of a pair is of this cycle.

    Everybody is filed under the words a rule looks at, then only those of one file are compared: the work grows
    with the number of people, not with its square.
    """
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    files: dict[str, dict[Hashable, list[Known]]] = {rule: defaultdict(list) for rule in RULES}
    for person in people:
        for rule, key in traits(person):
            files[rule][key].append(person)
    for rule in RULES:
        for filed in files[rule].values():
            for one, other in pairs(filed):
                if rule == ADDRESS and (not other.here or found.get((one.id, other.id))):
                    continue
                found[one.id, other.id].append(rule)
    return dict(found)


def traits(person: Known) -> Iterator[tuple[str, Hashable]]:
    """What each rule looks at; nothing where the answer is silent."""
    last, first = bare(person.last_name), bare(person.first_name.split(" ")[0])
    home = (bare(person.address), person.postcode.strip()) if person.address.strip() else None
    if last and first and person.born:
        yield NAME_BIRTH, (last, first, person.born)
    if person.email.strip():
        yield EMAIL, person.email.strip().lower()
    if person.phone.strip():
        yield PHONE, person.phone.strip()
    if home:
        if last and first:
            yield NAME_ADDRESS, (frozenset((last, first)), home)
        if first and person.born:
            yield BIRTH_ADDRESS, (first, person.born, home)
        yield ADDRESS, home


def pairs(filed: list[Known]) -> Iterator[tuple[Known, Known]]:
    """Those of one file, two by two; at least one of each pair is of this cycle, and comes first."""
    here = sorted((one for one in filed if one.here), key=lambda one: one.id)
    away = [one for one in filed if not one.here]
    if len(here) <= FEW:
        yield from itertools.combinations(here, 2)
    else:
        yield from ((here[0], other) for other in here[1:])
    for one in here[: FEW if len(away) <= FEW else 1]:
        yield from ((one, other) for other in away)
