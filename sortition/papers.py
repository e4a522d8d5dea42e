"""Which papers are taken from families: what a file is stands in its bytes, never in its name."""

import warnings

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

LIMIT = 10 * 1024 * 1024
ENDINGS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png"}


def kind_of(file):
    """The media type of a scan or a photo, or a sentence on why it is not taken."""
    if not file.size:
        raise ValidationError(_("This file is empty."))
    if file.size > LIMIT:
        sizes = {"size": filesizeformat(file.size), "limit": filesizeformat(LIMIT)}
        raise ValidationError(
            _(
                "This file weighs %(size)s; at most %(limit)s is taken. Photograph the page again in a smaller size, or scan it."
            )
            % sizes
        )
    file.seek(0)
    try:
        return "application/pdf" if file.read(5) == b"%PDF-" else picture(file)
    finally:
        file.seek(0)


def picture(file):
    unknown = ValidationError(
        _("A PDF or a picture (JPEG or PNG) of the signed page is taken, nothing else.")
    )
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(file, formats=list(PICTURES))
            image.verify()
    except UnidentifiedImageError as error:
        raise unknown from error
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise ValidationError(_("This picture has too many points: make it smaller.")) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise ValidationError(_("This picture is damaged: it cannot be opened.")) from error
    return PICTURES[image.format]
