"""The other instruments: asked for, granted or refused with reasons, carried out, reported."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from assembly.documents import to_html
from assembly.models import Cycle
from deliberations.factories import a_workshop
from deliberations.models import InstrumentLimit, Request
from sortition.factories import VolunteerFactory
from workshops.factories import MeetingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    return a_workshop(3)


@pytest.fixture
def cycle(workshop):
    return workshop.cycle


@pytest.fixture
def member(workshop):
    return workshop.members.first().user


@pytest.fixture
def executive(appointed):
    return appointed("executive")


@pytest.fixture
def asking(cycle, member, secretary, executive):
    """A function: a request of one kind, brought as far as wanted."""

    def ask(kind="question", upto="draft", **given):
        facts = {"title": "Les rues aux écoles", "text": "Où en est-on ?", "workshop": None}
        row = Request.objects.ask(by=member, cycle=cycle, kind=kind, **facts | given)
        if upto != "draft":
            row.send(by=secretary)
        if upto in ("granted", "done"):
            row.grant(by=executive, answer="Oui.")
        if upto == "done":
            row.report(by=secretary, outcome="La question a été posée le 3 mars.")
        return row

    return ask


def to(name, row):
    return reverse(f"deliberations:{name}", args=[row.pk])


def test_a_member_writes_a_request_that_stays_inside_until_it_is_sent(client, cycle, member, secretary):
    client.force_login(member)
    sent = {"kind": "question", "title": "Les rues aux écoles", "text": "Où en est-on ?"}
    page = client.post(reverse("deliberations:request_add", args=[cycle.number]), sent, follow=True)
    assertContains(page, "Les rues aux écoles")
    row = Request.objects.get()
    client.logout()
    assert client.get(row.get_absolute_url()).status_code == 404

    client.force_login(secretary)
    client.post(to("request_send", row))
    client.logout()

    assertContains(client.get(reverse("deliberations:request_list")), "Les rues aux écoles")


def test_a_refusal_gives_its_reasons_to_everybody(client, asking, executive):
    row = asking(upto="sent")
    client.force_login(executive)
    client.post(to("request_refuse", row), {"reason": ""})
    row.refresh_from_db()
    assert row.state == "sent"

    client.post(to("request_refuse", row), {"reason": "La réponse est déjà publique."})
    client.logout()

    assertContains(client.get(row.get_absolute_url()), "La réponse est déjà publique.")
    assertContains(client.get(reverse("deliberations:request_list")), "La réponse est déjà publique.")


def test_the_secretariat_limits_the_instruments_in_plain_words(client, cycle, secretary, asking):
    client.force_login(secretary)
    client.post(reverse("deliberations:instrument_limits", args=[cycle.number]), {"question": 1, "jury": ""})
    assert InstrumentLimit.objects.get().most == 1
    asking(upto="sent")
    second = asking()

    page = client.post(to("request_send", second))

    assertContains(page, "1 fois")
    second.refresh_from_db()
    assert second.state == "draft"
    client.post(reverse("deliberations:instrument_limits", args=[cycle.number]), {"question": ""})
    assert not InstrumentLimit.objects.exists()


def test_the_public_reads_how_many_members_a_mission_has_never_who(client, asking, workshop, secretary):
    row = asking("mission", upto="granted")
    seats = list(workshop.members.all()[:2])
    client.force_login(secretary)
    client.post(to("request_name_members", row), {"members": [seat.pk for seat in seats]})
    assertContains(client.get(row.get_absolute_url()), seats[0].shown_name)
    client.logout()

    page = client.get(row.get_absolute_url())

    assertContains(page, "<dd>2</dd>")
    assertNotContains(page, seats[0].shown_name)
    assert seats[0].user.name not in str(list(row.entries.values_list("facts", flat=True)))


def test_a_mission_links_its_hearings_and_its_report_is_printed(client, asking, cycle, secretary):
    row = asking("mission", upto="granted")
    hearing = MeetingFactory(cycle=cycle, kind="hearing", workshop=None, held=True)
    client.force_login(secretary)
    client.post(to("request_add_meeting", row), {"meeting": hearing.pk})

    client.post(to("request_report", row), {"outcome": "Les rues sont ouvertes, mais peu connues."})

    row.refresh_from_db()
    page = to_html(row.document)
    assert (row.state, row.document.audience) == ("done", "public")
    assert hearing.title in page
    assert "Les rues sont ouvertes" in page


def test_a_jury_opens_its_own_small_cycle(client, asking, cycle, secretary):
    row = asking("jury", upto="granted")
    client.force_login(secretary)
    particulars = {"seats": 12, "starts_on": "2031-01-10", "ends_on": "2031-03-20"}

    client.post(to("request_convene", row), particulars)

    row.refresh_from_db()
    jury = row.jury
    assert (jury.number, jury.parent, jury.seats) == (cycle.number * 100 + 1, cycle, 12)
    assert jury.contradictions() == []
    assert client.get(jury.get_setup_url()).status_code == 200
    jury.open_recruitment(by=secretary)
    for name in (
        "sortition:recruitment",
        "sortition:draw_add",
        "sortition:seat_list",
        "assembly:cycle_board",
    ):
        assert client.get(reverse(name, args=[jury.number])).status_code == 200, name
    assertContains(client.get(reverse("workshops:meeting_add", args=[jury.number])), "</form>")


def test_a_jury_is_no_intake(client, asking, cycle, secretary):
    row = asking("jury", upto="granted")
    row.convene(by=secretary, seats=8, starts_on=date(2031, 1, 10), ends_on=date(2031, 3, 20))
    row.jury.open_recruitment(by=secretary)

    intakes = client.get(reverse("assembly:cycle_list")).context["object_list"]
    assert row.jury not in intakes
    assert client.get(reverse("home")).context["cycle"] == cycle
    assertContains(client.get(cycle.get_absolute_url()), row.jury.get_absolute_url())
    assertContains(client.get(row.jury.get_absolute_url()), cycle.get_absolute_url())
    assertContains(client.get(row.get_absolute_url()), row.jury.get_absolute_url())


def test_a_jury_is_convened_once(asking, secretary):
    row = asking("jury", upto="granted")
    dates = {"starts_on": date(2031, 1, 10), "ends_on": date(2031, 3, 20)}
    row.convene(by=secretary, seats=8, **dates)

    with pytest.raises(ValidationError):
        row.convene(by=secretary, seats=8, **dates)

    assert Cycle.objects.filter(parent__isnull=False).count() == 1


def test_the_list_costs_the_same_for_one_and_for_many(client, asking, django_assert_max_num_queries):
    for _ in range(5):
        asking(upto="done")

    with django_assert_max_num_queries(10):
        client.get(reverse("deliberations:request_list"))


def test_lists_narrow_and_an_impossible_wish_asks_for_nothing(client, asking):
    asking(upto="sent", title="Une question")
    asking("mission", upto="sent", title="Une mission")

    page = client.get(reverse("deliberations:request_list"), {"kind": "mission"})
    assertContains(page, "Une mission")
    assertNotContains(page, "Une question")
    assert client.get(reverse("deliberations:request_list"), {"kind": "x", "cycle": "y"}).status_code == 200


def test_the_reserve_of_the_assembly_is_brought_into_the_jury_once(client, asking, cycle, secretary):
    row = asking("jury", upto="granted")
    row.convene(by=secretary, seats=8, starts_on=date(2031, 1, 10), ends_on=date(2031, 3, 20))
    row.jury.open_recruitment(by=secretary)
    pool = cycle.pools.first() or cycle.pools.create(key="roll", title="Listes", seats=10)
    for state in ("reserve", "not_drawn", "withdrawn", "confirmed"):
        VolunteerFactory(pool=pool, cycle=cycle, state=state)
    client.force_login(secretary)
    address = reverse("sortition:reserve_in", args=[row.jury.number])
    assert client.get(reverse("sortition:reserve_in", args=[cycle.number])).status_code == 404

    assert client.post(address, {}).status_code == 200
    client.post(address, {"asked": "on"})
    client.post(address, {"asked": "on"})

    assert row.jury.volunteers.count() == 2
    assert cycle.volunteers.filter(state__in=["reserve", "not_drawn"]).count() == 2
    assert set(row.jury.contacts.values_list("purge_on", flat=True)) == {date(2031, 3, 20)}


def test_only_the_secretariat_brings_the_reserve_in(client, asking, secretary, member):
    row = asking("jury", upto="granted")
    row.convene(by=secretary, seats=8, starts_on=date(2031, 1, 10), ends_on=date(2031, 3, 20))
    row.jury.open_recruitment(by=secretary)
    client.force_login(member)

    assert client.get(reverse("sortition:reserve_in", args=[row.jury.number])).status_code == 403
