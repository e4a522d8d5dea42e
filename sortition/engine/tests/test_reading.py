import hashlib
import zipfile
from pathlib import Path

import pytest

from sortition.engine.reading import as_text, open_table
from sortition.engine.sentences import Unreadable

SAMPLES = Path(__file__).parent / "samples"
ROWS = b"nom;prenom;ville\nDURAND;Anne;Paris\nPETIT;Luc;Paris\n"


def table(tmp_path, data, name="table.csv"):
    path = tmp_path / name
    path.write_bytes(data)
    return open_table(path)


@pytest.mark.parametrize(
    ("name", "encoding", "form", "heading_line", "rows"),
    [
        ("format_a_utf8.csv", "utf-8", ";", 1, 200),
        ("format_a_cp1252_crlf.csv", "cp1252", ";", 1, 200),
        ("format_a_bom.csv", "utf-8", ";", 1, 200),
        ("format_a_utf16_tab.txt", "utf-16", "tab", 1, 100),
        ("com75056-LP-01-09-2026.csv", "utf-8", ",", 1, 200),
        ("format_b_shifted_heading.csv", "cp1252", ";", 3, 99),
        ("format_c.csv", "utf-8", ";", 1, 200),
        ("format_a.xlsx", "utf-8", "xlsx", 1, 200),
    ],
)
def test_every_format_is_recognised_from_its_bytes(name, encoding, form, heading_line, rows):
    table = open_table(SAMPLES / name)

    read = list(table.rows())

    assert (table.encoding, table.format, table.header_line, len(read)) == (
        encoding,
        form,
        heading_line,
        rows,
    )
    assert table.fingerprint == hashlib.sha256((SAMPLES / name).read_bytes()).hexdigest()


def test_the_fingerprint_is_not_known_before_the_end(tmp_path):
    with pytest.raises(ValueError, match="every row"):
        table(tmp_path, ROWS).fingerprint  # noqa: B018


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_line_ends_of_every_system_are_read(tmp_path, end):
    read = table(tmp_path, ROWS.replace(b"\n", end))

    assert [row for _, row in read.rows()] == [["DURAND", "Anne", "Paris"], ["PETIT", "Luc", "Paris"]]


def test_a_line_break_inside_quotes_stays_in_its_cell(tmp_path):
    read = table(tmp_path, b'nom;adresse\nDURAND;"chez\nPETIT"\nNOEL;rue\n')

    assert list(read.rows()) == [(2, ["DURAND", "chez\nPETIT"]), (4, ["NOEL", "rue"])]


def test_windows_characters_far_into_a_plain_file_are_still_read(tmp_path):
    lines = b"nom;ville\n" + b"DURAND;Paris\n" * 40_000 + "NOËL;Orléans\n".encode("cp1252")

    *_, (line, row) = table(tmp_path, lines).rows()

    assert (line, row) == (40_002, ["NOËL", "Orléans"])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf \r\n\n", "empty_file"),
        (b"%PDF-1.7 \xe2\xe3", "a_pdf"),
        (b"\x89PNG\r\n\x1a\n", "a_picture"),
        (b"\x1f\x8b\x08\x00", "a_compressed_file"),
        (b"<!DOCTYPE html><html></html>", "a_web_page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "old_workbook"),
        (b"PK\x03\x04 not really a zip", "corrupt_workbook"),
        (b"nom;ville\nDURAND;\0Paris\n", "null_bytes"),
        (b"\xff\xfe\x00\x00a\x00\x00\x00", "utf_32"),
        (b";".join(b"c%d" % n for n in range(3000)) + b"\n", "too_many_columns"),
    ],
)
def test_what_is_not_a_table_gets_a_sentence(tmp_path, data, code):
    with pytest.raises(Unreadable) as refused:
        list(table(tmp_path, data).rows())

    assert refused.value.code == code
    assert "%(" not in str(refused.value)


def test_a_zero_byte_far_into_the_file_is_found_with_its_line(tmp_path):
    lines = b"nom;ville\n" + b"DURAND;Paris\n" * 100_000 + b"NO\0EL;Paris\n"

    with pytest.raises(Unreadable) as refused:
        list(table(tmp_path, lines).rows())

    assert (refused.value.code, refused.value.line) == ("null_bytes", 100_002)


def test_a_cell_that_never_ends_stops_the_reading(tmp_path):
    with pytest.raises(Unreadable) as refused:
        list(table(tmp_path, b'nom;ville\nDURAND;"' + b"x" * 1_100_000).rows())

    assert (refused.value.code, refused.value.line) == ("field_too_long", 2)


def workbook(path, entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def test_a_zip_bomb_is_refused_before_it_unfolds(tmp_path):
    path = workbook(
        tmp_path / "b.xlsx", {"xl/workbook.xml": "<x/>", "xl/worksheets/sheet1.xml": b" " * (1 << 25)}
    )

    with pytest.raises(Unreadable, match="32 MB"):
        open_table(path)


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ({"word/document.xml": "<x/>"}, "a_document"),
        ({"notes.txt": "x"}, "a_compressed_file"),
        ({"xl/workbook.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"}, "corrupt_workbook"),
        ({"xl/workbook.xml": "<x/>"}, "corrupt_workbook"),
    ],
)
def test_an_archive_that_is_not_a_workbook_is_refused(tmp_path, entries, code):
    with pytest.raises(Unreadable) as refused:
        open_table(workbook(tmp_path / "a.xlsx", entries))

    assert refused.value.code == code


def test_progress_reaches_the_size_of_the_file(tmp_path):
    path, seen = tmp_path / "t.csv", []
    path.write_bytes(ROWS)

    list(open_table(path, progress=seen.append).rows())

    assert seen[-1] == len(ROWS)


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (75011.0, "75011"), (7.5, "7.5"), (True, "Oui"), ("=1+1", "=1+1")]
)
def test_a_workbook_cell_becomes_what_a_person_reads(value, text):
    assert as_text(value) == text
