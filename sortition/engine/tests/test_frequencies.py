"""Over many seeds people are drawn as often as their chances say."""

import math
from collections import Counter

import pytest

from sortition.engine.lottery import Person, Quota, draw_lottery
from sortition.engine.tests.test_lottery import pool

SEEDS = 80


@pytest.fixture(scope="module")
def lotteries():
    people, quotas, seats = pool()
    return [draw_lottery(people, quotas, seats, seed=f"dice {n}", panels=40) for n in range(SEEDS)]


def test_people_are_drawn_as_often_as_their_chances_say(lotteries):
    """Sixty people, each deviation in standard errors: above 4.2 for any of them less than once in 600 by chance
    (two-sided normal tail 2.7e-5, times 60); the seeds being fixed, it happens never or always."""
    drawn = Counter(name for lottery in lotteries for name in lottery.selected)

    for name in lotteries[0].chances:
        chances = [lottery.chances[name] for lottery in lotteries]
        spread = math.sqrt(sum(chance * (1 - chance) for chance in chances))
        assert abs(drawn[name] - sum(chances)) <= 4.2 * max(spread, 1e-9)


def test_published_chances_follow_the_fair_ones_within_a_panel(lotteries):
    for lottery in lotteries:
        assert all(abs(lottery.chances[name] - fair) < 2 / 40 for name, fair in lottery.fair.items())


def test_people_alike_share_luck_evenly():
    """Chi-square over eight people alike, seven degrees of freedom: above 24.3 once in a thousand by chance."""
    people = [Person(f"p{n}", {"sex": "F"}) for n in range(8)]
    drawn = Counter(
        name
        for number in range(120)
        for name in draw_lottery(people, [Quota("sex", "F", 0, 2)], 2, seed=str(number), panels=4).selected
    )

    assert sum((drawn[f"p{n}"] - 30) ** 2 / 30 for n in range(8)) < 24.3
