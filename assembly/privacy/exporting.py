"""Everything held on one person: gathered by a job, read on a page, carried away as JSON or PDF."""

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from assembly import clock, jobs
from assembly.models import Cycle, Document, PersonalExport
from assembly.privacy.keeping import categories
from assembly.privacy.people import known


def held_on(person):
    """[{title, why, rows: [{label: value}]}]: one part for each category in which something is held."""
    parts = []
    for category in categories():
        rows = [category.told(row) for row in category.of(person)]
        if rows := [row for row in rows if any(row.values())]:
            parts.append(
                {
                    "key": category.key,
                    "title": str(category.title),
                    "why": str(category.why),
                    "delay": category.delay,
                    "since": str(category.since),
                    "rows": rows,
                }
            )
    return parts


def ask_for_export(person, *, by):
    """The export of a person, made by a job; asked twice while it is being made, it is made once."""
    with transaction.atomic():
        person = known(person)
        waiting = PersonalExport.objects.filter(person=person, asked_by=by, document=None).first()
        if waiting and waiting.job and waiting.job.is_active:
            return waiting
        export = PersonalExport.objects.create(person=person, asked_by=by)
        export.record("create", by=by)
        jobs.enqueue("export_person", key=f"export_person:{export.pk}", about=export.pk, by=by)
    return export


@jobs.job("export_person")
def export_person(job):
    export = PersonalExport.objects.select_related("person__user", "asked_by").get(pk=job.about)
    reader = export.asked_by
    with translation.override(reader.language):
        content = {"made_on": clock.today().isoformat(), "number": export.pk, "parts": held_on(export.person)}
        title = _("Everything held on a person, no. %(number)s") % {"number": export.pk}
        with jobs.finishing(job):
            if export.document_id is None:
                export.document = Document.objects.issue(
                    "export", title, content, cycle=cycle_of(export), reader=reader, language=reader.language
                )
                export.save(update_fields=["document"])


def cycle_of(export):
    """The cycle the sheet is filed under: their last, or the last of the house."""
    seat = export.person.user and export.person.user.members.select_related("cycle").last()
    return seat.cycle if seat else Cycle.objects.latest("number")
