"""The way of a workshop, from wishes to answers, through its acts."""

from datetime import timedelta

import pytest

from assembly import clock
from assembly.factories import CategoryFactory, CriterionFactory, MemberFactory, PoolFactory
from assembly.models import JournalEntry
from workshops.factories import MeetingFactory, WorkshopFactory
from workshops.models import Allotment, Enrolment

pytestmark = pytest.mark.django_db


def test_from_wishes_to_an_answer(secretary, appointed):
    pool = PoolFactory()
    cycle = pool.cycle
    gender = CriterionFactory(cycle=cycle, key="gender")
    for key in "fm":
        CategoryFactory(criterion=gender, key=key, title=key)
    members = [MemberFactory(pool=pool, seated=True, profile={"gender": "fm"[i % 2]}) for i in range(8)]
    social, green = WorkshopFactory(cycle=cycle), WorkshopFactory(cycle=cycle)
    for member in members:
        Enrolment.objects.get_or_create(member=member)[0].choose(by=member.user, workshops=[social, green])

    allotment = Allotment.objects.prepare(cycle, "marguerite", by=secretary)
    allotment.publish(by=secretary)

    assert [social.enrolments.count(), green.enrolments.count()] == [4, 4]
    assert sorted(row["rank"] for row in allotment.outcome) == [1, 1, 1, 1, 2, 2, 2, 2]
    assert social.enrolments.filter(member__profile__gender="f").count() == 2

    meeting = MeetingFactory(workshop=social)
    meeting.call(by=secretary)
    here = [row.member for row in meeting.attendances.all()]
    with clock.at(meeting.starts_at + timedelta(hours=1)):
        meeting.take_attendance(by=secretary, marks={member.pk: "present" for member in here[:3]})
        meeting.hold(by=secretary)
        minutes = meeting.write_minutes(by=secretary)
    assert minutes.counts == {
        "invited": 4,
        "present": 3,
        "excused": 0,
        "absent": 1,
        "quorum": 2,
        "reached": True,
    }
    minutes.narrative = "# Accueil"
    minutes.save()
    minutes.submit(by=secretary)
    minutes.approve(by=secretary)
    minutes.publish(by=secretary)
    assert minutes.document.content["counts"]["present"] == 3

    notebook = social.open_notebook(by=secretary)
    notebook.sections.first().write(by=secretary, body="Trois séances, deux visites.")
    question = notebook.questions.create(text="Quel budget ?")
    notebook.submit(by=secretary)
    notebook.approve(by=secretary, votes_for=4, votes_against=0, abstentions=0)
    notebook.deposit(by=secretary)
    executive = appointed("executive")
    question.reply(by=executive, answer="Deux millions.")

    assert notebook.document.content["questions"] == [{"number": 1, "text": "Quel budget ?"}]
    assert JournalEntry.objects.about(notebook).count() == 4
