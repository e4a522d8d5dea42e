"""Tables: what must hold of every plan, and what a good one is."""

from collections import Counter
from random import Random

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from workshops.factories import AttendanceFactory, MeetingFactory
from workshops.models import TablePlan, own_tables
from workshops.tables import Wanted, broken, contradictions, met_in, moved, seat, sizes


@st.composite
def rooms(draw):
    """People, tables, groups of two to three, pins: not all of them can hold."""
    people = tuple(range(draw(st.integers(1, 24))))
    group = st.lists(st.sampled_from(people), min_size=1, max_size=3, unique=True).map(tuple)
    rounds = draw(st.integers(1, 3))
    tables = len(sizes(len(people), size := draw(st.integers(2, 7))))
    place = st.tuples(st.sampled_from(people), st.integers(0, rounds - 1))
    return Wanted(
        people=people,
        size=size,
        rounds=rounds,
        traits={person: (person % 2, person % 3) for person in people},
        together=tuple(draw(st.lists(group, max_size=2))),
        apart=tuple(draw(st.lists(group, max_size=2))),
        pins=draw(st.dictionaries(place, st.integers(0, tables - 1), max_size=3)),
        seed=draw(st.text(max_size=3)),
    )


@settings(max_examples=25, deadline=None)
@given(rooms())
def test_everybody_sits_once_in_each_round_and_pins_hold(wanted):
    if contradictions(wanted):
        return
    plan = seat(wanted)

    assert len(plan) == wanted.rounds
    for turn, tables in enumerate(plan):
        assert sorted(person for table in tables for person in table) == sorted(wanted.people)
        assert sorted(map(len, tables)) == sorted(wanted.sizes)
        assert max(map(len, tables)) <= wanted.size
        for (person, when), table in wanted.pins.items():
            assert when != turn or person in tables[table]
    assert plan == seat(wanted)


def test_groups_are_kept_together_and_apart():
    wanted = Wanted(
        tuple(range(40)), size=5, rounds=4, together=((1, 2, 3), (3, 4)), apart=((1, 9), (8, 9, 10))
    )
    assert broken(wanted, seat(wanted)) == []


def test_people_meet_new_people():
    """Sixteen people at four tables can sit three times without meeting anybody twice."""
    assert set(met_in(seat(Wanted(tuple(range(16)), size=4, rounds=3))).values()) == {1}


def test_those_who_met_before_are_seated_apart():
    people = tuple(range(8))
    first = seat(Wanted(people, size=4, seed="a"))
    second = seat(Wanted(people, size=4, met=met_in(first), seed="a"))
    assert sum((met_in(first) & met_in(second)).values()) <= 4


def test_tables_are_mixed_better_than_by_chance():
    people = tuple(range(60))
    traits = {
        person: ("F" if person < 30 else "M", "young" if person % 4 == 0 else "old") for person in people
    }
    tables = seat(Wanted(people, size=6, traits=traits))[0]
    assert all(Counter(traits[one][0] for one in table) == {"F": 3, "M": 3} for table in tables)
    assert all(1 <= sum(traits[one][1] == "young" for one in table) <= 2 for table in tables)


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ({"together": ((0, 1, 2, 3, 4),)}, "too_many_together"),
        ({"together": ((0, 1),), "apart": ((0, 1),)}, "together_and_apart"),
        ({"apart": ((0, 1, 2, 3),)}, "too_many_apart"),
        ({"pins": {(person, 0): 0 for person in range(5)}}, "too_many_pinned"),
        ({"together": ((0, 1),), "pins": {(0, 0): 0, (1, 0): 1}}, "together_pinned_apart"),
        ({"apart": ((0, 1),), "pins": {(0, 0): 1, (1, 0): 1}}, "apart_pinned_together"),
    ],
)
def test_what_cannot_hold_is_said_before(asked, kind):
    assert kind in {fault for fault, _people in contradictions(Wanted(tuple(range(12)), size=4, **asked))}


