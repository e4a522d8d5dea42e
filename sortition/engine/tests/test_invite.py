import datetime
import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortition.engine import invite as inviting
from sortition.engine.invite import allotment, invite, largest_remainder, ticket
from sortition.engine.reading import open_table
from sortition.engine.roll import Elector, read_roll
from sortition.engine.sample_roll import write_roll

TODAY = datetime.date(2026, 9, 1)


@pytest.fixture(scope="module")
def roll(tmp_path_factory):
    path = tmp_path_factory.mktemp("roll") / "roll.csv"
    write_roll(path, 6_000, seed=4)
    return path


def drawn(path, letters=300, seed="graine", **options):
    return invite(open_table(path), letters, seed=seed, today=TODAY, **options)


def test_the_letters_are_the_smallest_tickets_of_each_stratum(roll):
    result = drawn(roll)

    best: dict[tuple[str, ...], set[str]] = {}
    for elector in read_roll(open_table(roll), TODAY):
        if isinstance(elector, Elector):
            born = f"{elector.birth_date:%d/%m/%Y}"
            held = ticket("graine", elector.birth_name, elector.forenames, born, elector.birth_place)
            best.setdefault((elector.district, elector.age_band, elector.sex), set()).add(held)
    expected = [held for count in result.strata for held in sorted(best[count.stratum])[: count.invited]]
    assert [person.ticket for person in result.drawn] == expected
    assert len(result.drawn) == 300


def test_each_stratum_receives_its_share_within_one(roll):
    result = drawn(roll, strata=("district",))

    for count in result.strata:
        assert abs(count.invited - 300 * count.population / result.usable) < 1


def test_the_order_of_the_lines_changes_nothing(roll, tmp_path):
    heading, *lines = roll.read_text(encoding="utf-8").splitlines(keepends=True)
    random.Random(1).shuffle(lines)
    shuffled = tmp_path / "shuffled.csv"
    shuffled.write_text(heading + "".join(lines), encoding="utf-8")

    first, second = drawn(roll), drawn(shuffled)

    assert [p.ticket for p in first.drawn] == [p.ticket for p in second.drawn]
    assert [p.elector.address for p in first.drawn] == [p.elector.address for p in second.drawn]


def test_another_seed_draws_other_people(roll):
    first, second = ({p.ticket for p in drawn(roll, seed=seed).drawn} for seed in ("a", "b"))

    assert not first & second


def test_more_letters_than_electors_write_to_everybody_once(roll):
    result = drawn(roll, letters=50_000)

    assert (
        len(result.drawn)
        == len({p.ticket for p in result.drawn})
        == result.usable - result.refused["duplicate"]
    )


def test_a_person_on_two_lines_is_invited_once(roll, tmp_path):
    doubled = tmp_path / "doubled.csv"
    heading, *lines = roll.read_text(encoding="utf-8").splitlines(keepends=True)
    doubled.write_text(heading + "".join(lines[:500] * 2), encoding="utf-8")

    result = drawn(doubled, letters=100)

    assert len({p.ticket for p in result.drawn}) == len(result.drawn) == 100
    assert result.refused["duplicate"] >= 100


def test_unusable_lines_are_counted_and_handed_over_as_they_are_met(roll):
    met = []

    result = drawn(roll, on_refusal=met.append)

    assert Counter(refusal.code for refusal in met) == result.refused - Counter(
        duplicate=result.refused["duplicate"]
    )
    assert result.rows_read == 6_000 == result.usable + len(met)


def test_cutting_too_short_is_noticed_and_the_roll_read_again(roll, monkeypatch):
    whole = drawn(roll)
    careful = inviting._Picker._wanted
    monkeypatch.setattr(
        inviting._Picker,
        "_wanted",
        lambda self, pile, total: careful(self, pile, total) if self.shares else 1,
    )

    assert [p.ticket for p in drawn(roll).drawn] == [p.ticket for p in whole.drawn]


@pytest.mark.parametrize("wrong", [{"letters": 0}, {"seed": ""}, {"strata": ("shoe_size",)}])
def test_a_draw_without_letters_seed_or_known_strata_is_refused(roll, wrong):
    with pytest.raises(ValueError, match="needed"):
        drawn(roll, **wrong)


@given(
    st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(0, 50), min_size=1),
    st.integers(0, 400),
)
def test_largest_remainders_add_up_and_stay_within_one(counts, total):
    shares = largest_remainder(counts, total)

    everybody = sum(counts.values())
    assert sum(shares.values()) == min(total, everybody)
    for code, count in counts.items():
        assert shares[code] <= count
        assert abs(shares[code] - min(total, everybody) * count / max(everybody, 1)) < 1


@settings(max_examples=50)
@given(
    st.dictionaries(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), st.integers(0, 40), min_size=1),
    st.integers(1, 100),
)
def test_an_allotment_is_in_proportion_at_every_level(populations, letters):
    shares = allotment(populations, letters)

    assert sum(shares.values()) == min(letters, sum(populations.values()))
    assert all(shares[stratum] <= populations[stratum] for stratum in populations)
