"""Long work. A job is a row with a lease: the broker only says that one is waiting.

A worker claims the row, renews its lease while it works and commits the outcome together with
"done". Kill it at any moment: the lease runs out, another worker claims the row, and only the one
that still holds the lease may commit. The clock (`run_waiting_jobs`) finds what the broker lost.
"""

import logging
import threading
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from django.core.exceptions import ValidationError
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import OperationalError

from assembly import heartbeat
from assembly.models import Job, new_lease

LEASE = timedelta(seconds=20)
RENEWAL = 5.0  # seconds
ATTEMPTS = 5
HANDLERS = {}
log = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Another worker took the job over: drop everything."""


def job(kind):
    """Register the handler of a kind of job: called with the running Job, whose `about` is a row number."""

    def register(handler):
        HANDLERS[kind] = handler
        return handler

    return register


def enqueue(kind, *, key, about, by=None):
    """The job of that key: made if it is new, put back in line if it had failed."""
    row, new = Job.objects.get_or_create(key=key, defaults={"kind": kind, "about": about, "by": by})
    if not new and row.state == Job.State.FAILED:
        Job.objects.filter(pk=row.pk, state=Job.State.FAILED).update(
            state=Job.State.WAITING, attempts=0, message="", done=0
        )
        row.refresh_from_db()
    transaction.on_commit(partial(nudge, row.pk), robust=True)
    return row


def nudge(pk):
    from assembly.tasks import run_job

    try:
        run_job.delay(pk)
    except (OSError, OperationalError):
        log.warning("The broker is away: job %s waits for the clock.", pk)


def claim(pk):
    """The job, ours for the length of a lease; None when it is done, failed or in other hands."""
    lease = new_lease()
    taken = (
        Job.objects.claimable()
        .filter(pk=pk)
        .update(
            state=Job.State.RUNNING,
            lease=lease,
            leased_until=timezone.now() + LEASE,
            attempts=F("attempts") + 1,
        )
    )
    return Job.objects.get(pk=pk) if taken else None


def run(pk):
    mine = claim(pk)
    if mine is None:
        return
    try:
        with renewed(mine):
            HANDLERS[mine.kind](mine)
            close(mine, Job.State.DONE)
    except LeaseLost:
        log.warning("Job %s was taken over.", pk)
    except ValidationError as refusal:
        close(mine, Job.State.FAILED, " ".join(refusal.messages)[:500])
    except Exception as error:
        give_up_or_wait(mine, error)


def give_up_or_wait(mine, error):
    log.exception("Job %s (%s) stumbled.", mine.pk, mine.kind)
    if mine.attempts >= ATTEMPTS:
        close(mine, Job.State.FAILED, type(error).__name__)
    else:
        later = timezone.now() + timedelta(seconds=2**mine.attempts)
        Job.objects.filter(pk=mine.pk, lease=mine.lease).update(leased_until=later)


def close(mine, state, message=""):
    Job.objects.filter(pk=mine.pk, lease=mine.lease, state=Job.State.RUNNING).update(
        state=state, message=message
    )


@contextmanager
def finishing(mine):
    """Commit the outcome and "done" together, if the job is still ours."""
    with transaction.atomic():
        row = Job.objects.select_for_update().get(pk=mine.pk)
        if row.lease != mine.lease or row.state != Job.State.RUNNING:
            raise LeaseLost
        yield
        row.state, row.done = Job.State.DONE, row.total
        row.save(update_fields=["state", "done"])


def advance(mine, done, total, message=""):
    """Show progress: `done` out of `total`, in whatever unit the work is counted in."""
    mine.done, mine.total, mine.message = done, total, message
    held = Job.objects.filter(pk=mine.pk, lease=mine.lease).update(
        done=done, total=total, message=message[:500], leased_until=timezone.now() + LEASE
    )
    if not held:
        raise LeaseLost


@contextmanager
def renewed(mine):
    """Renew the lease from a thread of its own while the work goes on."""
    heartbeat.beat()
    over = threading.Event()

    def renew():
        while not over.wait(RENEWAL):
            try:
                close_old_connections()
                heartbeat.beat()
                Job.objects.filter(pk=mine.pk, lease=mine.lease, state=Job.State.RUNNING).update(
                    leased_until=timezone.now() + LEASE
                )
            except DatabaseError:
                log.warning("The lease of job %s could not be renewed.", mine.pk)
        connection.close()

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
