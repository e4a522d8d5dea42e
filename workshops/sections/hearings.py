"""Whom a workshop hears, and what it asks in writing."""

from django.utils.translation import gettext_lazy as _

from assembly.views import entitled_to_add
from workshops.models import Hearing, Meeting, Question
from workshops.sections import section

WAITS_FOR_SHEET = (Meeting.State.PLANNED, Meeting.State.CALLED, Meeting.State.HELD)


@section("auditions", _("Hearings"), position=30)
def hearings(request, workshop):
    """The hearings, and the meetings that could become one."""
    user = request.user
    rows = Hearing.objects.visible_to(user).filter(meeting__workshop=workshop)
    bare = Meeting.objects.visible_to(user).filter(
        workshop=workshop, kind=Meeting.Kind.HEARING, hearing=None, state__in=WAITS_FOR_SHEET
    )
    return "workshops/_hearings_of_workshop.html", {
        "hearings": rows.select_related("meeting__workshop", "meeting__cycle").prefetch_related(
            "meeting__people_heard"
        ),
        "bare": bare,
        "can_prepare": entitled_to_add(user, Hearing, workshop),
    }


@section("questions", _("Questions and answers"), position=32)
def questions(request, workshop):
    """Written questions: proposed and supported, sent, answered or not; those put at hearings stand with them."""
    user = request.user
    rows = Question.objects.visible_to(user).filter(workshop=workshop).with_supports(user)
    rows = list(rows.select_related("cycle", "workshop", "meeting__workshop", "person__meeting", "asked_by"))
    proposed = [row for row in rows if row.state == Question.State.PROPOSED and row.is_written]
    return "workshops/_questions_of_workshop.html", {
        "proposed": sorted(proposed, key=lambda row: -row.support_count),
        "waiting": [row for row in rows if row.state == Question.State.ASKED],
        "answered": [row for row in rows if row.state == Question.State.ANSWERED],
        "can_ask": entitled_to_add(user, Question, workshop),
    }
