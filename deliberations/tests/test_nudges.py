"""Who is reminded by the clock: one letter a deadline."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from pytest_django.asserts import assertContains

from assembly import clock
from assembly.factories import AppointmentFactory
from assembly.next_step import waiting_for
from deliberations.factories import MeasureFactory, ProposalFactory, a_workshop
from deliberations.models import Ballot, Review

pytestmark = pytest.mark.django_db


@pytest.fixture
def directorate(appointed):
    return appointed("department", organisation="DVD")


@pytest.fixture
def late(secretary):
    """An opinion the DVD owed yesterday."""
    text = ProposalFactory(workshop=a_workshop(1), in_review=True)
    yesterday = clock.today() - timedelta(days=1)
    with clock.at(clock.now() - timedelta(days=20)):
        return Review.objects.refer(text, by=secretary, department="DVD", due_on=yesterday, sort="opinion")


def strike():
    call_command("send_reminders")
    return [letter.to[0] for letter in mail.outbox]


def test_a_directorate_is_reminded_once_of_each_day_it_let_go_by(late, directorate, appointed, secretary):
    appointed("department", organisation="DEVE")

    assert strike() == strike() == [directorate.email]
    late.extend(by=secretary, due_on=clock.today() + timedelta(days=5), reason="Les vacances.")
    assert strike() == [directorate.email]
    with clock.at(clock.now() + timedelta(days=6)):
        assert strike() == [directorate.email] * 2
    assert "Votre avis est en retard" in mail.outbox[0].subject
    assert late.proposal.title in mail.outbox[0].body


def test_who_answers_is_reminded_no_more(late, directorate):
    late.answer(by=directorate, opinion="favourable", words="Rien à redire.")

    assert strike() == []


def test_a_late_opinion_is_seen_by_those_who_wait_for_it(client, late, directorate, secretary):
    lead = AppointmentFactory(role="facilitator").user
    lead.facilitated_workshops.add(late.proposal.workshop)
    client.force_login(secretary)

    assertContains(client.get(reverse("deliberations:proposal_board")), "1 avis en retard")
    board = client.get(late.proposal.cycle.get_board_url())
    assert [due.url for due in board.context["late"] if "DVD" in due.what] == [late.get_absolute_url()]
    assert late.get_absolute_url() in [step.url for step in waiting_for(lead) if step.late]
    assert late.get_absolute_url() in [step.url for step in waiting_for(directorate) if step.late]


def test_an_opinion_due_today_is_not_late_before_tonight(directorate, secretary):
    text = ProposalFactory(workshop=a_workshop(1), in_review=True)
    with clock.at(clock.now() - timedelta(days=20)):
        Review.objects.refer(
            text, by=secretary, department="DVD", due_on=clock.today() + timedelta(days=20), sort="opinion"
        )

    assert not any(step.late for step in waiting_for(directorate))
    assert strike() == []


def test_a_return_overdue_is_asked_for_once(directorate):
    MeasureFactory(owner="DVD", due_on=date(2020, 3, 17))
    MeasureFactory(owner="DVD")
    MeasureFactory(overdue=True, owner="")

    assert strike() == strike() == [directorate.email]


# Votes that end by themselves -----------------------------------------------------


@pytest.fixture
def ending(secretary):
    text = ProposalFactory(workshop=a_workshop(3), settled=True)
    return text.open_ballot(by=secretary, mode="online", closes_at=clock.now() + timedelta(hours=20))


def test_on_the_last_day_those_who_have_not_voted_are_reminded_once(ending):
    first, *others = [paper.member.user for paper in ending.papers.select_related("member__user")]
    ending.cast(by=first, choice="for")

    assert sorted(strike()) == sorted(strike()) == sorted(user.email for user in others)


def test_a_vote_past_its_end_takes_no_vote_and_counts_itself(client, ending):
    voter, *_others = [paper.member.user for paper in ending.papers.select_related("member__user")]
    ending.cast(by=voter, choice="for")
    client.force_login(voter)

    with clock.at(ending.closes_at):
        page = client.post(reverse("deliberations:ballot_cast", args=[ending.pk]), {"choice": "against"})
        assertContains(page, "ne prend plus de voix")
        strike()

    ending.refresh_from_db()
    assert (ending.state, ending.votes_for, ending.not_voting) == ("closed", 1, 2)


def test_a_vote_is_not_counted_before_its_end_unless_all_have_voted(client, ending, secretary):
    client.force_login(secretary)
    address = reverse("deliberations:ballot_close", args=[ending.pk])

    assertContains(client.post(address), "tout le monde n’a pas voté")
    for paper in ending.papers.select_related("member__user"):
        ending.cast(by=paper.member.user, choice="abstention")
    client.post(address)

    assert Ballot.objects.get().state == "closed"


def test_a_vote_online_is_opened_with_its_end(client, secretary):
    text = ProposalFactory(workshop=a_workshop(1), settled=True)
    client.force_login(secretary)
    address = reverse("deliberations:proposal_open_ballot", args=[text.pk])

    endless = client.post(address, {"mode": "online"})
    over = client.post(address, {"mode": "online", "closes_at": "2020-01-01T10:00"})

    assert endless.context["form"].errors["closes_at"]
    assertContains(over, "choisissez une fin plus lointaine")
    assert not text.ballots.exists()
