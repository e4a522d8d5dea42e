"""What a finding may rest on: one line of SOURCES for each kind of thing a workshop can cite."""

from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Source:
    """A kind of thing that may be cited: its model, those of a workshop, its title and its day."""

    label: str
    model: str
    rows: Callable
    titled: Callable
    day: Callable

    def of(self, workshop):
        return self.rows(apps.get_model(self.model).objects, workshop)


def held(kinds):
    def rows(meetings, workshop):
        own = meetings.held().filter(kind__in=kinds, cycle=workshop.cycle_id)
        return (own.filter(workshop=workshop) | own.filter(workshop=None)).order_by("starts_at")

    return rows


def meetings(label, *kinds):
    return Source(
        label, "workshops.Meeting", held(kinds), lambda row: row.title, lambda row: localdate(row.starts_at)
    )


SOURCES = [
    meetings(_("Hearings"), "hearing"),
    meetings(_("Visits"), "visit"),
    meetings(_("Meetings"), "workshop", "plenary", "training"),
    Source(
        _("Answers received"),
        "workshops.Question",
        lambda rows, workshop: rows.filter(workshop=workshop, state="answered"),
        str,
        lambda row: localdate(row.answered_at),
    ),
    Source(
        _("Press items and observations"),
        "workshops.WatchItem",
        lambda rows, workshop: rows.shared().filter(workshop=workshop).order_by("happened_on", "pk"),
        lambda row: f"{row.title} ({row.source})" if row.source else row.title,
        lambda row: row.happened_on,
    ),
    Source(
        _("Answers of partners"),
        "workshops.Referral",
        lambda rows, workshop: rows.filter(workshop=workshop, state="answered").order_by("answered_on", "pk"),
        str,
        lambda row: row.answered_on,
    ),
    Source(
        _("Documents"),
        "assembly.Document",
        lambda rows, workshop: rows.public().filter(cycle=workshop.cycle_id).defer("content", "html"),
        lambda row: row.title,
        lambda row: localdate(row.issued_at),
    ),
]


def choices(workshop):
    """[(label, [("workshops.meeting-12", "12 March 2026 – Hearing of …")])], for a list to choose from."""
    return [
        (source.label, [(key(row), line(source, row)) for row in source.of(workshop)]) for source in SOURCES
    ]


def key(row):
    return f"{row._meta.label_lower}-{row.pk}"


def line(source, row):
    return f"{date_format(source.day(row), 'j M Y')} – {source.titled(row)}"


def source_of(evidence):
    """Plain values: what it is called, its day, where it is read."""
    row = evidence.source
    if row is None:
        return {"title": evidence.title, "url": evidence.url, "note": evidence.note, "on": ""}
    source = next(source for source in SOURCES if source.model.lower() == row._meta.label_lower)
    return {
        "title": source.titled(row),
        "url": getattr(row, "link", "") or settings.SITE_URL + row.get_absolute_url(),
        "note": evidence.note,
        "on": source.day(row).isoformat(),
    }
