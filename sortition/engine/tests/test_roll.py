import datetime
from collections import Counter
from pathlib import Path

import pytest

from sortition.engine.reading import open_table
from sortition.engine.roll import (
    Elector,
    columns_of,
    district_of_postcode,
    district_of_station,
    key_of,
    read_roll,
)
from sortition.engine.sentences import Unreadable

SAMPLES = Path(__file__).parent / "samples"
TODAY = datetime.date(2026, 9, 1)
HEADING = (
    "nom de naissance;prénoms;sexe;date de naissance;libellé de voie;code postal;code du bureau de vote\n"
)


def roll(tmp_path, *lines, heading=HEADING, name="roll.csv"):
    path = tmp_path / name
    path.write_text(heading + "\n".join(lines) + "\n", encoding="utf-8")
    return open_table(path)


@pytest.mark.parametrize(
    ("name", "form", "usable"),
    [
        ("format_a_utf8.csv", "A", 180),
        ("format_a_cp1252_crlf.csv", "A", 180),
        ("format_a_bom.csv", "A", 190),
        ("format_a_utf16_tab.txt", "A", 94),
        ("com75056-LP-01-09-2026.csv", "B", 183),
        ("format_b_shifted_heading.csv", "B", 96),
        ("format_c.csv", "C", 190),
        ("format_a.xlsx", "A", 193),
    ],
)
def test_every_format_gives_electors(name, form, usable):
    table = open_table(SAMPLES / name)

    kinds = Counter(type(found) for found in read_roll(table, TODAY))

    assert columns_of(table).format == form
    assert kinds[Elector] == usable


def test_the_same_people_are_found_in_two_encodings():
    keys = [
        [found.key for found in read_roll(open_table(SAMPLES / name), TODAY) if isinstance(found, Elector)]
        for name in ("format_a_utf8.csv", "format_a_cp1252_crlf.csv")
    ]

    assert keys[0] == keys[1]


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ("DURAND;Anne;F;00/00/1950;RUE X;75011;1101", "date_unreadable", "date de naissance"),
        ("DURAND;Anne;F;31/02/1950;RUE X;75011;1101", "date_unreadable", "date de naissance"),
        ("DURAND;Anne;F;1950;RUE X;75011;1101", "date_unreadable", "date de naissance"),
        ("DURAND;Anne;F;02/09/2008;RUE X;75011;1101", "under_age", "date de naissance"),
        ("DURAND;Anne;F;01/01/1900;RUE X;75011;1101", "age_implausible", "date de naissance"),
        ("DURAND;Anne;F;01/01/2050;RUE X;75011;1101", "age_implausible", "date de naissance"),
        ("DURAND;Anne;;01/01/1980;RUE X;75011;1101", "no_sex", "sexe"),
        ("DURAND;Anne;F;01/01/1980;RUE X;92100;", "no_district", "code du bureau de vote"),
        ("DURAND;Anne;F;01/01/1980;;75011;1101", "no_address", "libellé de voie"),
        (";Anne;F;01/01/1980;RUE X;75011;1101", "no_name", "nom de naissance"),
        ("DURAND;Anne;F", "ragged", ""),
        ("DURAND;Anne;F;01/01/1980;RUE X;75011;1101;and more", "ragged", ""),
    ],
)
def test_a_line_that_cannot_be_used_says_why(tmp_path, line, code, column):
    (refusal,) = read_roll(roll(tmp_path, line), TODAY)

    assert (refusal.line, refusal.code, refusal.column) == (2, code, column)
    assert "Line 2" in str(refusal)
    assert "DURAND" not in str(refusal)


def test_eighteen_on_the_day_is_enough_and_the_station_says_the_district(tmp_path):
    (elector,) = read_roll(roll(tmp_path, "DURAND;Anne Lise;F;01/09/2008;RUE X;92100;75056_1512"), TODAY)

    assert (elector.age_band, elector.district, elector.sex, elector.first_name) == (
        "18_24",
        "15",
        "F",
        "Anne",
    )


def test_the_european_list_alone_gives_no_standing(tmp_path):
    heading = "libellé du type de liste;" + HEADING
    person = "DURAND;Anne;F;01/01/1980;RUE X;75011;1101"
    table = roll(tmp_path, f"Liste complémentaire européenne;{person}", f"LCM;{person}", heading=heading)

    refusal, elector = read_roll(table, TODAY)

    assert refusal.code == "european_list"
    assert isinstance(elector, Elector)


def test_the_name_of_the_file_may_tell_the_list(tmp_path):
    table = roll(tmp_path, "DURAND;Anne;F;01/01/1980;RUE X;75011;1101", name="com75056-LCE-01-09-2026.csv")

    (refusal,) = read_roll(table, TODAY)

    assert refusal.code == "european_list"


@pytest.mark.parametrize(
    ("heading", "code", "words"),
    [
        ("a;b;c\n", "no_heading", "heading"),
        (
            "nom de naissance;prénoms;sexe\n",
            "missing_columns",
            "date de naissance, libellé de voie, code postal",
        ),
        (HEADING.replace("\n", ";sexe\n"), "duplicated_column", "sexe"),
    ],
)
def test_a_heading_that_will_not_do_names_the_columns(tmp_path, heading, code, words):
    with pytest.raises(Unreadable, match=words) as refused:
        list(read_roll(roll(tmp_path, "x;y;z", heading=heading), TODAY))

    assert refused.value.code == code


def test_an_unclosed_quotation_mark_that_swallows_lines_ends_the_reading(tmp_path):
    person = "DURAND;Anne;F;01/01/1980;RUE X;75011;1101"

    with pytest.raises(Unreadable) as refused:
        list(read_roll(roll(tmp_path, 'DURAND;"Anne;F', *[person] * 100), TODAY))

    assert refused.value.code == "unterminated_quote"


@pytest.mark.parametrize(
    "spelling", [("LEFÈVRE", "Hélène"), ("Lefevre ", "HELENE"), ("LEFE-VRE", "He\u0301le\u0300ne")]
)
def test_a_key_outlives_spellings(spelling):
    assert key_of(*spelling, "01/02/1980", "PARIS 16") == key_of(
        "LEFEVRE", "HELENE", "01/02/1980", "Paris 16"
    )


def test_two_people_have_two_keys():
    keys = {
        key_of(*who)
        for who in [("A", "B", "01/02/1980", ""), ("AB", "", "01/02/1980", ""), ("A", "B", "02/01/1980", "")]
    }

    assert len(keys) == 3


@pytest.mark.parametrize(
    ("code", "district"),
    [("0101", "01"), ("101", "01"), ("75056_1512", "15"), ("2101", ""), ("", ""), ("12", "")],
)
def test_a_station_tells_the_district(code, district):
    assert district_of_station(code) == district


@pytest.mark.parametrize(
    ("code", "district"),
    [("75116", "16"), ("75020", "20"), ("75021", ""), ("75000", ""), ("92100", ""), ("7500", "")],
)
def test_a_postcode_tells_the_district(code, district):
    assert district_of_postcode(code) == district
