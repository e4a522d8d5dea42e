"""Letters that leave once, minutes that come back by themselves, votes that end, flags that are read."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from pytest_django.asserts import assertContains

from assembly import jobs
from assembly.documents import to_html
from assembly.jobs import HANDLERS
from workshops.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    MeetingFactory,
    MinutesFactory,
    NotebookFactory,
    NotebookSectionFactory,
)
from workshops.models import Meeting

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
    AttendanceFactory(meeting=plenary)
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
