"""Letters that leave once, minutes that come back by themselves, votes that end, flags that are read."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from assembly import clock, jobs
from assembly.documents import to_html
from assembly.factories import MemberFactory, UserFactory
from assembly.jobs import HANDLERS
from assembly.models import Cycle, JournalEntry
from workshops.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    MeetingFactory,
    MinutesFactory,
    NotebookFactory,
    NotebookSectionFactory,
    WorkshopFactory,
)
from workshops.letters import send_due
from workshops.models import Attendance, Meeting, Message, Outing, PriorityVote, Registration, Thread
from workshops.next_step import waiting_for

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_paper(monkeypatch):
    monkeypatch.setattr("assembly.documents.to_pdf", lambda html: b"%PDF-")


# Notices ---------------------------------------------------------------------


def test_a_notice_whose_worker_dies_reaches_each_person_once(secretary, mailoutbox, monkeypatch):
    meeting = MeetingFactory()
    AttendanceFactory.create_batch(4, meeting=meeting)
    meeting.call(by=secretary)
    job = jobs.enqueue("send_notices", key="notice", about=meeting.pk)
    send, sent = EmailMessage.send, []

    def dies(letter, **options):
        if len(sent) == 2:
            raise SystemExit("killed")
        sent.append(letter)
        return send(letter, **options)

    monkeypatch.setattr(EmailMessage, "send", dies)
    with pytest.raises(SystemExit):
        HANDLERS["send_notices"](job)
    assert meeting.attendances.filter(notified_at=None).count() == 2
    monkeypatch.setattr(EmailMessage, "send", send)
    HANDLERS["send_notices"](job)
    HANDLERS["send_notices"](job)

    assert len({letter.to[0] for letter in mailoutbox}) == len(mailoutbox) == 4
    assert len({letter.extra_headers["Message-ID"] for letter in mailoutbox}) == 4


def test_the_letters_of_a_batch_share_one_connection(secretary, monkeypatch):
    meeting = MeetingFactory()
    AttendanceFactory.create_batch(3, meeting=meeting)
    meeting.call(by=secretary)
    used = []
    monkeypatch.setattr(EmailMessage, "send", lambda letter, **options: used.append(letter.connection))

    HANDLERS["send_notices"](jobs.enqueue("send_notices", key="notice", about=meeting.pk))

    assert used[0] is not None
    assert list(map(id, used)) == [id(used[0])] * 3


# Answers ---------------------------------------------------------------------


def test_the_last_answer_puts_them_all_on_one_sheet(client, secretary, appointed):
    notebook = NotebookFactory()
    first, last = (notebook.questions.create(text=text) for text in ("Quel budget ?", "Quel calendrier ?"))
    NotebookSectionFactory(notebook=notebook, body="Trois séances.")
    EnrolmentFactory(workshop=notebook.workshop)
    notebook.submit(by=secretary)
    notebook.approve(by=secretary, votes_for=1, votes_against=0, abstentions=0)
    notebook.deposit(by=secretary)
    elected = appointed("executive")

    first.reply(by=elected, answer="Deux millions.")
    notebook.refresh_from_db()
    assert notebook.answers is None
    last.reply(by=elected, answer="Dès **mars**.")
    notebook.refresh_from_db()

    assert [line["answer"] for line in notebook.answers.content["lines"]] == [
        "Deux millions.",
        "Dès **mars**.",
    ]
    sheet = to_html(notebook.answers)
    page = client.get(notebook.get_absolute_url())
    for words in ("Deux millions.", "<strong>mars</strong>", elected.name):
        assertContains(page, words)
        assert words in sheet
    assertContains(page, notebook.answers.get_absolute_url())


# Approval of the previous minutes -----------------------------------------------


@pytest.fixture
def waiting():
    """Minutes of a plenary held, in review."""
    held = MeetingFactory(plenary=True, held=True, title="Séance d’installation")
    return MinutesFactory(meeting=held, state="in_review")


def plenary_after(meeting, **fields):
    return MeetingFactory(plenary=True, cycle=meeting.cycle, **fields)


def test_a_plenary_opens_on_the_minutes_that_wait(secretary, waiting):
    plenary = plenary_after(waiting.meeting)
    plenary.agenda.create(position=1, title="Accueil")

    plenary.open(by=secretary)
    MemberFactory(pool__cycle=plenary.cycle, seated=True)
    plenary.call(by=secretary)

    first, second = plenary.agenda.all()
    assert (first.approves, first.note, second.title) == (True, "Séance d’installation", "Accueil")


def test_planning_and_copying_a_plenary_put_it_once(secretary, waiting, django_capture_on_commit_callbacks):
    plenary = plenary_after(waiting.meeting)
    with django_capture_on_commit_callbacks(execute=True):
        plenary.record("create", by=secretary)
    with django_capture_on_commit_callbacks(execute=True):
        copy = plenary.copy(by=secretary, starts_at=plenary.starts_at + timedelta(days=30))

    assert [item.approves for item in plenary.agenda.all()] == [True]
    assert not copy.agenda.exists()


def test_minutes_written_later_go_to_the_plenary_already_planned(
    secretary, waiting, django_capture_on_commit_callbacks
):
    plenary = plenary_after(waiting.meeting)
    with django_capture_on_commit_callbacks(execute=True):
        waiting.record("submit", by=secretary)

    assert plenary.agenda.get().approves


def test_nothing_waits_nothing_is_added(secretary, waiting):
    waiting.delete()
    plenary = plenary_after(Meeting.objects.get())

    plenary.open(by=secretary)

    assert not plenary.agenda.exists()


# Votes ---------------------------------------------------------------------------


def online_vote(workshop, by):
    subjects = [
        workshop.prioritysubjects.create(cycle=workshop.cycle, title=t, why="…") for t in ("Bancs", "Eau")
    ]
    vote = PriorityVote.objects.create(
        cycle=workshop.cycle,
        workshop=workshop,
        title="Nos priorités",
        keeps=1,
        closes_at=clock.now() + timedelta(hours=1),
    )
    vote.subjects.set(subjects)
    vote.open(by=by)
    return vote, subjects


def test_an_online_vote_past_its_end_is_fixed_by_the_clock_once(secretary):
    workshop = WorkshopFactory()
    voter = EnrolmentFactory(workshop=workshop).member.user
    vote, subjects = online_vote(workshop, secretary)
    vote.cast(by=voter, choices=subjects[:1])
    send_due()
    vote.refresh_from_db()
    assert vote.state == "open"

    with clock.at(vote.closes_at + timedelta(minutes=5)):
        send_due()
        send_due()

    vote.refresh_from_db()
    assert [line["kept"] for line in vote.result["lines"]] == [True, False]
    assert JournalEntry.objects.get(act="workshops.priorityvote.close").by is None


# Visits cancelled -----------------------------------------------------------------


@pytest.fixture
def outing():
    """A visit of one place; one has it, another waits. No notice has gone out."""
    workshop = WorkshopFactory()
    meeting = MeetingFactory(workshop=workshop, kind=Meeting.Kind.VISIT)
    outing = Outing.objects.create(meeting=meeting, places=1, state=Outing.State.OPEN)
    for row in EnrolmentFactory.create_batch(2, workshop=workshop):
        outing.register(by=row.member.user)
    return outing


def test_a_visit_cancelled_before_its_notice_tells_those_registered(
    secretary, outing, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        outing.meeting.cancel(by=secretary, reason="Le chantier est fermé.")

    people = [row.member.user.email for row in outing.registrations.all()]
    assert sorted(letter.to[0] for letter in mailoutbox) == sorted(people)
    assert "Le chantier est fermé." in mailoutbox[0].body


def test_a_visit_cancelled_after_its_notice_tells_each_once(
    secretary, outing, mailoutbox, django_capture_on_commit_callbacks
):
    meeting = Meeting.objects.get(pk=outing.meeting_id)
    meeting.call(by=secretary)
    with django_capture_on_commit_callbacks(execute=True):
        meeting.cancel(by=secretary, reason="Le chantier est fermé.")

    assert len({letter.to[0] for letter in mailoutbox}) == len(mailoutbox) == 2


# What goes with the cycle -----------------------------------------------------------


def test_registrations_ballots_and_excuses_go_with_the_cycle(secretary, outing):
    workshop = outing.workshop
    vote, subjects = online_vote(workshop, secretary)
    vote.cast(by=workshop.enrolments.first().member.user, choices=subjects[:1])
    with clock.at(vote.closes_at):
        vote.close(by=secretary)
    excused = AttendanceFactory(meeting=outing.meeting, status="excused", reason="Garde d’enfant")
    call_command("purge_expired_data")
    assert Registration.objects.count() == 2

    Cycle.objects.update(state=Cycle.State.FOLLOW_UP)
    call_command("purge_expired_data")
    call_command("purge_expired_data")

    kept = JournalEntry.objects.get(act="assembly.cycle.purge_choices").facts
    nothing = {"flags": 0, "surveyed": 0, "free_answers": 0}
    assert kept == nothing | {"registrations": 2, "ballots": 1, "reasons": 1}
    excused.refresh_from_db()
    vote.refresh_from_db()
    assert (excused.status, excused.reason) == (Attendance.Status.EXCUSED, "")
    assert vote.result["voters"] == 1


# Messages flagged ---------------------------------------------------------------------


@pytest.fixture
def message():
    workshop = WorkshopFactory(facilitator=UserFactory())
    author = EnrolmentFactory(workshop=workshop).member.user
    return Thread.objects.open(workshop, by=author, title="Les bancs", text="Propos vifs.").messages.get()


def test_a_member_flags_a_message_and_the_facilitator_reads_it_again(client, message):
    reader = EnrolmentFactory(workshop=message.workshop).member.user
    client.force_login(reader)
    flagging = reverse("workshops:message_flag", args=[message.pk])
    assertContains(client.get(message.thread.get_absolute_url()), flagging)
    for _click in range(3):
        page = client.post(flagging, follow=True)
    assertNotContains(page, flagging)
    assert message.flags.count() == 1

    lead = message.workshop.facilitators.get()
    steps = [step.url for step in waiting_for(lead)]
    assert message.get_absolute_url() in steps
    client.force_login(lead)
    assertNotContains(client.get(message.thread.get_absolute_url()), reader.name)
    client.post(reverse("workshops:message_let_stand", args=[message.pk]))

    assert message.get_absolute_url() not in [step.url for step in waiting_for(lead)]
    assert Message.objects.get().state == "shown"


def test_ones_own_message_is_not_flagged_and_a_stranger_finds_nothing(client, message):
    address = reverse("workshops:message_flag", args=[message.pk])
    client.force_login(message.author)
    client.post(address)
    client.force_login(EnrolmentFactory(workshop=WorkshopFactory(cycle=message.cycle)).member.user)
    assert client.get(address).status_code == 404
    assert not message.flags.exists()


# The page of a meeting ------------------------------------------------------------------


def test_the_page_of_a_meeting_asks_for_no_empty_list(client, secretary, django_assert_max_num_queries):
    meeting = MeetingFactory(called=True)
    client.force_login(secretary)
    client.get(meeting.get_absolute_url())

    with django_assert_max_num_queries(10):
        client.get(meeting.get_absolute_url())
