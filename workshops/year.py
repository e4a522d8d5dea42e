"""The year of a workshop: what was done, what is due, who drifts away. As many queries whatever its size."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.utils.timezone import localdate

from assembly import clock
from assembly.models import Cycle
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
    """Those who missed the last half-days, as many as the cycle says, the longest away first."""
    lines = half_days_of(workshop)
    contacts = {}
    for row in Outreach.objects.filter(workshop=workshop).order_by("made_on", "pk"):
        contacts[row.member_id] = row
    found = []
    for member in workshop.members.select_related("user"):
        days = lines.get(member.pk, [])
        missed = missed_in_a_row([status for _day, status in days])
        if missed and missed >= workshop.cycle.drift_after:
            last, contact = days[-1][0], contacts.get(member.pk)
            seen = [day for day, status in days if status in Presence.CAME]
            found.append(
                Drift(
                    member,
                    missed,
                    sum(status == "excused" for _day, status in days[-missed:]),
                    seen[-1] if seen else None,
                    contact if contact and contact.made_on >= last else None,
                )
            )
    return sorted(found, key=lambda drift: (-drift.missed, drift.member.user.name))


def half_days_of(workshop):
    """{member: [(day, status)]} of the half-days held, theirs and everybody’s, in the order of time."""
    rows = Attendance.objects.filter(
        Q(meeting__workshop=workshop) | Q(meeting__workshop=None),
        meeting__cycle=workshop.cycle_id,
        meeting__state=Meeting.State.HELD,
        member__enrolment__workshop=workshop,
    )
    lines = {}
    for row in rows.select_related("meeting").prefetch_related("presences").order_by("meeting__starts_at"):
        day, ticked = localdate(row.meeting.starts_at), row.by_half_day
        found = [ticked[half_day] for half_day in sorted(ticked)] or [row.status]
        lines.setdefault(row.member_id, []).extend((day, status) for status in found)
    return lines
