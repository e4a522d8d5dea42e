"""The command line: the field's two files in, a folder out, and a sentence when something is wrong."""

import json

import pytest

from sortition.engine import verify_levels
from sortition.engine.__main__ import main
from sortition.engine.tests.test_lottery import pool


def files(folder, *, heading="category,value,min,max", targets=None, rows=None):
    people, quotas, _ = pool()
    lines = [f"{q.criterion},{q.category},{q.minimum},{q.maximum}" for q in quotas]
    if "min_flex" in heading:
        lines = [f"{line},0,9" for line in lines]
    (folder / "categories.csv").write_text(
        "\n".join([heading, *(lines if targets is None else targets)]) + "\n"
    )
    rows = [f"{p.id},{p.profile['sex']},{p.profile['age']}" for p in people] if rows is None else rows
    (folder / "respondents.csv").write_text("\n".join(["id,sex,age", *rows]) + "\n")
    return [
        *("--people", str(folder / "respondents.csv"), "--targets", str(folder / "categories.csv")),
    ]


def run(act, folder, *options, seats=12, **changes):
    return main([act, *files(folder, **changes), "--seats", str(seats), *options])


def drawn(folder, *options, **changes):
    given = ("--seed", "3 1 4", "--panels", "40", "--out", str(folder / "out"))
    return run("draw", folder, *given, *options, **changes)


@pytest.mark.parametrize(
    "heading",
    ["category,value,min,max", "category,name,min,max", "feature,value,min,max,min_flex,max_flex"],
)
def test_a_draw_from_two_files_gives_a_folder_that_verifies(tmp_path, heading):
    assert drawn(tmp_path, heading=heading) == 0

    out = tmp_path / "out"
    record = json.loads((out / "record.json").read_text())
    assert {"rule", "versions", "seconds", "minimum", "proven_bound", "sha256"} <= set(record)
    assert (out / "chances.csv").read_text().startswith("id,probability\n")
    assert (out / "panels.csv").read_text().startswith("panel,id\n")
    assert len((out / "selected.csv").read_text().split()) == 13
    assert main(["verify", str(out)]) == 0


def test_a_folder_tampered_with_does_not_verify(tmp_path):
    drawn(tmp_path)
    chances = tmp_path / "out" / "chances.csv"
    chances.write_text(chances.read_text().replace(",0.", ",0.9", 1))

    assert main(["verify", str(tmp_path / "out")]) == 1


@pytest.mark.parametrize("rule", ["leximin", "capped", "maximin", "nash"])
def test_every_rule_can_be_asked_for(tmp_path, rule):
    assert drawn(tmp_path, "--rule", rule) == 0
    assert json.loads((tmp_path / "out" / "record.json").read_text())["rule"] == rule


ONE = ["sex,F,0,2", "sex,M,0,2", "age,old,0,2"]


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"rows": ["a,F,old", "a,M,old"]}, 2, "a appears twice"),
        ({"rows": ["a,F,ageless"]}, 2, "“ageless” has no quota"),
        ({"rows": ["a,F"]}, 1, "Line 2 has 2 cells"),
        ({"rows": [",F,old"]}, 1, "the id is missing"),
        ({"rows": []}, 2, "0 people for 12 seats"),
        ({"rows": ["a,F,old"]}, 2, "1 people for 12 seats"),
        ({"seats": 61}, 2, "cannot fill 61 seats"),
        ({"seats": 0}, 2, "at least one seat"),
        ({"targets": ["sex,F,7,6"]}, 2, "above the maximum"),
        ({"targets": ["sex,F,many,6"]}, 1, "must be whole numbers"),
        ({"targets": ["sex,,1,6"]}, 1, "is missing"),
        ({"targets": ["shoes,red,1,60"]}, 1, "columns are missing"),
        ({"heading": "one,two,three,four"}, 1, "columns are missing"),
        ({"targets": []}, 1, "The file is empty"),
        ({"seats": -1}, 2, "at least one seat"),
    ],
)
def test_input_that_cannot_be_used_is_said_and_nothing_is_written(tmp_path, capsys, changes, code, words):
    assert drawn(tmp_path, **changes) == code

    assert words in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("options", [("--seed", ""), ("--panels", "0")])
