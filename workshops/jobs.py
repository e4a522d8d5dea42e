"""Letters to many: one each, and only to those who have not had theirs, so that a second run sends nothing twice."""

from contextlib import nullcontext

from django.core.mail import get_connection
from django.db import transaction
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock, mail
from assembly.jobs import advance, job
from assembly.models import JournalEntry, User
from workshops.letters import remind
from workshops.models import AllowanceStatement, Enrolment, Meeting, Registration, Thread


@job("send_notices")
def send_notices(job):
    """The notice of a meeting, its change or its cancellation, to each person invited."""
    meeting = Meeting.objects.select_related("workshop", "cycle").get(pk=job.about)
    if notice := meeting.notices.last():
        template = "meeting_cancelled" if meeting.state == Meeting.State.CANCELLED else "meeting_called"
        rows = meeting.attendances.filter(unplanned=False).select_related("member__user")
        facts = {"meeting": meeting, "notice": notice, "programme": list(meeting.programme())}
        write_once(job, rows, "notified_at", template, f"notice:{notice.pk}", lambda row: facts)


@job("tell_the_allotted")
def tell_the_allotted(job):
    """Which workshop, and why, to each member who has not been told."""
    rows = Enrolment.objects.allotted().filter(member__cycle__allotments=job.about)
    rows = rows.select_related("workshop", "member__user")
    key = f"allotted:{job.about}"
    write_once(job, rows, "told_at", "workshop_allotted", key, lambda row: {"enrolment": row})


@job("tell_the_registered")
def tell_the_registered(job):
    """A visit or training is cancelled: whoever had registered and gets no notice of it."""
    meeting = Meeting.objects.select_related("cycle").get(pk=job.about)
    rows = Registration.objects.filter(outing__meeting=meeting).exclude(state=Registration.State.CANCELLED)
    if meeting.called_at:
        rows = rows.exclude(member__attendances__meeting=meeting)
    key, facts = f"cancelled:{meeting.pk}", {"meeting": meeting}
    write_once(
        job, rows.select_related("member__user"), "told_at", "meeting_cancelled", key, lambda row: facts
    )


def write_once(job, rows, mark, template, key, facts):
    """A letter for each row not marked yet: the mark is taken in the transaction that sends the letter.

    Two workers never write to the same person, and one killed in between leaves no mark; the letter that is
    then sent again bears the same number, so that a mailbox keeps one. One connection serves them all.
    """
    rows = list(rows.filter(**{mark: None}))
    with get_connection() if rows else nullcontext() as post:
        for done, row in enumerate(rows, start=1):
            with transaction.atomic():
                if taken(row, mark):
                    write_to(row.member.user, template, f"{key}:{row.pk}", post, **facts(row))
            advance(job, done, len(rows))


def taken(row, mark):
    return type(row)._base_manager.filter(pk=row.pk, **{mark: None}).update(**{mark: clock.now()})


def write_to(user, template, key, post, **context):
    number = mail.number(f"{user.pk}:{key}")
    mail.send(
        template, user.email, {"user": user, **context}, language=user.language, number=number, post=post
    )


@job("issue_statements")
def issue_statements(job):
    """The statement of each member paid by a run; a second run finds what the first left."""
    rows = list(AllowanceStatement.objects.to_print().filter(run=job.about))
    for done, row in enumerate(rows, start=1):
        row.issue()
        advance(job, done, len(rows))


@job("tell_of_message")
def tell_of_message(job):
    """Who belongs to the workshop is told that a subject moved on, except whoever wrote."""
    entry = JournalEntry.objects.get(pk=job.about)
    thread = Thread.objects.select_related("workshop").get(pk=entry.target_id)
    workshop = thread.workshop
    people = User.objects.filter(
        Q(members__in=workshop.members) | Q(facilitated_workshops=workshop), is_active=True
    )
    title = format_lazy("{}{}", _("New in the discussion: "), thread.title)
    remind(
        people.exclude(pk=entry.by_id).distinct(),
        key=f"message:{entry.pk}",
        title=title,
        url=thread.get_absolute_url(),
    )
