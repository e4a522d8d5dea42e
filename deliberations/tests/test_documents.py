"""What is frozen, what is printed, who is told."""

import pytest
from django.core import mail

from assembly.documents import to_html
from assembly.models import Document
from deliberations.factories import (
    BallotFactory,
    MeasureFactory,
    ProposalFactory,
    WorkingMandateFactory,
    a_workshop,
    counted,
    wish,
)
from deliberations.next_step import waiting_for

pytestmark = pytest.mark.django_db


def test_a_transmitted_text_is_printed(secretary, django_capture_on_commit_callbacks):
    text = ProposalFactory(voted=True, title="Vœu relatif aux bancs")
    BallotFactory(proposal=text, closed=True)

    with django_capture_on_commit_callbacks(execute=True):
        text.transmit(by=secretary)

    document = Document.objects.get()
    assert document.is_printed
    assert document.content["clauses"] == wish()
    assert "Vœu relatif aux bancs" in document.html
    assert "Considérant que la rue" in document.html


def test_the_sheet_of_a_decision_keeps_the_words_of_the_council(secretary):
    text = ProposalFactory(on_agenda=True)
    text.save_version(by=secretary, base=1, clauses=wish(1), author_kind="council")

    text.decide(by=secretary, outcome="adopted_amended", reference="2026, V. 12")

    document = Document.objects.get()
    assert document.content["council"]["reference"] == "2026, V. 12"
    assert [row["id"] for row in document.content["clauses"]] == ["c1", "c2", "m1"]
    assert "2026, V. 12" in to_html(document)


def test_the_sheet_of_a_mandate_carries_its_vote(secretary):
    mandate = WorkingMandateFactory(workshop=a_workshop(4), limits="Pas de budget nouveau.")
    counted(mandate.open_ballot(by=secretary, mode="hands"), [3, 0, 1], second=secretary)

    document = Document.objects.get()
    assert (document.content["vote"]["for"], document.content["vote"]["absent"]) == (3, 0)
    assert "Pas de budget nouveau." in to_html(document)


def test_the_executive_is_told_of_a_transmitted_text(
    secretary, appointed, django_capture_on_commit_callbacks
):
    executive = appointed("executive")
    text = ProposalFactory(voted=True)

    with django_capture_on_commit_callbacks(execute=True):
        text.transmit(by=secretary)

    assert [letter.to for letter in mail.outbox] == [[executive.email]]
    assert text.title in mail.outbox[0].subject


def test_the_workshop_is_told_of_a_refusal_and_its_reasons(secretary, django_capture_on_commit_callbacks):
    workshop = a_workshop(2)
    text = ProposalFactory(workshop=workshop, transmitted=True)

    with django_capture_on_commit_callbacks(execute=True):
        text.refuse(by=secretary, reason="La Ville n’est pas compétente.")

    assert len(mail.outbox) == 2
    assert "La Ville n’est pas compétente." in mail.outbox[0].body


def test_electors_are_called_to_an_online_vote(secretary, django_capture_on_commit_callbacks):
    workshop = a_workshop(2)
    text = ProposalFactory(workshop=workshop, settled=True)

    with django_capture_on_commit_callbacks(execute=True):
        text.open_ballot(by=secretary, mode="online")

    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(
        enrolment.member.user.email for enrolment in workshop.enrolments.all()
    )


def test_those_who_wrote_a_measure_hear_of_it(secretary, django_capture_on_commit_callbacks):
    measure = MeasureFactory(proposal__workshop=a_workshop(1))

    with django_capture_on_commit_callbacks(execute=True):
        measure.give_return(by=secretary, state="done", words="C’est fait.")

    assert len(mail.outbox) == 1


def test_a_member_is_called_to_vote_until_they_have(secretary):
    workshop = a_workshop(1)
    user = workshop.enrolments.get().member.user
    ballot = ProposalFactory(workshop=workshop, settled=True).open_ballot(by=secretary, mode="online")

    assert [step.url for step in waiting_for(user)] == [ballot.get_absolute_url()]
    ballot.cast(by=user, choice="for")
    assert waiting_for(user) == []


def test_each_is_told_of_the_texts_whose_turn_it_is(secretary, appointed):
    voted, transmitted = ProposalFactory(voted=True), ProposalFactory(transmitted=True)

    assert [step.note for step in waiting_for(secretary)] == [voted.title]
    assert [step.note for step in waiting_for(appointed("executive"))] == [transmitted.title]


def test_a_directorate_is_reminded_of_its_late_returns(appointed):
    late = MeasureFactory(owner="DVD", overdue=True)
    MeasureFactory(owner="DAC", overdue=True)

    steps = waiting_for(appointed("department", organisation="DVD"))

    assert [step.url for step in steps] == [late.get_absolute_url()]
