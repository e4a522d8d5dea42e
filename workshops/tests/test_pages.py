"""Every page answers, to those it is for."""

import pytest
from django.urls import reverse

from assembly.factories import UserFactory
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
from workshops.models import Enrolment, Question

pytestmark = pytest.mark.django_db


def address(name, *args):
    return reverse(f"workshops:{name}", args=args)


@pytest.fixture
def house():
    """One workshop with something of everything."""
    workshop = WorkshopFactory(title="Espace public", facilitator=UserFactory())
    member = EnrolmentFactory(workshop=workshop).member
    meeting = MeetingFactory(workshop=workshop, held=True, title="Audition des jardiniers", kind="hearing")
    AgendaItemFactory(meeting=meeting)
    AttendanceFactory(meeting=meeting, member=member, status="present")
    PersonHeardFactory(meeting=meeting)
    DecisionFactory(meeting=meeting, votes_for=3, votes_against=1, abstentions=0)
    QuestionFactory(meeting=meeting)
    notebook = NotebookFactory(workshop=workshop)
    NotebookSectionFactory(notebook=notebook)
    NotebookQuestionFactory(notebook=notebook)
    return {
        "workshop": workshop,
        "member": member,
        "meeting": meeting,
        "notebook": notebook,
        "minutes": MinutesFactory(meeting=meeting),
    }


@pytest.mark.parametrize("reader", ["visitor", "member", "facilitator", "secretary"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_everybody_reads_the_pages_of_the_house(client, house, secretary, reader, language):
    people = {
        "member": house["member"].user,
        "facilitator": house["workshop"].facilitators.get(),
        "secretary": secretary,
    }
    if reader in people:
        client.force_login(people[reader])
    pages = [
        address(name)
        for name in ["workshop_list", "meeting_list", "question_list", "minutes_list", "notebook_list"]
    ]
    pages += [house["workshop"].get_absolute_url(), house["meeting"].get_absolute_url()]
    inside = [house["notebook"].get_absolute_url()]
    if reader not in ("visitor", "member"):
        pages += [house["minutes"].get_absolute_url()]

    assert {page: client.get(language + page).status_code for page in pages} == dict.fromkeys(pages, 200)
    assert client.get(inside[0]).status_code == (404 if reader == "visitor" else 200)


def test_staff_open_every_form(client, house, secretary):
    client.force_login(secretary)
    cycle, meeting, notebook = house["workshop"].cycle.number, house["meeting"].pk, house["notebook"]
    planned = MeetingFactory(workshop=house["workshop"])
    called = MeetingFactory(workshop=house["workshop"], called=True)
    pages = [
        address("workshop_add", cycle),
        address("workshop_edit", house["workshop"].pk),
        address("workshop_name_facilitator", house["workshop"].pk),
        address("workshop_relieve_facilitator", house["workshop"].pk),
        address("workshop_name_rapporteur", house["workshop"].pk),
        address("workshop_open_notebook", house["workshop"].pk),
        address("enrolment_list", cycle),
        address("enrolment_move", Enrolment.objects.get().pk),
        address("allotment_add", cycle),
        address("meeting_add", cycle),
        *(address(f"meeting_{act}", planned.pk) for act in ["edit", "call", "cancel"]),
        *(address(f"meeting_{act}", called.pk) for act in ["move", "hold", "take_attendance"]),
        address("meeting_write_minutes", meeting),
        address("agendaitem_add", planned.pk),
        address("personheard_add", meeting),
        address("decision_add", meeting),
        address("meeting_question_add", meeting),
        address("workshop_question_add", house["workshop"].pk),
        address("question_reply", Question.objects.get().pk),
        *(
            address(f"minutes_{act}", house["minutes"].pk)
            for act in ["edit", "submit", "send_back", "approve", "publish"]
        ),
        *(
            address(f"notebook_{act}", notebook.pk)
            for act in ["edit", "submit", "send_back", "approve", "deposit"]
        ),
        address("notebooksection_edit", notebook.sections.get().pk),
        address("notebookquestion_add", notebook.pk),
        address("notebookquestion_edit", notebook.questions.get().pk),
    ]

    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


@pytest.mark.parametrize("page", ["workshop_list", "notebook_list", "minutes_list", "question_list"])
def test_a_list_keeps_to_one_cycle(client, house, page):
    other = WorkshopFactory(title="Un autre atelier").cycle

    narrowed = client.get(address(page), {"cycle": other.number})

    assert narrowed.context["of_cycle"] == other
    assert house["workshop"].title not in narrowed.content.decode()
    assert client.get(address(page), {"cycle": "²"}).status_code == 200


def test_the_first_workshop_of_a_cycle_has_its_button(client, secretary):
    cycle = WorkshopFactory().cycle
    cycle.workshops.all().delete()
    client.force_login(secretary)

    page = client.get(address("workshop_list"), {"cycle": cycle.number})

    assert address("workshop_add", cycle.number) in page.content.decode()
