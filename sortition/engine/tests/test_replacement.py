import pytest

from sortition.engine.profiles import Person, Quota
from sortition.engine.replacement import replace, reserve_order

QUOTAS = [
    Quota("pool", "roll", 3, 3),
    Quota("pool", "minors", 1, 1),
    Quota("sex", "F", 2, 2),
    Quota("sex", "M", 2, 2),
]


def person(name, pool="roll", sex="F", household=""):
    return Person(name, {"pool": pool, "sex": sex}, household)


SEATED = [person("a"), person("b", sex="M"), person("c", sex="M"), person("d", "minors")]
RESERVE = (
    [person(f"f{n}") for n in range(5)]
    + [person(f"m{n}", sex="M") for n in range(5)]
    + [person("y", "minors")]
)


def test_a_leaver_is_replaced_by_the_first_in_order_who_keeps_the_quotas():
    order = [name for name in reserve_order(RESERVE, "seed") if name.startswith("f")]

    replacement = replace(["a"], SEATED, RESERVE, QUOTAS, 4, "seed")

    assert (replacement.chosen, replacement.exact, replacement.deviations) == ((order[0],), True, ())


def test_several_leavers_are_replaced_together():
    replacement = replace(["a", "b", "d"], SEATED, RESERVE, QUOTAS, 4, "seed")

    assert replacement.exact
    assert sorted(name[0] for name in replacement.chosen) == ["f", "m", "y"]


def test_without_an_exact_answer_the_least_departure_stays_in_the_pool():
    only_men = [person("m1", sex="M"), person("y", "minors")]

    replacement = replace(["a"], SEATED, only_men, QUOTAS, 4, "seed")

    assert (replacement.chosen, replacement.exact) == (("m1",), False)
    assert [str(deviation) for deviation in replacement.deviations] == ["sex F: 1 (2-2)", "sex M: 3 (2-2)"]


def test_a_seat_stays_empty_when_the_pool_has_nobody_left():
    replacement = replace(["d"], SEATED, [person("f")], QUOTAS, 4, "seed")

    assert (replacement.chosen, replacement.exact, replacement.missing) == ((), False, 1)


def test_nobody_sits_with_their_household():
    seated = [*SEATED[:3], person("d", "minors", household="home")]
    reserve = [person("x", household="home"), person("z")]

    assert replace(["a"], seated, reserve, QUOTAS, 4, "seed").chosen == ("z",)


def test_nobody_leaves_nobody_comes():
    assert replace([], SEATED, RESERVE, QUOTAS, 4, "seed").chosen == ()


def test_only_the_seated_can_leave():
    with pytest.raises(ValueError, match="seated"):
        replace(["f1"], SEATED, RESERVE, QUOTAS, 4, "seed")


def test_the_order_of_the_reserve_depends_on_the_seed_alone():
    assert (
        reserve_order(RESERVE, "seed")
        == reserve_order(RESERVE[::-1], "seed")
        != reserve_order(RESERVE, "other")
    )
