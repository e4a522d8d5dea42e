"""What waits for a person in the workshops: for the page they land on."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from assembly import clock
from assembly.models import Member
from workshops.models import (
    Enrolment,
    Meeting,
    Minutes,
    Notebook,
    Preference,
    Workshop,
    facilitated_by,
)


@dataclass(frozen=True)
class Step:
    title: str
    note: str
    url: str
    due: datetime | None = None


def waiting_for(user) -> list[Step]:
    """What to do first comes first: at most four queries for a member, two more for a facilitator."""
    steps = []
    if seat := user.seat:
        steps += [*choosing(seat), *coming(seat), *reading(seat), *agreeing(seat)]
    if led := facilitated_by(user):
        steps += [*recording(led)]
    return steps


def choosing(seat):
    """Wishes are awaited: there are workshops to choose from, and nothing is settled yet."""
    undecided = (
        Member.objects.filter(pk=seat.pk)
        .filter(Exists(Workshop.objects.filter(cycle=OuterRef("cycle"))))
        .exclude(Exists(Enrolment.objects.allotted().filter(member=OuterRef("pk"))))
        .exclude(Exists(Preference.objects.filter(member=OuterRef("pk"))))
    )
    if undecided.exists():
        yield Step(
            _("Choose your workshop"),
            _("Rank the workshops of your cycle: your wishes count in the allotment."),
            reverse("workshops:enrolment_choose"),
        )


def coming(seat):
    for meeting in Meeting.objects.upcoming().for_member(seat)[:2]:
        yield Step(meeting.title, meeting.place, meeting.get_absolute_url(), meeting.starts_at)


def reading(seat):
    rows = Minutes.objects.in_review().filter(meeting__attendances__member=seat).select_related("meeting")
    for minutes in rows[:3]:
        yield Step(
            _("Read the minutes: %(meeting)s") % {"meeting": minutes.meeting.title},
            _("They will be approved soon: say what should be corrected."),
            minutes.get_absolute_url(),
        )


def agreeing(seat):
    rows = Notebook.objects.filter(state=Notebook.State.IN_REVIEW, workshop__enrolments__member=seat)
    for notebook in rows:
        yield Step(
            _("Read your workshop’s notebook"),
            _("Your workshop will approve it by a show of hands."),
            notebook.get_absolute_url(),
        )


def recording(led):
    """Meetings over whose attendance or minutes are missing."""
    over = Meeting.objects.filter(workshop__in=led, ends_at__lt=clock.now()).filter(
        Q(state=Meeting.State.CALLED) | Q(state=Meeting.State.HELD, minutes=None)
    )
    for meeting in over.order_by("starts_at")[:5]:
        title = (
            _("Write the minutes: %(meeting)s")
            if meeting.state == Meeting.State.HELD
            else _("Record attendance: %(meeting)s")
        )
        yield Step(
            title % {"meeting": meeting.title}, meeting.place, meeting.get_absolute_url(), meeting.starts_at
        )
