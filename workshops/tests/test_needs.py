"""Needs are told once, read by the support team only, ticked off at each meeting, and gone with the cycle."""

import pytest
from django.core.management import call_command
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from assembly.models import Appointment, JournalEntry
from sortition.factories import SeatOfferFactory, VolunteerFactory
from workshops.factories import AttendanceFactory, EnrolmentFactory, MeetingFactory, WorkshopFactory
from workshops.models import Need, NeedsSheet, Provision
from workshops.next_step import waiting_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return MeetingFactory(called=True, workshop=WorkshopFactory(facilitator=None))


@pytest.fixture
def member(meeting):
    member = EnrolmentFactory(workshop=meeting.workshop).member
    AttendanceFactory(meeting=meeting, member=member)
    return member


@pytest.fixture
def helper(appointed):
    return appointed("support")


def needs_of(member, **needs):
    sheet, _new = NeedsSheet.objects.get_or_create(member=member)
    sheet.tell(by=member.user, needs=needs)
    return sheet


def page_of(meeting):
    return reverse("workshops:meeting_provide", args=[meeting.pk])


def sent(need, outcome, note="", seen="|"):
    return {f"outcome_{need.pk}": outcome, f"note_{need.pk}": note, f"seen_{need.pk}": seen}


def test_a_member_tells_and_changes_their_mind(client, member):
    client.force_login(member.user)
    address = reverse("workshops:needs_tell")

    client.post(address, {"childcare": "on", "childcare_words": "Deux enfants", "access_words": "Ascenseur"})
    assert dict(Need.objects.values_list("kind", "words")) == {
        "childcare": "Deux enfants",
        "access": "Ascenseur",
    }
    client.post(address, {"transport": "on"})

    assert list(Need.objects.values_list("kind", flat=True)) == ["transport"]
    assertContains(client.get(address), 'name="transport"')


def test_needing_nothing_is_an_answer(client, member):
    url = reverse("workshops:needs_tell")
    assert url in [step.url for step in waiting_for(member.user)]
    client.force_login(member.user)

    client.post(url, {})

    assert url not in [step.url for step in waiting_for(type(member.user).objects.get(pk=member.user_id))]


def test_what_was_written_when_volunteering_is_not_asked_again(client, member):
    volunteer = VolunteerFactory(
        pool=member.pool, contact__cycle=member.cycle, contact__needs="Une place près de la porte"
    )
    offer = SeatOfferFactory(volunteer=volunteer, draw__cycle=member.cycle)
    type(offer).objects.filter(pk=offer.pk).update(member=member)
    client.force_login(member.user)

    assertContains(client.get(reverse("workshops:needs_tell")), "Une place près de la porte")


def test_something_else_is_told_in_words(client, member):
    client.force_login(member.user)

    page = client.post(reverse("workshops:needs_tell"), {"other": "on", "childcare_words": "Deux enfants"})

    assert page.context["form"].errors.keys() == {"other_words"}
    assertContains(page, "Deux enfants")
    assert not Need.objects.exists()


def test_the_journal_knows_that_somebody_answered_not_what(member):
    needs_of(member, interpreting="Langue des signes")

    entry = JournalEntry.objects.get(act="workshops.needssheet.tell")
    assert "signes" not in f"{entry.facts}{entry.label}"


@pytest.mark.parametrize("role", [role for role, _label in Appointment.GIVEN if role != "support"])
def test_nobody_but_the_support_team_reads_needs(client, appointed, meeting, member, role):
    needs_of(member, access="Fauteuil roulant")
    user = appointed(role)
    meeting.workshop.facilitators.add(user)
    client.force_login(user)

    assert client.get(page_of(meeting)).status_code == 403
    assert client.get(reverse("workshops:support_list")).status_code == 403
    assert not Need.objects.visible_to(user).exists()
    assertNotContains(client.get(meeting.get_absolute_url()), "Fauteuil")


def test_other_members_do_not_read_needs_either(client, meeting, member):
    needs_of(member, access="Fauteuil roulant")
    client.force_login(EnrolmentFactory(workshop=meeting.workshop).member.user)

    assert client.get(page_of(meeting)).status_code == 403


