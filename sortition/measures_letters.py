"""Printing the letters, against WeasyPrint alone on the same pages: `manage.py measure letters`.

Two processes take turns, part after part, so that a busy machine slows both alike. The bare one is given its pages as
ready HTML, its patterns as ready pictures (which it prints faster than drawings), its style read once a part.
"""

import os
import subprocess
import sys
import tempfile
from base64 import b64encode
from contextlib import ExitStack
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from django.conf import settings

from assembly import clock
from assembly.measuring import Figure, measure
from assembly.models import Cycle
from sortition import codes, letterpress
from sortition.models import LetterBatch, Register
from sortition.wording import first_words

A_PART = 500
START = """
import sys, time
def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 2**10
def serve(work):
    for line in sys.stdin:
        first, letters = map(int, line.split())
        seconds, pages = work(first, letters)
        print(seconds, pages, peak(), flush=True)
"""
OURS = (
    START
    + """
import django; django.setup()
from sortition import letterpress, measures_letters
def work(first, letters):
    started = time.process_time()
    people = measures_letters.people(first, letters)
    with open(sys.argv[1], "wb") as file:
        pages = letterpress.press(measures_letters.batch(), people, file)
    return time.process_time() - started, pages
serve(work)
"""
)
BARE = (
    START
    + """
import django; django.setup()
from django.conf import settings
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher
from assembly.documents import own_files_only
from sortition import measures_letters
class WithPictures(type(own_files_only())):
    def fetch(self, url, headers=None):
        return URLFetcher.fetch(self, url, headers) if url.startswith("data:") else super().fetch(url, headers)
base = (settings.BASE_DIR / "static").as_uri() + "/"
style = '@import "print/letter.css";' + measures_letters.WHOLE
def work(first, letters):
    html = measures_letters.whole_letters(first, letters)
    started = time.process_time()
    fonts = FontConfiguration()
    options = {"base_url": base, "url_fetcher": WithPictures()}
    paper = CSS(string=style, font_config=fonts, **options)
    document = HTML(string=html, **options).render(stylesheets=[paper], font_config=fonts)
    document.write_pdf(sys.argv[1])
    return time.process_time() - started, len(document.pages)
serve(work)
"""
)
#: What stands on pages of its own for us stands on the front of a whole letter.
WHOLE = """
.front > .own { page: auto; break-before: auto; position: absolute; top: -118mm; left: -22mm; width: 210mm; height: 170mm; }
.anchor { position: relative; height: 0; }
.anchor .code { top: 11.5mm; left: 0; }
.own > img, .anchor > img { position: absolute; image-rendering: pixelated; }
.own > img { top: 58mm; left: 110mm; width: 9mm; }
.anchor > img { top: 7mm; left: -42mm; width: 34mm; }
"""


def batch():
    today = clock.today()
    cycle = Cycle(number=1, starts_on=today, ends_on=today + timedelta(days=365))
    words = first_words(Register(cycle=cycle)) | {"last_day": today + timedelta(days=30)}
    return LetterBatch(
        **words,
        signatory="Dominique Laurier",
        phone="01 00 00 00 00",
        email="assemblee@exemple.invalid",
        officer="dpo@exemple.invalid",
    )


def people(first, letters):
    return [
        letterpress.Addressee(
            number,
            codes.fresh(),
            "Camille Dominique",
            f"DUPONT-LAURIER {number}",
            f"BATIMENT {number % 7} ESCALIER {number % 3}\n{number % 300} RUE DES ÉCOLES",
            f"750{number % 20 + 1:02}",
            "PARIS",
        )
        for number in range(first, first + letters)
    ]


def picture(rows):
    from PIL import Image

    image, out = Image.new("1", (len(rows), len(rows))), BytesIO()
    image.putdata([0 if dark else 1 for row in rows for dark in row])
    image.save(out, "PNG")
    return f'<img alt="" src="data:image/png;base64,{b64encode(out.getvalue()).decode()}">'


def whole_letters(first, letters):
    """The same letters as plain pages, each with its two sides in full."""
    everybody, page = people(first, letters), letterpress.page_address()
    head, *own = letterpress.html_of(batch(), everybody).split('<section class="own">')
    start, sheet = head.split('<section class="front">')
    sides = '<section class="front">' + sheet
    found = [start]
    for person, part in zip(everybody, own, strict=True):
        block = part.split("</section>")[0]
        address, code = block[: block.index('<p class="code">')], block[block.index('<p class="code">') :]
        window = picture(letterpress.pattern(codes.postal(person.number), version=1))
        answer = picture(letterpress.pattern(f"{page}#{person.code.replace('-', '')}"))
        letter = sides.replace(
            '<div class="answer">', f'<div class="answer"><div class="anchor">{answer}{code}</div>', 1
        )
        at = letter.index("</section>")
        found.append(f'{letter[:at]}<div class="own">{window}{address}</div>{letter[at:]}')
    return "".join(found)


class Process:
    """A printer at work in a process of its own."""

    def __init__(self, program, target):
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "assembly.settings"}
        self.child = subprocess.Popen(
            [sys.executable, "-c", program, str(target)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=settings.BASE_DIR,
            env=environment,
        )
        self.seconds, self.pages, self.memory = 0.0, 0, []

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.child.stdin.close()
        self.child.wait()

    def part(self, first, letters):
        self.child.stdin.write(f"{first} {letters}\n")
        self.child.stdin.flush()
        seconds, pages, memory = self.child.stdout.readline().split()
        self.memory.append(float(memory))
        self.seconds, self.pages = self.seconds + float(seconds), self.pages + int(pages)
        return float(seconds)


@measure("letters")
def letters(letters=10_000, bare=2, part=A_PART):
    """All the letters by us; of their parts, `bare` also by WeasyPrint alone, spread over the whole."""
    letters, bare, part = int(letters), int(bare), int(part)
    parts = [(first, min(part, letters - first)) for first in range(0, letters, part)]
    compared = {index * len(parts) // bare for index in range(min(bare, len(parts)))}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as both:
        ours = both.enter_context(Process(OURS, Path(folder, "ours.pdf")))
        alone = both.enter_context(Process(BARE, Path(folder, "bare.pdf")))
        beside = 0.0
        for index, share in enumerate(parts):
            seconds = ours.part(*share)
            if index in compared:
                beside += seconds
                alone.part(*share)
                if alone.pages != letterpress.SIDES * sum(parts[one][1] for one in compared if one <= index):
                    raise RuntimeError("WeasyPrint alone did not print the same pages.")
    yield Figure(
        f"WeasyPrint alone on {alone.pages:,} of these pages, a second", alone.pages / alone.seconds, "pages"
    )
    yield Figure(f"{letters:,} letters in parts of {part}, a second", ours.pages / ours.seconds, "pages")
    yield Figure(
        "time of the same parts against WeasyPrint alone",
        beside / alone.seconds,
        "",
        bar=1.15,
        at_least=False,
    )
    yield Figure("peak memory of WeasyPrint alone", max(alone.memory), "MB")
    yield Figure("peak memory", ours.memory[-1], "MB", bar=300, at_least=False)
    yield Figure(
        "peak memory over that of the first part",
        ours.memory[-1] / ours.memory[0],
        "",
        bar=1.25,
        at_least=False,
    )
