"""Whether quotas can be kept, and if not, why, and what would be the least to change."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sortition.engine.profiles import Person, Profiles, Quota, after_seated, profiles_of
from sortition.engine.sentences import TEMPLATES, sentence

__all__ = ["Conflict", "Infeasible", "Person", "Quota", "Relaxation", "check", "contradictions"]

SUMS = ("minima_above_seats", "maxima_below_seats")  # nothing wrong with any quota alone


@dataclass(frozen=True)
class Relaxation:
    """Quotas to change, with their new bounds, for a panel to exist; `effort` orders the proposals, least first."""

    changes: tuple[tuple[Quota, int, int], ...]
    effort: float

    def __str__(self) -> str:
        return "; ".join(
            f"{quota.criterion} {quota.category}: {quota.minimum}-{quota.maximum} → {low}-{high}"
            for quota, low, high in self.changes
        )


@dataclass(frozen=True)
class Conflict:
    """A reason why no panel exists: a code, its facts, the quotas in question, and what could be changed."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)
    quotas: tuple[Quota, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()

    @property
    def template(self) -> str:
        return TEMPLATES[self.code]

    def __str__(self) -> str:
        return sentence(self.code, self.facts)


class Infeasible(Exception):
    """No legal panel exists, or the input contradicts itself; `conflicts` say why."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        self.conflicts = tuple(conflicts)
        super().__init__(" ".join(str(conflict) for conflict in conflicts))


def contradictions(quotas: Sequence[Quota], seats: int) -> list[Conflict]:
    """What is wrong with the quotas in themselves, whoever volunteers."""
    found = [Conflict("no_seats")] if seats < 1 else []
    by_criterion: defaultdict[str, list[Quota]] = defaultdict(list)
    for quota in quotas:
        by_criterion[quota.criterion].append(quota)
        found += _wrong_alone(quota)
    times = Counter((quota.criterion, quota.category) for quota in quotas)
    found += [
        Conflict("category_twice", {"criterion": name, "category": category})
        for (name, category), count in times.items()
        if count > 1
    ]
    for criterion, group in by_criterion.items():
        found += _wrong_together(criterion, group, seats)
    return found


def _facts(quota: Quota) -> dict[str, object]:
    return {
        "criterion": quota.criterion,
        "category": quota.category,
        "minimum": quota.minimum,
        "maximum": quota.maximum,
    }


def _wrong_alone(quota: Quota) -> list[Conflict]:
    if quota.minimum < 0 or quota.maximum < 0:
        return [Conflict("negative_bound", _facts(quota), (quota,))]
    if quota.minimum > quota.maximum:
        return [Conflict("minimum_above_maximum", _facts(quota), (quota,))]
    return []


def _wrong_together(criterion: str, group: Sequence[Quota], seats: int) -> list[Conflict]:
    minima, maxima = sum(quota.minimum for quota in group), sum(quota.maximum for quota in group)
    found = []
    if minima > seats:
        facts = {"criterion": criterion, "total": minima, "seats": seats}
        found.append(Conflict("minima_above_seats", facts, tuple(group)))
    if maxima < seats:
        facts = {"criterion": criterion, "total": maxima, "seats": seats}
        found.append(Conflict("maxima_below_seats", facts, tuple(group)))
    return found


def misfits(people: Sequence[Person], quotas: Sequence[Quota]) -> list[Conflict]:
    """People who appear twice, or whose profile the quotas do not know."""
    known = {(quota.criterion, quota.category) for quota in quotas}
    criteria = sorted({quota.criterion for quota in quotas})
    times = Counter(person.id for person in people)
    found = [Conflict("same_id", {"person": name}) for name, count in times.items() if count > 1]
    for person in people:
        for criterion in criteria:
            if criterion not in person.profile:
                found.append(Conflict("missing_criterion", {"person": person.id, "criterion": criterion}))
            elif (criterion, person.profile[criterion]) not in known:
                facts = {"person": person.id, "criterion": criterion, "category": person.profile[criterion]}
                found.append(Conflict("unknown_category", facts))
    return found


def shortages(profiles: Profiles) -> list[Conflict]:
    """What the pool lacks, one category or one criterion at a time."""
    found = []
    if profiles.size < profiles.seats:
        found.append(Conflict("too_few_people", {"people": profiles.size, "seats": profiles.seats}))
    fillable: Counter[str] = Counter()
    for quota, available in zip(profiles.quotas, profiles.available(), strict=True):
        fillable[quota.criterion] += min(quota.maximum, available)
        if available < quota.minimum:
            found.append(Conflict("category_short", {**_facts(quota), "available": available}, (quota,)))
    for criterion, total in fillable.items():
        if total < profiles.seats <= profiles.size:
            group = tuple(quota for quota in profiles.quotas if quota.criterion == criterion)
            facts = {"criterion": criterion, "total": total, "seats": profiles.seats}
            found.append(Conflict("criterion_short", facts, group))
    return found


def check(
    people: Sequence[Person],
    quotas: Sequence[Quota],
    seats: int,
    *,
    seated: Sequence[Person] = (),
    relaxations: int = 3,
    sacred: Mapping[str, float] | None = None,
    flexes: Sequence[Quota] = (),
) -> list[Conflict]:
    """Why these quotas cannot be kept with these people; nothing if they can.

    Arithmetic first; then, by HiGHS, whether a panel exists, and if none the smallest conflicting set found. The last
    conflict carries up to `relaxations` proposals, cheapest first; `sacred` multiplies the cost of touching a criterion
    (infinite: never touched), and nothing wider than `flexes` is proposed for the quotas these name. `seats` counts the
    people already seated.
    """
    found = contradictions(quotas, seats)
    unfit = misfits([*people, *seated], quotas)
    if unfit or any(conflict.code not in SUMS for conflict in found):
        return found or unfit
    from sortition.engine import conflicts  # HiGHS is heavy: loaded once the plain checks have passed

    profiles = profiles_of(people, after_seated(quotas, seated), seats - len(seated))
    soft = after_seated(flexes, seated)
    if found:
        ways = tuple(conflicts.relaxations(profiles, relaxations, sacred, soft))
        return [*found[:-1], replace(found[-1], relaxations=ways)]
    short = shortages(profiles)
    if not short and conflicts.is_possible(profiles):
        return []
    return conflicts.explain(profiles, short, relaxations, sacred, soft)
