import math
import random

import pytest

from sortition.engine.lottery import RULES, Person, Quota, draw_lottery
from sortition.engine.tests.test_lottery import pool
from sortition.engine.weighing import compare, expected, missing, what_if


def test_each_bound_moved_by_one_tells_the_worst_chance_that_results():
    people, quotas, seats = pool()

    found = what_if(people, quotas, seats)

    assert [row.gain for row in found] == sorted((row.gain for row in found), reverse=True)
    best = found[0]
    moved = [
        Quota(
            q.criterion,
            q.category,
            q.minimum + (best.change if q == best.quota and best.bound == "minimum" else 0),
            q.maximum + (best.change if q == best.quota and best.bound == "maximum" else 0),
        )
        for q in quotas
    ]
    lottery = draw_lottery(people, moved, seats, seed="x", panels=20)
    assert best.minimum == pytest.approx(float(lottery.certificate.bound), abs=1e-7)


def test_a_move_that_leaves_no_panel_gives_nobody_a_chance():
    people = [Person("a", {"sex": "F"}), Person("b", {"sex": "M"}), Person("c", {"sex": "M"})]
    quotas = [Quota("sex", "F", 1, 1), Quota("sex", "M", 1, 2)]

    found = {(row.quota.category, row.bound, row.change): row.minimum for row in what_if(people, quotas, 2)}

    assert found["M", "minimum", 1] == 0.0
    assert found["M", "maximum", -1] == 0.5


def test_rules_compared_rank_as_their_names_say():
    people, quotas, seats = pool()

    found = compare(people, quotas, seats)

    assert set(found) == set(RULES)
    assert found["capped"][0] == pytest.approx(found["leximin"][0], abs=1e-6)
    assert found["capped"][1] <= min(found[rule][1] for rule in ("leximin", "maximin")) + 1e-6
    assert found["nash"][0] <= found["leximin"][0] + 1e-7
    assert all(0 <= gini < 1 for _, _, gini in found.values())


def test_nash_has_the_largest_product_of_chances():
    people, quotas, seats = pool()

    def product(rule):
        lottery = draw_lottery(people, quotas, seats, seed="x", panels=20, rule=rule)
        return sum(math.log(chance) for chance in lottery.fair.values())

    assert product("nash") >= max(product(rule) for rule in ("leximin", "capped")) - 1e-6


def test_nash_stops_where_numbers_end_when_the_quotas_leave_no_room():
    """Every quota exact or nearly so: the steps shrink to nothing before the last digit is settled."""
    chosen = random.Random(244)
    size, criteria = chosen.choice([12, 20, 30, 45]), {"g": "FM", "a": "abc"}
    criteria |= {"d": [str(number) for number in range(chosen.choice([3, 6, 10]))], "e": "xyzw"}
    people = [
        Person(f"p{number}", {name: chosen.choice(list(keys)) for name, keys in criteria.items()})
        for number in range(size)
    ]
    seats = chosen.randint(3, size)
    panel, quotas = chosen.sample(people, seats), []
    for name, keys in criteria.items():
        for key in keys:
            held, slack = sum(one.profile[name] == key for one in panel), chosen.choice([0, 0, 0, 1])
            quotas.append(Quota(name, key, max(0, held - slack), min(seats, held + slack)))

    chances = expected(people, quotas, seats, "nash")
    assert sum(chances.values()) == pytest.approx(seats, abs=1e-4)


def test_two_groups_under_one_ceiling_share_it_by_nash():
    people = [Person(f"a{n}", {"sex": "F"}) for n in range(3)] + [
        Person(f"b{n}", {"sex": "M"}) for n in range(9)
    ]

    lottery = draw_lottery(
        people, [Quota("sex", "F", 2, 4), Quota("sex", "M", 0, 4)], 4, seed="x", panels=10, rule="nash"
    )

    assert lottery.fair["a0"] == pytest.approx(2 / 3, abs=1e-6)
    assert lottery.fair["b0"] == pytest.approx(2 / 9, abs=1e-6)


def test_during_recruitment_what_is_missing_is_counted():
    people = [Person(f"p{n}", {"diploma": "master"}) for n in range(20)] + [Person("c", {"diploma": "CAP"})]
    quotas = [Quota("diploma", "master", 0, 6), Quota("diploma", "CAP", 4, 6)]

    assert [(row.quota.category, row.people) for row in missing(people, quotas, 10)] == [("CAP", 3)]
    assert missing([*people, *(Person(f"d{n}", {"diploma": "CAP"}) for n in range(3))], quotas, 10) == []


def test_with_nobody_yet_every_minimum_is_missing():
    assert [row.people for row in missing([], [Quota("sex", "F", 2, 3), Quota("sex", "M", 2, 3)], 5)] == [
        2,
        2,
    ]
    assert what_if([], [Quota("sex", "F", 2, 3)], 3) == []
