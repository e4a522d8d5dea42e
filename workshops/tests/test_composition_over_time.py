"""The composition at every stage and on any day, against an independent count of the rows."""

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from assembly import clock, documents
from assembly.composition import composing, freezing, sheet, stages
from assembly.factories import CycleFactory, MemberFactory
from assembly.models import Cycle, Document, Member, Snapshot, Spell
from sortition.factories import DrawFactory, InvitationFactory, SeatOfferFactory, VolunteerFactory
from sortition.models import Invitation, SeatOffer, Volunteer
from workshops.factories import AttendanceFactory, EnrolmentFactory, MeetingFactory, WorkshopFactory
from workshops.models import Attendance, Enrolment

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
DAYS = (date(2026, 1, 10), date(2026, 3, 2), date(2026, 6, 1), date(2026, 8, 15))
CRITERIA = {
    "gender": ["F", "H"],
    "diploma": ["SANS_DIPLOME", "CAP_BEP", "BAC", "BAC2", "BAC3_4", "BAC5P", "EN_ETUDES"],
    "district": ["PC", "05", "12", "20"],
}


@pytest.fixture
def cycle(secretary):
    cycle = CycleFactory(state=Cycle.State.PREPARATION)
    cycle.propose_targets(by=secretary)
    return cycle


def someone(chance):
    return {key: chance.choice(categories) for key, categories in CRITERIA.items()} | {"age": "25_39"}


def day(chance, first=1, last=230):
    return date(2026, 1, 1) + timedelta(days=chance.randint(first, last))


def generate(cycle, secretary):
    """Letters, answers, a panel, seats taken, left and taken up again, meetings attended for a part."""
    chance, pools = Random(1), list(cycle.pools.all())
    for _ in range(12):
        InvitationFactory(
            pool=pools[0],
            contact=None,
            sent_on=day(chance, last=20),
            district=chance.choice(["01", "05", "12", "20"]),
            sex=chance.choice("FM"),
        )
    draw = DrawFactory(cycle=cycle, prepared_by=secretary)
    for place in range(14):
        pool = chance.choice(pools)
        with clock.at(datetime(2026, 1, chance.randint(2, 28), 12, tzinfo=PARIS)):
            volunteer = VolunteerFactory(
                pool=pool, contact=None, profile=someone(chance), answered_at=clock.now()
            )
        if place % 2:
            member = MemberFactory(pool=pool, profile=volunteer.profile) if place % 3 else None
            SeatOfferFactory(draw=draw, volunteer=volunteer, member=member, offered_on=date(2026, 2, 1))
            if member:
                live(member, chance)
    workshop = WorkshopFactory(cycle=cycle)
    members = list(Member.objects.filter(cycle=cycle))
    for member in members[::2]:
        EnrolmentFactory(member=member, workshop=workshop)
    for _ in range(4):
        at = datetime.combine(day(chance), datetime.min.time(), PARIS) + timedelta(hours=18)
        meeting = MeetingFactory(
            cycle=cycle, workshop=workshop, held=True, starts_at=at, half_days=chance.choice([1, 2])
        )
        for member in members:
            status = chance.choice(["present", "present", "absent"])
            part = chance.choice([None, Decimal("0.5")]) if status == "present" else None
            AttendanceFactory(meeting=meeting, member=member, status=status, attended=part)
    return workshop


def live(member, chance):
    since = day(chance, 40, 60)
    Member.objects.filter(pk=member.pk).update(since=since, state="sitting")
    until = since + timedelta(days=chance.randint(20, 90)) if chance.random() < 0.5 else None
    Spell.objects.create(member=member, state="sitting", since=since, until=until)
    if until:
        state = chance.choice(["on_leave", "resigned"])
        back = until + timedelta(days=30)
        Spell.objects.create(
            member=member, state=state, since=until, until=back if state == "on_leave" else None
        )
        if state == "on_leave":
            Spell.objects.create(member=member, state="sitting", since=back)


def everything():
    """Every row of the cycle's life, read once."""
    return {
        Invitation: list(Invitation.objects.select_related("pool__cycle")),
        Volunteer: list(Volunteer.objects.all()),
        SeatOffer: list(SeatOffer.objects.select_related("volunteer")),
        Member: list(Member.objects.prefetch_related("spells")),
        Attendance: list(Attendance.objects.select_related("meeting")),
    }


