"""A citizens’ jury, from the request for it to the seats that were drawn and its report."""

from datetime import date, timedelta

import pytest

from assembly import clock, jobs
from assembly.models import Job
from deliberations.factories import a_workshop
from deliberations.models import Request
from sortition.factories import ContactFactory, VolunteerFactory
from sortition.models import Draw, SeatOffer
from sortition.reserve import bring_in
from workshops.factories import MeetingFactory

pytestmark = pytest.mark.django_db
SEED = {"dice": "314159", "source_text": "Loto 1 2 3 4 5"}
SEATS = 4


@pytest.fixture
def granted(secretary, appointed):
    cycle = a_workshop(1).cycle
    row = Request.objects.ask(by=secretary, cycle=cycle, kind="jury", title="La nuit", text="Qui la garde ?")
    row.send(by=secretary)
    row.grant(by=appointed("executive"), answer="Oui.")
    return row


def reserve(cycle, people=16):
    """Volunteers of the Assembly who were not seated."""
    pool = cycle.pools.create(key="liste", title="Volontaires", seats=10)
    for number in range(people):
        contact = ContactFactory(cycle=cycle)
        profile = {"gender": "FH"[number % 2]}
        VolunteerFactory(pool=pool, contact=contact, state="reserve", profile=profile)


def test_a_jury_is_drawn_from_the_reserve_meets_and_reports(granted, secretary, appointed):
    operators = appointed("operator"), appointed("operator")
    reserve(granted.cycle)
    today = clock.today()
    granted.convene(
        by=secretary, seats=SEATS, starts_on=today + timedelta(days=40), ends_on=today + timedelta(days=90)
    )
    jury = granted.jury
    jury.open_recruitment(by=secretary)
    bring_in(jury, by=secretary)

    draw = Draw.objects.prepare(jury, by=operators[0], panels=10, seed_sources="Dés, puis Loto.", seed_dice=6)
    draw.announce(by=operators[0], announced_for=clock.now() + timedelta(days=12))
    draw.freeze(by=operators[1])
    with clock.at(draw.announced_for):
        draw.enter_seed(by=operators[1], witnesses="Me Test", **SEED)
        draw.confirm_seed(by=operators[0], **SEED)
        jobs.run(Job.objects.get(key=draw.job_key).pk)
        draw.refresh_from_db()
        draw.enter_number(by=operators[0], digits="7")
        draw.confirm_number(by=operators[1], digits="7")
    draw.certify(by=appointed("bailiff"), statement="Conforme.")
    draw.publish(by=operators[0])
    hearing = MeetingFactory(workshop=None, cycle=jury, kind="hearing")
    granted.add_meeting(by=secretary, meeting=hearing)
    granted.report(by=secretary, outcome="Le jury demande des lampes.")

    assert SeatOffer.objects.filter(draw=draw).count() == SEATS
    assert (granted.state, [row["title"] for row in granted.document.content["meetings"]]) == (
        "done",
        [hearing.title],
    )


def test_a_meeting_linked_by_mistake_is_unlinked_and_both_acts_stay_written(granted, secretary, client):
    kept, mistaken = (MeetingFactory(workshop=None, cycle=granted.cycle, kind="plenary") for _ in range(2))
    for meeting in (kept, mistaken):
        granted.add_meeting(by=secretary, meeting=meeting)
    client.force_login(secretary)

    client.post(f"/demandes/{granted.pk}/rencontre-retiree/", {"meeting": mistaken.pk})
    again = client.post(f"/demandes/{granted.pk}/rencontre-retiree/", {"meeting": mistaken.pk})

    assert again.context["form"].errors
    assert list(granted.meetings.all()) == [kept]
    assert [entry.act.rpartition(".")[2] for entry in granted.entries][-3:] == [
        "add_meeting",
        "add_meeting",
        "remove_meeting",
    ]


def test_a_jury_has_dates_in_order_and_seats(granted, secretary, client):
    client.force_login(secretary)
    wrong = {"seats": 0, "starts_on": date(2031, 3, 1), "ends_on": date(2031, 2, 1)}

    page = client.post(f"/demandes/{granted.pk}/convocation/", wrong)

    assert {"seats", "ends_on"} <= set(page.context["form"].errors)
    granted.refresh_from_db()
    assert granted.jury is None
