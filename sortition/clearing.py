"""Printed letters leave the disk: on their date, with the people they name, or at once when one of them objects."""

import time

from django.conf import settings

from assembly.journal import purge, when
from sortition import letterpress  # noqa: F401, its job registers itself
from sortition.models import Invitation, LetterBatch, LetterPart, keep_until

AN_HOUR = 3600


@when("sortition.register.send")
def count_the_days(entry):
    keep_until(entry.target)


@when("sortition.invitation.oppose")
def erase_what_names_them(entry):
    for part in LetterPart.objects.holding(entry.target):
        part.erase()


@purge
def purge_letters():
    for batch in LetterBatch.objects.due():
        batch.clear(by=None)
    for part in LetterPart.objects.on_disk():
        if Invitation.objects.filter(pk__in=part.letters, contact=None).exists():
            part.erase()
    purge_orphans()


def purge_orphans():
    """Files no part answers for: a worker died between the file and its row, or printed what was just deleted."""
    expected = {part.path.name for part in LetterPart.objects.on_disk()}
    for path in settings.LETTERS.glob("*.pdf"):
        if path.name not in expected and path.stat().st_mtime < time.time() - AN_HOUR:
            path.unlink(missing_ok=True)
