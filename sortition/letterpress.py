"""From a batch to the files its printer receives.

Everybody's letter has the same two sides; one person's own are the address, the greeting, the code and two small
patterns: one for the post that comes back, one for the telephone of whoever opens the letter.

The printed address is `/repondre/#CODE`. What follows a `#` never leaves the browser: no code ends in the logs of a
server, of a proxy or of a mail filter. A few lines of script put it in the field; without them it is typed. This
address and these codes are on paper: they never change.
"""

import os
from contextlib import contextmanager
from io import BytesIO
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from assembly import jobs
from assembly.mailings import squares, to_mailing
from sortition import codes
from sortition.models import Invitation, LetterBatch

SIDES = 2
FIELDS = (
    "pk",
    "code",
    "contact__first_name",
    "contact__last_name",
    "contact__address",
    "contact__postcode",
    "contact__city",
)


def page_address():
    """Where letters are answered, as it is printed: in French, without what a browser adds by itself."""
    with translation.override("fr"):
        return settings.SITE_URL + reverse("sortition:respond")


def pattern(text, version=None):
    """A QR code, always with the same mask: choosing the prettiest of eight would take eight times longer."""
    drawing = QRCode(version=version, error_correction=ERROR_CORRECT_M, mask_pattern=3, border=0)
    drawing.add_data(text, optimize=0)
    drawing.make(fit=version is None)
    return drawing.modules


def stamp(number, code, page):
    """Both patterns of a letter: its postal number in the window, its code in the frame to answer."""
    window = squares(pattern(codes.postal(number), version=1), left=110, top=58, side=9)
    answer = squares(pattern(f"{page}#{code.replace('-', '')}"), left=23, top=233, side=34)
    return window + answer


class Addressee:
    """One person's own part of the letter."""

    def __init__(self, number, code, first_name, last_name, address, postcode, city):
        self.number, self.code = number, code
        self.name = f"{first_name.split(' ')[0]} {last_name}".strip()
        self.lines = [self.name, *address.splitlines(), f"{postcode} {city}".strip()]
        postal = codes.postal(number)
        self.postal = f"{postal[:4]} {postal[4:8]} {postal[8:]}"


def html_of(batch, people, *, specimen=False):
    with translation.override("fr"):
        page = page_address().split("//")[-1].rstrip("/")
        facts = {"batch": batch, "people": people, "page": page, "specimen": specimen}
        return render_to_string("print/letters.html", facts)


def press(batch, people, target, *, specimen=False):
    """The letters of these people in one file, front and back in turn; returns how many pages."""
    page = page_address()
    stamps = [stamp(person.number, person.code, page) for person in people]
    html = html_of(batch, people, specimen=specimen)
    return to_mailing(html, target, style="letter", sides=SIDES, stamps=stamps)


def specimen(batch):
    """The letter as nobody will receive it, as bytes; raises `TooLong` when it does not hold on its two sides."""
    paper = BytesIO()
    somebody = Addressee(0, "0000-0000", "Camille", "SPÉCIMEN", "1 RUE DE L’EXEMPLE", "75004", "PARIS")
    press(batch, [somebody], paper, specimen=True)
    return paper.getvalue()


def people_of(part):
    """In the order laid down; whoever was erased since is left out."""
    rows = Invitation.objects.filter(pk__in=part.letters).exclude(contact=None)
    found = {row[0]: row for row in rows.values_list(*FIELDS)}
    return [Addressee(*found[number]) for number in part.letters if number in found]


@contextmanager
def beside(path):
    """A file of its own next to its place: nobody ever sees half of it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix="unfinished-", suffix=".pdf", delete=False) as file:
        try:
            yield file
        finally:
            if os.path.exists(file.name):
                os.unlink(file.name)


@jobs.job("print_letters")
def print_letters(job):
    """Print what was ordered, part by part; killed at any moment, the next worker takes up the first part missing."""
    batch = LetterBatch.objects.select_related("register__cycle").get(pk=job.about)
    if batch.state != LetterBatch.State.PRINTING or batch.job_key != job.key:
        return
    ordered = batch.ordered()
    total = sum(len(part.letters) for part in ordered)
    done = sum(len(part.letters) for part in ordered if part.fingerprint)
    jobs.advance(job, done, total)
    for part in ordered:
        if not part.fingerprint:
            print_part(job, part, done, total)
            done += len(part.letters)
    with jobs.finishing(job):
        batch.finish(by=job.by, parts=len(ordered))


def print_part(job, part, done, total):
    people = people_of(part)
    with beside(part.path) as file:
        pages = press(part.batch, people, file)
        file.flush()
        os.fsync(file.fileno())
        with transaction.atomic():
            jobs.advance(job, done + len(part.letters), total, str(part))
            part.take(file.name, count=len(people), pages=pages)
