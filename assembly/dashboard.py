"""Under the roof: what those who run a cycle see of every room."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from assembly import waiting
from assembly.front import steps, with_figures
from assembly.models import Appointment, Cycle
from assembly.rules import is_guarantor, is_secretariat
from assembly.views import StaffOnly
from deliberations.models import Measure
from sortition.models import Invitation, Volunteer
from workshops.models import Workshop, facilitated_by

Role = Appointment.Role
WORKPLACES = [
    ({Role.SECRETARIAT, Role.OPERATOR, Role.FACILITATOR, Role.GUARANTOR}, "assembly:board_list"),
    ({Role.SUPPORT}, "workshops:support_list"),
    ({Role.BAILIFF}, "sortition:draw_list"),
    ({Role.EXECUTIVE}, "deliberations:proposal_board"),
    ({Role.DEPARTMENT}, "deliberations:measure_list"),
]


# Those who run it ---------------------------------------------------------------


class Boards(StaffOnly, ListView):
    template_name = "board.html"

    def get_queryset(self):
        return with_figures(Cycle.objects.visible_to(self.request.user).assemblies())

    def get_context_data(self, **context):
        cycles = [{"cycle": cycle, "steps": steps(cycle)} for cycle in self.object_list]
        led = facilitated_by(self.request.user)
        return super().get_context_data(
            cycles=cycles,
            overdue=Measure.objects.overdue().count(),
            led=Workshop.objects.filter(pk__in=led).select_related("cycle") if led else [],
            runs=is_secretariat(self.request.user),
            juries=Cycle.objects.visible_to(self.request.user).exclude(parent=None).select_related("parent"),
            **context,
        )


class Board(DetailView):
    """Where a cycle stands, what is due, who is late, and the doors of every room."""

    template_name = "assembly/cycle_board.html"
    slug_field = slug_url_kwarg = "number"

    def get_queryset(self):
        return with_figures(Cycle.objects.visible_to(self.request.user))

    def get_object(self):
        cycle = super().get_object()
        if not self.request.user.has_perm("assembly.view_board", cycle):
            raise PermissionDenied
        return cycle

    def get_context_data(self, **context):
        due = waiting.on(self.object, self.request.user)
        return super().get_context_data(
            steps=steps(self.object),
            late=[item for item in due if item.late],
            due=[item for item in due if not item.late],
            doors=doors(self.object, self.request.user),
            recruitment=recruitment(self.object),
            **context,
        )


def recruitment(cycle):
    """Letters, answers, seats: while it is the moment."""
    if cycle.state != Cycle.State.RECRUITMENT:
        return None
    return [
        {"label": _("letters"), "value": Invitation.objects.filter(pool__cycle=cycle).count()},
        {"label": _("volunteers"), "value": Volunteer.objects.filter(cycle=cycle).count()},
        {"label": _("members seated"), "value": cycle.sitting_count},
    ]


def doors(cycle, user):
    """(label, address, icon) of the rooms of a cycle this person may enter, in the order of the year."""
    runs = is_secretariat(user, cycle)
    reads = user.has_perm("sortition.view_recruitment", cycle)

    def below(name):
        return reverse(name, args=[cycle.number])

    def of_cycle(name):
        return f"{reverse(name)}?cycle={cycle.number}"

    rooms = [
        (runs, _("Set-up"), cycle.get_setup_url(), "list-check"),
        (reads, _("Recruitment"), below("sortition:recruitment"), "envelope"),
        (runs, _("Seats and confirmations"), below("sortition:seat_list"), "person-check"),
        (runs, _("Members"), below("assembly:member_list"), "person"),
        (True, _("Composition"), below("assembly:cycle_composition"), "people"),
        (True, _("What members say"), below("workshops:survey_list"), "chat-left-text"),
        (runs, _("Choice of workshops"), below("workshops:enrolment_list"), "signpost-split"),
        (True, _("Workshops"), of_cycle("workshops:workshop_list"), "diagram-3"),
        (True, _("Meetings"), of_cycle("workshops:meeting_list"), "calendar-event"),
        (True, _("Notebooks"), of_cycle("workshops:notebook_list"), "journal-text"),
        (True, _("Working mandates"), of_cycle("deliberations:workingmandate_list"), "flag"),
        (True, _("Texts, by stage"), of_cycle("deliberations:proposal_board"), "file-earmark-text"),
        (True, _("Requests"), of_cycle("deliberations:request_list"), "inbox"),
        (True, _("Measures and returns"), of_cycle("deliberations:measure_list"), "clipboard-check"),
        (True, _("Questions and answers"), of_cycle("workshops:question_list"), "question-circle"),
        (True, _("Commitments"), of_cycle("workshops:commitment_list"), "list-check"),
        (runs, _("Allowances"), below("workshops:allowancerun_list"), "calendar-check"),
        (True, _("Documents"), of_cycle("assembly:document_list"), "archive"),
        (True, _("Observations of the guarantors"), below("assembly:observation_list"), "chat-left-text"),
        (runs or is_guarantor(user, cycle), _("Journal"), below("assembly:cycle_journal"), "clock-history"),
        (True, _("Public page of the cycle"), cycle.get_absolute_url(), "eye"),
    ]
    return [room[1:] for room in rooms if room[0]]


# Each to their own space ----------------------------------------------------------


def workplace(user):
    """Where a person appointed works; nothing for members."""
    for roles, name in WORKPLACES:
        here = [held for held in user.current_appointments if held.role in roles]
        if here:
            return f"{reverse(name)}{own_measures(here[0])}"
    return ""


def own_measures(held):
    """A directorate comes to its own measures first."""
    own = held.role == Role.DEPARTMENT and held.organisation
    return f"?{urlencode({'owner': held.organisation})}" if own else ""
