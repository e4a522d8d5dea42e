"""Texts: their list, their board, their pages."""

from django.db.models import Count, Q
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, TemplateView

from assembly import clock
from assembly.goals import serving
from assembly.models import Cycle
from assembly.views import EditView, FoundView, OfCycle, StaffOnly
from deliberations.forms import texts as forms
from deliberations.forms.lists import ProposalFilters
from deliberations.journey import journey
from deliberations.models import (
    Ballot,
    Proposal,
    Recommendation,
    Review,
    Role,
)
from deliberations.together import brought, plain
from deliberations.views.council import council_of
from deliberations.views.drafting import may_add_to
from deliberations.views.lists import FilteredList, WaitingHere
from deliberations.views.text_page import TextPage, may_write
from workshops.models import Workshop, own_workshops


class ProposalList(FilteredList):
    template_name = "deliberations/proposal_list.html"
    filters = ProposalFilters

    def rows(self):
        return Proposal.objects.visible_to(self.request.user).select_related("cycle", "workshop")

    def narrowed(self, rows, wishes):
        if words := wishes.get("q"):
            rows = rows.filter(Q(title__icontains=words) | Q(plain_summary__icontains=words))
        if stage := wishes.get("stage"):
            rows = rows.filter(state__in={key: states for key, _label, states in Proposal.STAGES}[stage])
        if outcome := wishes.get("outcome"):
            rows = rows.that_ended(outcome)
        if district := wishes.get("district"):
            rows = rows.concerning(district)
        if goal := wishes.get("goal"):
            rows = rows.filter(serving(goal))
        asked = {"cycle": "cycle", "kind": "kind", "subject": "workshop"}
        return rows.filter(**{field: wishes[name] for name, field in asked.items() if name in wishes})

    def get_context_data(self, **context):
        return super().get_context_data(own_workshops=where_to_draft(self.request.user), **context)


def where_to_draft(user):
    """The workshops in which this person may begin a text."""
    if not user.is_authenticated:
        return []
    rows = Workshop.objects.filter(cycle__in=Cycle.objects.under_way().values("pk")).select_related("cycle")
    if not user.holds("secretariat"):
        mine = own_workshops(user)
        rows = rows.filter(pk__in=mine) if mine else []
    return [workshop for workshop in rows if user.has_perm("deliberations.add_proposal", workshop)]


class ProposalBoard(WaitingHere, OfCycle, StaffOnly, TemplateView):
    """All texts by stage, with what each waits for and since when."""

    template_name = "deliberations/proposal_board.html"
    landing = Role.EXECUTIVE

    def get_context_data(self, **context):
        rows = Proposal.objects.visible_to(self.request.user).select_related("cycle", "workshop")
        rows = sorted(
            self.narrow(rows.with_since().annotate(**what_is_open())),
            key=lambda text: (text.since is None, text.since),
        )
        columns = [
            {"key": key, "label": label, "texts": [text for text in rows if text.state in states]}
            for key, label, states in Proposal.STAGES
        ]
        return super().get_context_data(columns=columns, **context)


def what_is_open():
    """What waits around a text, counted with it."""
    late = Q(reviews__state=Review.State.ASKED, reviews__due_on__lt=clock.today())
    return {
        "open_amendments": Count("amendments", filter=Q(amendments__state="open"), distinct=True),
        "late_opinions": Count("reviews", filter=late, distinct=True),
        "other_texts": Count("counter_proposals", distinct=True),
    }


class ProposalDetail(TextPage, DetailView):
    template_name = "deliberations/proposal_detail.html"

    def get_queryset(self):
        return super().get_queryset().select_related("council_item__adopted_version")

    def get_context_data(self, **context):
        text, mandates = self.object, self.object.workshop.mandates.public()
        followed = text.state in (Proposal.State.IN_FOLLOW_UP, Proposal.State.CLOSED)
        related = {
            "ballots": list(text.ballots.all()),
            "measures": list(text.measures.with_progress()) if followed else [],
        }
        notebook = getattr(text.workshop, "notebook", None)
        answers = Proposal.objects.visible_to(self.request.user).filter(origin=text)
        return super().get_context_data(
            version=text.standing,
            may_write=may_write(self.request.user, text),
            journey=journey(text, **related, mandates=mandates, notebook=notebook),
            steps=steps_of(text),
            counter_proposals=answers if text.state == Proposal.State.COUNTERED else [],
            waiting_words=text.amendments.open().count() if text.state in text.editable_states else 0,
            may_add=may_add_to(self.request.user, text),
            council=council_of(text),
            places=dict.fromkeys(text.district_codes, 5),
            open_ballot=next((row for row in related["ballots"] if row.state == Ballot.State.OPEN), None),
            **roots_of(text, mandates, self.request.user),
            **related,
            **context,
        )


def roots_of(text, mandates, user):
    """What it comes from, mandates of its workshop and recommendations it carries: one query."""
    carried = Recommendation.objects.visible_to(user).filter(carried_by=text)
    rows = brought(
        plain("mandate", mandates, said="sentence", standing="state"),
        plain("recommendation", carried, said="text", standing="number"),
    )
    return {
        f"{name}s": [row for row in rows if row["what"] == name] for name in ("mandate", "recommendation")
    }


def steps_of(text):
    """The stages of a text as a line: done, here, to come."""
    keys = [key for key, _label, _states in Proposal.STAGES if key != "stopped"]
    here = keys.index(text.stage) if text.stage in keys else None
    return [
        {"label": label, "done": here is not None and keys.index(key) < here, "current": key == text.stage}
        for key, label, _states in Proposal.STAGES
        if key == text.stage or (key in keys and here is not None)
    ]


class ProposalFound(FoundView):
    model = Proposal
    form_class = forms.ProposalForm
    parent_model = Workshop
    parent_field = "workshop"
    title = gettext_lazy("Draft a text")
    help_text = gettext_lazy(
        "Its clauses come next. Only the workshop and those who work with it see a draft."
    )

    def once(self, form):
        text = Proposal.objects.draft(by=self.request.user, workshop=self.parent, **form.cleaned_data)
        return redirect("deliberations:proposal_save_version", text.pk)


class ProposalEdit(EditView):
    model = Proposal
    form_class = forms.ProposalForm
    title = gettext_lazy("Title and summary")