def test_an_empty_seed_or_no_panels_are_refused(tmp_path, capsys, options):
    assert drawn(tmp_path, *options) == 1
    assert "needed" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_not_there_is_named(tmp_path, capsys):
    arguments = ["--people", "nowhere.csv", "--targets", "nowhere.csv", "--seats", "3"]

    assert main(["explain", *arguments]) == 1
    assert "nowhere.csv: there is no such file." in capsys.readouterr().err


def test_results_never_cover_earlier_ones(tmp_path, capsys):
    drawn(tmp_path)
    before = (tmp_path / "out" / "panels.csv").read_bytes()

    assert drawn(tmp_path, "--seed", "another") == 1
    assert "already holds something" in capsys.readouterr().err
    assert (tmp_path / "out" / "panels.csv").read_bytes() == before


def test_one_volunteer_for_one_seat(tmp_path):
    assert drawn(tmp_path, seats=1, targets=ONE, rows=["a,F,old"]) == 0
    assert (tmp_path / "out" / "selected.csv").read_text() == "id\na\n"


def test_a_deadline_is_said(tmp_path, capsys):
    assert drawn(tmp_path, "--time-limit", "0.000001") == 0
    assert "Time ran out" in capsys.readouterr().out
    assert json.loads((tmp_path / "out" / "record.json").read_text())["cut_short"] is True


def test_the_order_of_rows_changes_no_byte(tmp_path):
    people, _, _ = pool()
    rows = [f"{p.id},{p.profile['sex']},{p.profile['age']}" for p in people]
    for name, some in (("one", rows), ("two", rows[::-1])):
        (tmp_path / name).mkdir()
        drawn(tmp_path / name, rows=some)

    for name in ("panels.csv", "chances.csv", "certificate.json", "commitment.txt", "selected.csv"):
        assert (tmp_path / "one" / "out" / name).read_bytes() == (
            tmp_path / "two" / "out" / name
        ).read_bytes()


def test_quotas_are_explained_with_their_price(tmp_path, capsys):
    assert run("explain", tmp_path) == 0
    said = capsys.readouterr().out
    assert "can be kept" in said
    assert "the worst chance goes from" in said


def test_what_is_sacred_is_not_proposed(tmp_path, capsys):
    targets = ["sex,F,12,12", "sex,M,0,12", "age,young,0,12", "age,between,12,12", "age,old,0,12"]
    rows = [*(f"f{n},F,old" for n in range(20)), *(f"m{n},M,between" for n in range(20))]

    assert run("explain", tmp_path, "--sacred", "sex=inf", targets=targets, rows=rows) == 2
    said = capsys.readouterr().err
    assert "age between: 12-12" in said
    assert "sex F: 12-12" not in said


def test_leavers_are_replaced_in_the_order_of_the_reserve(tmp_path, capsys):
    drawn(tmp_path)
    seated = tmp_path / "out" / "selected.csv"
    leaver = next(name for name in seated.read_text().split()[1:] if not name.endswith("0"))

    code = run(
        *("replace", tmp_path, "--seated", str(seated), "--leavers", leaver),
        *("--seed", "3 1 4", "--out", str(tmp_path / "swapped")),
    )

    assert code == 0
    assert "1 of 1 replaced." in capsys.readouterr().out
    assert len((tmp_path / "swapped" / "replacements.csv").read_text().split()) == 2
    assert len((tmp_path / "swapped" / "reserve.csv").read_text().split()) == 49


def test_a_stranger_cannot_be_replaced(tmp_path, capsys):
    drawn(tmp_path)
    seated = tmp_path / "out" / "selected.csv"

    options = (
        "--seated",
        str(seated),
        "--leavers",
        "nobody",
        "--seed",
        "x",
        "--out",
        str(tmp_path / "swapped"),
    )
    assert run("replace", tmp_path, *options) == 1
    assert "nobody is not among the people." in capsys.readouterr().err


def test_each_level_of_chances_can_be_proved(tmp_path, capsys):
    assert drawn(tmp_path, "--levels") == 0
    assert main(["verify", str(tmp_path / "out")]) == 0
    assert "Every level is proved." in capsys.readouterr().out

    levels = tmp_path / "out" / "levels.json"
    found = json.loads(levels.read_text())
    found["levels"][-1]["chance"] = "0.123456789012"
    levels.write_text(json.dumps(found))
    assert verify_levels.main([str(tmp_path / "out")]) == 1
    assert "NOT SO: Level" in capsys.readouterr().out


