"""Freezing the composition of a cycle: figures in full, what the public may read, and the report."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from assembly import clock
from assembly.composition import composing, sheet
from assembly.models import Cycle, Document, Snapshot


def take(cycle, *, moment, by):
    """Once a moment. At the end of the term, the last day on which people sat."""
    with transaction.atomic():
        cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
        earlier = list(cycle.snapshots.all())
        if any(snapshot.moment == moment for snapshot in earlier):
            raise ValidationError(_("This moment is frozen already: it never changes."))
        day = clock.today() - timedelta(days=moment == Snapshot.Moment.END)
        facts, criteria = composing.facts_of(cycle), composing.criteria_of(cycle)
        figures = composing.counted(criteria, facts, day)
        snapshot = Snapshot(
            cycle=cycle,
            moment=moment,
            day=day,
            figures=figures,
            public=composing.protected(figures, criteria, facts, day, earlier),
            people=composing.people(figures, facts, day),
        )
        snapshot.report = report(snapshot, earlier)
        snapshot.save()
        snapshot.record("create", by=by)
    return snapshot


def take_once(cycle, moment):
    """When the moment comes by itself; whoever froze it by hand beforehand was right."""
    if not cycle.snapshots.filter(moment=moment).exists():
        take(cycle, moment=moment, by=None)


def report(snapshot, earlier):
    """The public version, with the way from the first snapshot to this one."""
    with translation.override("fr"):
        content = {
            "moment": snapshot.get_moment_display(),
            "sheet": sheet.sheet(snapshot.public),
            "lines": sheet.journey(sheet.steps([*earlier, snapshot])),
        }
        title = _("Composition – %(moment)s – %(cycle)s") % {
            "moment": snapshot.get_moment_display(),
            "cycle": snapshot.cycle,
        }
        return Document.objects.issue("composition", title, content, cycle=snapshot.cycle)
