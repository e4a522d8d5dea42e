"""The space of a workshop: one row of tabs, each section to those it is for, cheaply."""

from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from assembly import clock
from assembly.factories import MemberFactory, UserFactory
from assembly.next_step import Step, ordered
from workshops.factories import AttendanceFactory, EnrolmentFactory, MeetingFactory, WorkshopFactory
from workshops.sections import SECTIONS

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    return WorkshopFactory(facilitator=UserFactory(name="Inès Corvaisier"))


def seat(workshop, name):
    member = MemberFactory(pool__cycle=workshop.cycle, seated=True, user=UserFactory(name=name))
    return EnrolmentFactory(workshop=workshop, member=member).member


@pytest.fixture
def member(workshop):
    return seat(workshop, "Odile Marchand")


def address(workshop, slug):
    return reverse("workshops:workshop_section", args=[workshop.pk, slug])


def test_every_section_opens_to_the_workshop_in_both_languages(client, workshop, member):
    client.force_login(member.user)

    pages = [language + address(workshop, slug) for slug in SECTIONS for language in ("", "/en")]
    for page in pages:
        opened = client.get(page)
        assert opened.status_code == 200, page
        assert sum(tab["here"] for tab in opened.context["tabs"]) == 1, page


def test_a_visitor_sees_the_open_sections_and_finds_a_door_at_the_others(client, workshop, member):
    page = client.get(workshop.get_absolute_url())

    for slug, part in SECTIONS.items():
        assert (address(workshop, slug) in page.content.decode()) is not part.inside
        assert client.get(address(workshop, slug)).status_code == (302 if part.inside else 200)
    assertNotContains(client.get(address(workshop, "participants")), "Odile Marchand")


def test_a_member_of_another_workshop_stays_outside(client, workshop, member):
    client.force_login(EnrolmentFactory().member.user)

    assertNotContains(client.get(address(workshop, "participants")), "Odile Marchand")
    inside = next(slug for slug, part in SECTIONS.items() if part.inside)
    assert client.get(address(workshop, inside)).status_code == 403


def test_who_resigned_is_no_longer_listed(client, workshop, member, secretary):
    seat(workshop, "Karim Oubda").resign(by=secretary, reason="Déménagement")
    client.force_login(member.user)

    page = client.get(address(workshop, "participants"))

    assertContains(page, "Odile Marchand")
    assertNotContains(page, "Karim Oubda")


def test_an_unknown_section_is_not_found(client, workshop):
    assert client.get(address(workshop, "x")).status_code == 404


def test_each_section_costs_at_most_twelve_queries(client, workshop, member, django_assert_max_num_queries):
    EnrolmentFactory.create_batch(20, workshop=workshop)
    MeetingFactory.create_batch(10, workshop=workshop, called=True)
    client.force_login(member.user)
    for page in [workshop.get_absolute_url(), *(address(workshop, slug) for slug in SECTIONS)]:
        client.get(page)
        with django_assert_max_num_queries(12):
            client.get(page)


# The page a member lands on -----------------------------------------------------


def test_the_next_meeting_says_where_how_long_and_who_helps(client, workshop, member, appointed):
    appointed("support")
    AttendanceFactory(
        meeting=MeetingFactory(workshop=workshop, called=True, half_days=2, place="Mairie du 12e"),
        member=member,
    )
    client.force_login(member.user)

    page = client.get("/mon-espace/")

    for words in ["Mairie du 12e", "Demi-journées comptées", "Inès Corvaisier", "accompagnement"]:
        assertContains(page, words)


def test_a_meeting_on_the_agenda_is_next_before_its_notice(client, workshop, member, secretary):
    meeting = MeetingFactory(workshop=workshop)
    meeting.open(by=secretary)
    MeetingFactory().open(by=secretary)
    client.force_login(member.user)

    assert client.get("/mon-espace/").context["meeting"] == meeting


def test_who_has_no_workshop_yet_is_asked_to_choose(client, workshop):
    member = MemberFactory(pool__cycle=workshop.cycle, seated=True)
    client.force_login(member.user)

    assert client.get("/mon-espace/").context["step"].url == reverse("workshops:enrolment_choose")


def test_one_chooses_the_name_others_read(client, workshop, member):
    client.force_login(member.user)
    refused = client.post("/mon-espace/nom/", {"name": " ", "language": "fr"})
    assert refused.context["form"].errors.keys() == {"name"}

    client.post("/mon-espace/nom/", {"name": "Odile M.", "language": "en"})

    assertContains(client.get(address(workshop, "participants")), "Odile M.")


def test_what_is_due_soon_comes_before_what_has_no_date():
    soon, far = clock.now() + timedelta(days=1), clock.now() + timedelta(days=30)
    steps = [Step("far", "", "", far), Step("some day", "", ""), Step("soon", "", "", soon)]
    steps.append(Step("late", "", "", clock.now() - timedelta(days=1)))
    titles = [step.title for step in ordered(steps)]

    assert titles == ["late", "soon", "some day", "far"]
