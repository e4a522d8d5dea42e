"""Notices, attendance, questions: who may, when, and what follows."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from assembly import clock
from assembly.factories import AppointmentFactory, MemberFactory, UserFactory
from assembly.lifecycle import TransitionRefused
from assembly.models import JournalEntry
from workshops.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    MeetingFactory,
    PersonHeardFactory,
    QuestionFactory,
    WorkshopFactory,
)
from workshops.models import Attendance, Meeting, Question
from workshops.next_step import waiting_for

pytestmark = pytest.mark.django_db


def address(name, *args):
    return reverse(f"workshops:{name}", args=args)


@pytest.fixture(autouse=True)
def no_paper(monkeypatch):
    """The sheets of the notices are printed in the tests of documents."""
    monkeypatch.setattr("assembly.documents.to_pdf", lambda html: b"%PDF-")


@pytest.fixture
def meeting():
    """Called, three members of the workshop invited."""
    meeting = MeetingFactory(called=True)
    AttendanceFactory.create_batch(3, meeting=meeting)
    return meeting


# Notices ---------------------------------------------------------------------


def test_calling_a_meeting_writes_to_each_invited(secretary, mailoutbox, django_capture_on_commit_callbacks):
    meeting = MeetingFactory(title="L’école & la rue")
    invited = EnrolmentFactory.create_batch(2, workshop=meeting.workshop)
    EnrolmentFactory()

    with django_capture_on_commit_callbacks(execute=True):
        meeting.call(by=secretary)

    assert sorted(mail.to[0] for mail in mailoutbox) == sorted(row.member.user.email for row in invited)
    assert "L’école & la rue" in mailoutbox[0].subject
    assert meeting.entries.get().act == "workshops.meeting.call"


def test_a_moved_meeting_gets_a_second_notice(
    secretary, meeting, mailoutbox, django_capture_on_commit_callbacks
):
    meeting.attendances.update(notified_at=clock.now())
    later = meeting.starts_at + timedelta(days=1)

    with django_capture_on_commit_callbacks(execute=True):
        meeting.move(by=secretary, starts_at=later, ends_at=later + timedelta(hours=2), place="Mairie du 11e")

    assert len(mailoutbox) == 3
    assert "Mairie du 11e" in mailoutbox[0].body


def test_a_plenary_is_for_the_whole_cycle(secretary):
    meeting = MeetingFactory(plenary=True)
    MemberFactory(pool__cycle=meeting.cycle, seated=True)
    MemberFactory(seated=True)

    meeting.call(by=secretary)

    assert meeting.attendances.count() == 1


@pytest.mark.parametrize("situation", ["nobody", "past"])
def test_a_notice_needs_people_and_time(secretary, situation):
    meeting = MeetingFactory()
    if situation == "past":
        EnrolmentFactory(workshop=meeting.workshop)
        meeting.starts_at = clock.now() - timedelta(days=1)
        meeting.save()

    with pytest.raises(ValidationError):
        meeting.call(by=secretary)

    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.PLANNED


@pytest.mark.parametrize(
    ("act", "facts", "situation"),
    [
        ("call", {}, {"called": True}),
        ("hold", {}, {}),
        ("cancel", {"reason": "grève"}, {"held": True}),
        ("take_attendance", {"marks": {}}, {}),
        ("write_minutes", {}, {"called": True}),
    ],
)
def test_each_act_has_its_moment(secretary, act, facts, situation):
    with pytest.raises(TransitionRefused):
        getattr(MeetingFactory(**situation), act)(by=secretary, **facts)


def test_a_meeting_is_not_held_before_it_begins(secretary, meeting):
    with pytest.raises(ValidationError):
        meeting.hold(by=secretary)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("a_meeting_ends_after_it_starts", {"ends_at": clock.now() - timedelta(days=900)}),
        ("a_plenary_is_for_all", {"kind": "plenary"}),
        ("a_meeting_is_held_after_a_notice", {"state": "held"}),
        ("a_cancelled_meeting_says_why", {"state": "cancelled"}),
    ],
)
def test_what_must_never_be_false_of_a_meeting(name, fields):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        MeetingFactory(**fields)


def test_a_workshop_session_has_its_workshop():
    with pytest.raises(IntegrityError, match="a_workshop_session_has_its_workshop"), transaction.atomic():
        MeetingFactory(plenary=True, kind="workshop")


# Attendance ------------------------------------------------------------------


def sheet(client, meeting):
    """The form as the page shows it."""
    rows = client.get(address("meeting_take_attendance", meeting.pk)).context["form"].rows
    data = {}
    for row in rows:
        number = row["number"]
        data |= {f"seen_{number}": row["seen"], f"seen_reason_{number}": "", f"reason_{number}": ""}
        if row["seen"] != "expected":
            data[f"status_{number}"] = row["seen"]
    return data


def statuses(meeting):
    return [row.status for row in meeting.attendances.order_by("pk")]


def test_two_facilitators_at_once_lose_nothing(client, secretary, meeting):
    one, two, three = (row.member_id for row in meeting.attendances.order_by("pk"))
    client.force_login(secretary)
    mine, theirs = sheet(client, meeting), sheet(client, meeting)

    client.post(
        address("meeting_take_attendance", meeting.pk),
        theirs | {f"status_{one}": "excused", f"status_{two}": "present"},
    )
    response = client.post(
        address("meeting_take_attendance", meeting.pk),
        mine | {f"status_{one}": "present", f"status_{three}": "present"},
        follow=True,
    )

    assert statuses(meeting) == ["excused", "present", "present"]
    name = meeting.attendances.get(member=one).member.user.name
    assert sum(name in str(message) for message in response.context["messages"]) == 1


def test_a_reason_is_kept_and_stays_private(client, secretary, meeting):
    row = meeting.attendances.first()
    client.force_login(secretary)

    client.post(
        address("meeting_take_attendance", meeting.pk),
        sheet(client, meeting)
        | {f"status_{row.member_id}": "excused", f"reason_{row.member_id}": "Garde d’enfant"},
    )

    row.refresh_from_db()
    assert (row.status, row.reason) == ("excused", "Garde d’enfant")
    assert "Garde" not in str(list(JournalEntry.objects.values()))
    client.logout()
    assertNotContains(client.get(meeting.get_absolute_url()), "Garde")


def test_holding_a_meeting_counts_those_who_did_not_come(secretary, meeting):
    here = meeting.attendances.first().member_id
    with clock.at(meeting.starts_at + timedelta(hours=1)):
        meeting.take_attendance(by=secretary, marks={here: "present"})
        meeting.hold(by=secretary)

    assert meeting.counts == {
        "invited": 3,
        "present": 1,
        "excused": 0,
        "absent": 2,
        "quorum": 2,
        "reached": False,
    }


def test_a_member_attends_a_meeting_once(meeting):
    row = meeting.attendances.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendanceFactory(meeting=meeting, member=row.member)


def test_names_of_those_present_are_for_who_needs_them(meeting):
    assert Attendance.objects.visible_to(meeting.attendances.first().member.user).count() == 1
    assert Attendance.objects.visible_to(UserFactory()).count() == 0


# Questions -------------------------------------------------------------------


def test_a_member_proposes_a_question_once(client, meeting):
    user = meeting.attendances.first().member.user
    client.force_login(user)
    page = address("meeting_question_add", meeting.pk)
    once = client.get(page).context["once"]

    for _click in range(2):
        client.post(page, {"text": "Qui paie ?", "addressed_to": "DVD", "once": once})

    question = Question.objects.get()
    assert (question.workshop, question.meeting, question.asked_by.user) == (meeting.workshop, meeting, user)


def test_a_question_without_an_answer_becomes_overdue_and_public(client):
    question = QuestionFactory(due_on=clock.today() - timedelta(days=1), text="Et les arbres ?")
    QuestionFactory(due_on=clock.today() + timedelta(days=1))
    QuestionFactory()

    assert list(Question.objects.overdue()) == [question]
    assertContains(client.get(address("question_list")), "Et les arbres ?")


def test_an_answer_is_recorded_once(client, appointed):
    question = QuestionFactory()
    client.force_login(appointed("department", organisation="Direction de la voirie"))
    page = address("question_reply", question.pk)

    client.post(page, {"answer": "La Ville."})
    second = client.post(page, {"answer": "Personne."})

    question.refresh_from_db()
    assert question.answer == "La Ville."
    assert second.status_code == 200


def test_who_asked_is_never_shown_to_the_public(client):
    question = QuestionFactory(asked_by=MemberFactory(user__name="Zénobie"), meeting__held=True)
    assertNotContains(client.get(question.meeting.get_absolute_url()), "Zénobie")


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("a_question_is_put_somewhere", {"meeting": None, "workshop": None}),
        ("an_answer_is_dated", {"state": "answered"}),
    ],
)
def test_what_must_never_be_false_of_a_question(name, fields):
    cycle = WorkshopFactory().cycle
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        QuestionFactory(**{"cycle": cycle} | fields)


def test_someone_who_does_not_agree_is_not_named_in_public(client):
    person = PersonHeardFactory(meeting__held=True, agrees=False, name="Ulysse Nanterre")
    assertNotContains(client.get(person.meeting.get_absolute_url()), "Ulysse")


# Who -------------------------------------------------------------------------


def cast(secretary, appointed):
    """A planned and a called meeting of one workshop, and everybody around it."""
    leader, stranger = UserFactory(), UserFactory()
    workshop = WorkshopFactory(facilitator=leader)
    other = WorkshopFactory(facilitator=stranger, cycle=workshop.cycle)
    people = {
        "secretary": secretary,
        "facilitator": leader,
        "member": EnrolmentFactory(workshop=workshop).member.user,
        "another workshop’s facilitator": stranger,
        "another workshop’s member": EnrolmentFactory(workshop=other).member.user,
        "department": appointed("department"),
    }
    return workshop, people


@pytest.mark.parametrize(
    ("address_name", "allowed", "hidden"),
    [
        ("meeting_call", {"secretary", "facilitator"}, "planned"),
        ("meeting_edit", {"secretary", "facilitator"}, "planned"),
        ("meeting_cancel", {"secretary", "facilitator"}, "planned"),
        ("meeting_move", {"secretary", "facilitator"}, ""),
        ("meeting_take_attendance", {"secretary", "facilitator"}, ""),
        ("agendaitem_add", {"secretary", "facilitator"}, ""),
        ("personheard_add", {"secretary", "facilitator"}, ""),
        ("meeting_question_add", {"secretary", "facilitator", "member"}, ""),
    ],
)
def test_who_may_do_what_with_a_meeting(client, secretary, appointed, address_name, allowed, hidden):
    workshop, people = cast(secretary, appointed)
    meeting = MeetingFactory(workshop=workshop, called=hidden != "planned")

    found = {}
    for name, user in people.items():
        client.force_login(user)
        found[name] = client.get(address(address_name, meeting.pk)).status_code

    refusal = 404 if hidden == "planned" else 403
    assert found == {name: 200 if name in allowed else refusal for name in people}


def test_a_facilitator_plans_for_their_own_workshops_only(client, secretary, appointed):
    workshop, people = cast(secretary, appointed)
    other = workshop.cycle.workshops.exclude(pk=workshop.pk).get()
    client.force_login(people["facilitator"])
    start = (clock.now() + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M")
    end = (clock.now() + timedelta(days=9, hours=2)).strftime("%Y-%m-%dT%H:%M")
    data = {
        "kind": "visit",
        "title": "Visite",
        "place": "Ici",
        "starts_at": start,
        "ends_at": end,
        "half_days": "1",
    }

    for chosen in ("", other.pk, workshop.pk):
        client.post(address("meeting_add", workshop.cycle.number), data | {"workshop": chosen})

    assert [meeting.workshop for meeting in Meeting.objects.all()] == [workshop]


# A member's home --------------------------------------------------------------


def test_what_waits_for_a_member(django_assert_max_num_queries):
    workshop = WorkshopFactory()
    undecided = MemberFactory(pool__cycle=workshop.cycle, seated=True).user
    row = AttendanceFactory(meeting__called=True)

    urls = [step.url for step in waiting_for(undecided)]
    assert urls == [address("enrolment_choose"), address("needs_tell")]
    _asked_by_the_page = row.member.user.seats, row.member.user.current_appointments
    with django_assert_max_num_queries(4):
        steps = waiting_for(row.member.user)
    assert [step.url for step in steps] == [address("needs_tell")]


# Lists -----------------------------------------------------------------------


@pytest.mark.parametrize("address_name", ["workshop_list", "meeting_list", "question_list"])
def test_lists_cost_the_same_however_long(client, secretary, address_name):
    client.force_login(secretary)
    QuestionFactory(meeting__held=True)
    client.get(address(address_name))
    with CaptureQueriesContext(connection) as few:
        client.get(address(address_name))
    QuestionFactory.create_batch(30, meeting__held=True)
    with CaptureQueriesContext(connection) as many:
        client.get(address(address_name))

    assert len(few) == len(many) <= 10


def test_an_official_finds_the_questions_put_to_their_directorate():
    official = AppointmentFactory(role="department", organisation="DVD").user
    mine = QuestionFactory(text="Combien de bancs ?", addressed_to="DVD – voirie")
    QuestionFactory(text="Combien d’arbres ?", addressed_to="DEVE")

    assert [step.note for step in waiting_for(official)] == [str(mine)]
