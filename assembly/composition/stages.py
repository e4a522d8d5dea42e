"""The stages of the way to a seat and through the year: who counts at each of them, on any day.

`@stage("drawn", _("drawn"), position=30)` registers a function of a cycle that yields Facts: who counts, from
which day to which. One query a stage, whatever the number of days looked at. Upper floors add their own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from django.utils.translation import pgettext_lazy

from assembly.models import Member, Spell

STAGES = {}
GROUPS = []


@dataclass(frozen=True)
class Fact:
    """Somebody (or `weight` people alike) counts from `since` on, and until the day before `until`.

    `ref` is the same for one person at every stage; empty where people are known as numbers only.
    """

    ref: str
    pool: int
    profile: dict
    since: date
    until: date | None = None
    weight: Fraction | int = 1

    def holds(self, day):
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Stage:
    """`half_days`: what is counted is not people but half-days of presence; `seated`: it concerns members."""

    key: str
    label: str
    position: int
    facts: Callable = field(repr=False)
    half_days: bool = False
    seated: bool = False


def stage(key, label, *, position, **more):
    def register(facts):
        STAGES[key] = Stage(key, label, position, facts, **more)
        return facts

    return register


def in_order():
    return sorted(STAGES.values(), key=lambda stage: stage.position)


def group(choices):
    """Register a function of a cycle that gives {key: (label, refs of its members)}: the workshops do."""
    GROUPS.append(choices)
    return choices


def groups_of(cycle):
    return {key: value for choices in GROUPS for key, value in choices(cycle).items()}


def member_ref(pk):
    return f"m{pk}"


@stage("confirmed", pgettext_lazy("stage", "confirmed"), position=40, seated=True)
def confirmed(cycle):
    """Whoever ever took a seat, up to that day."""
    rows = Member.objects.filter(cycle=cycle, since__isnull=False)
    for pk, pool, profile, since in rows.values_list("pk", "pool", "profile", "since"):
        yield Fact(member_ref(pk), pool, profile, since)


@stage("sitting", pgettext_lazy("stage", "sitting that day"), position=50, seated=True)
def sitting(cycle):
    """Without those on leave, as `Member.objects.sitting_on` has it."""
    rows = Spell.objects.filter(member__cycle=cycle, state=Member.State.SITTING)
    for pk, pool, profile, since, until in rows.values_list(
        "member", "member__pool", "member__profile", "since", "until"
    ):
        yield Fact(member_ref(pk), pool, profile, since, until)