def test_levels_are_those_of_leximin(tmp_path, capsys):
    assert drawn(tmp_path, "--levels", "--rule", "nash") == 1
    assert "under leximin" in capsys.readouterr().err


FLEX = "feature,value,min,max,min_flex,max_flex"
TIGHT = [
    "sex,F,6,6,4,8",
    "sex,M,6,6,4,8",
    "age,young,7,12,{},12",
    "age,between,0,12,0,12",
    "age,old,0,12,0,12",
]


def test_quotas_give_way_within_their_flexes_only(tmp_path, capsys):
    targets = [line.format(5) for line in TIGHT]
    assert drawn(tmp_path, heading=FLEX, targets=targets) == 2
    assert "age young: 7-12 → 6-12" in capsys.readouterr().err

    assert drawn(tmp_path, "--flex", heading=FLEX, targets=targets) == 0
    assert "they were moved: age young: 7-12 → 6-12" in capsys.readouterr().out
    assert json.loads((tmp_path / "out" / "record.json").read_text())["relaxed"]
    assert main(["verify", str(tmp_path / "out")]) == 0


def test_quotas_do_not_give_way_beyond_their_flexes(tmp_path, capsys):
    targets = [line.format(7) for line in TIGHT]
    assert drawn(tmp_path, "--flex", heading=FLEX, targets=targets) == 2
    assert not (tmp_path / "out").exists()
    capsys.readouterr()

    assert run("explain", tmp_path, heading=FLEX, targets=targets) == 2
    said = capsys.readouterr().err
    assert "Nothing within the flexes would be enough." in said
    assert "Missing: 1 more, age young." in said


def test_flexes_are_wider_than_their_quotas(tmp_path, capsys):
    assert drawn(tmp_path, heading=FLEX, targets=["sex,F,6,6,7,8"]) == 1
    assert "must be in this order" in capsys.readouterr().err


def test_people_already_seated_are_counted_and_not_drawn(tmp_path):
    (tmp_path / "seated.csv").write_text("id\np01\np02\n")

    assert drawn(tmp_path, "--seated", str(tmp_path / "seated.csv")) == 0

    selected = (tmp_path / "out" / "selected.csv").read_text().split()[1:]
    assert len(selected) == 10
    assert not {"p01", "p02"} & set(selected)
    assert main(["verify", str(tmp_path / "out")]) == 0


def test_a_few_people_are_booked_against_drop_out(tmp_path, capsys):
    drawn(tmp_path)
    seated = str(tmp_path / "out" / "selected.csv")
    asked = ("substitutes", tmp_path, "--seated", seated, "--seed", "x", "--scenarios", "20")

    assert run(*asked, "--count", "4", "--out", str(tmp_path / "booked")) == 0

    booked = (tmp_path / "booked" / "substitutes.csv").read_text().splitlines()
    assert booked[0] == "rank,id"
    assert len(booked) == 5
    for wrong in (("--count", "0"), ("--count", "2", "--drop-out", "1.5")):
        assert run(*asked, *wrong, "--out", str(tmp_path / "none")) == 1
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--time-limit", "0"), "above 0 is needed"),
        (("--rule", "coin"), "invalid choice"),
        (("--household", "nothing"), "missing from the heading: nothing"),
        (("--flex",), "needs the columns min_flex"),
        (("--people", "."), "is a folder, not a file"),
        (("--seated", "nowhere.csv"), "there is no such file"),
    ],
)
def test_options_that_mean_nothing_are_refused(tmp_path, capsys, options, words):
    try:
        code = drawn(tmp_path, *options)
    except SystemExit as refused:
        code = refused.code

    assert code == 1
    assert words in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_more_people_cannot_sit_than_there_are_seats(tmp_path, capsys):
    files(tmp_path)
    options = ("--seated", str(tmp_path / "respondents.csv"), "--leavers", "p01", "--seed", "x")

    assert run("replace", tmp_path, *options, "--out", str(tmp_path / "swapped")) == 1
    assert "60 people sit, for 12 seats." in capsys.readouterr().err
