"""People, quotas, and the people who are alike: volunteers with the same profile are exchangeable in a draw."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

HOUSEHOLD = "household"
ALONE = "-"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the pool. `id` is a pseudonym; `profile` gives one category for each criterion.

    Two people with the same non-empty `household` never sit on one panel together.
    """

    id: str
    profile: Mapping[str, str] = field(hash=False)
    household: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Quota:
    """Between `minimum` and `maximum` seats, both included, go to this category of this criterion."""

    criterion: str
    category: str
    minimum: int
    maximum: int


@dataclass(frozen=True)
class Profiles:
    """A pool by profile, in an order that depends on nothing but its content.

    `quotas` are sorted; `kinds[t]` gives, for each criterion in turn, the index of its quota; `members[t]` the ids.
    """

    quotas: tuple[Quota, ...]
    criteria: tuple[str, ...]
    kinds: tuple[tuple[int, ...], ...]
    members: tuple[tuple[str, ...], ...]
    seats: int
    households: Mapping[str, str]

    @property
    def size(self) -> int:
        return sum(len(members) for members in self.members)

    def available(self) -> list[int]:
        """How many people each quota can choose from."""
        counts = [0] * len(self.quotas)
        for kind, members in zip(self.kinds, self.members, strict=True):
            for index in kind:
                counts[index] += len(members)
        return counts


def profiles_of(people: Sequence[Person], quotas: Sequence[Quota], seats: int) -> Profiles:
    """Group people by profile. A household adds a criterion of its own (see `with_households`)."""
    people, quotas = with_households(people, quotas, seats)
    quotas = sorted(quotas)
    criteria = tuple(sorted({quota.criterion for quota in quotas}))
    index = {(quota.criterion, quota.category): position for position, quota in enumerate(quotas)}
    grouped: defaultdict[tuple[int, ...], list[str]] = defaultdict(list)
    for person in people:
        grouped[tuple(index[criterion, person.profile[criterion]] for criterion in criteria)].append(
            person.id
        )
    kinds = tuple(sorted(grouped))
    members = tuple(tuple(sorted(grouped[kind])) for kind in kinds)
    households = {person.id: person.household for person in people if person.household}
    return Profiles(tuple(quotas), criteria, kinds, members, seats, households)


def with_households(
    people: Sequence[Person], quotas: Sequence[Quota], seats: int
) -> tuple[list[Person], list[Quota]]:
    """“At most one of a household” said as an ordinary quota.

    Households of two or more whose members have the same profiles form a class; a panel holds at most as many people
    of the class as it has households. People living alone are in a class without limit.
    """
    homes: defaultdict[str, list[Person]] = defaultdict(list)
    for person in people:
        if person.household:
            homes[person.household].append(person)
    shared = {home: members for home, members in homes.items() if len(members) > 1}
    if not shared:
        return [replace(person, household="") if person.household else person for person in people], list(
            quotas
        )
    classes = {home: _class_of(members, quotas) for home, members in shared.items()}
    sizes = Counter(classes.values())
    limits = [Quota(HOUSEHOLD, name, 0, min(count, seats)) for name, count in sorted(sizes.items())]
    labelled = [_labelled(person, classes) for person in people]
    return labelled, [*quotas, *limits, Quota(HOUSEHOLD, ALONE, 0, seats)]


def _class_of(members: Sequence[Person], quotas: Sequence[Quota]) -> str:
    criteria = sorted({quota.criterion for quota in quotas})
    return " + ".join(sorted("/".join(person.profile[name] for name in criteria) for person in members))


def _labelled(person: Person, classes: Mapping[str, str]) -> Person:
    name = classes.get(person.household, ALONE)
    home = person.household if person.household in classes else ""
    return replace(person, profile={**person.profile, HOUSEHOLD: name}, household=home)


def after_seated(quotas: Sequence[Quota], seated: Sequence[Person]) -> list[Quota]:
    """What is left of each quota once these people sit. A maximum already exceeded becomes 0."""
    taken = Counter((name, category) for person in seated for name, category in person.profile.items())
    return [
        replace(
            quota,
            minimum=max(0, quota.minimum - taken[quota.criterion, quota.category]),
            maximum=max(0, quota.maximum - taken[quota.criterion, quota.category]),
        )
        for quota in quotas
    ]
