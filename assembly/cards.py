"""The picture of a text where somebody shares its address: 1200 by 630, drawn here, asked of nobody."""

import io
from functools import cache

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

SIZE, MARGIN, WIDTH = (1200, 630), 84, 1032
GROUND, INK, SOFT, LIT = "#17483a", "#fdfaf4", "#cfe2d8", "#f2b749"
LINES = 4


@cache
def font(size, weight):
    """That of the site; the one Pillow brings where the site has not been dressed yet."""
    path = settings.VENDOR / "fonts" / "public-sans.woff2"
    if not path.exists():
        return ImageFont.load_default(size)
    found = ImageFont.truetype(path, size)
    found.set_variation_by_axes([weight])
    return found


def card(kicker, title, foot):
    """A PNG: what it is, its title, where it stands."""
    picture = Image.new("RGB", SIZE, GROUND)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 18, SIZE[1]), fill=LIT)
    pen.text((MARGIN, 72), kicker, fill=LIT, font=font(34, 700))
    pen.multiline_text((MARGIN, 140), wrapped(title), fill=INK, font=font(60, 800), spacing=16)
    pen.text((MARGIN, 548), foot, fill=SOFT, font=font(30, 500), anchor="ls")
    return as_png(picture)


def wrapped(title):
    """The title in lines that fit, cut after the last one there is room for."""
    face, lines, line = font(60, 800), [], ""
    for word in title.split():
        longer = f"{line} {word}".strip()
        if line and face.getlength(longer) > WIDTH:
            lines.append(line)
            line = word
        else:
            line = longer
    lines.append(line)
    kept = lines[:LINES]
    return "\n".join(kept) + ("…" if len(lines) > LINES else "")


def as_png(picture):
    kept = io.BytesIO()
    picture.quantize(64).save(kept, "PNG", optimize=True)
    return kept.getvalue()
