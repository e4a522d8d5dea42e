from datetime import date

import pytest
from django.core.exceptions import ValidationError

from assembly import clock, journal
from assembly.factories import CycleFactory, MemberFactory, PoolFactory, TargetFactory
from assembly.lifecycle import TransitionRefused
from assembly.models import Cycle, JournalEntry, Member

pytestmark = pytest.mark.django_db


def test_an_act_changes_the_state_and_leaves_its_mark(secretary):
    member = MemberFactory()

    member.sit(by=secretary)

    member.refresh_from_db()
    assert (member.state, member.since) == (Member.State.SITTING, clock.today())
    entry = JournalEntry.objects.about(member).get()
    assert (entry.act, entry.by, entry.role) == ("assembly.member.sit", secretary, "secretariat")
    assert entry.facts == {"was": "expected", "now": "sitting"}
    assert str(entry.sentence) == "a pris son siège"


def test_a_second_click_is_refused_in_words(secretary):
    member = MemberFactory()
    stale = Member.objects.get(pk=member.pk)
    member.sit(by=secretary)

    with pytest.raises(TransitionRefused, match="siège"):
        stale.sit(by=secretary)

    assert JournalEntry.objects.about(member).count() == 1


def test_a_refused_act_changes_nothing(secretary):
    cycle = CycleFactory(state=Cycle.State.PREPARATION)

    with pytest.raises(ValidationError):
        cycle.open_recruitment(by=secretary)

    cycle.refresh_from_db()
    assert cycle.state == Cycle.State.PREPARATION
    assert not JournalEntry.objects.exists()


def test_recruitment_opens_only_on_targets_that_can_hold(secretary):
    cycle = CycleFactory(state=Cycle.State.PREPARATION)
    pool = PoolFactory(cycle=cycle, seats=3)
    TargetFactory(pool=pool, category__criterion__cycle=cycle, minimum=4, maximum=5)

    with pytest.raises(ValidationError, match="4"):
        cycle.open_recruitment(by=secretary)


def test_the_end_of_a_cycle_ends_every_term(secretary):
    member = MemberFactory(seated=True, pool__cycle__state=Cycle.State.COUNCIL)

    member.cycle.follow_up(by=secretary)

    member.refresh_from_db()
    assert (member.state, member.until) == (Member.State.TERM_ENDED, clock.today())


def test_the_journal_is_written_once(secretary):
    MemberFactory().sit(by=secretary)

    with pytest.raises(TypeError):
        JournalEntry.objects.all().delete()
    with pytest.raises(TypeError):
        JournalEntry.objects.update(label="x")


def test_reactions_wait_for_the_commit(secretary, monkeypatch, django_capture_on_commit_callbacks):
    heard = []
    monkeypatch.setitem(journal.REACTIONS, "assembly.member.sit", [heard.append])

    with django_capture_on_commit_callbacks(execute=True):
        MemberFactory().sit(by=secretary)
        assert heard == []

    assert [entry.act for entry in heard] == ["assembly.member.sit"]


def test_the_clock_can_be_set_for_a_story(secretary):
    moment = clock.now().replace(year=2022, month=6, day=18)

    with clock.at(moment):
        member = MemberFactory()
        member.sit(by=secretary)

    assert member.since == date(2022, 6, 18)
    assert JournalEntry.objects.get().at == moment
