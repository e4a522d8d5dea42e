"""Texts that travel as Word files: out for the departments that ask for it, in for what was written elsewhere.

Reading guesses the kind of each paragraph from the words the Council uses; a person corrects the guess.
"""

import re
import zipfile
from io import BytesIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml.etree import XMLSyntaxError

from deliberations import clauses as pieces

LARGEST_UNPACKED = 50 * 2**20
OPENINGS = [
    ("citation", re.compile(r"^(vu|vus|vue|vues|sur proposition|sur le rapport)\b", re.I)),
    (
        "recital",
        re.compile(r"^(consid[ée]rant|rappelant|notant|constatant|reconnaissant|soulignant)\b", re.I),
    ),
    ("article", re.compile(r"^art(icle|\.)\s*(premier|1er|\d+)\b\s*[:.–—-]*\s*", re.I)),
    (
        "operative",
        re.compile(
            r"(émet(tent)? le v(œ|oe)u|d[ée]lib[èe]re|d[ée]cide|demande|souhaite)\b.*(que|de)?\s*[:.]?\s*$",
            re.I,
        ),
    ),
]
BULLET = re.compile(r"^\s*([-–—•▪*]|\d{1,2}\s*[.)°]|[a-z]\))\s+")
SUBTITLES = ("Subtitle", "Sous-titre")
TITLES = ("Title", "Titre", "Heading 1", "Titre 1")


def read(file):
    """A .docx file → (title, clauses), each clause's kind guessed; a sentence when it cannot be read."""
    words = opened(file)
    title, rows, asked, kind, rest = "", [], False, "", ""
    for style, text, listed in lines(words):
        if style in SUBTITLES:
            continue
        if not title and (
            style in TITLES or re.match(r"^(v(œ|oe)u|projet de d[ée]lib|d[ée]lib)", text, re.I)
        ):
            title = text
            continue
        announced = kind == "article" and not rest
        kind, rest = ("article", text) if announced else guessed(text, listed, asked)
        asked = asked or kind == "operative"
        if rest:
            rows.append(pieces.clause(kind, rest))
    if not rows:
        raise ValidationError(_("There are no words in this file."))
    return title[:200], rows


def opened(file):
    sentence = _("This is not a Word file (.docx). In Word or LibreOffice: “Save as”, then “.docx”.")
    try:
        with zipfile.ZipFile(file) as package:
            if sum(entry.file_size for entry in package.infolist()) > LARGEST_UNPACKED:
                raise ValidationError(
                    _("This file is too large once unpacked: send the text without its pictures.")
                )
        file.seek(0)
        return Document(file)
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, XMLSyntaxError) as error:
        raise ValidationError(sentence) from error


def lines(document):
    """(style, text, is it an item of a list) of each paragraph, tables included, in the order of the page."""
    for block in document.element.body.iterchildren():
        if block.tag == qn("w:p"):
            yield from line(Paragraph(block, document))
        elif block.tag == qn("w:tbl"):
            for row in Table(block, document).rows:
                for cell in dict.fromkeys(cell._tc for cell in row.cells):
                    for paragraph in cell.iterchildren(qn("w:p")):
                        yield from line(Paragraph(paragraph, document))


def line(paragraph):
    text = re.sub(r"[ \t]+", " ", paragraph.text.replace("\x0b", "\n")).strip()
    if text:
        style = paragraph.style.name if paragraph.style is not None else ""
        properties = paragraph._p.pPr
        listed = (
            properties is not None and properties.numPr is not None or style.startswith(("List", "Liste"))
        )
        yield style, text, listed


def guessed(text, listed, asked):
    """(kind, words without their dash or number): what the paragraph seems to be."""
    item = listed or bool(BULLET.match(text))
    text = BULLET.sub("", text).strip()
    for kind, opening in OPENINGS:
        found = opening.search(text)
        if found and not (kind == "operative" and asked):
            return kind, opening.sub("", text).strip() if kind == "article" else text
    if asked or item:
        return "measure", text
    return "recital", text


def write(content):
    """The plain values of a sheet (`sheet.text_content`) → the bytes of a .docx file."""
    document = Document()
    document.core_properties.title = content["title"]
    document.core_properties.author = content["workshop"]
    document.core_properties.language = "fr-FR"
    document.add_heading(content["title"], level=1)
    document.add_paragraph(f"{content['cycle']} – {content['workshop']}", style="Subtitle")
    article = measure = 0
    for row in content["clauses"]:
        if row["kind"] == "article":
            article += 1
            document.add_heading(f"Article {article}", level=2)
            body(document, row["text"])
        elif row["kind"] == "measure":
            measure += 1
            body(document, row["text"], style="List Bullet")
        elif row["kind"] == "operative":
            body(document, row["text"], bold=True)
        else:
            body(document, row["text"])
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def body(document, text, *, style=None, bold=False):
    """One clause, its line breaks kept inside one paragraph: it comes back as one clause."""
    document.add_paragraph(style=style).add_run(writable(text)).bold = bold


def writable(text):
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)
