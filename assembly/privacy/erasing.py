"""Erasing: by the clock for what needs no visa, by a schedule the archives have signed for the rest.

A step erases a handful of rows in one transaction and notes the files they leave; files go after the commit.
Killed anywhere, it is taken up again: a step is done or not done, and a noted file is removed next time.
"""

import hashlib
import json
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly import clock, jobs
from assembly.journal import purge, when
from assembly.models import RECORDED, Cycle, Document, Elimination, EliminationStep, Job, LeftFile
from assembly.privacy.keeping import CATEGORIES, categories, count_deadlines, delay_in_words, overdue

HANDFUL = 50
A_MONTH = timedelta(days=30)
RECORDED |= {
    "purge_category": gettext_lazy("personal data deleted on their date"),
    "purge_accounts": gettext_lazy("accounts of people who left made anonymous"),
    "purge_exports": gettext_lazy("expired exports deleted"),
    "purge_requests": gettext_lazy("words of old rights requests deleted"),
}


# ---- by the clock


@purge
def erase_expired():
    """What needs no visa, on its date; the journal keeps how many, as proof."""
    sweep()
    for cycle in Cycle.objects.all():
        counts = {}
        for category in categories(visa=False):
            if not category.by_its_room and (gone := erase_due(category, cycle)):
                counts[category.recorded] = counts.get(category.recorded, 0) + gone
        for act, deleted in counts.items():
            cycle.record(act, by=None, deleted=deleted)
    count_deadlines()


def erase_due(category, cycle):
    due = list(category.due(cycle, clock.today()).order_by("pk").values_list("pk", flat=True))
    for numbers in handfuls(due):
        with transaction.atomic():
            erase(category, numbers)
        sweep()
    return len(due)


def handfuls(numbers):
    return [numbers[start : start + HANDFUL] for start in range(0, len(numbers), HANDFUL)]


def erase(category, numbers):
    """Inside a transaction: these rows forget, and the files they leave are noted."""
    count, files = category.forget(numbers)
    LeftFile.objects.bulk_create(
        LeftFile(field=f"{file.field.model._meta.label}.{file.field.name}", name=file.name) for file in files
    )
    return count


def sweep():
    """Remove the files whose rows are gone; taken up after a kill, it finds what is left."""
    for left in LeftFile.objects.order_by("pk"):
        left.storage.delete(left.name)
        left.delete()


# ---- by a schedule


def draw_up(cycle, *, by):
    """Freeze what is due in a cycle: the rows by their numbers, the schedule by counts, dates and grounds."""
    with transaction.atomic():
        Cycle.objects.select_for_update().get(pk=cycle.pk)
        if cycle.eliminations.filter(state__in=["submitted", "approved"]).exists():
            raise ValidationError(_("A schedule of this cycle waits for its visa already."))
        today = clock.today()
        found = [(category, frozen(rows)) for category, rows in overdue(cycle, today)]
        if not found:
            raise ValidationError(_("Nothing of this cycle is due: there is nothing to erase."))
        with translation.override(settings.LANGUAGE_CODE):
            lines = [line(category, cycle, numbers) for category, numbers in found]
        row = Elimination.objects.create(cycle=cycle, on=today, lines=lines, prepared_by=by)
        EliminationStep.objects.bulk_create(
            EliminationStep(elimination=row, key=category.key, rows=numbers)
            for category, every in found
            for numbers in handfuls(every)
        )
        with translation.override(settings.LANGUAGE_CODE):
            row.schedule = Document.objects.issue(
                "elimination", str(row), schedule_content(row), cycle=cycle, audience="staff"
            )
        row.save(update_fields=["schedule"])
        row.record("create", by=by, rows=row.total)
    return row


def frozen(rows):
    return list(rows.order_by("pk").values_list("pk", flat=True))


def line(category, cycle, numbers):
    """What the archives read of a category: never a name."""
    return {
        "key": category.key,
        "title": str(category.title),
        "what": str(category.what),
        "basis": str(category.basis),
        "delay": delay_in_words(category.days_kept),
        "since": str(category.since),
        "first": min(category.calendar(cycle)).isoformat(),
        "rows": len(numbers),
        "held_back": category.expired(cycle, clock.today()).count() - len(numbers),
    }


def fingerprint(elimination):
    """Of the very rows on the schedule: the proof bears the same."""
    steps = list(elimination.steps.order_by("pk").values_list("key", "rows"))
    return hashlib.sha256(json.dumps(steps).encode()).hexdigest()


def schedule_content(row):
    return {
        "number": row.pk,
        "cycle": row.cycle.title,
        "on": row.on.isoformat(),
        "by": str(row.prepared_by),
        "lines": row.lines,
        "total": row.total,
        "rows_fingerprint": fingerprint(row),
    }


def proof_content(row):
    erased = {}
    for step in row.steps.all():
        erased[step.key] = erased.get(step.key, 0) + step.erased
    lines = [line | {"erased": erased.get(line["key"], 0)} for line in row.lines]
    return schedule_content(row) | {
        "lines": lines,
        "erased": sum(erased.values()),
        "visa": row.visa,
        "visa_on": row.visa_on.isoformat(),
        "approved_by": str(row.approved_by),
        "done_on": clock.today().isoformat(),
        "schedule_fingerprint": row.schedule.fingerprint,
    }


@when("assembly.elimination.approve")
def begin(entry):
    jobs.enqueue("eliminate", key=f"eliminate:{entry.target_id}", about=entry.target_id, by=entry.by)


@jobs.job("eliminate")
def eliminate(job):
    """Step by step; then the proof, with the job’s own end."""
    row = Elimination.objects.get(pk=job.about)
    if row.state != Elimination.State.APPROVED:
        return
    sweep()
    total = row.steps.count()
    for step in row.steps.filter(done_at=None).values_list("pk", flat=True):
        take(step)
        sweep()
        jobs.advance(job, row.steps.exclude(done_at=None).count(), total)
    wipe_pages()
    with translation.override(settings.LANGUAGE_CODE), jobs.finishing(job):
        row.finish(by=row.approved_by, content=proof_content(row))
        count_deadlines()


def take(pk):
    with transaction.atomic():
        step = EliminationStep.objects.select_for_update().get(pk=pk)
        if step.done_at is None:
            step.erased = erase(CATEGORIES[step.key], step.rows)
            step.done_at = clock.now()
            step.save(update_fields=["erased", "done_at"])


def wipe_pages():
    """A database keeps what it deleted in pages it has not used again: it is made to let go of them."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


# ---- what goes within days


@purge
def old_words():
    """What finished jobs said, and the letters laid in a folder for want of a mail server: thirty days."""
    limit = clock.now() - A_MONTH
    Job.objects.filter(state=Job.State.DONE, created_at__lt=limit).exclude(message="").update(message="")
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    for letter in Path(folder).glob("*.log") if folder else ():
        if letter.stat().st_mtime < limit.timestamp():
            letter.unlink(missing_ok=True)
