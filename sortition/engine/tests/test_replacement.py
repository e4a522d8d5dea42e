import pytest

from sortition.engine.profiles import Person, Quota
from sortition.engine.replacement import redraw, replace, reserve_order, substitutes

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


def crowd():
    """Twelve seated, six women and six men, half of them old; a reserve of sixteen of all kinds."""
    kinds = [(sex, age) for sex in "FM" for age in ("young", "old")]

    def made(prefix, number):
        return [
            Person(f"{prefix}{n:02d}", dict(zip(("sex", "age"), kinds[n % 4], strict=True)))
            for n in range(number)
        ]

    quotas = [
        Quota("sex", "F", 6, 6),
        Quota("sex", "M", 6, 6),
        Quota("age", "young", 5, 7),
        Quota("age", "old", 5, 7),
    ]
    return made("s", 12), made("r", 16), quotas


def test_many_leavers_are_replaced_by_a_lottery_of_their_own():
    seated, reserve, quotas = crowd()

    lottery = redraw(["s00", "s01", "s02"], seated, reserve, quotas, 12, "3 1 4", panels=50)

    staying = [person for person in seated if person.id not in ("s00", "s01", "s02")]
    people = {person.id: person for person in [*seated, *reserve]}
    for panel in lottery.panels:
        now = [*staying, *(people[name] for name in panel)]
        assert len(now) == 12
        assert sum(person.profile["sex"] == "F" for person in now) == 6
    assert lottery.minimum > 0


def test_what_is_declared_to_matter_most_gives_way_last():
    seated, _, quotas = crowd()
    reserve = [Person("woman", {"sex": "F", "age": "old"}), Person("man", {"sex": "M", "age": "young"})]
    tight = [*quotas[:2], Quota("age", "young", 6, 6), Quota("age", "old", 6, 6)]

    by_sex, by_age = (
        replace(["s00"], seated, reserve, tight, 12, "x", kept_criteria=(), priorities={name: 10})
        for name in ("sex", "age")
    )

    assert (by_sex.chosen, by_age.chosen) == (("woman",), ("man",))


def test_substitutes_booked_in_advance_are_those_the_scenarios_call_for():
    seated, reserve, quotas = crowd()
    rates = {person.id: 0.9 if person.id == "s00" else 0.0 for person in seated}

    booked = substitutes(seated, reserve, quotas, 12, "x", count=2, drop_out=rates)

    people = {person.id: person for person in reserve}
    assert people[booked[0]].profile["sex"] == "F"
    assert len(booked) == 2
    assert booked == substitutes(seated[::-1], reserve[::-1], quotas, 12, "x", count=2, drop_out=rates)
    assert substitutes(seated, [], quotas, 12, "x", count=2) == ()
