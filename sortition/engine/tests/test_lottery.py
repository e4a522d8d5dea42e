import hashlib
import os
import random
import subprocess
import sys
import time
from collections import Counter
from fractions import Fraction
from pathlib import Path

import highspy
import numpy as np
import pytest
from hypothesis import assume, given, settings

from sortition.engine.herding import nobody_left_out
from sortition.engine.lottery import Infeasible, Person, Quota, by_category, draw_lottery, panels_csv, pick
from sortition.engine.tests.test_quotas import built, legal_panels, small_case

ROOT = Path(__file__).parents[3]


def pool():
    """Sixty people with two criteria and a few of the rarer ones, and quotas for twelve seats."""
    people = []
    for number in range(60):
        sex = "F" if number % 3 else "M"
        age = "young" if number % 10 == 0 else "old" if number % 4 == 0 else "between"
        people.append(Person(f"p{number:02d}", {"sex": sex, "age": age}))
    quotas = [
        Quota("sex", "F", 6, 6),
        Quota("sex", "M", 6, 6),
        Quota("age", "young", 3, 4),
        Quota("age", "between", 4, 6),
        Quota("age", "old", 3, 4),
    ]
    return people, quotas, 12


def is_legal(panel, people, quotas, seats):
    counts = by_category(people, panel)
    return len(set(panel)) == seats and all(
        q.minimum <= counts.get(q.criterion, {}).get(q.category, 0) <= q.maximum for q in quotas
    )


def test_every_panel_is_legal_and_everybody_reaches_their_floor():
    people, quotas, seats = pool()

    lottery = draw_lottery(people, quotas, seats, seed="3 7 1", panels=500)

    assert len(lottery.panels) == 500
    assert all(is_legal(panel, people, quotas, seats) for panel in lottery.panels)
    times = Counter(name for panel in lottery.panels for name in panel)
    assert lottery.chances == {person.id: times[person.id] / 500 for person in people}
    assert all(
        times[name] >= int(500 * chance) for name, chance in lottery.fair.items() if name not in lottery.short
    )
    assert lottery.bound - 1 / 500 <= lottery.minimum <= lottery.bound + 1e-12
    assert lottery.panels_of("p00") == [n for n, panel in enumerate(lottery.panels) if "p00" in panel]


@pytest.mark.parametrize("rule", ["leximin", "maximin", "capped"])
def test_each_rule_gives_the_same_best_minimum(rule):
    people, quotas, seats = pool()

    lottery = draw_lottery(people, quotas, seats, seed="x", panels=200, rule=rule)

    assert min(lottery.fair.values()) == pytest.approx(lottery.bound, abs=1e-7)
    promised = sum(lottery.fair.values())
    assert promised <= seats + 1e-6 if rule == "maximin" else promised == pytest.approx(seats, abs=1e-6)


def test_the_capped_rule_spares_the_most_certain():
    people, quotas, seats = pool()

    plain, capped = (
        draw_lottery(people, quotas, seats, seed="x", panels=50, rule=r) for r in ("leximin", "capped")
    )

    assert max(capped.fair.values()) <= max(plain.fair.values()) + 1e-7


def test_the_order_of_the_files_changes_nothing_and_the_seed_changes_everything():
    people, quotas, seats = pool()

    first = draw_lottery(people, quotas, seats, seed="x", panels=100)
    again = draw_lottery(people[::-1], quotas[::-1], seats, seed="x", panels=100)
    other = draw_lottery(people, quotas, seats, seed="y", panels=100)

    assert (first.panels, first.chances, first.commitment) == (again.panels, again.chances, again.commitment)
    assert first.panels != other.panels
    assert first.commitment == other.commitment


PROGRAM = """
from sortition.engine.tests.test_lottery import pool
from sortition.engine.lottery import draw_lottery, panels_csv
import hashlib
people, quotas, seats = pool()
print(hashlib.sha256(panels_csv(draw_lottery(people, quotas, seats, seed="x", panels=60).panels)).hexdigest())
"""