def by_hand(rows, cycle, on, key, pool=None, members=None):
    """{stage: {category: figure}} with loops over the rows and nothing of the house."""
    sectors = {"01": "PC"}
    found = {
        stage: Counter() for stage in ("invited", "volunteers", "drawn", "confirmed", "sitting", "attending")
    }
    for row in rows[Invitation]:
        profile = {
            "gender": {"M": "H"}.get(row.sex, row.sex),
            "district": sectors.get(row.district, row.district),
        }
        if row.pool.cycle == cycle and row.sent_on <= on and pool in (None, row.pool_id):
            found["invited"][profile.get(key, "")] += 1
    for row in rows[Volunteer]:
        if row.answered_at.astimezone(PARIS).date() <= on and pool in (None, row.pool_id):
            found["volunteers"][row.profile[key]] += 1
    for row in rows[SeatOffer]:
        if row.offered_on <= on and row.replaces_id is None and pool in (None, row.pool_id):
            found["drawn"][row.volunteer.profile[key]] += 1
    for member in rows[Member]:
        if pool not in (None, member.pool_id) or (members is not None and member.pk not in members):
            continue
        if member.since and member.since <= on:
            found["confirmed"][member.profile[key]] += 1
        sits = [
            one
            for one in member.spells.all()
            if one.state == "sitting" and one.since <= on and (one.until is None or one.until > on)
        ]
        found["sitting"][member.profile[key]] += len(sits)
        for row in [
            one for one in rows[Attendance] if one.member_id == member.pk and one.status == "present"
        ]:
            age = (on - row.meeting.starts_at.astimezone(PARIS).date()).days
            if 0 <= age <= 90:
                half_days = row.meeting.half_days if row.attended is None else row.attended
                found["attending"][member.profile[key]] += Fraction(str(half_days))
    if members is not None:
        found = {stage: found[stage] for stage in ("confirmed", "sitting", "attending")}
    return {stage: +counts for stage, counts in found.items() if +counts and set(+counts) != {""}}


def as_counted(figures, key):
    cells = next(criterion["cells"] for criterion in figures["criteria"] if criterion["key"] == key)
    return {
        stage: Counter({name: Fraction(str(cell[0])) for name, cell in row.items() if cell[0]})
        for stage, row in cells.items()
        if row
    }


def test_every_figure_agrees_with_an_independent_count(cycle, secretary, django_assert_num_queries):
    workshop = generate(cycle, secretary)
    with django_assert_num_queries(6):
        facts = composing.facts_of(cycle)
    roll = cycle.pools.first().pk
    inside = set(Enrolment.objects.filter(workshop=workshop).values_list("member", flat=True))
    scopes = [
        ({}, {}),
        ({"pool": roll}, {"pool": roll}),
        ({"members": inside}, {"refs": {f"m{pk}" for pk in inside}}),
    ]

    rows, seen = everything(), set()
    for on in DAYS:
        for mine, theirs in scopes:
            figures = composing.counted(composing.criteria_of(cycle, mine.get("pool")), facts, on, **theirs)
            for key in CRITERIA:
                expected = by_hand(rows, cycle, on, key, **mine)
                assert as_counted(figures, key) == expected
                seen |= {(stage, key) for stage in expected}
    assert {stage for stage, _key in seen} == set(stages.STAGES)


def test_sitting_that_day_is_what_the_members_say(cycle, secretary):
    generate(cycle, secretary)
    facts = composing.facts_of(cycle)["sitting"]

    for on in DAYS:
        sitting = {stages.member_ref(pk) for pk in Member.objects.sitting_on(on).values_list("pk", flat=True)}
        assert {fact.ref for fact in facts if fact.holds(on)} == sitting


def panel(cycle, number, **profile):
    pool = cycle.pools.get(key="roll")
    profile = {"gender": "F", "age": "25_39", "diploma": "BAC", "district": "20"} | profile
    return MemberFactory.create_batch(number, pool=pool, seated=True, profile=profile)


