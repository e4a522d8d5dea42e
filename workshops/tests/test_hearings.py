"""Questions and hearings: proposed, supported, put, answered; papers; consent withdrawn."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assembly import clock
from assembly.documents import to_html
from assembly.factories import AppointmentFactory, UserFactory
from assembly.models import Appointment, Document
from workshops import pasting
from workshops.factories import (
    EnrolmentFactory,
    MeetingFactory,
    MinutesFactory,
    PersonHeardFactory,
    QuestionFactory,
    WorkshopFactory,
)
from workshops.letters import send_due
from workshops.models import Hearing, Piece, Question, Reminder

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n%%EOF\n"


def address(name, *args):
    return reverse(f"workshops:{name}", args=args)


def as_(user):
    client = Client()
    client.force_login(user)
    return client


def fresh(user):
    """The person as the next request would find them."""
    return type(user).objects.get(pk=user.pk)


@pytest.fixture
def workshop():
    return WorkshopFactory(title="Espace public", facilitator=UserFactory())


@pytest.fixture
def lead(workshop):
    return workshop.facilitators.get()


@pytest.fixture
def member(workshop):
    return EnrolmentFactory(workshop=workshop).member


@pytest.fixture
def hearing(workshop):
    meeting = MeetingFactory(workshop=workshop, called=True, kind="hearing", title="Audition des jardiniers")
    return Hearing.objects.create(meeting=meeting)


@pytest.fixture
def department():
    return AppointmentFactory(role=Appointment.Role.DEPARTMENT, organisation="DVD", user=UserFactory()).user


def proposed(meeting, **fields):
    return QuestionFactory(meeting=meeting, state=Question.State.PROPOSED, addressed_to="", **fields)


def held(hearing):
    """The hearing once it was held."""
    meeting = hearing.meeting
    type(meeting).objects.filter(pk=meeting.pk).update(
        state="held", starts_at=clock.now() - timedelta(days=2)
    )
    return Hearing.objects.get(pk=hearing.pk)


# Questions ---------------------------------------------------------------------


def test_a_member_proposes_a_question_in_the_browser(hearing, member):
    page = as_(member.user).post(
        address("meeting_question_add", hearing.meeting_id), {"text": "Combien d’arbres ?"}
    )
    question = Question.objects.get()
    assert page.status_code == 302
    assert (question.state, question.asked_by) == (Question.State.PROPOSED, member)


def test_a_question_is_supported_once_and_the_support_withdrawn(hearing, member):
    question = proposed(hearing.meeting)
    client = as_(member.user)
    for _twice in range(2):
        client.post(address("question_support", question.pk))
    assert question.supports.count() == 1
    client.post(address("question_withdraw_support", question.pk))
    assert question.supports.count() == 0


def test_somebody_of_another_workshop_does_not_support(hearing):
    stranger = EnrolmentFactory(workshop=WorkshopFactory(cycle=hearing.cycle)).member
    page = as_(stranger.user).post(address("question_support", proposed(hearing.meeting).pk))
    assert page.status_code == 404


def test_what_is_only_proposed_is_not_public(client, hearing, department):
    question = proposed(hearing.meeting)
    assert not Question.objects.public().exists()
    assert not Question.objects.visible_to(department).filter(pk=question.pk).exists()


def test_the_facilitator_orders_joins_and_puts_on_one_page(hearing, lead, member):
    person = PersonHeardFactory(meeting=hearing.meeting)
    one, two, three = (proposed(hearing.meeting, text=f"Question {n} ?") for n in "abc")
    two.support(by=member.user)
    page = as_(lead).post(
        address("hearing_arrange", hearing.pk),
        {f"position_{three.pk}": "1", f"position_{one.pk}": "2", f"same_{two.pk}": "2",
         f"put_{three.pk}": "on", f"put_{one.pk}": "on", "person": person.pk},
    )  # fmt: skip
    assert page.status_code == 302
    rows = {row.pk: row for row in Question.objects.all()}
    assert [rows[q.pk].state for q in (one, two, three)] == ["asked", "merged", "asked"]
    assert (rows[three.pk].position, rows[three.pk].person) == (1, person)
    assert rows[one.pk].supports.count() == 1


def test_a_question_is_never_joined_to_itself_or_to_another_list(hearing, lead):
    question, elsewhere = proposed(hearing.meeting), QuestionFactory(state="proposed")
    for into in (question, elsewhere):
        with pytest.raises(ValidationError):
            question.merge(by=lead, into=into)


def test_three_hundred_questions_are_pasted_at_once_and_those_said_twice_are_found(workshop, lead, member):
    QuestionFactory(meeting=None, workshop=workshop, cycle=workshop.cycle, text="Qui entretient les bancs ?")
    lines = [f"{n}. Combien de bancs dans la rue numéro {n} du quartier {n * 7} ?" for n in range(1, 299)]
    text = "\n".join([*lines, "- qui entretient les bancs", "Et l’eau ? " + "mot " * 600])
    client, page = as_(member.user), address("workshop_questions_paste", workshop.pk)
    preview = client.post(page, {"lines": text, "addressed_to": "DVD"})
    found = preview.context["found"]
    assert (len(found), sum(line.is_new for line in found)) == (300, 298)
    assert "mot mot" in preview.content.decode()
    keep = [str(line.number) for line in found if line.is_new]
    sent = {"lines": text, "addressed_to": "DVD", "confirmed": "1", "keep": keep}
    once = {"once": "5f0c2a57-3fb1-4a52-9a3f-0d1f8f6f0f11"}
    client.post(page, sent | once)
    client.post(page, sent | once)
    assert Question.objects.filter(state="proposed").count() == 298


def test_alike_questions_are_recognised_and_different_ones_are_not():
    lines = pasting.understand("Où sont les bancs ?\n* ou sont les bancs\nOù sont les arbres ?\n\n")
    assert [line.is_new for line in lines] == [True, False, True]


def test_a_written_question_goes_to_a_department_that_answers_in_its_account(workshop, lead, department):
    question = QuestionFactory(
        meeting=None, workshop=workshop, cycle=workshop.cycle, state="proposed", addressed_to="La voirie"
    )
    due = clock.today() + timedelta(days=20)
    assert as_(department).get(address("question_reply", question.pk)).status_code == 404
    as_(lead).post(address("question_forward", question.pk), {"department": "DVD", "due_on": due.isoformat()})
    other = AppointmentFactory(role="department", organisation="DAC", user=UserFactory()).user
    assert as_(other).get(address("question_reply", question.pk)).status_code == 403
    as_(department).post(address("question_reply", question.pk), {"answer": "Quarante-deux."})
    question.refresh_from_db()
    assert (question.state, question.answered_for) == ("answered", "DVD")


def test_silence_is_public_with_the_days_late(client, workshop, lead):
    question = QuestionFactory(meeting=None, workshop=workshop, cycle=workshop.cycle, state="proposed")
    with clock.at(clock.now() - timedelta(days=10)):
        question.forward(by=lead, department="DVD", due_on=clock.today() + timedelta(days=3))
    page = client.get(address("question_list"), {"overdue": 1}).content.decode()
    assert question.days_late == 7
    assert "7 jours de retard" in page


def test_no_question_is_forwarded_for_yesterday(workshop, lead):
    question = QuestionFactory(meeting=None, workshop=workshop, cycle=workshop.cycle, state="proposed")
    with pytest.raises(ValidationError):
        question.forward(by=lead, department="DVD", due_on=clock.today() - timedelta(days=1))


def test_a_late_department_is_reminded_once_whatever_the_clock_strikes(
    workshop, lead, department, mailoutbox
):
    question = QuestionFactory(meeting=None, workshop=workshop, cycle=workshop.cycle, state="proposed")
    with clock.at(clock.now() - timedelta(days=10)):
        question.forward(by=lead, department="DVD", due_on=clock.today() + timedelta(days=8))
    for _stroke in range(3):
        send_due()
    assert Reminder.objects.filter(user=department, key__startswith="late").count() == 1
    assert len(mailoutbox) == 1


# The sheet ---------------------------------------------------------------------


def told(hearing, lead):
    """A hearing held, with what was asked, answered, received; two people heard."""
    kept = PersonHeardFactory(meeting=hearing.meeting, name="Aline Fougeret", account="Elle plante.")
    gone = PersonHeardFactory(meeting=hearing.meeting, name="Brice Valmeront", account="Il arrose la nuit.")
    question = proposed(hearing.meeting, text="Et la nuit ?")
    question.put(by=lead, person=gone)
    question.reply(by=lead, answer="Nous arrosons dès minuit.")
    hearing = held(hearing)
    hearing.summary = "Brice Valmeront et Aline Fougeret répondent."
    hearing.save()
    Piece.objects.create(hearing=hearing, person=gone, title="Carnet d’arrosage", is_public=True, file="x.pdf", kind="application/pdf")  # fmt: skip
    hearing.publish(by=lead)
    return hearing, kept, gone


def test_the_sheet_says_the_same_on_the_page_and_on_paper(client, hearing, lead):
    hearing, _kept, _gone = told(hearing, lead)
    page = client.get(hearing.get_absolute_url()).content.decode()
    paper = to_html(hearing.document)
    for fact in ("Aline Fougeret", "Il arrose la nuit", "dès minuit", "Carnet d’arrosage"):
        assert fact in page
        assert fact in paper


def test_no_sheet_before_the_hearing(hearing, lead):
    with pytest.raises(ValidationError):
        hearing.publish(by=lead)


def test_a_hundred_clicks_publish_one_sheet(hearing, lead):
    hearing, kept, _gone = told(hearing, lead)
    with pytest.raises(ValidationError):
        hearing.publish(by=lead)
    assert Document.objects.filter(kind="hearing").count() == 1
    kept.account = "Elle plante et elle taille."
    kept.save()
    hearing.publish(by=lead)
    assert Document.objects.filter(kind="hearing").count() == 2
    assert Document.objects.public().filter(kind="hearing").get() == hearing.document


def test_a_department_lists_what_waits_for_it(workshop, lead, department):
    question = QuestionFactory(meeting=None, workshop=workshop, cycle=workshop.cycle, state="proposed")
    question.forward(by=lead, department="DVD", due_on=clock.today())
    QuestionFactory(meeting__held=True, text="Autre chose ?")
    page = as_(department).get(address("question_list"), {"shown": "mine"})
    assert list(page.context["question_list"]) == [question]


def test_a_person_who_withdraws_leaves_page_and_paper_and_the_record_stays(client, hearing, lead, member):
    hearing, _kept, gone = told(hearing, lead)
    minutes = MinutesFactory(meeting=hearing.meeting, narrative="Brice Valmeront raconte ses nuits.")
    content = {"narrative": minutes.narrative, "people_heard": [{"name": "Brice Valmeront"}], "withdrawn": 0}
    other = Document.objects.issue("minutes", "Compte rendu", content, cycle=hearing.cycle)
    before = hearing.document_id
    as_(lead).post(address("personheard_withdraw", gone.pk))
    hearing.refresh_from_db()
    page = client.get(hearing.get_absolute_url()).content.decode()
    paper = to_html(hearing.document)
    for text in (page, paper, client.get(address("question_list")).content.decode()):
        assert "Valmeront" not in text
        assert "minuit" not in text
        assert "arrose" not in text
    assert "a retiré son accord" in page
    assert "Aline Fougeret" in page
    assert not Document.objects.public().filter(pk__in=[before, other.pk]).exists()
    assert "Valmeront" not in str([row.content for row in Document.objects.public()])
    assert "Valmeront" not in as_(member.user).get(hearing.get_absolute_url()).content.decode()
    assert "Valmeront" in as_(lead).get(hearing.get_absolute_url()).content.decode()
    with pytest.raises(ValidationError):
        gone.withdraw(by=lead)


def test_the_papers_of_who_withdrew_are_no_longer_public(hearing, lead, member):
    hearing, _kept, gone = told(hearing, lead)
    assert Piece.objects.visible_to(fresh(UserFactory())).exists()
    gone.withdraw(by=lead)
    assert not Piece.objects.visible_to(fresh(UserFactory())).exists()


def test_a_paper_is_what_its_bytes_are(hearing, lead):
    client, page = as_(lead), address("hearing_piece_add", hearing.pk)
    script = SimpleUploadedFile("plan.pdf", b"<script>alert(1)</script>")
    refused = client.post(page, {"title": "Plan", "file": script})
    assert refused.context["form"].errors["file"]
    client.post(page, {"title": "Plan des arbres", "file": SimpleUploadedFile("x.exe", PDF)})
    piece = Piece.objects.get()
    got = client.get(piece.get_file_url())
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(got.streaming_content) == PDF


def test_a_paper_that_is_not_public_is_for_those_inside(client, hearing, lead, member):
    piece = Piece.objects.create(hearing=hearing, title="Note", file="x.pdf", kind="application/pdf")
    assert client.get(piece.get_file_url()).status_code == 404
    assert Piece.objects.visible_to(member.user).filter(pk=piece.pk).exists()


def test_the_page_of_a_hearing_asks_as_much_whatever_the_questions(
    hearing, member, django_assert_max_num_queries
):
    for _question in range(12):
        proposed(hearing.meeting)
    client = as_(member.user)
    client.get(hearing.get_absolute_url())
    with django_assert_max_num_queries(20) as few:
        client.get(hearing.get_absolute_url())
    for _question in range(12):
        proposed(hearing.meeting)
    with django_assert_max_num_queries(len(few)):
        client.get(hearing.get_absolute_url())
