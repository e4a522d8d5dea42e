"""What the papers add elsewhere: commitments on the page of their meeting and of their workshop, what waits."""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.models import Appointment, Cycle
from assembly.next_step import Step, waits
from assembly.panels import panel
from assembly.views import entitled_to_add
from workshops.models import AllowanceRun, Commitment, Correction, Minutes, facilitated_by
from workshops.models.readers import in_cycles_of
from workshops.sections import section


@panel("workshops.meeting")
def commitments_of_meeting(request, meeting):
    """Who does what after this meeting; nothing before it was held."""
    if not meeting.is_announced:
        return None
    rows = Commitment.objects.visible_to(request.user).filter(meeting=meeting).select_related("meeting")
    can_add = entitled_to_add(request.user, Commitment, meeting)
    if not rows and not can_add:
        return None
    return "workshops/_commitments_of_meeting.html", {
        "commitments": rows,
        "meeting": meeting,
        "can_follow": can_add,
    }


@section("engagements", gettext_lazy("Commitments"), position=65)
def commitments_of_workshop(request, workshop):
    rows = Commitment.objects.visible_to(request.user).filter(meeting__workshop=workshop)
    return "workshops/_commitments_of_workshop.html", {
        "commitments": rows.soonest_first().select_related("meeting")
    }


@waits
def papers_wait(user):
    """Corrections to answer and commitments overdue for who leads; a run to close for who pays."""
    if led := facilitated_by(user):
        yield from corrections_to_answer(led)
        yield from overdue(led)
    if user.holds(Appointment.Role.SECRETARIAT):
        yield from runs_to_close(user)


def corrections_to_answer(led):
    waiting = Correction.objects.waiting().filter(minutes=OuterRef("pk"))
    rows = Minutes.objects.in_review().filter(Exists(waiting), meeting__workshop__in=led)
    for minutes in rows.select_related("meeting")[:5]:
        yield Step(_("Answer the corrections proposed"), str(minutes), minutes.get_absolute_url())


def overdue(led):
    number = Commitment.objects.overdue().filter(meeting__workshop__in=led).count()
    if number:
        address = reverse("workshops:commitment_list") + "?state=overdue"
        yield Step(_("Follow up what was promised"), _("Overdue: %(number)s") % {"number": number}, address)


def runs_to_close(user):
    mine = in_cycles_of(user, [Appointment.Role.SECRETARIAT], "cycle")
    rows = AllowanceRun.objects.filter(mine, state=AllowanceRun.State.CHECKED).exclude(checked_by=user)
    for run in rows.select_related("cycle").exclude(cycle__state=Cycle.State.ARCHIVED):
        yield Step(_("Close the allowances a colleague checked"), str(run), run.get_absolute_url())
