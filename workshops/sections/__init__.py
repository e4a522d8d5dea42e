"""The parts of a workshop's space, one page each behind one row of tabs.

`@section("visites", _("Visits"), position=40)` registers a function of (request, workshop) that returns a
template and its context; the page around it is workshops/workshop_section.html, and the fragment is also
given `workshop`, `user` and `inside`. `inside=True` keeps the section for those the workshop is open to.
Every module of this package is loaded at the start; upper floors register from modules of their own.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

SECTIONS = {}


@dataclass(frozen=True)
class Section:
    slug: str
    label: str
    position: int
    builder: Callable
    inside: bool = False

    def address(self, workshop):
        return reverse("workshops:workshop_section", args=[workshop.pk, self.slug])


def section(slug, label, *, position, inside=False):
    def register(builder):
        SECTIONS[slug] = Section(slug, label, position, builder, inside)
        return builder

    return register


def sections_for(inside):
    """Those this reader may open, in the order of the tabs."""
    found = [section for section in SECTIONS.values() if inside or not section.inside]
    return sorted(found, key=lambda section: section.position)
