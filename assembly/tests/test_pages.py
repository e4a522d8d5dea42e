from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assembly import clock
from assembly.factories import AppointmentFactory, CycleFactory, MemberFactory, PoolFactory, UserFactory
from assembly.models import Appointment, Cycle, Document, Job, Member, Observation
from deliberations.factories import BallotFactory, BallotPaperFactory, MeasureFactory, ProposalFactory
from deliberations.models import Measure, Proposal
from workshops.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    MeetingFactory,
    QuestionFactory,
    WorkshopFactory,
)
from workshops.models import Attendance, Meeting, NeedsSheet, Question

PUBLIC = [
    "/",
    "/cycles/",
    "/cycles/1/",
    "/cycles/1/composition/",
    "/cycles/1/observations/",
    "/documents/",
    "/accessibilite/",
    "/mentions-legales/",
    "/donnees-personnelles/",
]


@pytest.fixture
def cycle(db):
    return CycleFactory(number=1, title="Promotion 1")


@pytest.fixture
def lived(cycle, secretary):
    """A cycle in which something of everything happened."""
    furnish(cycle, 1)
    return cycle


def furnish(cycle, number):
    """`number` of everything a page of the roof may show."""
    pool = PoolFactory(cycle=cycle)
    for place in range(number):
        workshop = WorkshopFactory(cycle=cycle)
        EnrolmentFactory(workshop=workshop, member=MemberFactory(pool=pool, seated=True))
        MeetingFactory(workshop=workshop, called=True)
        MeetingFactory(workshop=workshop, held=True)
        QuestionFactory(
            meeting=MeetingFactory(workshop=workshop, called=True), due_on=clock.today() - timedelta(days=3)
        )
        text = ProposalFactory(workshop=workshop, cycle=cycle, in_follow_up=True)
        MeasureFactory(proposal=text, number=place + 1, overdue=True)
        ProposalFactory(workshop=workshop, cycle=cycle)
        observation = Observation.objects.create(cycle=cycle, title="Le gel", text="Rien à redire.")
        Observation.objects.filter(pk=observation.pk).update(published_at=clock.now())
        Document.objects.create(kind="minutes", title="Compte rendu", cycle=cycle, content={})


def cost(client, address):
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


# Everybody -------------------------------------------------------------------


@pytest.mark.parametrize("address", PUBLIC)
@pytest.mark.parametrize("language", ["", "/en"])
def test_public_pages_open_to_everybody_in_both_languages(client, lived, address, language):
    assert client.get(f"{language}{address}").status_code == 200


def test_the_house_opens_before_anything_happened(client, db):
    assert client.get("/").status_code == 200
    assert client.get("/cycles/").status_code == 200


def test_a_cycle_being_prepared_is_not_public(client, cycle):
    Cycle.objects.update(state=Cycle.State.PREPARATION)

    assert list(client.get("/cycles/").context["object_list"]) == []
    assert client.get("/cycles/1/").status_code == 404
    assert client.get("/cycles/1/composition/").status_code == 404
    assert client.get("/").context["cycle"] is None


def test_the_home_page_tells_of_the_cycle_under_way(client, cycle):
    CycleFactory(number=2, state=Cycle.State.FOLLOW_UP)

    assert client.get("/").context["cycle"] == cycle


def test_drafts_and_names_stay_off_the_public_pages(client, lived):
    Member.objects.update(state="sitting")
    name, draft = Member.objects.first().user.name, ProposalFactory(cycle=lived, title="Brouillon secret")

    pages = "".join(client.get(address).content.decode() for address in PUBLIC)

    assert name not in pages
    assert draft.title not in pages


@pytest.mark.parametrize(
    ("address", "most"), [("/", 15), ("/cycles/", 10), ("/cycles/1/", 12), ("/cycles/1/composition/", 12)]
)
def test_public_pages_cost_the_same_for_one_and_for_ten(client, lived, address, most):
    before = cost(client, address)

    furnish(lived, 9)
    for _ in range(5):
        CycleFactory()

    assert (cost(client, address), before <= most) == (before, True)


