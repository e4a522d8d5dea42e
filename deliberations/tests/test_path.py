"""The whole way of a text, done by those who are entitled to each step."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from assembly import clock
from assembly.models import Document
from deliberations import clauses
from deliberations.factories import a_workshop, counted, wish
from deliberations.models import Ballot, Measure, Proposal, WorkingMandate

pytestmark = pytest.mark.django_db


def test_from_the_mandate_to_the_last_return(secretary, appointed):
    executive, department = appointed("executive"), appointed("department", organisation="DVD")
    workshop = a_workshop(people=4)
    members = [enrolment.member.user for enrolment in workshop.enrolments.all()]

    with clock.at(datetime(2026, 3, 1, 12, tzinfo=timezone.get_current_timezone())):
        mandate = WorkingMandate.objects.propose(
            by=executive,
            workshop=workshop,
            sentence="Proposer des rues aux enfants",
            context="Le carnet.",
            expected_product="Un vœu.",
            deputy_mayor="Adjointe",
            directorate="DVD",
        )
        ballot = mandate.open_ballot(by=secretary, mode=Ballot.Mode.HANDS)
        counted(ballot, [3, 0, 1], second=secretary)

        text = Proposal.objects.draft(
            by=members[0],
            workshop=workshop,
            kind="wish",
            title="Vœu relatif aux rues",
            plain_summary="Des rues où jouer.",
            clauses=wish(),
        )
        text.send_to_review(by=secretary)
        text.save_version(
            by=department, base=1, clauses=[*wish(), clauses.clause("measure", "la Ville en rend compte.")]
        )
        text.co_draft(by=secretary)
        text.settle(by=secretary)
        ballot = text.open_ballot(by=secretary, mode=Ballot.Mode.ONLINE)
        for member in members[:3]:
            ballot.cast(by=member, choice="for")
        ballot.close(by=secretary)
        text.refresh_from_db()
        text.transmit(by=secretary)
        text.carry(by=executive, carrier="L’adjointe à la Maire")
        text.file(by=secretary, committee="3e Commission")
        text.put_on_agenda(by=secretary, session_on=date(2026, 3, 17), number="V. 12", opinion="favourable")
        text.decide(by=secretary, outcome="adopted", reference="2026, V. 12")
        text.open_follow_up(by=secretary, owners={"m1": "DVD"})

    measure = text.measures.get(number=1)
    measure.give_return(by=department, state="done", words="Une rue est ouverte.")
    for other in text.measures.owing():
        other.give_return(by=secretary, state="dropped", words="Remplacée par la première.")
    text.close(by=secretary)

    mandate.refresh_from_db()
    assert mandate.state == WorkingMandate.State.ADOPTED
    assert text.state == Proposal.State.CLOSED
    assert [version.author_kind for version in text.versions.all()] == ["members", "department"]
    assert [measure.state for measure in text.measures.all()] == ["done", "dropped", "dropped"]
    assert Document.objects.filter(kind__in=["mandate", "proposal"]).count() == 3
    assert Measure.objects.overdue().count() == 0
