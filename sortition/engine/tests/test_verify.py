import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from sortition.engine import publish, verify
from sortition.engine.__main__ import main
from sortition.engine.canonical import parameters_json
from sortition.engine.lottery import draw_lottery
from sortition.engine.tests.test_lottery import pool


@pytest.fixture(scope="module")
def files():
    people, quotas, seats = pool()
    lottery = draw_lottery(people, quotas, seats, seed="3 7 1", panels=60)
    parameters = parameters_json(seats=seats, panels=60, rule="leximin")
    return publish.published_files(lottery, people, quotas, parameters, with_attributes=True)


@pytest.fixture
def folder(files, tmp_path):
    publish.write(tmp_path / "draw", files)
    return tmp_path / "draw"


def test_an_honest_draw_is_verified_by_the_file_published_with_it(folder):
    ran = subprocess.run(
        [sys.executable, "-I", folder / "verify.py", folder], capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, ran.stdout
    assert ran.stdout.endswith("The draw is verified.\n")
    assert "Every panel keeps every quota." in ran.stdout


def test_without_attributes_the_public_verifies_the_rest(folder):
    (folder / "people.csv").unlink()

    holds, said = verify.verify(folder)

    assert holds
    assert len(said) == 6


def changed(folder, name, change):
    path = folder / name
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def first_panel(text, change):
    heading, *lines = text.splitlines(keepends=True)
    return heading + "".join(change(lines))


TAMPERINGS = {
    "a seat in a panel": ("panels.csv", lambda t: first_panel(t, lambda ls: ["0,p59\n", *ls[1:]])),
    "a seat missing": ("panels.csv", lambda t: first_panel(t, lambda ls: ls[1:])),
    "somebody twice": ("panels.csv", lambda t: first_panel(t, lambda ls: [ls[1], *ls[1:]])),
    "a stranger": ("panels.csv", lambda t: first_panel(t, lambda ls: ["0,zz\n", *ls[1:]])),
    "a panel more": ("panels.csv", lambda t: t + t[t.index("59,") :].replace("59,", "60,")),
    "a quota": ("quotas.csv", lambda t: t.replace("F,6,6", "F,5,7")),
    "the rule": ("parameters.json", lambda t: t.replace("leximin", "maximin")),
    "the seed": ("seed.txt", lambda t: t.replace("3", "4")),
    "a profile": ("people.csv", lambda t: t.replace("p01,between,F", "p01,between,M")),
    "a person added": ("people.csv", lambda t: t + "p99,old,F\n"),
    "a person named twice": ("ids.csv", lambda t: t + "p59\n"),
    "the selected": (
        "selected.csv",
        lambda t: t.splitlines()[0] + "\n" + "".join(f"p{n:02d}\n" for n in range(12)),
    ),
    "the commitment": ("commitment.txt", lambda t: t.replace(t[0], "0" if t[0] != "0" else "1", 1)),
    "a chance": ("chances.csv", lambda t: t.replace("p01,0.", "p01,1.")),
    "a certificate lowered": (
        "certificate.json",
        lambda t: t.replace('"points_of_a_panel":"', '"points_of_a_panel":"-'),
    ),
    "a certificate's score": ("certificate.json", lambda t: t.replace('"sex","F","', '"sex","F","1')),
    "a damaged number": ("panels.csv", lambda t: t.replace("0,", "zero,", 1)),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_every_tampering_is_seen_and_said(folder, name):
    file, change = TAMPERINGS[name]
    before = (folder / file).read_bytes()
    changed(folder, file, change)
    assert (folder / file).read_bytes() != before

    holds, said = verify.verify(folder)

    assert not holds
    assert said[-1].endswith(".") or name == "a damaged number"


def test_two_people_exchanged_between_panels_are_seen(folder):
    """Each person is in as many panels as before: only the quotas, or the panel selected, can tell."""
    heading, *lines = (folder / "panels.csv").read_text(encoding="utf-8").splitlines()
    panels = [line.split(",") for line in lines]
    selected = (folder / "selected.csv").read_text(encoding="utf-8").split()[1:]
    number = json.loads((folder / "record.json").read_text(encoding="utf-8"))["panel_number"]
    here = next(row for row in panels if row[0] == str(number))
    there = next(row for row in panels if row[0] != str(number) and row[1] not in selected)
    here[1], there[1] = there[1], here[1]
    text = "\n".join([heading, *(",".join(row) for row in panels)]) + "\n"
    (folder / "panels.csv").write_text(text, encoding="utf-8")

    assert not verify.verify(folder)[0]


@pytest.mark.parametrize(
    "name", ["commitment.txt", "quotas.csv", "panels.csv", "certificate.json", "seed.txt"]
)
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()

    holds, said = verify.verify(folder)

    assert not holds
    assert said[-1] == f"{name} is missing."


def test_a_panel_designated_by_dice_is_verified(tmp_path):
    people, quotas, seats = pool()
    lottery = draw_lottery(people, quotas, seats, seed="x", panels=20)
    parameters = parameters_json(seats=seats, panels=20, rule="leximin")
    files = publish.published_files(lottery, people, quotas, parameters, number=7)
    publish.write(tmp_path / "draw", files)

    holds, said = verify.verify(tmp_path / "draw")

    assert holds
    assert "Panel 7, designated by hand, is the one selected." in said


def test_what_was_not_committed_to_is_not_published(files):
    people, quotas, seats = pool()
    lottery = draw_lottery(people, quotas, seats, seed="x", panels=20)

    with pytest.raises(ValueError, match="not those"):
        publish.published_files(
            lottery, people[1:], quotas, parameters_json(seats=seats, panels=20, rule="leximin")
        )


def test_nothing_is_written_over_something(folder, files):
    with pytest.raises(FileExistsError):
        publish.write(folder, files)


def test_the_verifier_is_short_and_uses_the_standard_library_alone():
    source = Path(verify.__file__).read_text(encoding="utf-8")

    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else name.name).split(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    assert imported <= sys.stdlib_module_names
    assert len(source.splitlines()) < 300


def test_the_engine_never_imports_the_application():
    for path in Path(verify.__file__).parent.glob("*.py"):
        assert "django" not in path.read_text(encoding="utf-8").lower().replace("no django", "")


CATEGORIES = "category,value,min,max\nsex,F,1,1\nsex,M,1,1\n"
RESPONDENTS = "id,sex\na,F\nb,M\nc,F\nd,M\n"


def run(tmp_path, *options, categories=CATEGORIES, respondents=RESPONDENTS):
    (tmp_path / "categories.csv").write_text(categories, encoding="utf-8")
    (tmp_path / "respondents.csv").write_text(respondents, encoding="utf-8")
    files = ["--people", str(tmp_path / "respondents.csv"), "--targets", str(tmp_path / "categories.csv")]
    return main([options[0], *files, "--seats", "2", *options[1:]])


def test_the_command_seals_with_salts_and_proves_to_each_their_place(tmp_path, capsys):
    out, salts = tmp_path / "out", tmp_path / "salts.csv"
    salts.write_text("id,salt\n" + "".join(f"{one},{one * 32}\n" for one in "abcd"), encoding="utf-8")
    options = ["--seed", "x", "--panels", "10", "--salts", str(salts), "--out", str(out)]
    assert run(tmp_path, "draw", *options) == 0
    capsys.readouterr()

    assert main(["prove", str(out), "c"]) == 0
    (tmp_path / "mine.json").write_text(capsys.readouterr().out, encoding="utf-8")

    assert main(["verify", str(out), "--leaf", str(tmp_path / "mine.json")]) == 0
    assert "c is in the pool, once (sex: F). Panels: " in capsys.readouterr().out
    assert main(["prove", str(out), "stranger"]) == 1
    assert "stranger is not in this pool." in capsys.readouterr().err


def test_the_command_wants_a_salt_for_everybody(tmp_path, capsys):
    salts = tmp_path / "salts.csv"
    salts.write_text(f"id,salt\na,{'a' * 32}\nb,\n", encoding="utf-8")

    code = run(tmp_path, "draw", "--seed", "x", "--salts", str(salts), "--out", str(tmp_path / "out"))

    assert code == 1
    assert "for b, c, d (3 in all)" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_accents_may_be_written_in_two_ways(tmp_path):
    respondents = "id,sex\ne\u0301,F\nb,M\nz\u0301,F\nd,M\n"
    out = str(tmp_path / "out")

    drawn = run(tmp_path, "draw", "--seed", "x", "--panels", "10", "--out", out, respondents=respondents)

    assert drawn == 0
    assert main(["verify", out]) == 0


@pytest.mark.parametrize("heading", ["category,value", "name,value", "feature,value", "category,name"])
def test_the_command_draws_and_verifies_in_the_field_s_two_file_format(tmp_path, heading, capsys):
    out = str(tmp_path / "out")

    drawn = run(
        tmp_path,
        "draw",
        "--seed",
        "x",
        "--panels",
        "10",
        "--out",
        out,
        categories=CATEGORIES.replace("category,value", heading),
    )

    assert drawn == 0
    assert main(["verify", out]) == 0
    assert "50.0000%" in capsys.readouterr().out


def test_the_command_explains_impossible_quotas(tmp_path, capsys):
    code = run(tmp_path, "explain", respondents="id,sex\na,F\nb,F\n")

    assert code == 2
    assert "sex, M: at least 1 needed, 0 available." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("categories", "words"),
    [
        ("a,b\n1,2\n", "missing from the heading"),
        ("category,value,min,max\nsex,F,one,1\n", "whole numbers"),
        ("category,value,min,max\nheight,tall,1,1\n", "height"),
    ],
)
def test_the_command_says_what_is_wrong_and_writes_nothing(tmp_path, capsys, categories, words):
    code = run(tmp_path, "draw", "--seed", "x", "--out", str(tmp_path / "out"), categories=categories)

    assert code == 1
    assert words in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_command_draws_letters(tmp_path, capsys):
    roll = Path(__file__).parent / "samples" / "format_a_utf8.csv"

    code = main(
        [
            "invite",
            "--roll",
            str(roll),
            "--letters",
            "20",
            "--seed",
            "x",
            "--today",
            "2026-09-01",
            "--out",
            str(tmp_path / "o"),
        ]
    )

    assert code == 0
    assert "20 invited" in capsys.readouterr().out
    assert len((tmp_path / "o" / "letters.csv").read_text(encoding="utf-8").splitlines()) == 21
