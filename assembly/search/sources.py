"""What the ground floor lets find: cycles, and everything that was printed for the public."""

from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from assembly.models import Cycle, Document
from assembly.search import Found, index, searchable

TOLD_ELSEWHERE = (Document.Kind.PROPOSAL, Document.Kind.MANDATE)
"""Sheets of what is found itself."""


@searchable("cycle", _("Cycles"), Cycle)
def cycle(cycle):
    return Found(cycle.title, cycle.summary, cycle=cycle.pk, day=cycle.starts_on)


@searchable(
    "document",
    _("Documents"),
    Document,
    among=Document.objects.for_several().exclude(kind__in=TOLD_ELSEWHERE),
)
def document(document):
    text = " ".join(sentences(document.content))
    return Found(document.title, text, cycle=document.cycle_id, day=localdate(document.issued_at))


def sentences(value):
    """The strings of several words in plain values, in their order: neither dates, nor keys, nor fingerprints."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from sentences(item)
    elif isinstance(value, str) and " " in value.strip():
        yield value.strip()


@receiver(post_save, sender=Document)
def find_the_sheet(instance, created, raw=False, **_said):
    """A sheet is frozen: it enters the index once."""
    if created and not raw:
        index.refresh(Document, instance.pk)
