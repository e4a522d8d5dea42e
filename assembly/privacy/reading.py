"""Opening a list of personal data is itself recorded: who, which list, when; once an hour."""

from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.models import RECORDED, JournalEntry

RECORDED |= {"read_names": _("names read")}
HOUR = timedelta(hours=1)
LISTS = {}


def opened(cycle, name, *, by):
    """`name`: which list, as declared by `Reads`. The first opening of an hour is written, the others are not."""
    lately = JournalEntry.objects.about(cycle).filter(
        act=f"{cycle._meta.label_lower}.read_names", by=by, at__gt=clock.now() - HOUR
    )
    if not any(entry.facts.get("list") == name for entry in lately):
        cycle.record("read_names", by=by, list=name)


class Reads:
    """A page that shows names or contact data: `reads` = (short key, what the desk calls it).

    `reads_of` gives the cycle, or None when the page shows nobody’s data to this person.
    """

    reads = None

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if cls.reads:
            key, words = cls.reads
            LISTS[key] = words

    def reads_of(self):
        return self.cycle

    def get_context_data(self, **context):
        if cycle := self.reads_of():
            opened(cycle, self.reads[0], by=self.request.user)
        return super().get_context_data(**context)


def openings():
    """What the desk shows, newest first."""
    said = Q(act__contains=".read_") | Q(act__endswith=".read") | Q(act__endswith=".export")
    return JournalEntry.objects.filter(said).select_related("by")


def list_in_words(entry):
    return LISTS.get(entry.facts.get("list"), "")