# Those who run it ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/tableau/", 10),
        ("/cycles/1/tableau/", 15),
        ("/cycles/1/journal/", 10),
        ("/cycles/1/membres/", 10),
        ("/nominations/", 10),
    ],
)
def test_boards_cost_the_same_for_one_and_for_ten(client, secretary, lived, address, most):
    client.force_login(secretary)
    lived.record("edit", by=secretary)
    before = cost(client, address)

    furnish(lived, 9)
    AppointmentFactory.create_batch(9)
    for _ in range(9):
        lived.record("edit", by=secretary)

    assert (cost(client, address), before <= most) == (before, True)


STAFF_PAGES = {
    "/tableau/": {
        "secretariat",
        "operator",
        "facilitator",
        "guarantor",
        "bailiff",
        "executive",
        "department",
        "support",
    },
    "/cycles/1/tableau/": {
        "secretariat",
        "operator",
        "facilitator",
        "guarantor",
        "bailiff",
        "executive",
        "department",
        "support",
    },
    "/cycles/1/journal/": {"secretariat", "guarantor"},
    "/cycles/1/membres/": {"secretariat"},
    "/nominations/": {"secretariat"},
    "/nominations/nouvelle/": {"secretariat"},
    "/cycles/nouveau/": {"secretariat"},
    "/cycles/1/observations/nouvelle/": {"guarantor"},
}


@pytest.mark.parametrize("role", [role for role, _label in Appointment.GIVEN])
@pytest.mark.parametrize("address", STAFF_PAGES)
def test_each_role_opens_its_own_doors(client, appointed, lived, role, address):
    client.force_login(appointed(role))

    assert client.get(address).status_code == (200 if role in STAFF_PAGES[address] else 403)


@pytest.mark.parametrize("address", STAFF_PAGES)
def test_staff_pages_ask_for_a_login(client, lived, address):
    assert client.get(address).url.startswith("/compte/login/")


def test_the_board_says_what_is_late_first(client, secretary, lived):
    client.force_login(secretary)

    context = client.get("/cycles/1/tableau/").context

    question, measure = Question.objects.get(), Measure.objects.get()
    held, draft = Meeting.objects.held().get(), Proposal.objects.get(state="draft")
    assert {due.url for due in context["late"]} == {question.get_absolute_url(), measure.get_absolute_url()}
    assert {held.get_absolute_url(), draft.get_absolute_url()} <= {due.url for due in context["due"]}


def test_every_door_of_the_board_opens(client, secretary, lived):
    client.force_login(secretary)

    doors = client.get("/cycles/1/tableau/").context["doors"]

    assert len(doors) == 21
    assert {client.get(address).status_code for _label, address, _icon in doors} == {200}


def test_the_journal_holds_the_acts_of_everything_in_the_cycle_and_of_nothing_else(client, secretary, cycle):
    member = MemberFactory(pool__cycle=cycle)
    member.sit(by=secretary)
    CycleFactory().record("edit", by=secretary)
    client.force_login(secretary)

    response = client.get("/cycles/1/journal/")

    assert [entry.act for entry in response.context["object_list"]] == ["assembly.member.sit"]


def test_the_journal_is_searched_by_object_and_role(client, secretary, cycle):
    MemberFactory(pool__cycle=cycle).sit(by=secretary)
    cycle.record("edit", by=secretary)
    client.force_login(secretary)

    def found(query):
        return [entry.act for entry in client.get(f"/cycles/1/journal/?{query}").context["object_list"]]

    assert found("about=assembly.member") == ["assembly.member.sit"]
    assert found("role=guarantor") == []
    assert found("q=Promotion") == ["assembly.cycle.edit"]


def test_a_person_is_appointed_by_their_address(client, secretary):
    client.force_login(secretary)

    sent = {"email": "Nora@exemple.invalid", "name": "Nora", "role": "bailiff", "since": "2026-01-01"}
    client.post("/nominations/nouvelle/", sent)

    held = Appointment.objects.get(role="bailiff")
    assert (held.user.email, held.user.has_usable_password()) == ("nora@exemple.invalid", False)


def test_an_appointment_ends_the_same_day(client, secretary, appointed):
    operator = appointed("operator")
    client.force_login(secretary)

    client.post(f"/nominations/{operator.appointments.get().pk}/terminer/")

    assert not operator.appointments.current().exists()


# Observations --------------------------------------------------------------------