def test_a_support_team_of_another_cycle_sees_nothing(client, appointed, meeting, member):
    needs_of(member, access="Fauteuil roulant")
    client.force_login(appointed("support", cycle=WorkshopFactory().cycle))

    assert client.get(page_of(meeting)).status_code == 403
    assertNotContains(client.get(reverse("workshops:support_list")), meeting.title)


def test_the_team_ticks_off_a_need_with_its_name_on_it(client, helper, meeting, member):
    need = needs_of(member, access="Fauteuil roulant").needs.get()
    client.force_login(helper)
    assertContains(client.get(page_of(meeting)), "Fauteuil roulant")

    client.post(page_of(meeting), sent(need, "provided", "Salle au rez-de-chaussée"))

    row = Provision.objects.get()
    assert (row.outcome, row.note, row.by) == ("provided", "Salle au rez-de-chaussée", helper)
    assertContains(client.get(reverse("workshops:support_list")), "1")
    client.post(page_of(meeting), sent(need, "", seen="provided|Salle au rez-de-chaussée"))
    assert not Provision.objects.exists()


def test_two_helpers_at_once_do_not_undo_each_other(client, appointed, helper, meeting, member):
    need = needs_of(member, access="Fauteuil roulant").needs.get()
    meeting.provide(by=appointed("support"), marks={need.pk: ("impossible", "Escalier")}, seen={})
    client.force_login(helper)

    page = client.post(page_of(meeting), sent(need, "provided"), follow=True)

    assert Provision.objects.get().outcome == "impossible"
    assertContains(page, "quelqu’un d’autre")


def test_who_said_they_cannot_come_needs_nothing_there(helper, meeting, member):
    needs_of(member, access="Fauteuil roulant")
    meeting.attendances.update(status="excused")

    assert not Need.objects.at(meeting).exists()


def test_who_is_away_at_one_meeting_still_counts_at_the_other(client, helper, meeting, member):
    need = needs_of(member, access="Fauteuil roulant").needs.get()
    missed = MeetingFactory(called=True, workshop=meeting.workshop)
    AttendanceFactory(meeting=missed, member=member, status="excused")
    meeting.provide(by=helper, marks={need.pk: ("provided", "")}, seen={})
    client.force_login(helper)

    rows = client.get(reverse("workshops:support_list")).context["rows"]

    assert {row["meeting"].pk: (row["told"], row["settled"]) for row in rows} == {
        meeting.pk: (1, 1),
        missed.pk: (0, 0),
    }


def test_needs_go_with_the_cycle(member):
    needs_of(member, access="Fauteuil roulant")
    call_command("purge_expired_data")
    assert Need.objects.exists()
    type(member.cycle).objects.update(state="follow_up")

    call_command("purge_expired_data")

    assert not NeedsSheet.objects.exists()
    assert JournalEntry.objects.get(act="assembly.cycle.purge_needs").facts == {"deleted": 1}


def test_needs_go_with_the_seat(member, secretary):
    needs_of(member, access="Fauteuil roulant")
    member.resign(by=secretary, reason="Déménagement")

    call_command("purge_expired_data")

    assert not Need.objects.exists()


def test_a_cycle_that_is_over_asks_nothing(client, member):
    type(member.cycle).objects.update(state="follow_up")
    client.force_login(member.user)

    page = client.post(reverse("workshops:needs_tell"), {"transport": "on"})

    assert page.status_code == 200
    assert not Need.objects.exists()


def test_the_team_s_pages_cost_the_same_however_many_need_something(
    client, helper, meeting, member, django_assert_max_num_queries
):
    client.force_login(helper)
    needs_of(member, access="Fauteuil roulant")
    pages = [page_of(meeting), reverse("workshops:support_list")]
    for page in pages:
        client.get(page)
    for number in range(12):
        other = AttendanceFactory(meeting=meeting).member
        needs_of(other, transport=str(number), childcare="Oui")
        MeetingFactory(workshop=meeting.workshop, called=True)

    for page in pages:
        with django_assert_max_num_queries(11):
            client.get(page)
