"""Under the roof: what everybody sees of every room, the home page and the cycles."""

from django.db.models import Count, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.views.generic import DetailView, ListView, TemplateView

from assembly.composition import portraits, sheet
from assembly.models import Cycle, Document, Member, Observation, Pool
from deliberations.follow_up import what_came_of
from deliberations.models import Measure, Proposal, Recommendation, Request, Return
from sortition.models import Draw, Invitation, Volunteer
from workshops.models import Meeting, Workshop


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


def with_story(cycles):
    """Adds what the story of one cycle tells in numbers, from the letters to the returns."""
    return cycles.annotate(
        letter_count=figure(Invitation.objects.all(), Count("pk"), way="pool__cycle"),
        volunteer_count=figure(Volunteer.objects.all(), Count("pk")),
        hearing_count=figure(Meeting.objects.public().held().filter(kind="hearing"), Count("pk")),
        recommendation_count=figure(
            Recommendation.objects.filter(handed_over_at__isnull=False), Count("pk"), way="workshop__cycle"
        ),
        adopted_count=figure(
            Proposal.objects.filter(council_item__outcome__in=Proposal.VOTED_BY_COUNCIL), Count("pk")
        ),
        return_count=figure(Return.objects.all(), Count("pk"), way="measure__proposal__cycle"),
    )


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


class Home(TemplateView):
    template_name = "home.html"

    def get_context_data(self, **context):
        cycles = with_figures(Cycle.objects.public().assemblies())
        cycle = cycles.under_way().first() or cycles.first()
        return super().get_context_data(
            cycle=cycle,
            past=cycles.exclude(pk=cycle.pk) if cycle else [],
            steps=steps(cycle) if cycle else [],
            meetings=Meeting.objects.public().upcoming().select_related("workshop", "cycle")[:4],
            texts=latest_texts(),
            draw=Draw.objects.public().of_the_panel().filter(published_at__isnull=False).only("pk").first(),
            measures=what_came_of(Measure.objects.public()),
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
        rows = with_story(with_figures(Cycle.objects.visible_to(self.request.user)))
        return rows.select_related("parent", "convened_by")

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
            measures=what_came_of(Measure.objects.public().filter(proposal__cycle=cycle)),
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
