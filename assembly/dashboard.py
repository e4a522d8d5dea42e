"""The roof: the pages that look into every room."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView, TemplateView

from assembly import clock, waiting
from assembly.composition import portraits, sheet
from assembly.models import Appointment, Cycle, Document, Member, Observation, Pool
from assembly.rules import is_guarantor, is_secretariat
from assembly.views import StaffOnly
from deliberations.models import Measure, Proposal, Request
from sortition.models import Draw, Invitation, Volunteer
from workshops.models import Meeting, Workshop, facilitated_by

Role = Appointment.Role
WORKPLACES = [
    ({Role.SECRETARIAT, Role.OPERATOR, Role.FACILITATOR, Role.GUARANTOR}, "assembly:board_list"),
    ({Role.SUPPORT}, "workshops:support_list"),
    ({Role.BAILIFF}, "sortition:draw_list"),
    ({Role.EXECUTIVE}, "deliberations:proposal_board"),
    ({Role.DEPARTMENT}, "deliberations:measure_list"),
]


def figure(rows, what, *, way="cycle"):
    """One number by cycle, asked together with the cycle itself."""
    own = rows.filter(**{way: OuterRef("pk")}).order_by().values(way)
    return Coalesce(Subquery(own.annotate(figure=what).values("figure")), 0)


def with_figures(cycles):
    """Adds to each cycle the figures that matter to the public."""
    sitting = Member.objects.filter(state__in=[*Member.SEATED, Member.State.TERM_ENDED])
    return cycles.annotate(
        seat_count=figure(Pool.objects.all(), Sum("seats")),
        sitting_count=figure(sitting, Count("pk")),
        meeting_count=figure(Meeting.objects.held(), Count("pk")),
        text_count=figure(Proposal.objects.public(), Count("pk")),
        measure_count=figure(Measure.objects.all(), Count("pk"), way="proposal__cycle"),
        done_count=figure(
            Measure.objects.filter(state__in=[Measure.State.DONE, Measure.State.PARTLY_DONE]),
            Count("pk"),
            way="proposal__cycle",
        ),
        observation_count=figure(Observation.objects.published(), Count("pk")),
    ).prefetch_related("phases")


def steps(cycle):
    """The phases of a cycle as the steps of a journey; its states when no phase is set."""
    phases = list(cycle.phases.all())
    if not phases:
        return states_as_steps(cycle)
    return [
        {
            "label": phase.title,
            "dates": months(phase.starts_on, phase.ends_on),
            "done": phase.moment == "past",
            "current": phase.moment == "current",
        }
        for phase in phases
    ]


def states_as_steps(cycle):
    states = [state for state in Cycle.State if state != Cycle.State.ARCHIVED]
    here = states.index(cycle.state) if cycle.state in states else len(states)
    return [
        {"label": state.label.capitalize(), "done": place < here, "current": place == here}
        for place, state in enumerate(states)
    ]


def months(first, last):
    return (
        f"{first:%m/%Y} – {last:%m/%Y}"
        if (first.year, first.month) != (last.year, last.month)
        else f"{first:%m/%Y}"
    )


# The public ------------------------------------------------------------------


class Home(TemplateView):
    template_name = "home.html"

    def get_context_data(self, **context):
        cycles = with_figures(Cycle.objects.public().assemblies())
        cycle = cycles.under_way().first() or cycles.first()
        return super().get_context_data(
            cycle=cycle,
            steps=steps(cycle) if cycle else [],
            meetings=Meeting.objects.public().upcoming().select_related("workshop", "cycle")[:4],
            texts=latest_texts(),
            draw=Draw.objects.public().of_the_panel().filter(published_at__isnull=False).only("pk").first(),
            measures=Measure.objects.public().aggregate(
                total=Count("pk"),
                done=Count("pk", filter=Q(state=Measure.State.DONE)),
                moving=Count("pk", filter=Q(state__in=["under_study", "in_progress", "partly_done"])),
                overdue=Count("pk", filter=Q(due_on__lt=clock.today())),
            ),
            **context,
        )


def latest_texts():
    rows = Proposal.objects.public().select_related("cycle", "workshop").order_by("-transmitted_at", "-pk")
    return rows[:3]


class CycleList(ListView):
    template_name = "assembly/cycle_list.html"

    def get_queryset(self):
        return with_figures(Cycle.objects.visible_to(self.request.user).assemblies())


class CycleDetail(DetailView):
    """The story of a cycle."""

    template_name = "assembly/cycle_detail.html"
    slug_field = slug_url_kwarg = "number"

    def get_queryset(self):
        return with_figures(Cycle.objects.visible_to(self.request.user)).select_related(
            "parent", "convened_by"
        )

    def get_context_data(self, **context):
        cycle = self.object
        return super().get_context_data(
            steps=steps(cycle),
            workshops=Workshop.objects.filter(cycle=cycle).select_related("notebook").with_counts(),
            meetings=Meeting.objects.public().upcoming().filter(cycle=cycle).select_related("workshop")[:4],
            texts=Proposal.objects.public()
            .filter(cycle=cycle)
            .select_related("workshop", "council_item")
            .annotate(measure_count=Count("measures")),
            requests=Request.objects.public().filter(cycle=cycle).select_related("jury")[:6],
            documents=Document.objects.public().filter(cycle=cycle).defer("content", "html")[:6],
            draw=Draw.objects.public()
            .of_the_panel()
            .filter(cycle=cycle)
            .only("pk", "state", "published_at")
            .first(),
            may_see_members=any(seat.cycle_id == cycle.pk for seat in seats_of(self.request.user)),
            **context,
        )


def seats_of(user):
    return user.seats if user.is_authenticated else []


class CycleComposition(DetailView):
    """Who sits: each criterion against the population, and the districts on a map."""

    template_name = "assembly/cycle_composition.html"
    slug_field = slug_url_kwarg = "number"

    def get_queryset(self):
        return Cycle.objects.visible_to(self.request.user)

    def get_context_data(self, **context):
        profiles = list(portraits.seated(self.object).values_list("profile", flat=True))
        found = portraits.public_portraits(self.object, profiles)
        snapshots = list(self.object.snapshots.all())
        return super().get_context_data(
            portraits=found,
            number=len(profiles),
            seats=self.object.seats,
            districts=next((portrait for portrait in found if portrait.key == "district"), None),
            snapshots=snapshots[::-1],
            lines=sheet.journey(sheet.steps(snapshots)),
            in_full=self.request.user.has_perm("assembly.view_composition", self.object),
            may_freeze=self.request.user.has_perm("assembly.add_snapshot", self.object),
            **context,
        )


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
