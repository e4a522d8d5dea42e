import datetime
import json
from pathlib import Path

import pytest

from sortition.engine.reading import open_table
from sortition.engine.sentences import Refusal, Unreadable
from sortition.engine.volunteers import (
    Answer,
    birth_date,
    diploma,
    district,
    email,
    escape_cell,
    invitation_code,
    phone,
    read_answers,
    same_name,
)

SAMPLES = Path(__file__).parent / "samples"
TRAPS = json.loads((SAMPLES / "traps_fr.json").read_text(encoding="utf-8"))
TODAY = datetime.date(2026, 9, 1)


@pytest.mark.parametrize(("text", "expected"), TRAPS["arrondissement"])
def test_a_district_however_written(text, expected):
    found = district(text)

    assert (int(found) if found and found.isdigit() else found) == expected


@pytest.mark.parametrize(("text", "expected"), TRAPS["date_naissance"])
def test_a_birth_date_however_written(text, expected):
    found = birth_date(text, TODAY)

    assert (found.isoformat() if found else None) == expected


@pytest.mark.parametrize(("first", "second", "same"), TRAPS["nom_meme_personne"])
def test_two_spellings_of_a_name(first, second, same):
    assert same_name(first, second) is same


@pytest.mark.parametrize(("text", "expected"), TRAPS["diplome"])
def test_a_diploma_in_free_words(text, expected):
    assert diploma(text) == expected


@pytest.mark.parametrize(("text", "expected"), TRAPS["telephone"])
def test_a_telephone_number_however_written(text, expected):
    assert phone(text) == expected


@pytest.mark.parametrize("text", TRAPS["cellule_dangereuse"])
def test_a_cell_a_spreadsheet_would_compute_is_neutralised(text):
    assert escape_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["", "Paris", "d'Arc", "12 - 14", "a=b"])
def test_an_ordinary_cell_is_left_alone(text):
    assert escape_cell(text) == text


@pytest.mark.parametrize(
    ("text", "code"),
    [("acp 355167", "ACP-355167"), ("ACP-355167", "ACP-355167"), ("355167", "ACP-355167"), ("??", None)],
)
def test_an_invitation_code_however_typed(text, code):
    assert invitation_code(text) == code


@pytest.mark.parametrize(
    ("text", "kept"), [("A.B@Exemple.INVALID", "A.B@exemple.invalid"), ("a@b", None), ("=cmd@x.fr;", None)]
)
def test_an_address_that_could_exist(text, kept):
    assert email(text) == kept


def test_a_form_export_is_understood_line_by_line():
    found = list(read_answers(open_table(SAMPLES / "answers.csv"), TODAY))

    assert all(isinstance(answer, Answer) for answer in found)
    assert all(answer.code.startswith("ACP-") and answer.sex in "FM" and answer.district for answer in found)
    assert {doubt.code for answer in found for doubt in answer.doubts} <= {
        "diploma_unknown",
        "date_unreadable",
    }


def answers(tmp_path, heading, *lines):
    path = tmp_path / "answers.csv"
    path.write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")
    return list(read_answers(open_table(path), TODAY))


CARDS = "Carte citoyenne;Nom;Prénom;Sexe;Date de naissance;Arrondissement;Nationalité;Diplôme"


def test_the_small_pools_are_known_by_their_card(tmp_path):
    (answer,) = answers(
        tmp_path, CARDS, "CC 123-45678;Diallo;Awa;F;14/11/2009;Paris Centre;Malienne;EN_ETUDES"
    )

    assert (answer.card, answer.district, answer.birth_date) == (
        "CC12345678",
        "PC",
        datetime.date(2009, 11, 14),
    )


def test_somebody_who_answers_again_is_pointed_to_their_first_answer(tmp_path):
    first, second = answers(
        tmp_path, CARDS, "CC1;Noël;Zoé;F;14/11/1999;11;X;BAC", "CC2;NOEL;ZOE;F;14/11/1999;11;X;BAC"
    )

    assert (first.repeats, second.repeats) == (None, 2)


def test_what_cannot_be_understood_is_a_doubt_and_never_a_guess(tmp_path):
    (answer,) = answers(tmp_path, CARDS, "CC1;Noël;Zoé;?;14/11/99;21;X;MBA")

    assert (answer.sex, answer.birth_date, answer.district, answer.diploma) == ("", None, "", "")
    assert [doubt.code for doubt in answer.doubts] == [
        "date_unreadable",
        "no_sex",
        "diploma_unknown",
        "district_unknown",
    ]
    assert all("%(" not in str(doubt) for doubt in answer.doubts)


def test_a_formula_stays_a_text(tmp_path):
    (answer,) = answers(tmp_path, CARDS, "CC1;=HYPERLINK(1);Zoé;F;14/11/1999;11;X;BAC")

    assert answer.last_name == "=HYPERLINK(1)"


def test_paris_centre_is_settled_by_the_postcode(tmp_path):
    (answer,) = answers(tmp_path, CARDS + ";Code postal", "CC1;A;Zoé;F;14/11/1999;Paris Centre;X;BAC;75003")

    assert answer.district == "03"


def test_a_line_without_code_card_or_name_is_refused(tmp_path):
    (refusal,) = answers(tmp_path, CARDS, ";;;F;14/11/1999;11;X;BAC")

    assert isinstance(refusal, Refusal)
    assert (refusal.line, refusal.code) == (2, "no_code")


@pytest.mark.parametrize(
    ("heading", "code"),
    [("a;b", "no_heading"), ("Nom;Prénom", "missing_columns"), (CARDS + ";Diplôme", "duplicated_column")],
)
def test_a_heading_that_will_not_do_is_refused(tmp_path, heading, code):
    with pytest.raises(Unreadable) as refused:
        answers(tmp_path, heading, "x;y")

    assert refused.value.code == code
