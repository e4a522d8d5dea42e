"""Letters to many: one each, and only to those who have not had theirs, so that a second run sends nothing twice."""

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock, mail
from assembly.jobs import advance, job
from assembly.models import JournalEntry, User
from workshops.letters import remind
from workshops.models import AllowanceStatement, Enrolment, Meeting, Thread


@job("send_notices")
def send_notices(job):
    """The notice of a meeting, its change or its cancellation, to each person invited."""
    meeting = Meeting.objects.select_related("workshop", "cycle").get(pk=job.about)
    template = "meeting_cancelled" if meeting.state == Meeting.State.CANCELLED else "meeting_called"
    notice, programme = meeting.notices.last(), list(meeting.programme())
    rows = meeting.attendances.filter(notified_at=None, unplanned=False).select_related("member__user")
    rows = list(rows) if notice else []
    for done, row in enumerate(rows, start=1):
        write_to(row.member.user, template, meeting=meeting, notice=notice, programme=programme)
        row.notified_at = clock.now()
        row.save(update_fields=["notified_at"])
        advance(job, done, len(rows))


@job("tell_the_allotted")
def tell_the_allotted(job):
    """Which workshop, and why, to each member who has not been told."""
    rows = Enrolment.objects.allotted().filter(told_at=None, member__cycle__allotments=job.about)
    rows = list(rows.select_related("workshop", "member__user"))
    for done, row in enumerate(rows, start=1):
        write_to(row.member.user, "workshop_allotted", enrolment=row)
        row.told_at = clock.now()
        row.save(update_fields=["told_at"])
        advance(job, done, len(rows))


@job("issue_statements")
def issue_statements(job):
    """The statement of each member paid by a run; a second run finds what the first left."""
    rows = list(AllowanceStatement.objects.to_print().filter(run=job.about))
    for done, row in enumerate(rows, start=1):
        row.issue()
        advance(job, done, len(rows))


def write_to(user, template, **context):
    mail.send(template, user.email, {"user": user, **context}, language=user.language)


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