def cells(figures, stage="sitting", key="diploma"):
    criterion = next(criterion for criterion in figures["criteria"] if criterion["key"] == key)
    return {name: tuple(cell) for name, cell in criterion["cells"][stage].items() if cell[1]}


def test_a_snapshot_is_frozen_published_and_printed(cycle, secretary):
    panel(cycle, 6)
    panel(cycle, 1, diploma="CAP_BEP", gender="H")

    snapshot = freezing.take(cycle, moment="first_session", by=secretary)

    assert cells(snapshot.figures) == {"BAC": (6, 6), "CAP_BEP": (1, 1)}
    assert cells(snapshot.public) == {"BAC": (5, 6), "CAP_BEP": (1, 2)}
    assert cells(snapshot.public, key="gender") == {"F": (6, 6), "H": (1, 1)}
    assert Snapshot.objects.get().is_intact
    assert Document.objects.get().audience == "public"
    with pytest.raises(ValidationError, match="frozen|figé"):
        Snapshot.objects.get().save()
    with pytest.raises(ValidationError, match="frozen|figé"):
        freezing.take(cycle, moment="first_session", by=secretary)


def test_two_snapshots_do_not_give_away_who_was_replaced(cycle, secretary):
    """Everybody knows that she resigned and that he came; nobody learns her diploma nor his."""
    panel(cycle, 8)
    panel(cycle, 7, diploma="BAC2")
    leaver = panel(cycle, 1, diploma="CAP_BEP")[0]
    first = freezing.take(cycle, moment="first_session", by=secretary)
    leaver.resign(by=secretary, reason="Déménagement")
    panel(cycle, 1, diploma="BAC5P", district="05")

    second = freezing.take(cycle, moment="mid_term", by=secretary)

    assert cells(second.figures) == {"BAC": (8, 8), "BAC2": (7, 7), "BAC5P": (1, 1)}
    for stage in ("confirmed", "sitting"):
        assert cells(second.public, stage) == cells(first.public, stage)
    assert sheet.distance_of(of(second), "sitting", 100) == sheet.distance_of(of(first), "sitting", 100)
    assert cells(second.public, key="district") == {"20": (15, 15), "05": (1, 1)}


def of(snapshot):
    return next(criterion for criterion in snapshot.public["criteria"] if criterion["key"] == "diploma")


def test_many_who_move_make_new_figures(cycle, secretary):
    panel(cycle, 9)
    leavers = panel(cycle, 3, diploma="CAP_BEP") + panel(cycle, 4, diploma="BAC2")
    freezing.take(cycle, moment="first_session", by=secretary)
    for member in leavers:
        member.resign(by=secretary, reason="Déménagement")

    assert cells(freezing.take(cycle, moment="mid_term", by=secretary).public) == {"BAC": (9, 9)}


def test_the_phases_of_a_cycle_freeze_by_themselves(secretary, django_capture_on_commit_callbacks):
    cycle = CycleFactory(state=Cycle.State.PREPARATION)
    cycle.propose_targets(by=secretary)

    with django_capture_on_commit_callbacks() as reactions:
        cycle.open_recruitment(by=secretary)
        panel(cycle, 5)
        cycle.begin(by=secretary)
    for reaction in reactions:
        reaction()

    assert list(cycle.snapshots.values_list("moment", flat=True)) == ["opening", "first_session"]
    opening, first = [documents.to_html(document) for document in Document.objects.order_by("pk")]
    assert "Paris Centre" in opening
    assert "<svg" in first


def test_what_is_not_public_is_read_by_those_who_run_it_only(client, cycle, secretary):
    Cycle.objects.filter(pk=cycle.pk).update(state="discovery")
    panel(cycle, 6)
    panel(cycle, 1, diploma="CAP_BEP")
    snapshot = freezing.take(cycle, moment="first_session", by=secretary)
    address = reverse("assembly:snapshot_detail", args=[snapshot.pk])

    assert "<span>5–6 " in client.get(f"{address}?full").content.decode()
    client.force_login(secretary)
    assert "<span>5–6 " not in client.get(f"{address}?full").content.decode()
    whole = client.get(reverse("assembly:composition_day", args=[cycle.number]) + "?day=2026-02-30")
    assert whole.status_code == 200
    assert "matrix-gender" in whole.content.decode()