def test_an_observation_is_public_once_the_guarantor_publishes_it(client, appointed, cycle):
    guarantor = appointed("guarantor")
    client.force_login(guarantor)
    client.post("/cycles/1/observations/nouvelle/", {"title": "Le gel du vivier", "text": "Conforme."})
    observation = Observation.objects.get()
    client.logout()
    assert "Le gel du vivier" not in client.get("/cycles/1/observations/").content.decode()

    client.force_login(guarantor)
    client.post(f"/observations/{observation.pk}/publier/")
    client.logout()

    assert "Le gel du vivier" in client.get("/cycles/1/observations/").content.decode()


def test_nobody_else_publishes_an_observation(client, secretary, cycle):
    observation = Observation.objects.create(cycle=cycle, title="Le gel", text="Conforme.")
    client.force_login(secretary)

    assert client.post(f"/observations/{observation.pk}/publier/").status_code == 403


# Members ---------------------------------------------------------------------------


@pytest.fixture
def member(cycle):
    workshop = WorkshopFactory(cycle=cycle)
    return EnrolmentFactory(workshop=workshop, member=MemberFactory(pool__cycle=cycle, seated=True)).member


def space(client, member):
    client.force_login(member.user)
    return client.get("/mon-espace/").context


def test_a_vote_comes_before_everything_else_in_a_members_space(client, member):
    workshop = member.enrolment.workshop
    AttendanceFactory(meeting=MeetingFactory(workshop=workshop, called=True), member=member)
    ballot = BallotFactory(online=True, proposal=ProposalFactory(workshop=workshop, settled=True))
    BallotPaperFactory(ballot=ballot, member=member)

    context = space(client, member)

    assert context["step"].url == ballot.get_absolute_url()
    assert context["meeting"].place == "Hôtel de Ville, salle 402"


def told(member):
    """They said what would help them: nothing more is asked."""
    NeedsSheet.objects.create(member=member).tell(by=member.user, needs={})


def test_a_meeting_is_the_next_step_of_who_has_nothing_else_to_do(client, member):
    told(member)
    meeting = MeetingFactory(workshop=member.enrolment.workshop, called=True)
    AttendanceFactory(meeting=meeting, member=member)

    context = space(client, member)

    assert (context["step"], context["meeting"]) == (None, meeting)


def test_half_days_are_those_of_meetings_held_and_attended(client, member):
    for traits in [{"held": True}, {"held": True, "half_days": 2}, {"called": True}]:
        meeting = MeetingFactory(workshop=member.enrolment.workshop, **traits)
        AttendanceFactory(meeting=meeting, member=member, status=Attendance.Status.PRESENT)

    assert space(client, member)["half_days"] == 3


def test_a_member_without_anything_to_do_is_told_so(client, member):
    told(member)
    assert space(client, member)["step"] is None


def test_a_members_space_costs_little_whatever_happened(client, member):
    client.force_login(member.user)
    AttendanceFactory(meeting=MeetingFactory(workshop=member.enrolment.workshop, called=True), member=member)
    before = cost(client, "/mon-espace/")

    for _ in range(6):
        AttendanceFactory(
            meeting=MeetingFactory(workshop=member.enrolment.workshop, called=True), member=member
        )
        Document.objects.create(kind="minutes", title="Compte rendu", cycle=member.cycle, content={})

    assert cost(client, "/mon-espace/") == before <= 15


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("secretariat", "/tableau/"),
        ("operator", "/tableau/"),
        ("facilitator", "/tableau/"),
        ("support", "/besoins/"),
        ("guarantor", "/tableau/"),
        ("bailiff", "/tirages/"),
        ("executive", "/voeux/tableau/"),
        ("department", "/suivi/"),
    ],
)
def test_each_role_lands_where_it_works(client, appointed, role, address):
    client.force_login(appointed(role))

    response = client.get("/mon-espace/")

    assert response.url.partition("?")[0] == address
    assert client.get(response.url).status_code == 200


def test_members_read_names_and_never_addresses(client, cycle):
    seats = MemberFactory.create_batch(2, pool=PoolFactory(cycle=cycle), seated=True)
    client.force_login(seats[0].user)

    page = client.get("/cycles/1/membres/").content.decode()

    assert seats[1].user.name in page
    assert seats[1].user.email not in page


def test_the_members_of_another_cycle_are_not_shown(client, cycle):
    other = MemberFactory(seated=True)
    client.force_login(other.user)

    assert client.get("/cycles/1/membres/").status_code == 403


