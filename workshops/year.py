"""The year of a workshop: what was done, what is due, who drifts away. As many queries whatever its size."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import OuterRef, Q, Subquery
from django.utils.timezone import localdate

from assembly import clock
from assembly.models import Cycle, Member
from workshops.models import Attendance, Meeting, Minutes, Notebook, Outreach, Presence, Question

TO_COME = (Meeting.State.PLANNED, Meeting.State.OPENED, Meeting.State.CALLED)
NOTEBOOK_DUE = (Cycle.State.DEEPENING, Cycle.State.COUNCIL, Cycle.State.FOLLOW_UP, Cycle.State.ARCHIVED)


def missed_in_a_row(statuses):
    """How many half-days were missed since the last one attended, excused or not."""
    count = 0
    for status in reversed(statuses):
        if status in Presence.CAME:
            break
        count += 1
    return count


@dataclass(frozen=True)
class Drift:
    """Somebody who was not seen for several half-days, and what was done about it."""

    member: object
    missed: int
    excused: int
    seen_on: object
    contact: object

    @property
    def awaits(self):
        """Nobody has contacted them since they last missed."""
        return self.contact is None


def year_of(workshop):
    meetings = list(Meeting.objects.filter(workshop=workshop).with_counts().order_by("starts_at", "pk"))
    now = clock.now()
    held = [meeting for meeting in meetings if meeting.state == Meeting.State.HELD]
    return {
        "held": held,
        "to_come": [row for row in meetings if row.state in TO_COME and row.ends_at >= now],
        "to_close": [row for row in meetings if row.state in TO_COME and row.ends_at < now],
        "trend": trend(held),
        "drifting": drifting(workshop),
        "questions": list(
            Question.objects.overdue().filter(workshop=workshop).select_related("cycle", "meeting")
        ),
        "late_minutes": late_minutes(workshop),
        "notebook": notebook_of(workshop),
        "contacts": list(workshop.outreach.select_related("member__user", "workshop__cycle", "by")[:50]),
    }


def trend(held):
    """[(day, per cent present)] of the meetings that invited somebody."""
    return [
        (f"{localdate(meeting.starts_at):%d/%m/%y}", round(100 * meeting.present / meeting.invited_count))
        for meeting in held
        if meeting.invited_count
    ]


def late_minutes(workshop):
    """Meetings held so long ago that their minutes should be published, and are not."""
    limit = clock.now() - timedelta(days=workshop.cycle.minutes_days)
    rows = Meeting.objects.filter(workshop=workshop, state=Meeting.State.HELD, ends_at__lt=limit)
    return list(rows.exclude(minutes__state=Minutes.State.PUBLISHED).select_related("minutes"))


def notebook_of(workshop):
    """(the notebook or None, is it late): it is due when the cycle has gone on to its mandates."""
    notebook = Notebook.objects.filter(workshop=workshop).first()
    deposited = notebook is not None and notebook.state == Notebook.State.DEPOSITED
    return notebook, not deposited and workshop.cycle.state in NOTEBOOK_DUE


def drifting(workshop):
    """Those of a workshop who missed the last half-days, as many as the cycle says, the longest away first."""
    rows = Attendance.objects.filter(
        Q(meeting__workshop=workshop) | Q(meeting__workshop=None), member__enrolment__workshop=workshop
    )
    return named(workshop.members, adrift(rows, workshop.outreach, workshop.cycle))


def drifting_in(cycle):
    """The same for everybody who sits in the cycle."""
    return named(cycle.members.filter(state=Member.State.SITTING), adrift_in(cycle))


def adrift_in(cycle):
    """Only those absent from their last meeting are looked at."""
    held = Attendance.objects.filter(member=OuterRef("pk"), meeting__state=Meeting.State.HELD)
    last = held.order_by("-meeting__starts_at").values("status")[:1]
    away = cycle.members.filter(state=Member.State.SITTING).annotate(last=Subquery(last))
    away = away.filter(last__in=[Attendance.Status.EXCUSED, Attendance.Status.ABSENT])
    rows = Attendance.objects.filter(member__in=away.values("pk"))
    return adrift(rows, Outreach.objects.filter(workshop__cycle=cycle), cycle)


def named(members, found):
    members = members.filter(pk__in=found).select_related("user") if found else []
    drifts = [Drift(member, **found[member.pk]) for member in members]
    return sorted(drifts, key=lambda drift: (-drift.missed, drift.member.user.name))


def adrift(rows, outreach, cycle):
    """{member: what is known of their absence}: two queries whatever their number, one if there is nobody."""
    lines = half_days_of(rows, cycle)
    missed = {pk: missed_in_a_row([status for _day, status in days]) for pk, days in lines.items()}
    missed = {pk: number for pk, number in missed.items() if number and number >= cycle.drift_after}
    contacts = {}
    for row in outreach.filter(member__in=missed).order_by("made_on", "pk") if missed else ():
        contacts[row.member_id] = row
    return {pk: absence(lines[pk], number, contacts.get(pk)) for pk, number in missed.items()}


def absence(days, missed, contact):
    seen = [day for day, status in days if status in Presence.CAME]
    return {
        "missed": missed,
        "excused": sum(status == "excused" for _day, status in days[-missed:]),
        "seen_on": seen[-1] if seen else None,
        "contact": contact if contact and contact.made_on >= days[-1][0] else None,
    }


def half_days_of(rows, cycle):
    """{member: [(day, status)]} of the half-days held, in the order of time; the whole meeting where none was ticked."""
    rows = rows.filter(meeting__cycle=cycle, meeting__state=Meeting.State.HELD)
    ticked = rows.order_by("meeting__starts_at", "meeting", "presences__half_day")
    lines = {}
    for pk, at, status, half_day in ticked.values_list(
        "member", "meeting__starts_at", "status", "presences__status"
    ):
        lines.setdefault(pk, []).append((localdate(at), half_day or status))
    return lines
