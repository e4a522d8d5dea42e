"""The year of a workshop: what is late, who drifts away, who was called."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assembly import clock
from assembly.factories import UserFactory
from assembly.models import JournalEntry
from workshops.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    MeetingFactory,
    MinutesFactory,
    WorkshopFactory,
)
from workshops.models import Guest, Outreach
from workshops.year import drifting, drifting_in, late_minutes, missed_in_a_row, trend, year_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    return WorkshopFactory(facilitator=UserFactory())


def lived(workshop, *years):
    """Meetings held one a week, the last one yesterday; each argument is one member’s statuses."""
    members = [EnrolmentFactory(workshop=workshop).member for _year in years]
    for rank, statuses in enumerate(zip(*years, strict=True)):
        starts = clock.now() - timedelta(days=1 + 7 * (len(years[0]) - rank))
        meeting = MeetingFactory(held=True, workshop=workshop, starts_at=starts)
        for member, status in zip(members, statuses, strict=True):
            AttendanceFactory(meeting=meeting, member=member, status=status)
    return members


@pytest.mark.parametrize(
    ("statuses", "missed"),
    [
        ([], 0),
        (["absent", "present"], 0),
        (["present", "absent", "excused"], 2),
        (["absent"] * 3, 3),
        (["left", "absent"], 1),
    ],
)
def test_only_the_last_half_days_count(statuses, missed):
    assert missed_in_a_row(statuses) == missed


def test_whoever_missed_three_in_a_row_is_named_until_somebody_contacts_them(client, workshop):
    faithful, lost, excused = lived(
        workshop,
        ["present", "absent", "present", "present"],
        ["present", "absent", "absent", "absent"],
        ["excused", "excused", "excused", "excused"],
    )
    assert [(row.member, row.missed, row.excused, row.awaits) for row in drifting(workshop)] == [
        (excused, 4, 4, True),
        (lost, 3, 0, True),
    ]
    assert drifting_in(workshop.cycle) == drifting(workshop)
    lead = workshop.facilitators.get()
    client.force_login(lead)
    client.post(
        reverse("workshops:outreach_add", args=[workshop.pk]),
        {
            "member": lost.pk,
            "means": "call",
            "made_on": clock.today().isoformat(),
            "note": "Nouveau travail le samedi",
            "next_step": "Réunions du soir",
        },
    )

    assert {row.member: row.awaits for row in drifting(workshop)} == {excused: True, lost: False}
    contact = Outreach.objects.get()
    assert (contact.by, contact.next_step) == (lead, "Réunions du soir")
    assert "Nouveau travail" not in str(list(JournalEntry.objects.values()))
    client.post(reverse("workshops:outreach_settle", args=[contact.pk]))
    contact.refresh_from_db()
    assert contact.closed_at


def test_the_threshold_is_the_cycle_s(workshop):
    lived(workshop, ["present", "absent"])
    assert drifting(workshop) == []
    workshop.cycle.drift_after = 1
    assert len(drifting(workshop)) == 1


def test_what_is_late_is_listed(workshop):
    old = MeetingFactory(held=True, workshop=workshop, starts_at=clock.now() - timedelta(days=60))
    MeetingFactory(held=True, workshop=workshop)
    MinutesFactory(meeting=old)
    assert late_minutes(workshop) == [old]


def test_the_trend_is_a_share_of_those_invited(workshop):
    lived(workshop, ["present", "present"], ["present", "absent"])
    assert [share for _day, share in trend(year_of(workshop)["held"])] == [100, 50]


def test_the_board_is_for_those_who_run_the_workshop(client, workshop, secretary):
    people = {
        "secretary": secretary,
        "facilitator": workshop.facilitators.get(),
        "member": EnrolmentFactory(workshop=workshop).member.user,
        "stranger": UserFactory(),
    }
    found = {}
    for name, user in people.items():
        client.force_login(user)
        found[name] = client.get(reverse("workshops:workshop_year", args=[workshop.pk])).status_code
    assert found == {"secretary": 200, "facilitator": 200, "member": 403, "stranger": 403}


def test_the_board_costs_the_same_however_long_the_year(client, workshop, secretary):
    client.force_login(secretary)
    page = reverse("workshops:workshop_year", args=[workshop.pk])
    lived(workshop, ["absent"] * 3)
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    lived(workshop, *[["absent"] * 4] * 4)
    with CaptureQueriesContext(connection) as many:
        client.get(page)
    assert len(few) == len(many) <= 20


def test_guests_and_contacts_go_with_the_cycle(workshop):
    (member,) = lived(workshop, ["absent"])
    Outreach.objects.create(workshop=workshop, member=member, note="Parti vivre à Lyon")
    Guest.objects.create(meeting=workshop.meetings.get(), name="Odette")
    for state, kept in [("council", True), ("follow_up", False), ("archived", False)]:
        type(workshop.cycle).objects.update(state=state)
        call_command("purge_expired_data")
        assert (Outreach.objects.exists(), Guest.objects.exists()) == (kept, kept)
    assert JournalEntry.objects.get(act="assembly.cycle.purge_company").facts == {"guests": 1, "contacts": 1}
