"""What the public may read, tried by an adversary; the distance to target on cases worked out by hand."""

from collections import Counter
from fractions import Fraction
from itertools import product
from random import Random

import pytest

from assembly.composition.discretion import FEWEST, Table, blurred, blurred_half_days, far_enough, shown
from assembly.composition.distance import Aim, distance, exchanges

CATEGORIES = ("A", "B", "C")


def aim(least, most, of=10):
    return Aim(Fraction(least, of), Fraction(most, of))


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([(5, aim(5, 5)), (5, aim(5, 5))], 0),
        ([(7, aim(5, 5)), (3, aim(5, 5))], 2),
        ([(6, aim(4, 6)), (4, aim(4, 6))], 0),
        ([(10, aim(2, 4)), (0, aim(3, 4)), (0, aim(3, 4))], 6),
        ([(4, aim(0, 10)), (6, aim(0, 3)), (0, aim(0, 10))], 3),
    ],
)
def test_exchanges_worked_out_by_hand(counts, expected):
    assert exchanges(counts) == expected


def test_nobody_is_cut_in_two_to_reach_a_share():
    third = Aim(Fraction(1, 3), Fraction(1, 3))

    assert [
        exchanges([(one, third), (two, third), (7 - one - two, third)]) for one, two in [(2, 2), (1, 3)]
    ] == [0, 1]


def test_the_distance_is_out_of_a_hundred_and_nothing_for_nobody():
    assert distance([(Fraction(15, 2), aim(5, 5)), (Fraction(5, 2), aim(5, 5))]) == 25
    assert distance([(0, aim(5, 5))]) is None


def test_the_distance_is_that_of_the_best_exchange():
    """Against every way of moving people from one category to another."""
    chance = Random(4)
    for _ in range(40):
        counts = [chance.randint(0, 5) for _ in range(3)]
        size = sum(counts) or 1
        bounds = [sorted(chance.choices(range(size + 1), k=2)) for _ in range(3)]
        goals = [
            goal
            for goal in product(range(size + 1), repeat=3)
            if sum(goal) == sum(counts)
            and all(low <= held <= high for held, (low, high) in zip(goal, bounds, strict=True))
        ]
        if goals and sum(counts):
            fewest = min(sum(max(0, a - b) for a, b in zip(counts, goal, strict=True)) for goal in goals)
            aims = [aim(low, high, of=size) for low, high in bounds]
            assert exchanges(zip(counts, aims, strict=True)) == fewest


# ---- discretion


def everybody(**categories):
    """A=3 → {"A0": "A", "A1": "A", "A2": "A"}."""
    return {f"{key}{place}": key for key, number in categories.items() for place in range(number)}


def test_one_small_count_takes_a_second_one_with_it():
    assert blurred({"A": 9, "B": 5, "C": 1}) == {"A": (9, 9), "B": (4, 5), "C": (1, 2)}


def test_one_who_leaves_and_one_who_comes_change_nothing_of_what_is_shown():
    before = everybody(A=10, B=10)
    after = {ref: key for ref, key in before.items() if ref != "A0"} | {"new": "B"}
    first = shown(frozenset(before), before, [])

    second = shown(frozenset(after), before | after, [first])

    assert second is first


def test_a_corrected_answer_changes_nothing_of_what_is_shown():
    before = everybody(A=10, B=10)
    first = shown(frozenset(before), before, [])

    assert shown(frozenset(before), before | {"A0": "B"}, [first]) is first


def test_five_who_are_alike_are_not_told_by_the_difference():
    before = everybody(A=10, B=10)
    first = shown(frozenset(before), before, [])
    after = frozenset(ref for ref in before if ref not in {"A0", "A1", "A2", "A3", "A4"})

    assert shown(after, before, [first]) is first


def test_nothing_is_shown_of_four_people():
    four = everybody(A=4)

    assert shown(frozenset(four), four, []) is None


def test_half_days_of_one_person_are_hidden_with_those_of_others():
    cells = blurred_half_days({"A": 30.0, "B": 12.0, "C": 4.5}, {"A": 9, "B": 4, "C": 1})

    assert cells == {"A": (30.0, 30.0), "B": (0, 16.5), "C": (0, 16.5)}


def worlds(left, came, first, second):
    """Every way the movers may be spread that fits both tables, for an adversary who reads them without blur."""
    for gone in product(range(left + 1), repeat=3):
        if sum(gone) != left:
            continue
        new = [second[key] - first[key] + out for key, out in zip(CATEGORIES, gone, strict=True)]
        if (
            sum(new) == came
            and min(new) >= 0
            and all(first[k] >= out for k, out in zip(CATEGORIES, gone, strict=True))
        ):
            yield gone, new


def test_an_adversary_who_knows_every_name_and_two_tables_tells_nobodys_category():
    chance, renewed = Random(6), 0
    for _ in range(300):
        before = {f"p{place}": chance.choice("AAABBC") for place in range(18)}
        left = set(chance.sample(sorted(before), chance.randint(0, 8)))
        joined = {f"n{place}": chance.choice("ABBC") for place in range(chance.randint(0, 8))}
        after = {ref: key for ref, key in before.items() if ref not in left} | joined
        first = shown(frozenset(before), before, [])
        table = shown(frozenset(after), before | after, [first])
        if table is first or table is None:
            continue
        renewed += 1
        for moved, side in ((len(left), 0), (len(joined), 1)):
            possible = [
                world[side]
                for world in worlds(len(left), len(joined), Counter(before.values()), Counter(after.values()))
            ]
            assert moved == 0 or moved >= FEWEST
            certain = [place for place in range(3) if all(world[place] == moved for world in possible)]
            assert not moved or certain == []
    assert renewed > 20


def test_a_table_is_compared_with_every_table_already_public():
    base = everybody(A=10, B=10)
    first = Table(frozenset(base), {})
    moved = {ref: key for ref, key in base.items() if ref not in {"A0", "A1", "A2", "B0", "B1"}}

    assert far_enough(frozenset(moved), first, base)
    nearly = frozenset([*moved, "A0"])
    assert not far_enough(nearly, Table(frozenset(moved), {}), base)
