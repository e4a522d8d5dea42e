"""Letters to many: one each, and only to those who have not had theirs, so that a second run sends nothing twice."""

from assembly import clock, mail
from assembly.jobs import advance, job
from workshops.models import AllowanceStatement, Enrolment, Meeting


@job("send_notices")
def send_notices(job):
    """The notice of a meeting, its change or its cancellation, to each person invited."""
    meeting = Meeting.objects.select_related("workshop", "cycle").get(pk=job.about)
    template = "meeting_cancelled" if meeting.state == Meeting.State.CANCELLED else "meeting_called"
    rows = list(meeting.attendances.filter(notified_at=None).select_related("member__user"))
    for done, row in enumerate(rows, start=1):
        write_to(row.member.user, template, meeting=meeting)
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
