"""A member’s year in states: who sat on which day, and why it changed."""

from datetime import date, datetime, timedelta
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from assembly import clock
from assembly.factories import MemberFactory
from assembly.models import JournalEntry, Member, Spell

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def on(day):
    return clock.at(datetime(2026, 3, day, 12, tzinfo=PARIS))


def states(member):
    return list(member.spells.values_list("state", "since", "until"))


@pytest.fixture
def member(secretary):
    """Sat on the 2nd, away from the 10th to the 15th, resigned on the 20th."""
    member = MemberFactory()
    with on(2):
        member.sit(by=secretary)
    with on(10):
        member.leave(by=secretary, reason="Examens", back_on=date(2026, 3, 16))
    with on(15):
        member.return_(by=secretary, reason="Examens finis")
    with on(20):
        member.resign(by=secretary, reason="Départ à Lyon")
    return member


def test_who_sat_on_a_day_is_known_for_ever(member):
    sitting = [day for day in range(1, 23) if Member.objects.sitting_on(date(2026, 3, day)).exists()]
    seated = [day for day in range(1, 23) if Member.objects.seated_on(date(2026, 3, day)).exists()]

    assert sitting == [*range(2, 10), *range(15, 20)]
    assert seated == list(range(2, 20))
    assert (member.since, member.until) == (date(2026, 3, 2), date(2026, 3, 20))


def test_the_reasons_are_kept_with_the_states_and_in_no_journal(member):
    reasons = list(member.spells.values_list("reason", flat=True))

    assert reasons == ["", "Examens", "Examens finis", "Départ à Lyon"]
    assert not any("reason" in entry.facts for entry in JournalEntry.objects.about(member))


def test_a_departure_may_be_recorded_after_its_day(secretary):
    member = MemberFactory(seated=True)

    member.resign(by=secretary, reason="Lettre reçue", since=clock.today() - timedelta(days=3))

    assert member.until == clock.today() - timedelta(days=3)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "x", "since": date(2026, 1, 1)}, "since"),
        ({"reason": "x", "since": date(2100, 1, 1)}, "since"),
        ({"reason": "x", "back_on": date(2026, 1, 1)}, "back_on"),
    ],
)
def test_a_change_owes_its_reason_and_a_day_that_can_be(secretary, more, field):
    member = MemberFactory(seated=True)

    with pytest.raises(ValidationError) as refusal:
        member.leave(by=secretary, **more)

    assert list(refusal.value.error_dict) == [field]
    assert states(member) == [("sitting", date(2026, 1, 15), None)]


def test_the_migration_tells_the_same_from_the_journal(member):
    told = states(member)
    Spell.objects.all().delete()

    import_module("assembly.migrations.0009_spells_told_again").tell_again(apps, None)

    assert states(member) == told
