"""Sheets for many people that differ by little: what is common is laid out, drawn and stored once."""

from assembly.documents import identity_of, laid_out

POINTS_A_MM = 72 / 25.4
HEIGHT = 297  # mm, A4


class TooLong(ValueError):
    """A text that does not hold on the sides it was given."""


def to_mailing(html, target, *, style, sides, stamps):
    """Print one sheet a person, nearly for the price of one; returns the number of pages.

    The first `sides` pages of `html` are what everybody receives. Each further page holds what is one person's own
    and is laid over the first side; the other sides follow it. `stamps` are drawings in the PDF's own signs
    (see `squares`), one for each person.
    """
    document = laid_out(html, style)
    if len(document.pages) != sides + len(stamps):
        raise TooLong
    document.write_pdf(
        target, finisher=lambda _, pdf: gather(pdf, sides, stamps), pdf_identifier=identity_of(html)
    )
    return sides * len(stamps)


def gather(pdf, sides, stamps):
    """Put the pages in the order of the envelopes; a side drawn once is named on many pages."""
    from pydyf import Array, Dictionary

    pages = [pdf.objects[number] for number in pdf.pages["Kids"][::3]]
    (front, *others), own = pages[:sides], pages[sides:]
    pdf.pages["Kids"], pdf.pages["Count"] = Array(), 0
    begin, between = drawing(pdf, b"q"), drawing(pdf, b"Q q")
    for page, stamp in zip(own, stamps, strict=True):
        end = drawing(pdf, b"Q " + stamp)
        page["Contents"] = Array([begin, front["Contents"], between, page["Contents"], end])
        pdf.pages["Kids"].extend([page.number, 0, "R"])
        pdf.pages["Count"] += 1
        for other in others:
            pdf.add_page(Dictionary(other))


def drawing(pdf, signs):
    from pydyf import Stream

    stream = Stream([signs], compress=True)
    pdf.add_object(stream)
    return stream.reference


def squares(rows, left, top, side):
    """A pattern of dark and light squares, `side` mm wide, at so many mm from the corner of a sheet.

    A picture of one bit a square, within the page: as SVG it would cost WeasyPrint more than the letter around it.
    """
    width, x, y = (length * POINTS_A_MM for length in (side, left, HEIGHT - top - side))
    lines = "".join(packed(row) for row in rows)
    place = f"{width:.3f} 0 0 {width:.3f} {x:.3f} {y:.3f} cm"
    size = f"/W {len(rows[0])} /H {len(rows)} /BPC 1 /IM true /D [1 0]"
    return f"q 0 g {place} BI {size} /F /AHx ID {lines}> EI Q ".encode()


def packed(row):
    """Eight squares a byte, in hexadecimal; 1 is dark."""
    bits = "".join("1" if dark else "0" for dark in row)
    bits += "0" * (-len(bits) % 8)
    return f"{int(bits, 2):0{len(bits) // 4}x}"
