"""Each act: its effect, the states that refuse it, the people who may not."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from assembly import clock
from assembly.factories import AppointmentFactory, UserFactory
from assembly.lifecycle import TransitionRefused
from assembly.models import JournalEntry
from deliberations import clauses
from deliberations.factories import (
    BallotFactory,
    BallotPaperFactory,
    CouncilItemFactory,
    MeasureFactory,
    ProposalFactory,
    RecommendationFactory,
    ReturnFactory,
    VersionFactory,
    WorkingMandateFactory,
    a_workshop,
    counted,
    wish,
)
from deliberations.models import Ballot, BallotPaper, Measure, Proposal, Version, WorkingMandate
from workshops.factories import EnrolmentFactory, WorkshopFactory

pytestmark = pytest.mark.django_db

STATES = list(Proposal.State.values)

GIVEN = {
    "save_version": {"base": 1, "clauses": wish(1)},
    "take_up_again": {"reason": "une faute"},
    "open_ballot": {"mode": "hands"},
    "vote": {"ballot": None},
    "carry": {"carrier": "L’adjointe"},
    "refuse": {"reason": "Hors compétence."},
    "file": {"committee": "3e Commission"},
    "put_on_agenda": {"session_on": date(2026, 3, 17)},
    "open_plenary_ballot": {"mode": "hands"},
    "endorse": {"ballot": None},
    "counter_propose": {"reason": "Autrement.", "clauses": wish(3)},
    "uphold": {"reason": "Nos mots."},
    "set_aside": {"reason": "Dépassé."},
    "move_in_session": {"number": "1", "mover": "Groupe A", "text": "Plus", "outcome": "adopted"},
    "enter_positions": {"positions": []},
    "cite": {"reference": "2026, V. 12"},
    "postpone": {"reason": "Trop long."},
    "withdraw": {"reason": "Repris ailleurs."},
}
DOORS = {name: door.sources for name, door in vars(Proposal).items() if getattr(door, "sources", None)}
del DOORS["decide"]


def in_state(state):
    return ProposalFactory(**({} if state == "draft" else {state: True}))


@pytest.mark.parametrize("act", DOORS)
def test_an_act_is_refused_in_every_other_state(secretary, act):
    for state in set(STATES) - set(DOORS[act]):
        text = in_state(state)
        with pytest.raises(TransitionRefused):
            getattr(text, act)(by=secretary, **GIVEN.get(act, {}))
        text.refresh_from_db()
        assert text.state == state
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize(
    ("act", "source", "target"),
    [
        ("send_to_review", "draft", "in_review"),
        ("co_draft", "in_review", "co_drafted"),
        ("settle", "co_drafted", "settled"),
        ("take_up_again", "settled", "co_drafted"),
        ("transmit", "voted", "transmitted"),
        ("transmit", "endorsed", "transmitted"),
        ("take_up_again", "voted", "co_drafted"),
        ("set_aside", "settled", "abandoned"),
        ("counter_propose", "transmitted", "countered"),
        ("uphold", "countered", "transmitted"),
        ("carry", "transmitted", "carried"),
        ("refuse", "transmitted", "refused"),
        ("file", "carried", "filed"),
        ("put_on_agenda", "filed", "on_agenda"),
        ("put_on_agenda", "postponed", "on_agenda"),
        ("adopt", "on_agenda", "adopted"),
        ("reject", "on_agenda", "rejected"),
        ("postpone", "on_agenda", "postponed"),
        ("withdraw", "on_agenda", "withdrawn"),
        ("open_follow_up", "adopted", "in_follow_up"),
        ("close", "in_follow_up", "closed"),
    ],
)
def test_each_step_leads_to_the_next_and_is_recorded(secretary, act, source, target):
    text = in_state(source)

    getattr(text, act)(by=secretary, **GIVEN.get(act, {}))

    text.refresh_from_db()
    assert text.state == target
    entry = text.entries.get()
    assert (entry.act, entry.by) == (f"deliberations.proposal.{act}", secretary)
    assert (entry.facts["was"], entry.facts["now"]) == (source, target)


# who may what

ACTS = {
    "secretariat": {"edit", "save_version", "send_to_review", "co_draft", "settle", "take_up_again"}
    | {"open_ballot", "vote", "transmit", "file", "put_on_agenda", "decide", "adopt", "adopt_amended"}
    | {"reject", "postpone", "withdraw", "open_follow_up", "close"}
    | {"set_aside", "uphold", "open_plenary_ballot", "endorse", "move_in_session", "enter_positions"}
    | {"cite"},
    "executive": {"save_version", "carry", "refuse", "file", "counter_propose"},
    "department": {"save_version"},
    "guarantor": set(),
    "operator": set(),
    "bailiff": set(),
    "member": {"edit", "save_version"},
    "rapporteur": {"edit", "save_version", "send_to_review", "co_draft", "settle", "take_up_again"}
    | {"set_aside", "uphold"},
    "facilitator": {"edit", "save_version", "send_to_review", "co_draft", "settle", "take_up_again"}
    | {"set_aside", "uphold", "open_ballot", "vote"},
    "stranger": set(),
    "other member": set(),
}


@pytest.mark.parametrize("who", ACTS)
def test_who_may_do_what_with_a_text(who):
    text = ProposalFactory()
    user = person(who, text.workshop)

    allowed = {
        name for name in {*DOORS, "edit", "decide"} if user.has_perm(f"deliberations.{name}_proposal", text)
    }

    assert allowed == ACTS[who]


def person(who, workshop):
    if who in ("member", "rapporteur"):
        user = EnrolmentFactory(workshop=workshop).member.user
        if who == "rapporteur":
            workshop.rapporteur = user
            workshop.save()
        return user
    if who == "other member":
        return EnrolmentFactory(workshop=WorkshopFactory(cycle=workshop.cycle)).member.user
    if who == "stranger":
        return UserFactory()
    user = AppointmentFactory(role=who).user
    if who == "facilitator":
        workshop.facilitators.add(user)
    return user


@pytest.mark.parametrize("role", ["secretariat", "executive", "department", "guarantor"])
def test_a_role_in_another_cycle_opens_nothing(role):
    text = ProposalFactory(in_review=True)
    user = AppointmentFactory(role=role, cycle=WorkshopFactory().cycle).user

    assert not Proposal.objects.visible_to(user).filter(pk=text.pk).exists()
    assert not user.has_perm("deliberations.save_version_proposal", text)


@pytest.mark.parametrize(
    ("who", "acts"),
    [
        ("secretariat", {"open_ballot", "adopt", "reject", "close"}),
        ("executive", {"edit"}),
        ("member", set()),
        ("department", set()),
    ],
)
def test_who_may_do_what_with_a_mandate(who, acts):
    mandate = WorkingMandateFactory()
    user = person(who, mandate.workshop)

    names = ["edit", "open_ballot", "adopt", "reject", "close"]
    assert {name for name in names if user.has_perm(f"deliberations.{name}_workingmandate", mandate)} == acts


# versions


def test_a_version_is_written_once():
    version = VersionFactory()
    version.note = "autre chose"

    with pytest.raises(TypeError):
        version.save()


def test_an_older_base_is_refused_with_the_newer_text(secretary):
    text = ProposalFactory()
    text.save_version(by=secretary, base=1, clauses=wish(3))

    with pytest.raises(ValidationError) as refusal:
        text.save_version(by=secretary, base=1, clauses=wish(1))

    assert refusal.value.theirs.number == 2
    assert text.versions.count() == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "at least one clause"),
        ([{"kind": "recital", "text": "  "}], "at least one clause"),
        ([{"kind": "poem", "text": "Ô rues"}], "of no known kind"),
        ([{"kind": "recital", "text": "x" * 20_001}], "longer than"),
        ([{"kind": "recital", "text": "x"}] * 1_001, "at most"),
        (wish(), "Nothing has changed"),
    ],
)
@pytest.mark.usefixtures("in_english")
def test_words_that_cannot_be_kept_get_a_sentence(secretary, words, sentence):
    text = ProposalFactory()

    with pytest.raises(ValidationError, match=sentence):
        text.save_version(by=secretary, base=1, clauses=words)


@pytest.fixture
def in_english():
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("state", "role", "welcome"),
    [
        ("draft", "member", True),
        ("draft", "executive", False),
        ("in_review", "department", True),
        ("co_drafted", "executive", True),
        ("transmitted", "executive", True),
        ("transmitted", "member", False),
        ("on_agenda", "executive", False),
    ],
)
def test_each_holds_the_pen_in_turn(state, role, welcome):
    text = in_state(state)
    user = person(role, text.workshop)

    if welcome:
        text.save_version(by=user, base=1, clauses=wish(3))
    else:
        with pytest.raises(ValidationError):
            text.save_version(by=user, base=1, clauses=wish(3))

    assert text.versions.count() == 1 + welcome


@pytest.mark.usefixtures("in_english")
def test_a_text_that_asks_for_nothing_is_not_settled(secretary):
    text = ProposalFactory(co_drafted=True, words=[clauses.clause("recital", "Considérant ;")])

    with pytest.raises(ValidationError, match="asks for nothing"):
        text.settle(by=secretary)


def test_a_text_without_words_is_not_reviewed(secretary):
    with pytest.raises(ValidationError):
        ProposalFactory(words=[]).send_to_review(by=secretary)


def test_an_amended_text_needs_the_words_of_the_council(secretary):
    text = ProposalFactory(on_agenda=True)
    with pytest.raises(ValidationError):
        text.decide(by=secretary, outcome="adopted_amended")

    text.save_version(by=secretary, base=1, clauses=wish(1), author_kind="council")
    with pytest.raises(ValidationError):
        text.decide(by=secretary, outcome="adopted")
    text.decide(by=secretary, outcome="adopted_amended", reference="2026, V. 12")

    text.refresh_from_db()
    assert text.state == Proposal.State.ADOPTED_AMENDED
    assert text.council_item.adopted_version.number == 2


@pytest.mark.parametrize("outcome", ["draft", "withdrawn", "", "nonsense"])
def test_the_council_decides_only_what_it_can(secretary, outcome):
    with pytest.raises(ValidationError):
        ProposalFactory(on_agenda=True).decide(by=secretary, outcome=outcome)


@pytest.mark.parametrize("act", ["refuse", "withdraw"])
def test_reasons_are_not_left_blank(secretary, act):
    text = ProposalFactory(**{"transmitted" if act == "refuse" else "filed": True})

    with pytest.raises(ValidationError):
        getattr(text, act)(by=secretary, reason="  ")


# votes


def test_an_online_vote_freezes_its_electorate(secretary):
    workshop = a_workshop(3)
    text = ProposalFactory(workshop=workshop, settled=True)
    ballot = text.open_ballot(by=secretary, mode="online")
    late = EnrolmentFactory(workshop=workshop).member

    with pytest.raises(ValidationError):
        ballot.cast(by=late.user, choice="for")

    assert (ballot.electorate, ballot.papers.count()) == (3, 3)


def test_a_plenary_votes_on_a_mandate(secretary):
    mandate = WorkingMandateFactory()
    EnrolmentFactory(workshop=mandate.workshop)
    EnrolmentFactory(workshop=WorkshopFactory(cycle=mandate.cycle))

    assert mandate.open_ballot(by=secretary, mode="online").electorate == 2


@pytest.mark.parametrize(
    ("voices", "state"),
    [((3, 1, 0), "adopted"), ((1, 3, 0), "rejected"), ((2, 2, 0), "rejected"), ((1, 0, 0), "proposed")],
)
def test_the_mandate_follows_the_vote(secretary, voices, state):
    mandate = WorkingMandateFactory(workshop=a_workshop(4))
    ballot = mandate.open_ballot(by=secretary, mode="hands")

    counted(ballot, voices, second=secretary)

    mandate.refresh_from_db()
    assert mandate.state == state
    assert bool(mandate.document) == (state == "adopted")


def test_without_a_quorum_the_vote_may_be_held_again(secretary):
    text = ProposalFactory(workshop=a_workshop(4), settled=True)
    text.open_ballot(by=secretary, mode="online").close(by=secretary)

    again = text.open_ballot(by=secretary, mode="hands")
    counted(again, [4, 0, 0], second=secretary)

    text.refresh_from_db()
    assert (text.state, text.voted_version.number) == ("voted", 1)


def test_two_votes_are_never_open_on_one_text(secretary):
    text = ProposalFactory(workshop=a_workshop(1), settled=True)
    text.open_ballot(by=secretary, mode="hands")

    with pytest.raises(ValidationError):
        text.open_ballot(by=secretary, mode="hands")
    with pytest.raises(ValidationError):
        text.take_up_again(by=secretary, reason="une faute")


def test_nobody_votes_when_nobody_sits(secretary):
    with pytest.raises(ValidationError):
        ProposalFactory(settled=True).open_ballot(by=secretary, mode="hands")


def test_a_vote_repeated_is_one_vote(secretary):
    workshop = a_workshop(2)
    ballot = ProposalFactory(workshop=workshop, settled=True).open_ballot(by=secretary, mode="online")
    user = workshop.enrolments.first().member.user

    for choice in ["for", "for", "against", "for"]:
        ballot.cast(by=user, choice=choice)
    ballot.close(by=secretary)

    assert (ballot.votes_for, ballot.votes_against, ballot.not_voting) == (1, 0, 1)


def test_after_closing_nobody_votes(secretary):
    workshop = a_workshop(1)
    ballot = ProposalFactory(workshop=workshop, settled=True).open_ballot(by=secretary, mode="online")
    ballot.close(by=secretary)

    with pytest.raises(ValidationError):
        ballot.cast(by=workshop.enrolments.first().member.user, choice="for")

    assert ballot.papers.get().choice is None


def test_who_left_the_assembly_no_longer_votes_but_is_counted(secretary):
    workshop = a_workshop(2)
    ballot = ProposalFactory(workshop=workshop, settled=True).open_ballot(by=secretary, mode="online")
    gone, here = (enrolment.member for enrolment in workshop.enrolments.all())
    gone.resign(by=secretary, reason="déménagement")

    ballot.cast(by=here.user, choice="for")
    with pytest.raises(ValidationError):
        ballot.cast(by=gone.user, choice="for")
    ballot.close(by=secretary)

    assert (ballot.votes_for, ballot.not_voting, ballot.adopted) == (1, 1, True)


@pytest.mark.parametrize("choice", ["", "maybe", None])
def test_a_vote_is_for_against_or_abstention(secretary, choice):
    paper = BallotPaperFactory()

    with pytest.raises(ValidationError):
        paper.ballot.cast(by=paper.member.user, choice=choice)


@pytest.mark.parametrize("voices", [(31, 0, 0), (None, 0, 0)])
def test_hands_cannot_outnumber_the_members(secretary, voices):
    ballot = BallotFactory()

    with pytest.raises(ValidationError):
        counted(ballot, voices, second=secretary)

    ballot.refresh_from_db()
    assert ballot.state == Ballot.State.OPEN


def test_the_journal_does_not_say_what_a_person_voted(secretary):
    paper = BallotPaperFactory()
    paper.ballot.cast(by=paper.member.user, choice="against")

    assert not JournalEntry.objects.about(paper.ballot).exists()


def test_open_votes_are_found_by_those_who_have_a_paper():
    paper = BallotPaperFactory()
    BallotPaperFactory()

    assert list(Ballot.objects.open_for(paper.member.user)) == [paper.ballot]


# measures


def test_measures_come_from_the_adopted_text_and_are_due_in_a_year(secretary):
    text = ProposalFactory(adopted=True)

    text.open_follow_up(by=secretary, owners={"m1": "DVD"})

    rows = [(row.number, row.owner, row.due_on) for row in text.measures.all()]
    assert rows == [(1, "DVD", date(2027, 3, 17)), (2, "", date(2027, 3, 17))]


def test_a_return_puts_the_next_one_off_by_a_year(secretary):
    measure = MeasureFactory(overdue=True)

    with clock.at(datetime(2024, 2, 29, 12, tzinfo=timezone.get_current_timezone())):
        measure.give_return(by=secretary, state="in_progress", words="On avance.", department="DVD")

    assert measure.due_on == date(2025, 3, 1)
    assert [(row.state, row.words) for row in measure.returns.all()] == [("in_progress", "On avance.")]


@pytest.mark.parametrize("situation", [{"done": True}, {"dropped": True}])
def test_an_ended_measure_takes_no_return(secretary, situation):
    with pytest.raises(TransitionRefused):
        MeasureFactory(**situation).give_return(by=secretary, state="in_progress", words="Encore.")


@pytest.mark.parametrize(("state", "words"), [("done", " "), ("dropped", ""), ("nonsense", "Des mots.")])
def test_a_return_says_something_true(secretary, state, words):
    measure = MeasureFactory()

    with pytest.raises(ValidationError):
        measure.give_return(by=secretary, state=state, words=words)

    assert not measure.returns.exists()


def test_follow_up_ends_with_its_last_measure(secretary):
    text = ProposalFactory(in_follow_up=True)
    measure = MeasureFactory(proposal=text)
    with pytest.raises(ValidationError):
        text.close(by=secretary)

    measure.give_return(by=secretary, state="dropped", words="Le Conseil y a renoncé.")
    text.close(by=secretary)

    assert text.state == Proposal.State.CLOSED


@pytest.mark.parametrize(("organisation", "may"), [("DVD", True), ("dvd", True), ("DAC", False), ("", False)])
def test_the_directorate_in_charge_answers(appointed, organisation, may):
    user = appointed("department", organisation=organisation)

    assert user.has_perm("deliberations.give_return_measure", MeasureFactory(owner="DVD")) == may
    assert not user.has_perm("deliberations.give_return_measure", MeasureFactory(owner=""))


def test_overdue_means_yesterday_not_today():
    today = clock.today()
    late = MeasureFactory(due_on=today - timedelta(days=1))
    MeasureFactory(due_on=today)
    MeasureFactory(done=True)

    assert list(Measure.objects.overdue()) == [late]


# recommendations


def test_a_recommendation_is_carried_by_a_text_of_its_workshop(secretary):
    text = ProposalFactory()
    recommendation = RecommendationFactory(workshop=text.workshop)
    with pytest.raises(ValidationError):
        recommendation.trace(by=secretary, proposal=ProposalFactory())

    recommendation.trace(by=secretary, proposal=text)
    assert recommendation.carried_by == text
    recommendation.set_aside(by=secretary, reason="Déjà fait.")
    assert (recommendation.carried_by, recommendation.not_taken_up) == (None, "Déjà fait.")


# what the database refuses


@pytest.mark.parametrize(
    ("constraint", "make"),
    [
        ("a_text_is_dated_once_transmitted", lambda: ProposalFactory(state="transmitted", words=[])),
        ("a_refusal_gives_its_reasons", lambda: ProposalFactory(refused=True, refusal="", words=[])),
        ("a_mandate_is_dated_once_voted", lambda: WorkingMandateFactory(state="adopted")),
        ("a_ballot_is_about_one_thing", lambda: BallotFactory(proposal=None)),
        ("a_closed_ballot_has_its_result", lambda: BallotFactory(state="closed")),
        ("a_tally_adds_up_to_the_electorate", lambda: BallotFactory(closed=True, votes_for=21)),
        ("a_vote_is_dated", lambda: BallotPaperFactory(choice="for")),
        ("a_measure_owes_returns_until_it_ends", lambda: MeasureFactory(due_on=None)),
        ("a_return_says_something", lambda: ReturnFactory(words="")),
        (
            "an_adopted_text_is_known",
            lambda: CouncilItemFactory(outcome="adopted", adopted_version=None),
        ),
        (
            "a_recommendation_is_carried_or_set_aside",
            lambda: RecommendationFactory(carried_by=ProposalFactory(), not_taken_up="Non."),
        ),
    ],
)
def test_the_database_refuses(constraint, make):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()


@pytest.mark.parametrize(
    "make",
    [
        lambda row: VersionFactory(proposal=row.proposal, number=row.number),
        lambda row: Version.objects.bulk_create([Version(proposal=row.proposal, number=1, clauses=[])]),
    ],
)
def test_a_version_number_is_given_once(make):
    version = VersionFactory(number=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        make(version)


def test_a_member_has_one_paper():
    paper = BallotPaperFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        BallotPaper.objects.create(ballot=paper.ballot, member=paper.member)


def test_one_vote_is_open_on_a_mandate_at_a_time():
    mandate = WorkingMandateFactory()
    BallotFactory(proposal=None, mandate=mandate)

    with pytest.raises(IntegrityError), transaction.atomic():
        BallotFactory(proposal=None, mandate=mandate)


def test_mandates_are_public_once_voted():
    WorkingMandateFactory()
    adopted = WorkingMandateFactory(adopted=True)

    assert list(WorkingMandate.objects.public()) == [adopted]
