"""Which files are taken: what a file is stands in its bytes, never in its name. Sentences for all others."""

from zipfile import BadZipFile, ZipFile

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

LIMIT = 20 * 1024 * 1024
UNPACKED = 200 * 1024 * 1024
FILES = 5000
PIXELS = 80_000_000
OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
ENDINGS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    f"{OPEN}text": ".odt",
    f"{OPEN}spreadsheet": ".ods",
    f"{OPEN}presentation": ".odp",
    f"{OFFICE}wordprocessingml.document": ".docx",
    f"{OFFICE}spreadsheetml.sheet": ".xlsx",
    f"{OFFICE}presentationml.presentation": ".pptx",
}
PARTS = {
    "word/document.xml": f"{OFFICE}wordprocessingml.document",
    "xl/workbook.xml": f"{OFFICE}spreadsheetml.sheet",
    "ppt/presentation.xml": f"{OFFICE}presentationml.presentation",
}
PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


def kind_of(file):
    """The media type of an uploaded file, or a sentence on why it is not taken."""
    if not file.size:
        raise ValidationError(_("This file is empty."))
    if file.size > LIMIT:
        sizes = {"size": filesizeformat(file.size), "limit": filesizeformat(LIMIT)}
        raise ValidationError(
            _("This file weighs %(size)s; at most %(limit)s is taken. Make it lighter.") % sizes
        )
    file.seek(0)
    start = file.read(8)
    try:
        if start.startswith(b"%PDF-"):
            return "application/pdf"
        return packed(file) if start.startswith(b"PK\x03\x04") else picture(file)
    finally:
        file.seek(0)


def packed(file):
    """A text, a table or slides, without macros."""
    try:
        with ZipFile(file) as pack:
            names = {entry.filename: entry.file_size for entry in pack.infolist()}
            if len(names) > FILES or sum(names.values()) > UNPACKED:
                raise ValidationError(_("Unpacked, this file would be enormous: it is not taken."))
            if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
                raise ValidationError(_("This file holds macros (programs): save it without them."))
            kind = next((kind for part, kind in PARTS.items() if part in names), None)
            if kind is None and names.get("mimetype", 1000) < 100:
                kind = pack.read("mimetype").decode("ascii", "replace").strip()
    except (BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise ValidationError(_("This file is damaged: it cannot be opened.")) from error
    if kind not in ENDINGS:
        raise ValidationError(unknown())
    return kind


def picture(file):
    file.seek(0)
    try:
        image = Image.open(file, formats=list(PICTURES))
        if image.width * image.height > PIXELS:
            raise ValidationError(_("This picture has too many points: make it smaller."))
        image.verify()
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise ValidationError(unknown()) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise ValidationError(_("This picture is damaged: it cannot be opened.")) from error
    return PICTURES[image.format]


def unknown():
    return _("PDF, pictures (JPEG, PNG, WebP) and office documents (ODF, Word, Excel, PowerPoint) are taken.")