def test_a_resignation_keeps_its_reason(client, secretary, member):
    client.force_login(secretary)

    client.post(f"/membres/{member.pk}/demission/", {"reason": "Déménagement", "since": clock.today()})

    member.refresh_from_db()
    assert (member.state, member.reason) == (Member.State.RESIGNED, "Déménagement")


def test_a_removal_keeps_its_reason_and_happens_once(client, secretary, member):
    client.force_login(secretary)
    cause = {"reason": "Manquement à la charte", "since": clock.today()}

    client.post(f"/membres/{member.pk}/radiation/", cause)
    again = client.post(f"/membres/{member.pk}/radiation/", cause | {"reason": "Encore"})

    member.refresh_from_db()
    assert (member.state, member.reason) == (Member.State.REMOVED, "Manquement à la charte")
    assert member.until
    assert again.status_code == 200
    assert member.entries.filter(act="assembly.member.remove").count() == 1


def test_a_removal_owes_its_reason(client, secretary, member):
    client.force_login(secretary)

    client.post(f"/membres/{member.pk}/radiation/", {"reason": " ", "since": clock.today()})

    member.refresh_from_db()
    assert member.state == Member.State.SITTING


def test_members_do_not_remove_each_other(client, member):
    client.force_login(member.user)

    assert client.post(f"/membres/{member.pk}/radiation/", {"reason": "Non"}).status_code == 403


def test_a_person_without_seat_or_role_is_not_lost(client, db):
    client.force_login(UserFactory())

    assert client.get("/mon-espace/").status_code == 200


# Documents and jobs -----------------------------------------------------------------


@pytest.fixture
def document(cycle):
    return Document.objects.create(
        kind="minutes",
        title="Compte rendu de la plénière",
        cycle=cycle,
        content={},
        html='<body><h1>En-tête</h1><main class="paper"><p>Le texte figé.</p></main></body>',
    )


def test_a_document_is_read_as_a_page_without_its_letterhead(client, document):
    page = client.get(document.get_absolute_url()).content.decode()

    assert "<p>Le texte figé.</p>" in page
    assert "En-tête" not in page


def test_a_document_for_staff_does_not_exist_for_the_public(client, document):
    Document.objects.update(audience=Document.Audience.STAFF)

    assert client.get(document.get_absolute_url()).status_code == 404
    assert client.get(document.pdf_url).status_code == 404


def test_a_sheet_is_served_once_printed(client, document):
    assert client.get(document.pdf_url).url == document.get_absolute_url()

    document.file.save("feuille.pdf", ContentFile(b"%PDF-1.7"))

    assert b"".join(client.get(document.pdf_url)) == b"%PDF-1.7"


def test_documents_are_found_by_kind_cycle_and_words(client, document):
    Document.objects.create(kind="record", title="Procès-verbal", cycle=CycleFactory(number=2), content={})

    def found(query):
        return [row.title for row in client.get(f"/documents/?{query}").context["object_list"]]

    assert found("kind=record") == ["Procès-verbal"]
    assert found("cycle=1") == ["Compte rendu de la plénière"]
    assert found("q=verbal") == ["Procès-verbal"]
    assert len(found("cycle=nonsense")) == 2


def test_a_failed_job_is_put_back_in_line(client, secretary):
    job = Job.objects.create(
        kind="unheard_of", key="unheard_of:1", about=1, state=Job.State.FAILED, attempts=5
    )
    client.force_login(secretary)

    assert client.get(f"/travaux/{job.pk}/relancer/").status_code == 405
    client.post(f"/travaux/{job.pk}/relancer/")

    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.WAITING, 0)


def test_a_job_belongs_to_whoever_asked_and_to_the_secretariat(client, appointed):
    job = Job.objects.create(kind="unheard_of", key="unheard_of:1", about=1)
    client.force_login(appointed("guarantor"))

    assert client.get(job.get_absolute_url()).status_code == 404
    assert client.post(f"/travaux/{job.pk}/relancer/").status_code == 404


def test_an_appointment_has_a_likely_date(client, secretary):
    client.force_login(secretary)
    given = {"email": "a@exemple.invalid", "name": "A", "role": "guarantor", "since": "0001-01-01"}

    page = client.post("/nominations/nouvelle/", given)

    assert page.context["form"].errors.keys() == {"since"}
