"""Minutes and notebooks: written by several, approved, frozen, printed."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from assembly.documents import to_html
from assembly.factories import AppointmentFactory, UserFactory
from assembly.lifecycle import TransitionRefused
from assembly.models import Document
from assembly.words import to_html as words_to_html
from workshops.factories import (
    AgendaItemFactory,
    AttendanceFactory,
    DecisionFactory,
    EnrolmentFactory,
    MeetingFactory,
    MinutesFactory,
    NotebookFactory,
    NotebookQuestionFactory,
    NotebookSectionFactory,
    PersonHeardFactory,
    QuestionFactory,
    WorkshopFactory,
)
from workshops.minutes import minutes_content
from workshops.models import Minutes, Notebook

pytestmark = pytest.mark.django_db


def address(name, *args):
    return reverse(f"workshops:{name}", args=args)


# Words -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[clic](javascript:alert(1))",
        "![espion](https://exemple.invalid/pixel.png)",
        "[clic](data:text/html;base64,AAAA)",
        '<a href="#" style="position:fixed">x</a>',
    ],
)
def test_nothing_written_can_run_or_load(text):
    html = words_to_html(text)

    assert not any(
        tag in html
        for tag in ["<script", "<img", 'javascript:alert(1)"', 'data:text/html;base64,AAAA"', '<a href="#"']
    )


def test_headings_take_their_place_in_the_page():
    assert words_to_html("# Un\n\n## Deux") == "<h3>Un</h3>\n<h4>Deux</h4>\n"
    assert words_to_html("# Un", 6) == "<h6>Un</h6>\n"


def starts(document):
    with document.file.open("rb") as file:
        return file.read(5)


# Minutes ---------------------------------------------------------------------


@pytest.fixture
def minutes():
    """In draft, of a hearing with something of everything."""
    meeting = MeetingFactory(held=True, kind="hearing", title="Audition des jardiniers")
    AgendaItemFactory(meeting=meeting, title="Le sol vivant", minutes=40)
    AttendanceFactory(meeting=meeting, status="present")
    AttendanceFactory(meeting=meeting, status="absent")
    PersonHeardFactory(meeting=meeting, name="Maëlle Corbin")
    PersonHeardFactory(meeting=meeting, name="Ulysse Nanterre", agrees=False)
    DecisionFactory(
        meeting=meeting, text="Planter en novembre.", votes_for=31, votes_against=4, abstentions=2
    )
    return MinutesFactory(meeting=meeting, narrative="# Accueil\n\nOn parle **des arbres**.")


def published(minutes, secretary):
    for act in ("submit", "approve", "publish"):
        getattr(minutes, act)(by=secretary)
    return minutes.document


def test_minutes_start_from_the_programme_and_the_counts(secretary):
    meeting = MeetingFactory(held=True)
    AgendaItemFactory(meeting=meeting, title="Accueil", position=1)
    AgendaItemFactory(meeting=meeting, title="Décisions", position=2)
    AttendanceFactory(meeting=meeting, status="present")

    minutes = meeting.write_minutes(by=secretary)

    assert minutes.narrative == "# Accueil\n\n# Décisions"
    assert minutes.counts["present"] == 1
    with pytest.raises(ValidationError):
        meeting.write_minutes(by=secretary)


def test_page_and_sheet_say_what_was_frozen(client, secretary, minutes):
    document = published(minutes, secretary)
    minutes.meeting.title = "Autre chose"
    minutes.meeting.save()
    facts = [
        "Audition des jardiniers",
        "Le sol vivant",
        "Maëlle Corbin",
        "<strong>des arbres</strong>",
        "Planter en novembre.",
        "31",
    ]

    page, sheet = client.get(minutes.get_absolute_url()).content.decode(), to_html(document)

    for fact in facts:
        assert fact in sheet
    for fact in facts[1:]:
        assert fact in page
    assert "Ulysse Nanterre" not in page + sheet
    assert document.content["counts"]["invited"] == 2


def test_what_is_frozen_is_what_was_there(secretary, minutes):
    document = published(minutes, secretary)

    live = minutes_content(Minutes.objects.get(pk=minutes.pk))
    document.refresh_from_db()

    assert {name: document.content[name] for name in live if name != "kind"} == {
        name: value for name, value in live.items() if name != "kind"
    }


def test_publishing_prints_a_tagged_sheet(secretary, minutes, django_capture_on_commit_callbacks):
    minutes.narrative += "\n\n" + "x" * 500
    minutes.save()

    with django_capture_on_commit_callbacks(execute=True):
        document = published(minutes, secretary)

    document.refresh_from_db()
    assert document.is_printed
    assert starts(document) == b"%PDF-"


@pytest.mark.parametrize("act", ["approve", "publish", "send_back"])
def test_minutes_go_step_by_step(secretary, minutes, act):
    with pytest.raises(TransitionRefused):
        getattr(minutes, act)(by=secretary, **({"reason": "x"} if act == "send_back" else {}))

    assert Document.objects.count() == 0


def test_empty_minutes_are_not_reviewed(secretary):
    with pytest.raises(ValidationError):
        MinutesFactory(narrative=" ").submit(by=secretary)


def test_who_reads_minutes_before_they_are_published(client, secretary, minutes):
    invited, stranger = minutes.meeting.attendances.first().member.user, EnrolmentFactory().member.user
    seen = []
    for act in ("submit", "approve", "publish"):
        seen.append([Minutes.objects.visible_to(user).exists() for user in (invited, stranger)])
        getattr(minutes, act)(by=secretary)
    seen.append([Minutes.objects.visible_to(user).exists() for user in (invited, stranger)])

    assert seen == [[False, False], [True, False], [True, False], [True, True]]


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        (
            "minutes_are_published_with_their_sheet",
            {"state": "published", "approved_at": "2026-01-01T00:00Z"},
        ),
        ("minutes_are_dated_once_approved", {"state": "approved"}),
    ],
)
def test_what_must_never_be_false_of_minutes(name, fields):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        MinutesFactory(**fields)


# Notebooks -------------------------------------------------------------------


@pytest.fixture
def notebook():
    """In draft, one section, one question, a workshop of three and its facilitator."""
    workshop = WorkshopFactory(title="Espace public", facilitator=UserFactory())
    EnrolmentFactory.create_batch(3, workshop=workshop)
    notebook = NotebookFactory(workshop=workshop)
    NotebookSectionFactory(notebook=notebook, body="La rue est **à tous**.")
    NotebookQuestionFactory(notebook=notebook, text="Quel budget ?")
    return notebook


def approved(notebook, secretary):
    notebook.submit(by=secretary)
    notebook.approve(by=secretary, votes_for=2, votes_against=1, abstentions=0)


def test_a_save_on_top_of_another_is_refused_and_both_texts_are_kept(client, notebook):
    section = notebook.sections.get()
    one, two = (row.member.user for row in notebook.workshop.enrolments.all()[:2])
    page = address("notebooksection_edit", section.pk)
    version = str(section.version)

    client.force_login(one)
    client.post(page, {"title": section.title, "body": "Le texte de la première.", "version": version})
    client.force_login(two)
    response = client.post(
        page, {"title": section.title, "body": "Le texte de la seconde.", "version": version}
    )

    section.refresh_from_db()
    assert section.body == "Le texte de la première."
    assertContains(response, "Le texte de la première.")
    assertContains(response, "Le texte de la seconde.")


def test_a_section_no_longer_changes_once_approved(client, secretary, notebook):
    approved(notebook, secretary)
    section = notebook.sections.get()
    client.force_login(secretary)

    response = client.post(
        address("notebooksection_edit", section.pk), {"title": "x", "body": "y", "version": section.version}
    )
    asked = client.post(address("notebookquestion_add", notebook.pk), {"text": "Encore ?"})

    section.refresh_from_db()
    assert section.body == "La rue est **à tous**."
    assert response.status_code == asked.status_code == 200
    assert notebook.questions.count() == 1


@pytest.mark.parametrize(("pro", "contra", "none"), [(1, 1, 0), (0, 0, 3), (4, 0, 0)])
def test_a_notebook_is_approved_by_a_true_majority(secretary, notebook, pro, contra, none):
    notebook.submit(by=secretary)

    with pytest.raises(ValidationError):
        notebook.approve(by=secretary, votes_for=pro, votes_against=contra, abstentions=none)


def test_page_and_sheet_say_the_same(client, secretary, notebook):
    heard = PersonHeardFactory(
        meeting__workshop=notebook.workshop, meeting__held=True, meeting__title="Audition"
    )
    AttendanceFactory(meeting=heard.meeting, status="present")
    approved(notebook, secretary)
    notebook.deposit(by=secretary)

    page, sheet = client.get(notebook.get_absolute_url()).content.decode(), to_html(notebook.document)

    for fact in [
        "Espace public",
        "<strong>à tous</strong>",
        "Quel budget ?",
        "Audition",
        "Maëlle Corbin, urbaniste",
        "1 / 1",
    ]:
        assert fact in page
        assert fact in sheet


def test_depositing_prints_and_opens_to_all(client, secretary, notebook, django_capture_on_commit_callbacks):
    approved(notebook, secretary)
    assert client.get(notebook.get_absolute_url()).status_code == 404

    with django_capture_on_commit_callbacks(execute=True):
        notebook.deposit(by=secretary)

    notebook.document.refresh_from_db()
    assert starts(notebook.document) == b"%PDF-"
    assert list(Notebook.objects.public()) == [notebook]
    assertContains(client.get(notebook.get_absolute_url()), "Quel budget ?")


def test_a_hundred_clicks_deposit_once(secretary, notebook):
    approved(notebook, secretary)
    notebook.deposit(by=secretary)

    for _click in range(5):
        with pytest.raises(TransitionRefused):
            notebook.deposit(by=secretary)

    assert Document.objects.count() == 1


def test_the_executive_answers_what_is_in_its_hands(client, secretary, appointed, notebook):
    question, executive = notebook.questions.get(), appointed("executive")
    client.force_login(executive)
    page = address("notebookquestion_reply", question.pk)
    assert client.get(page).status_code == 404

    approved(notebook, secretary)
    with pytest.raises(ValidationError):
        question.reply(by=executive, answer="Trop tôt.")
    notebook.deposit(by=secretary)
    client.post(page, {"answer": "Deux millions."})

    question.refresh_from_db()
    assert (question.answer, question.answered_by) == ("Deux millions.", executive)
    client.logout()
    assertContains(client.get(notebook.get_absolute_url()), "Deux millions.")


@pytest.mark.parametrize(
    ("address_name", "allowed"),
    [
        ("notebook_submit", {"secretary", "facilitator", "rapporteur"}),
        ("notebook_approve", {"secretary", "facilitator"}),
        ("notebook_deposit", {"secretary", "facilitator", "rapporteur"}),
        ("notebookquestion_add", {"secretary", "facilitator", "rapporteur", "member"}),
    ],
)
def test_who_may_do_what_with_a_notebook(client, secretary, appointed, notebook, address_name, allowed):
    workshop = notebook.workshop
    rapporteur, member, *_others = (row.member.user for row in workshop.enrolments.all())
    workshop.name_rapporteur(by=secretary, user=rapporteur)
    people = {
        "secretary": secretary,
        "facilitator": workshop.facilitators.get(),
        "rapporteur": rapporteur,
        "member": member,
        "another workshop’s member": EnrolmentFactory(workshop__cycle=workshop.cycle).member.user,
        "executive": appointed("executive"),
    }

    found = {}
    for name, user in people.items():
        client.force_login(user)
        found[name] = client.get(address(address_name, notebook.pk)).status_code

    hidden = {"another workshop’s member": 404, "executive": 404}
    assert found == {name: 200 if name in allowed else hidden.get(name, 403) for name in people}


@pytest.mark.parametrize("address_name", ["minutes_edit", "minutes_submit", "notebooksection_edit"])
def test_a_facilitator_writes_for_their_workshop_only(client, minutes, address_name):
    workshop = minutes.meeting.workshop
    section = NotebookSectionFactory(notebook__workshop=workshop)
    leader, stranger = UserFactory(), UserFactory()
    for user, led in [(leader, workshop), (stranger, WorkshopFactory(cycle=workshop.cycle))]:
        AppointmentFactory(user=user, role="facilitator")
        led.facilitators.add(user)

    found = []
    for user in (leader, stranger):
        client.force_login(user)
        found.append(
            client.get(
                address(address_name, section.pk if "section" in address_name else minutes.pk)
            ).status_code
        )

    assert found == [200, 404]


def test_another_workshop_does_not_exist(client, notebook):
    client.force_login(EnrolmentFactory(workshop__cycle=notebook.workshop.cycle).member.user)

    pages = [
        notebook.get_absolute_url(),
        address("notebooksection_edit", notebook.sections.get().pk),
        address("notebookquestion_edit", notebook.questions.get().pk),
    ]

    assert [client.get(page).status_code for page in pages] == [404, 404, 404]


def test_the_rapporteur_comes_from_the_workshop(secretary, notebook):
    with pytest.raises(ValidationError):
        notebook.workshop.name_rapporteur(by=secretary, user=UserFactory())


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("a_notebook_is_approved_by_a_count", {"state": "approved"}),
        (
            "a_deposited_notebook_has_its_sheet",
            {"state": "deposited", "approved_at": "2026-01-01T00:00Z", "votes_for": 3},
        ),
    ],
)
def test_what_must_never_be_false_of_a_notebook(name, fields):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        NotebookFactory(**fields)


def test_a_question_has_its_number(notebook):
    assert NotebookQuestionFactory(notebook=notebook).number == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        NotebookQuestionFactory(notebook=notebook, number=2)


# Pages -----------------------------------------------------------------------


def queries(client, page):
    client.get(page)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


@pytest.mark.parametrize("reader", ["visitor", "member", "secretary"])
def test_details_cost_the_same_however_much_they_hold(client, secretary, notebook, reader):
    workshop = notebook.workshop
    meeting = MeetingFactory(workshop=workshop, held=True)
    minutes = MinutesFactory(meeting=meeting)
    notebook_and_minutes = []
    if reader != "visitor":
        client.force_login(
            {"member": workshop.enrolments.first().member.user, "secretary": secretary}[reader]
        )
        notebook_and_minutes += [notebook.get_absolute_url()]
    if reader == "secretary":
        notebook_and_minutes += [minutes.get_absolute_url()]
    pages = [workshop.get_absolute_url(), meeting.get_absolute_url(), *notebook_and_minutes]

    def grow(count):
        AgendaItemFactory.create_batch(count, meeting=meeting)
        AttendanceFactory.create_batch(count, meeting=meeting, status="present")
        PersonHeardFactory.create_batch(count, meeting=meeting)
        DecisionFactory.create_batch(count, meeting=meeting)
        QuestionFactory.create_batch(count, meeting=meeting)
        MeetingFactory.create_batch(count, workshop=workshop, held=True)
        NotebookSectionFactory.create_batch(count, notebook=notebook)
        for _number in range(count):
            NotebookQuestionFactory(notebook=notebook)

    grow(1)
    few = [queries(client, page) for page in pages]
    grow(20)
    many = [queries(client, page) for page in pages]

    assert few == many
    assert max(many[:1] + many[2:]) <= 13
    assert many[1] <= 20  # the page of a meeting also holds papers, tables, hearing, visit, commitments


@pytest.mark.parametrize("address_name", ["minutes_list", "notebook_list"])
def test_lists_cost_the_same_however_long(client, secretary, address_name):
    client.force_login(secretary)
    MinutesFactory()
    NotebookFactory()
    few = queries(client, address(address_name))
    MinutesFactory.create_batch(30)
    NotebookFactory.create_batch(30)

    assert queries(client, address(address_name)) == few <= 10


def test_a_draft_is_not_in_the_public_list(client, secretary, minutes):
    assertNotContains(client.get(address("minutes_list")), "Audition des jardiniers")
    published(minutes, secretary)
    assertContains(client.get(address("minutes_list")), "Audition des jardiniers")
