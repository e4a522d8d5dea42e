"""Chances agree with trying every legal panel, on pools small enough for that."""

import itertools
import random

import highspy
import numpy as np
import pytest

from sortition.engine import exact, generating, polytope
from sortition.engine.distribution import distribute
from sortition.engine.profiles import Person, Quota, profiles_of


def tiny(number):
    """A pool of 6 to 10 people, three criteria, with tight quotas around a panel that exists."""
    luck = random.Random(number)
    people = [
        Person(
            f"p{index}", {name: luck.choice("abc"[:size]) for name, size in (("x", 2), ("y", 3), ("z", 2))}
        )
        for index in range(luck.randint(6, 10))
    ]
    seats = luck.randint(2, 4)
    panel = luck.sample(people, seats)
    quotas = []
    for name, size in (("x", 2), ("y", 3), ("z", 2)):
        for category in "abc"[:size]:
            held = sum(person.profile[name] == category for person in panel)
            quotas.append(Quota(name, category, max(0, held - luck.randint(0, 1)), held + luck.randint(0, 1)))
    return people, quotas, seats


def legal(people, quotas, seats):
    return [
        panel
        for panel in itertools.combinations(range(len(people)), seats)
        if all(
            q.minimum <= sum(people[i].profile[q.criterion] == q.category for i in panel) <= q.maximum
            for q in quotas
        )
    ]


def program(costs, least, panels):
    """max costs·p over mixtures p of panels with p ≥ least; columns are panels, then p."""
    size, count = len(least), len(panels)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = count + size + 1, size + 1
    lp.col_cost_ = np.concatenate([np.zeros(count), costs])
    lp.col_lower_ = np.concatenate([np.zeros(count), least, [0.0]])
    lp.col_upper_ = np.concatenate([np.ones(count), np.ones(size), [1.0]])
    lp.row_lower_ = lp.row_upper_ = np.array([0.0] * size + [1.0])
    dense = np.zeros((size + 1, count + size + 1))
    for column, panel in enumerate(panels):
        dense[list(panel), column] = 1.0
        dense[size, column] = 1.0
    dense[:size, count:-1] = -np.eye(size)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    rows, columns = np.nonzero(dense)
    lp.a_matrix_.start_ = np.append(np.searchsorted(rows, np.arange(size + 1)), len(rows)).astype(np.int32)
    lp.a_matrix_.index_, lp.a_matrix_.value_ = columns.astype(np.int32), dense[rows, columns]
    lp.sense_ = highspy.ObjSense.kMaximize
    return lp


def brute(size, panels):
    """Leximin chances: raise the smallest as far as possible, then whoever can still be raised."""
    reached = set().union(*panels)
    settled = {person: 0.0 for person in range(size) if person not in reached}
    while len(settled) < size:
        free = [person for person in range(size) if person not in settled]
        level = _level(size, panels, settled, free)
        for person in free:
            if _largest(size, panels, settled, free, person, level) <= level + 1e-7:
                settled[person] = level
    return [settled[person] for person in range(size)]


def _solved(lp, free=(), below=()):
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.passModel(lp)
    first = lp.num_col_ - 1 - (lp.num_row_ - 1)
    for person in free:
        pair = np.array([first + person, lp.num_col_ - 1], np.int32)
        highs.addRow(0.0, highspy.kHighsInf, 2, pair, np.array([1.0, -1.0]))
    for person in below:
        pair = np.array([first + person, lp.num_col_ - 1], np.int32)
        highs.addRow(-highspy.kHighsInf, 0.0, 2, pair, np.array([1.0, -1.0]))
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return highs.getInfo().objective_function_value


def _level(size, panels, settled, free):
    least = np.array([max(0.0, settled.get(person, 0.0) - 1e-10) for person in range(size)])
    return _solved(program(np.eye(size + 1)[size], least, panels), free)


def _largest(size, panels, settled, free, person, level):
    least = np.array([max(0.0, settled.get(other, level) - 1e-9) for other in range(size)])
    return _solved(program(np.eye(size + 1)[person], least, panels))


def computed(people, quotas, seats, rule="leximin"):
    profiles = profiles_of(people, quotas, seats)
    pool = polytope.pool_of(profiles)
    generator = generating.Generator(pool)
    found = exact.settled_chances(pool, generator, rule, float("inf"))
    of = {
        name: chance
        for names, chance in zip(profiles.members, found.fair.chances, strict=True)
        for name in names
    }
    return found, [float(of[person.id]) for person in people]


NEED_A_CUT = (250, 260, 506)


@pytest.mark.parametrize("number", [*range(40), *NEED_A_CUT])
def test_leximin_agrees_with_trying_every_panel(number):
    people, quotas, seats = tiny(number)

    found, chances = computed(people, quotas, seats)

    assert found.exact
    assert found.cuts or number not in NEED_A_CUT
    assert chances == pytest.approx(brute(len(people), legal(people, quotas, seats)), abs=2e-6)


def _extreme(size, panels, rule):
    """(the largest smallest chance, the smallest largest one then), over everybody some panel can contain."""
    reached = sorted(set().union(*panels))
    minimum = _level(size, panels, {}, reached)
    if rule == "maximin":
        return minimum, None
    least = np.array([minimum - 1e-10 if person in reached else 0.0 for person in range(size)])
    lp = program(-np.eye(size + 1)[size], least, panels)
    return minimum, -_solved(lp, [], [*range(size)])


@pytest.mark.parametrize("number", [*range(0, 40, 2), *NEED_A_CUT])
@pytest.mark.parametrize("rule", ["maximin", "capped"])
def test_smallest_and_largest_chances_agree_with_trying_every_panel(number, rule):
    people, quotas, seats = tiny(number)
    panels = legal(people, quotas, seats)

    found, chances = computed(people, quotas, seats, rule)

    minimum, cap = _extreme(len(people), panels, rule)
    reached = set().union(*panels)
    assert found.exact
    assert min(chances[person] for person in reached) == pytest.approx(minimum, abs=2e-6)
    if cap is not None:
        assert max(chances) == pytest.approx(cap, abs=2e-6)


@pytest.mark.parametrize("number", [3, 250])
def test_a_distribution_is_made_of_legal_panels_that_give_the_chances(number):
    people, quotas, seats = tiny(number)

    found = distribute(people, quotas, seats)

    chances = found.chances()
    assert polytope.is_legal(polytope.pool_of(found.profiles), found.panels)
    assert found.shares.sum() == pytest.approx(1)
    expected = brute(len(people), legal(people, quotas, seats))
    assert [chances[person.id] for person in people] == pytest.approx(expected, abs=2e-6)