def test_the_same_bytes_come_out_under_any_hash_seed_and_number_of_threads():
    def digest(hash_seed, threads):
        own = {"PYTHONHASHSEED": hash_seed, "OMP_NUM_THREADS": threads, "PYTHONPATH": str(ROOT)}
        environment = {**os.environ, **own}
        ran = subprocess.run(
            [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
        )
        return ran.stdout.strip()

    people, quotas, seats = pool()
    here = hashlib.sha256(
        panels_csv(draw_lottery(people, quotas, seats, seed="x", panels=60).panels)
    ).hexdigest()
    assert digest("1", "1") == digest("20260901", "3") == here


def test_people_who_are_alike_are_in_as_many_panels_within_one():
    people, quotas, seats = pool()

    lottery = draw_lottery(people, quotas, seats, seed="x", panels=300)

    alike: dict[tuple[str, ...], list[int]] = {}
    for person in people:
        alike.setdefault(tuple(person.profile.values()), []).append(round(lottery.chances[person.id] * 300))
    assert all(max(times) - min(times) <= 1 for times in alike.values())


def test_two_of_one_household_never_sit_together():
    people, quotas, seats = pool()
    together = [
        Person(p.id, p.profile, f"home{number // 2}" if number < 30 else "")
        for number, p in enumerate(people)
    ]

    lottery = draw_lottery(together, quotas, seats, seed="x", panels=200)

    homes = {person.id: person.household for person in together}
    for panel in lottery.panels:
        shared = [homes[name] for name in panel if homes[name]]
        assert len(shared) == len(set(shared))
    assert min(lottery.chances.values()) > 0


def test_people_already_seated_keep_their_seats_and_the_quotas_hold_with_them():
    people, quotas, seats = pool()
    seated, others = people[:4], people[4:]

    lottery = draw_lottery(others, quotas, seats, seed="x", panels=50, seated=seated)

    names = [person.id for person in seated]
    assert all(is_legal([*names, *panel], people, quotas, seats) for panel in lottery.panels)


def test_three_pools_are_one_more_criterion():
    people = [Person(f"r{n}", {"pool": "roll", "sex": "FM"[n % 2]}) for n in range(40)]
    people += [Person(f"n{n}", {"pool": "non_eu", "sex": "FM"[n % 2]}) for n in range(8)]
    people += [Person(f"m{n}", {"pool": "minors", "sex": "F"}) for n in range(4)]
    quotas = [Quota("pool", "roll", 8, 8), Quota("pool", "non_eu", 2, 2), Quota("pool", "minors", 1, 1)]
    quotas += [Quota("sex", "F", 5, 6), Quota("sex", "M", 5, 6)]

    lottery = draw_lottery(people, quotas, 11, seed="x", panels=80)

    assert all(is_legal(panel, people, quotas, 11) for panel in lottery.panels)


def test_somebody_no_panel_can_contain_is_named_and_does_not_spoil_the_proof():
    people, quotas, seats = pool()
    people = [*people, Person("never", {"sex": "F", "age": "ageless"})]

    lottery = draw_lottery(people, [*quotas, Quota("age", "ageless", 0, 0)], seats, seed="x", panels=50)

    assert lottery.unreachable == ("never",)
    assert lottery.minimum > 0


def test_impossible_quotas_raise_their_reasons():
    people, quotas, seats = pool()

    with pytest.raises(Infeasible) as refused:
        draw_lottery(people, [*quotas[:2], Quota("age", "young", 9, 12), *quotas[3:]], seats, seed="x")

    assert [conflict.code for conflict in refused.value.conflicts] == ["minima_above_seats"]


@pytest.mark.parametrize("wrong", [{"seed": ""}, {"panels": 0}, {"rule": "coin"}])
def test_a_draw_without_seed_panels_or_known_rule_is_refused(wrong):
    people, quotas, seats = pool()

    with pytest.raises(ValueError, match="needed"):
        draw_lottery(people, quotas, seats, **{"seed": "x", **wrong})


def test_one_person_for_one_seat_is_certain():
    lottery = draw_lottery([Person("a", {"sex": "F"})], [Quota("sex", "F", 1, 1)], 1, seed="x", panels=10)

    assert (lottery.panels, lottery.minimum, lottery.bound) == ((("a",),) * 10, 1.0, 1.0)


def test_without_criteria_the_lot_is_plain():
    lottery = draw_lottery([Person(f"p{n}", {}) for n in range(10)], [], 3, seed="x", panels=100)

    assert set(lottery.chances.values()) == {0.3}


def test_a_deadline_gives_legal_panels_and_says_it_was_cut_short():
    people, quotas, seats = pool()

    lottery = draw_lottery(people, quotas, seats, seed="x", panels=400, time_limit=1e-6)

    assert lottery.cut_short
    assert all(is_legal(panel, people, quotas, seats) for panel in lottery.panels)


def tight_pool(people=160, seats=20, criteria=6):
    """Quotas exact in half of the criteria, around a panel that exists: most panels are found with difficulty."""
    luck = random.Random(1)
    shape = {f"c{number}": "abcd"[: luck.choice((2, 3, 4))] for number in range(criteria)}
    crowd = [
        Person(f"p{number:03d}", {name: luck.choice(categories) for name, categories in shape.items()})
        for number in range(people)
    ]
    panel = luck.sample(crowd, seats)
    quotas = []
    for number, (name, categories) in enumerate(shape.items()):
        for category in categories:
            held, room = sum(person.profile[name] == category for person in panel), number % 2
            quotas.append(Quota(name, category, max(0, held - room), held + room))
    return crowd, quotas, seats


@pytest.mark.parametrize("seconds", [1e-6, 0.3])
def test_a_deadline_is_kept_even_by_a_tight_pool(seconds):
    people, quotas, seats = tight_pool()
    started = time.process_time()

    lottery = draw_lottery(people, quotas, seats, seed="x", time_limit=seconds)

    assert time.process_time() - started < 2
    assert all(is_legal(panel, people, quotas, seats) for panel in lottery.panels)


def test_a_tight_pool_keeps_what_it_promises():
    people, quotas, seats = tight_pool()

    lottery = draw_lottery(people, quotas, seats, seed="x")

    assert (lottery.short, lottery.unreachable, lottery.cut_short) == ((), (), False)
    assert lottery.bound - 0.001 <= lottery.minimum <= lottery.bound


def test_whoever_is_in_a_known_panel_is_left_in_one():
    known = [np.array([1, 1, 0, 0]), np.array([1, 0, 1, 0]), np.array([0, 1, 0, 1])]

    counts = nobody_left_out(np.array([known[0]] * 5), known)

    assert counts.sum(0).min() >= 1
    assert len(counts) == 5


def test_progress_goes_from_nothing_to_all():
    people, quotas, seats = pool()
    seen = []

    draw_lottery(people, quotas, seats, seed="x", panels=50, progress=seen.append)

    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def best_minimum(ids, panels):
    """The largest smallest chance over all lotteries on these panels, by a linear program on every one of them."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.addCol(1.0, 0.0, 1.0, 0, np.array([], np.int32), np.array([]))
    for _ in ids:
        highs.addRow(0.0, highspy.kHighsInf, 1, np.array([0], np.int32), np.array([-1.0]))
    highs.addRow(1.0, 1.0, 0, np.array([], np.int32), np.array([]))
    for panel in panels:
        rows = [ids.index(name) for name in sorted(panel)] + [len(ids)]
        highs.addCol(0.0, 0.0, highspy.kHighsInf, len(rows), np.array(rows, np.int32), np.ones(len(rows)))
    highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
    highs.run()
    return highs.getSolution().col_value[0]


@settings(max_examples=40, deadline=None)
@given(small_case())
def test_small_draws_agree_with_trying_every_panel(case):
    people, quotas, seats = built(case)
    legal = legal_panels(people, quotas, seats)
    if not legal:
        with pytest.raises(Infeasible):
            draw_lottery(people, quotas, seats, seed="x", panels=10)
        return

    lottery = draw_lottery(people, quotas, seats, seed="x", panels=200)

    possible = set(legal)
    assert all(frozenset(panel) in possible for panel in lottery.panels)
    reached = sorted(frozenset().union(*legal))
    assume(set(reached) == {person.id for person in people} - set(lottery.unreachable))
    best = best_minimum(reached, legal)
    assert lottery.certificate.bound >= Fraction(best) - Fraction(1, 10**6)
    assert lottery.minimum <= best + 1e-9
    assert lottery.minimum >= best - 0.05


def test_a_number_is_picked_from_a_text_by_anybody():
    digest = hashlib.sha256(b"panel|3 7 1|0").digest()

    assert pick(1000, "3 7 1") == int.from_bytes(digest[:8], "big") % 1000
    assert {pick(3, str(text)) for text in range(50)} == {0, 1, 2}
    with pytest.raises(ValueError, match="no panel"):
        pick(0, "x")


def test_numbers_are_picked_evenly():
    times = Counter(pick(10, f"text {number}") for number in range(10_000))

    square = sum((count - 1000) ** 2 / 1000 for count in times.values())
    assert (
        square < 27.9
    )  # chi-square, nine degrees of freedom: exceeded once in a thousand by chance, and fixed here
