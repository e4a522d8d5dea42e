"""When this happens, do that; and what leaves the house on its date."""

from assembly import jobs
from assembly.journal import purge, when
from assembly.models import Cycle
from assembly.privacy.keeping import CATEGORIES
from workshops.models import (
    Attendance,
    FreeAnswer,
    Guest,
    Meeting,
    MessageFlag,
    Minutes,
    NeedsSheet,
    Outreach,
    Participation,
    PriorityBallot,
    PriorityVote,
    Registration,
)


@when("workshops.meeting.call", "workshops.meeting.move", "workshops.meeting.cancel")
def write_to_the_invited(entry):
    jobs.enqueue("send_notices", key=f"send_notices:{entry.pk}", about=entry.target_id, by=entry.by)


@when("workshops.meeting.cancel")
def write_to_the_registered(entry):
    jobs.enqueue("tell_the_registered", key=f"tell_the_registered:{entry.pk}", about=entry.target_id)


@when("workshops.meeting.create")
def approve_minutes_first(entry):
    """A plenary just planned opens on the minutes that wait."""
    Meeting.objects.get(pk=entry.target_id).approve_minutes_first()


@when("workshops.minutes.create", "workshops.minutes.submit")
def put_to_the_next_plenary(entry):
    """Minutes just written go to the plenary that is planned already."""
    if plenary := Minutes.objects.get(pk=entry.target_id).next_plenary:
        plenary.approve_minutes_first()


@when("workshops.allowancerun.close")
def issue_the_statements(entry):
    jobs.enqueue(
        "issue_statements", key=f"issue_statements:{entry.target_id}", about=entry.target_id, by=entry.by
    )


@when("workshops.allotment.publish")
def write_to_the_allotted(entry):
    jobs.enqueue("tell_the_allotted", key=f"tell_the_allotted:{entry.pk}", about=entry.target_id, by=entry.by)


@when("workshops.thread.say")
def tell_of_the_message(entry):
    jobs.enqueue("tell_of_message", key=f"tell_of_message:{entry.pk}", about=entry.pk, by=entry.by)


@purge
def purge_needs():
    """Needs go with the cycle, or with the seat; the journal keeps how many, as proof."""
    expired = NeedsSheet.objects.expired().exclude(pk__in=CATEGORIES["needs"].held_back())
    for cycle in Cycle.objects.filter(pk__in=expired.values("member__cycle")):
        rows = expired.filter(member__cycle=cycle)
        count = rows.count()
        rows.delete()
        cycle.record("purge_needs", by=None, deleted=count)


@purge
def purge_choices():
    """Who registered, chose or flagged what goes with the cycle; results and attendance stay."""
    for cycle in Cycle.objects.filter(state__in=[Cycle.State.FOLLOW_UP, Cycle.State.ARCHIVED]):
        rows = {
            "registrations": Registration.objects.filter(outing__meeting__cycle=cycle),
            "ballots": PriorityBallot.objects.filter(
                vote__cycle=cycle, vote__state=PriorityVote.State.CLOSED
            ),
            "flags": MessageFlag.objects.filter(message__thread__workshop__cycle=cycle),
            "surveyed": Participation.objects.filter(survey__in=cycle.surveys.published()),
            "free_answers": FreeAnswer.objects.filter(survey__in=cycle.surveys.published(), published=""),
        }
        counts = {name: gone.delete()[0] for name, gone in rows.items()}
        excuses = Attendance.objects.filter(meeting__cycle=cycle).exclude(reason="")
        counts["reasons"] = excuses.update(reason="")
        if any(counts.values()):
            cycle.record("purge_choices", by=None, **counts)


@purge
def purge_company():
    """Names of guests and notes of contacts go with the cycle; the journal keeps how many, as proof."""
    for cycle in Cycle.objects.filter(state__in=[Cycle.State.FOLLOW_UP, Cycle.State.ARCHIVED]):
        guests, contacts = (
            Guest.objects.filter(meeting__cycle=cycle),
            Outreach.objects.filter(workshop__cycle=cycle),
        )
        counts = {"guests": guests.count(), "contacts": contacts.count()}
        if any(counts.values()):
            guests.delete()
            contacts.delete()
            cycle.record("purge_company", by=None, **counts)
