"""Pictures people add to their texts: read, made smaller, stripped of what they carry, named by what they are.

The address `/images/<name>` is the same on a page, where a view serves it, and on a sheet, where the printer
takes the file itself.
"""

import warnings
from hashlib import sha256
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

FOLDER = "pictures"
ADDRESS = "/images/"
LARGEST = 60 * 1024**2  # bytes sent
SIDE = 1600  # pixels kept: enough for a page of A4
FORMATS = ("JPEG", "PNG", "WEBP")


def cleaned(upload):
    """A file of at most SIDE pixels, without place, date or anything that runs; the same bytes for the same picture."""
    if upload.size > LARGEST:
        raise ValidationError(_("This picture is too heavy: send one of less than 60 MB."))
    picture = opened(upload)
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=85, optimize=True)
    return ContentFile(kept.getvalue(), name=f"{sha256(kept.getvalue()).hexdigest()[:24]}.jpg")


def opened(upload):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(upload, formats=FORMATS)
            picture.draft("RGB", (SIDE, SIDE))
            picture = ImageOps.exif_transpose(picture)
            picture.thumbnail((SIDE, SIDE))
            return on_white(picture)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise ValidationError(_("This picture has too many dots: make it smaller first.")) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise ValidationError(
            _("This file cannot be read as a picture. Send a JPEG, a PNG or a WebP.")
        ) from error


def on_white(picture):
    """What was transparent becomes paper."""
    if picture.mode in ("RGB", "L"):
        return picture.convert("RGB")
    picture = picture.convert("RGBA")
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper
