import datetime
from collections import Counter

import pytest

from sortition.engine.reading import open_table
from sortition.engine.roll import Elector, columns_of, read_roll
from sortition.engine.sample_roll import write_roll
from sortition.engine.sample_volunteers import Invited, answers, write_answers, write_pool
from sortition.engine.volunteers import Answer, read_answers

TODAY = datetime.date(2026, 9, 1)
OPENING = datetime.datetime(2026, 9, 7, 8)


@pytest.fixture(scope="module")
def roll(tmp_path_factory):
    path = tmp_path_factory.mktemp("sample") / "roll.csv"
    write_roll(path, 20_000, seed=1)
    return path


def test_a_sample_roll_is_read_like_a_real_one_with_its_oddities(roll):
    table = open_table(roll)

    found = list(read_roll(table, TODAY))

    reasons = Counter(refusal.code for refusal in found if not isinstance(refusal, Elector))
    assert columns_of(open_table(roll)).format == "A"
    assert len(found) == 20_000
    assert {"european_list", "date_unreadable"} <= set(reasons)
    assert 0.98 < sum(isinstance(elector, Elector) for elector in found) / 20_000 < 0.995


def test_a_sample_roll_is_the_same_for_the_same_seed(roll, tmp_path):
    write_roll(tmp_path / "again.csv", 20_000, seed=1)
    write_roll(tmp_path / "other.csv", 20_000, seed=2)

    assert (tmp_path / "again.csv").read_bytes() == roll.read_bytes() != (tmp_path / "other.csv").read_bytes()


def test_a_sample_roll_has_the_districts_ages_and_sexes_of_paris(roll):
    electors = [elector for elector in read_roll(open_table(roll), TODAY) if isinstance(elector, Elector)]

    districts = Counter(elector.district for elector in electors)
    women = sum(elector.sex == "F" for elector in electors)
    assert set(districts) == {f"{number:02d}" for number in range(1, 21)}
    assert districts.most_common(1)[0][0] == "15"
    assert 0.51 < women / len(electors) < 0.57


@pytest.fixture
def invited(roll):
    electors = [elector for elector in read_roll(open_table(roll), TODAY) if isinstance(elector, Elector)][
        :2_000
    ]
    return [
        Invited(
            f"ACP-{n:06d}",
            e.last_name,
            e.first_name,
            e.sex,
            e.birth_date,
            e.age_band,
            e.district,
            "1 RUE X",
            e.postcode,
        )
        for n, e in enumerate(electors)
    ]


def test_sample_answers_do_not_depend_on_the_order_of_the_invited(invited):
    assert answers(invited, 100, "seed") == answers(invited[::-1], 100, "seed")


def test_sample_answers_are_read_back_and_plainly_fictional(invited, tmp_path):
    write_answers(tmp_path / "answers.csv", answers(invited, 150, "seed"), "seed", OPENING)

    read = list(read_answers(open_table(tmp_path / "answers.csv"), TODAY))

    assert all(isinstance(answer, Answer) and not answer.doubts for answer in read)
    assert len({answer.code for answer in read}) == 150 < len(read) < 160
    assert all(not answer.email or answer.email.endswith(".invalid") for answer in read)
    assert all(
        not answer.phone or answer.phone.startswith("+33639980") or answer.phone.startswith("+3363998")
        for answer in read
    )


@pytest.mark.parametrize(("kind", "ages"), [("non_eu", range(18, 82)), ("minors", range(16, 18))])
def test_the_small_pools_are_read_back(tmp_path, kind, ages):
    write_pool(tmp_path / "pool.csv", kind, 60, "seed", TODAY)

    read = list(read_answers(open_table(tmp_path / "pool.csv"), TODAY))

    assert len(read) == 60
    assert all(not answer.doubts for answer in read)
    assert all((TODAY - answer.birth_date).days // 365.25 in ages for answer in read)
