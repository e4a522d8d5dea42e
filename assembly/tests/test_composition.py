import pytest

from assembly.composition import portraits
from assembly.composition.portraits import Line, Portrait, protected
from assembly.factories import CycleFactory, MemberFactory
from assembly.models import Cycle

STATED = {"gender": "F", "age": "25_39", "diploma": "BAC", "district": "20"}


@pytest.fixture
def cycle(secretary):
    cycle = CycleFactory(state=Cycle.State.PREPARATION)
    cycle.propose_targets(by=secretary)
    return cycle


def seat(cycle, number, **profile):
    pool = cycle.pools.get(key="roll")
    return MemberFactory.create_batch(number, pool=pool, cycle=cycle, seated=True, profile=STATED | profile)


def portrait(cycle, key):
    return next(found for found in portraits.portraits(cycle) if found.key == key)


def shown(portrait):
    return {line.key: line.shown or str(line.count) for line in portrait.lines if line.count}


def test_who_sits_is_counted_against_the_population(cycle):
    seat(cycle, 3)
    seat(cycle, 2, gender="H")
    MemberFactory(pool=cycle.pools.first(), cycle=cycle, profile=STATED)

    women, men = portrait(cycle, "gender").lines

    assert (women.count, men.count) == (3, 2)
    assert round(women.share, 4) == 0.5375
    assert (women.minimum, women.maximum) == (43 + 7 + 1, 44 + 10 + 4)


def test_a_criterion_some_pools_leave_free_has_no_target_for_the_whole(cycle):
    assert {(line.minimum, line.maximum) for line in portrait(cycle, "district").lines} == {(None, None)}


def test_a_profile_without_an_answer_is_counted_apart(cycle):
    seat(cycle, 4)
    seat(cycle, 3, diploma="")

    assert portrait(cycle, "diploma").lines[-1].count == 3


def test_one_small_count_is_blurred_with_another(cycle):
    seat(cycle, 9)
    seat(cycle, 5, diploma="BAC2")
    seat(cycle, 1, diploma="CAP_BEP")

    assert shown(portrait(cycle, "diploma")) == {"BAC": "9", "BAC2": "4–5", "CAP_BEP": "1–2"}


@pytest.mark.parametrize("small", [1, 2])
def test_what_is_shown_does_not_tell_one_from_two(small):
    lines = [Line("a", "A", small), Line("b", "B", 6 - small), Line("c", "C", 20)]

    rows = protected(Portrait("diploma", "Diplôme", True, "", lines)).rows

    assert [row["shown"] for row in rows] == ["1–2", "4–5", "20"]
    assert [row["value"] for row in rows] == [1.5, 4.5, 20]


def test_a_criterion_that_is_not_personal_is_shown_as_it_is(cycle):
    seat(cycle, 1)

    assert shown(portrait(cycle, "district")) == {"20": "1"}


def test_after_the_cycle_those_who_sat_to_the_end_count(cycle, secretary):
    first, second = seat(cycle, 2)
    first.resign(by=secretary, reason="Déménagement")
    second.end_term(by=secretary, reason="Fin")
    Cycle.objects.filter(pk=cycle.pk).update(state=Cycle.State.FOLLOW_UP)
    cycle.refresh_from_db()

    assert list(portraits.seated(cycle)) == [second]


def test_the_portraits_cost_the_same_for_one_and_for_fifty(cycle, django_assert_num_queries):
    seat(cycle, 1)
    with django_assert_num_queries(5):
        portraits.portraits(cycle)

    seat(cycle, 49)
    with django_assert_num_queries(5):
        portraits.portraits(cycle)