def test_moving_one_person_moves_one_other():
    wanted = Wanted(tuple(range(24)), size=6, rounds=2, seed="x")
    plan = seat(wanted)
    after = moved(wanted, plan, plan[0][0][0], 0, 2)

    assert after[1] == plan[1]
    assert plan[0][0][0] in after[0][2]
    assert sum(set(one) != set(two) for one, two in zip(plan[0], after[0], strict=True)) == 2


# In the house -----------------------------------------------------------------


@pytest.fixture
def plan(db, secretary):
    """Nine people there out of ten, three tables of three."""
    meeting = MeetingFactory(called=True)
    rows = AttendanceFactory.create_batch(10, meeting=meeting)
    marks = {row.member_id: "present" for row in rows[:9]} | {rows[9].member_id: "absent"}
    meeting.take_attendance(by=secretary, marks=marks)
    plan = TablePlan(meeting=meeting, size=3, rounds=2)
    plan.compute()
    plan.save()
    return plan


def people(plan, turn=0):
    return sorted(person for table in plan.outcome[turn] for person in table)


def test_only_those_really_there_are_seated(plan, secretary):
    assert len(people(plan)) == 9
    late = plan.meeting.attendances.get(status="absent")
    plan.meeting.take_attendance(by=secretary, marks={late.member_id: "present"})

    plan.rerun(by=secretary)

    assert late.member_id in people(plan)


def test_what_is_pinned_stays_when_computed_again(plan, secretary):
    somebody = plan.meeting.attendances.filter(status="present").first().member
    for table in (1, 3):
        plan.pin(by=secretary, member=somebody, round=1, table=table)
    for _again in range(3):
        plan.rerun(by=secretary)

    assert somebody.pk in plan.outcome[0][2]
    assert len(plan.pins) == 1


def test_people_are_tied_and_untied(plan, secretary):
    two = [row.member for row in plan.meeting.attendances.filter(status="present")[:2]]
    plan.bind(by=secretary, members=two, how="together")
    assert all(
        {one.pk for one in two} <= set(next(t for t in turn if two[0].pk in t)) for turn in plan.outcome
    )

    plan.bind(by=secretary, members=two, how="apart")
    assert plan.together == []
    assert all(sum(one.pk in table for one in two) < 2 for turn in plan.outcome for table in turn)

    with pytest.raises(ValidationError):
        plan.bind(by=secretary, members=two[:1], how="apart")


def test_a_plan_already_shown_counts_in_who_has_met_whom(plan, secretary):
    plan.show(by=secretary)
    other = TablePlan(meeting=plan.meeting, size=3, rounds=1)
    other.compute()

    assert other.met_before() == met_in(plan.outcome)
    assert max((met_in(other.outcome) & met_in(plan.outcome)).values(), default=0) <= 1


def test_a_member_sees_their_table_once_it_is_shown(client, plan, secretary):
    row = plan.meeting.attendances.filter(status="present").first()
    client.force_login(row.member.user)
    assert client.get(plan.get_absolute_url()).status_code == 404

    plan.show(by=secretary)

    page = client.get(plan.get_absolute_url())
    assert page.status_code == 200
    assert [turn for turn, _table in own_tables(plan, row.member.user)] == [1, 2]
    assert client.get(plan.get_absolute_url() + "?ecran").status_code == 200


def test_the_facilitator_makes_a_plan_from_the_page(client, plan, secretary):
    client.force_login(secretary)
    address = f"/rencontres/{plan.meeting_id}/tables/nouveau/"
    data = {
        "half_day": 1,
        "size": 4,
        "rounds": 1,
        "criteria": [],
        "once": client.get(address).context["once"],
    }

    first, second = client.post(address, data), client.post(address, data)

    assert first.status_code == 302
    assert first.url == second.url
    assert client.get(first.url).status_code == 200
    assert TablePlan.objects.count() == 2


def test_a_hundred_people_are_seated_quickly():
    chance = Random(1)
    people = tuple(range(100))
    traits = {
        person: (chance.choice("FM"), chance.choice("abcde"), chance.choice("xyz")) for person in people
    }
    plan = seat(Wanted(people, size=6, rounds=3, traits=traits, seed="cent"))
    assert max(met_in(plan).values()) == 1
