"""Search over everything public.

Each room says what of its own can be found: `@searchable("text", _("Wishes"), Proposal)` registers a
function of an object that returns its Found; the object is in the index as long as the public may know it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser

SOURCES = {}


@dataclass(frozen=True)
class Found:
    """An object in plain words; `text` may be long, `day` is the one it is sorted by."""

    title: str
    text: str = ""
    cycle: int | None = None
    day: date | None = None


@dataclass(frozen=True)
class Source:
    """A kind of thing that can be found."""

    kind: str
    label: str
    model: type
    tell: Callable
    related: tuple
    among: object

    def public(self):
        """What the public may know of it, with what telling it takes."""
        rows = self.model.objects.all() if self.among is None else self.among.all()
        return rows.visible_to(AnonymousUser()).select_related(*self.related)


def searchable(kind, label, model, related=(), among=None):
    """`related` names what is read with each object, as for `select_related`; `among` is a queryset, if not all."""

    def register(tell):
        SOURCES[model._meta.label_lower] = Source(kind, label, model, tell, related, among)
        return tell

    return register


def kinds():
    """[(kind, label)] in the order the rooms were opened."""
    return list({source.kind: source.label for source in SOURCES.values()}.items())
