import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortition.engine.quotas import Conflict, Person, Quota, check, contradictions

HALVES = [Quota("sex", "F", 2, 2), Quota("sex", "M", 2, 2)]


def crowd(**counts):
    """crowd(F_old=3) makes three people F and old."""
    return [
        Person(f"{name}{number}", dict(zip(("sex", "age"), name.split("_"), strict=False)))
        for name, count in counts.items()
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("quotas", "seats", "codes"),
    [
        (HALVES, 4, []),
        (HALVES, 0, ["no_seats", "minima_above_seats"]),
        (HALVES, 3, ["minima_above_seats"]),
        (HALVES, 5, ["maxima_below_seats"]),
        ([Quota("sex", "F", 3, 2), Quota("sex", "M", 0, 9)], 4, ["minimum_above_maximum"]),
        ([Quota("sex", "F", -1, 2), Quota("sex", "M", 0, 9)], 4, ["negative_bound"]),
        ([*HALVES, Quota("sex", "F", 0, 0)], 4, ["category_twice"]),
    ],
)
def test_quotas_may_contradict_themselves(quotas, seats, codes):
    assert [conflict.code for conflict in contradictions(quotas, seats)] == codes


@pytest.mark.parametrize(
    ("people", "codes"),
    [
        (crowd(F=2, M=2), []),
        (crowd(F=5, M=1), ["category_short", "criterion_short"]),
        (crowd(F=1, M=1), ["too_few_people", "category_short", "category_short"]),
        ([], ["too_few_people", "category_short", "category_short"]),
        ([*crowd(F=2, M=2), Person("x", {"sex": "?"})], ["unknown_category"]),
        ([*crowd(F=2, M=2), Person("x", {})], ["missing_criterion"]),
        ([*crowd(F=2, M=2), Person("F0", {"sex": "F"})], ["same_id"]),
    ],
)
def test_a_pool_may_not_fit_the_quotas(people, codes):
    found = check(people, HALVES, 4)

    assert [conflict.code for conflict in found] == codes
    assert all("%(" not in str(conflict) and "…" not in str(conflict) for conflict in found)


def test_quotas_each_possible_may_be_impossible_together_and_the_least_change_is_proposed():
    quotas = [*HALVES, Quota("age", "old", 2, 2), Quota("age", "young", 0, 2), Quota("age", "other", 0, 4)]
    people = crowd(F_old=3, M_other=1, M_young=9, F_young=3, F_other=3)
    strict = [*HALVES, Quota("age", "old", 3, 4), Quota("age", "young", 0, 4), Quota("age", "other", 0, 4)]

    assert check(people, quotas, 4) == []
    (conflict,) = check(people, strict, 4)

    assert conflict.code == "together_impossible"
    assert {quota.category for quota in conflict.quotas} <= {"F", "M", "old"}
    assert conflict.relaxations
    for relaxation in conflict.relaxations:
        changed = {
            (q.criterion, q.category): Quota(q.criterion, q.category, a, b) for q, a, b in relaxation.changes
        }
        assert check(people, [changed.get((q.criterion, q.category), q) for q in strict], 4) == []


def test_people_already_seated_count_towards_the_quotas():
    seated = crowd(F=2)

    assert check(crowd(M=2), HALVES, 4, seated=seated) == []
    assert isinstance(
        check([Person("z", {"sex": "F"}), Person("y", {"sex": "M"})], HALVES, 4, seated=seated)[0], Conflict
    )


def small_case(draw_from=st):
    quota = st.tuples(st.integers(0, 2), st.integers(0, 3)).map(sorted)
    return st.tuples(
        st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), min_size=1, max_size=7),
        st.lists(quota, min_size=5, max_size=5),
        st.integers(1, 4),
    )


def built(case):
    profiles, bounds, seats = case
    names = [("one", "a"), ("one", "b"), ("two", "x"), ("two", "y"), ("two", "z")]
    quotas = [Quota(*name, *bound) for name, bound in zip(names, bounds, strict=True)]
    return [Person(f"p{i}", {"one": a, "two": b}) for i, (a, b) in enumerate(profiles)], quotas, seats


def legal_panels(people, quotas, seats):
    """Every legal panel, by trying them all."""
    return [
        frozenset(person.id for person in panel)
        for panel in itertools.combinations(people, seats)
        if all(
            q.minimum <= sum(p.profile[q.criterion] == q.category for p in panel) <= q.maximum for q in quotas
        )
    ]


@settings(max_examples=60, deadline=None)
@given(small_case())
def test_the_check_agrees_with_trying_every_panel(case):
    people, quotas, seats = built(case)

    assert (check(people, quotas, seats, relaxations=1) == []) == bool(legal_panels(people, quotas, seats))
