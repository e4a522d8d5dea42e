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
    return named(workshop.members, adrift(rows, workshop.outreach.all(), workshop.cycle))


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
    contacts = {
        row.member_id: row for row in Outreach.objects.filter(member__in=found).order_by("made_on", "pk")
    }
    drifts = [
        Drift(
            member,
            facts["missed"],
            facts["excused"],
            facts["seen_on"],
            contacts.get(member.pk) if facts["contacted"] else None,
        )
        for member in members
        for facts in [found[member.pk]]
    ]
    return sorted(drifts, key=lambda drift: (-drift.missed, drift.member.user.name))


def adrift(rows, outreach, cycle):
    """{member: what is known of their absence}: one query whatever their number."""
    found = {}
    for pk, (days, contacted_on) in half_days_of(rows, outreach, cycle).items():
        missed = missed_in_a_row([status for _day, status in days])
        if missed and missed >= cycle.drift_after:
            seen = [day for day, status in days if status in Presence.CAME]
            found[pk] = {
                "missed": missed,
                "excused": sum(status == "excused" for _day, status in days[-missed:]),
                "seen_on": seen[-1] if seen else None,
                "contacted": bool(contacted_on and contacted_on >= days[-1][0]),
            }
    return found


def half_days_of(rows, outreach, cycle):
    """{member: ([(day, status)], last contact)}: in the order of time; the whole meeting where no half-day was ticked."""
    contact = outreach.filter(member=OuterRef("member")).order_by("-made_on").values("made_on")[:1]
    rows = rows.filter(meeting__cycle=cycle, meeting__state=Meeting.State.HELD)
    rows = rows.annotate(contacted_on=Subquery(contact))
    ticked = rows.order_by("meeting__starts_at", "meeting", "presences__half_day")
    lines = {}
    for pk, at, status, half_day, contacted_on in ticked.values_list(
        "member", "meeting__starts_at", "status", "presences__status", "contacted_on"
    ):
        days, _contact = lines.setdefault(pk, ([], contacted_on))
        days.append((localdate(at), half_day or status))
    return lines
