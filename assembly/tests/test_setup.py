from datetime import date

import pytest
from django.core.exceptions import ValidationError

from assembly.factories import CycleFactory
from assembly.models import Cycle

PREPARED = {"state": Cycle.State.PREPARATION}


@pytest.fixture
def cycle(db):
    return CycleFactory(**PREPARED)


@pytest.fixture
def filled(cycle, secretary):
    cycle.propose_targets(by=secretary)
    return cycle


def aims(pool, criterion):
    return {
        target.category.key: (target.minimum, target.maximum)
        for target in pool.targets.filter(category__criterion__key=criterion)
    }


def test_the_figures_of_paris_give_every_pool_its_targets(filled):
    roll, non_eu, minors = filled.pools.all()

    assert [(pool.key, pool.seats) for pool in (roll, non_eu, minors)] == [
        ("roll", 80),
        ("non_eu", 15),
        ("minors", 5),
    ]
    assert aims(roll, "gender") == {"F": (43, 44), "H": (36, 37)}
    assert aims(roll, "age") == {
        "18_24": (10, 11),
        "25_39": (24, 25),
        "40_54": (17, 18),
        "55_64": (10, 11),
        "65_79": (11, 12),
        "80p": (4, 5),
    }
    assert aims(non_eu, "gender") == {"F": (7, 10), "H": (5, 8)}
    assert aims(non_eu, "district") == {}
    assert filled.contradictions() == []
    assert filled.entries.get().act == "assembly.cycle.propose_targets"


def test_parity_may_be_preferred_to_the_figures(cycle, secretary):
    cycle.propose_targets(by=secretary, parity=True)

    assert [aims(pool, "gender") for pool in cycle.pools.all()] == [
        {"F": (40, 40), "H": (40, 40)},
        {"F": (7, 8), "H": (7, 8)},
        {"F": (2, 3), "H": (2, 3)},
    ]


def test_filling_twice_changes_nothing(filled, secretary):
    before = list(filled.criteria.values_list("pk", "categories__pk"))

    filled.propose_targets(by=secretary)

    assert list(filled.criteria.values_list("pk", "categories__pk")) == before


def test_targets_that_cannot_hold_are_refused_whole(filled, secretary):
    roll = filled.pools.get(key="roll")
    before = aims(roll, "gender")

    with pytest.raises(ValidationError) as refusal:
        filled.set_targets(by=secretary, pool=roll, targets={"gender/F": (50, 44), "gender/H": (40, 35)})

    assert len(refusal.value.messages) == 4
    assert aims(roll, "gender") == before


@pytest.mark.parametrize("state", sorted(set(Cycle.State) - {Cycle.State.PREPARATION}))
def test_targets_and_pools_no_longer_move_once_recruitment_is_open(secretary, state):
    cycle = CycleFactory(state=state)

    for act, facts in [("propose_targets", {}), ("set_pools", {"pools": []})]:
        with pytest.raises(ValidationError):
            getattr(cycle, act)(by=secretary, **facts)


def test_phases_are_what_was_said_last(cycle, secretary):
    first = {"title": "Découverte", "starts_on": date(2026, 1, 1), "ends_on": date(2026, 3, 1)}
    second = {"title": "Approfondissement", "starts_on": date(2026, 3, 2), "ends_on": date(2026, 6, 1)}
    cycle.set_phases(by=secretary, phases=[first, second])

    cycle.set_phases(by=secretary, phases=[second | {"ends_on": date(2026, 7, 1)}])

    assert list(cycle.phases.values_list("title", "ends_on")) == [("Approfondissement", date(2026, 7, 1))]
