"""Public commitments, the sheet of each cycle, the Sustainable Development Goals."""

import csv

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, ListView, TemplateView, View

from assembly import goals
from assembly.models import Cycle, JournalEntry, SearchEntry
from assembly.search.finding import find
from assembly.views import ActView, EditView, FoundView, OwnActView, entitled_to_add
from deliberations import fiche
from deliberations.counted import with_figures
from deliberations.forms import reporting as forms
from deliberations.models import Fiche, Measure, Pledge, PledgeMilestone, Proof, Proposal
from deliberations.models.ground import next_number

FOUND_AT_MOST = 12
MOVED = "deliberations.pledgemilestone.move"


# Public commitments --------------------------------------------------------------


class PledgeList(ListView):
    paginate_by = 20
    template_name = "deliberations/pledge_list.html"

    def get_queryset(self):
        return Pledge.objects.visible_to(self.request.user).with_progress().order_by(*Pledge._meta.ordering)

    def get_context_data(self, **context):
        return super().get_context_data(may_add=entitled_to_add(self.request.user, Pledge, None), **context)


class PledgeDetail(DetailView):
    template_name = "deliberations/pledge_detail.html"

    def get_queryset(self):
        standing = Prefetch("proofs", Proof.objects.standing(), to_attr="shown_proofs")
        milestones = PledgeMilestone.objects.select_related("pledge").prefetch_related(standing)
        rows = Pledge.objects.visible_to(self.request.user).select_related("sheet")
        return rows.prefetch_related(Prefetch("milestones", milestones), "assessments")

    def get_context_data(self, **context):
        milestones = list(self.object.milestones.all())
        finished = sum(row.state == PledgeMilestone.State.FINISHED for row in milestones)
        return super().get_context_data(
            milestones=milestones,
            moves=moves_of(milestones),
            finished=finished,
            share=finished / len(milestones) if milestones else 0,
            may_add=entitled_to_add(self.request.user, PledgeMilestone, self.object),
            **context,
        )


def moves_of(milestones):
    """Each change of status, the latest first, as the journal keeps them: one query."""
    known = {row.pk: row for row in milestones}
    if not known:
        return []
    entries = JournalEntry.objects.about(*milestones).filter(act=MOVED)
    return [
        {
            "at": entry.at,
            "milestone": known[entry.target_id],
            "state": entry.facts["state"],
            "label": PledgeMilestone.State(entry.facts["state"]).label,
            "reason": entry.facts["reason"],
        }
        for entry in entries
    ]


class PledgeFound(FoundView):
    model = Pledge
    form_class = forms.PledgeForm
    title = gettext_lazy("Enter a public commitment")
    help_text = gettext_lazy("As the partnership registers it. Everybody reads it at once.")

    def get_cancel_url(self):
        return reverse("deliberations:pledge_list")


class PledgeEdit(EditView):
    model = Pledge
    form_class = forms.PledgeForm


class PledgeMilestoneFound(FoundView):
    model = PledgeMilestone
    form_class = forms.PledgeMilestoneForm
    parent_model, parent_field = Pledge, "pledge"
    title = gettext_lazy("Add a milestone")

    def once(self, form):
        form.instance.number = next_number(self.parent.milestones)
        return super().once(form)


class PledgeMilestoneEdit(EditView):
    model = PledgeMilestone
    form_class = forms.PledgeMilestoneForm


class Prove(ActView):
    """The words searched for are in the address: the form is sent with what they found."""

    template_name = "deliberations/pledgemilestone_prove.html"
    form_class = forms.ProofForm

    @cached_property
    def words(self):
        return self.request.GET.get("q", "").strip()[:100]

    def get_form_kwargs(self):
        keys = [entry.pk for entry in find(self.words)[:FOUND_AT_MOST]] if self.words else []
        return super().get_form_kwargs() | {"found": SearchEntry.objects.filter(pk__in=keys)}

    def get_context_data(self, **context):
        return super().get_context_data(words=self.words, **context)


# The sheet of a cycle ------------------------------------------------------------


class OneCycle:
    """One cycle by its number, with everything its sheet counts."""

    @cached_property
    def cycle(self):
        rows = with_figures(Cycle.objects.visible_to(self.request.user))
        return get_object_or_404(rows, number=self.kwargs["number"])


class CycleFiche(OneCycle, TemplateView):
    template_name = "deliberations/cycle_fiche.html"

    def get_context_data(self, **context):
        return super().get_context_data(
            cycle=self.cycle,
            fiche=fiche_of(self.cycle),
            groups=fiche.groups(fiche.told(self.cycle)),
            columns=fiche.LINES,
            **context,
        )


class CycleFicheTable(OneCycle, View):
    """The same in one line, in the words of the collection that asks."""

    vocabulary = None

    def get(self, request, **named):
        with translation.override("fr"):
            rows = fiche.table(self.cycle, self.vocabulary)
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        name = f"fiche-{self.cycle.number}-{self.vocabulary}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        csv.writer(response).writerows(rows)
        return response


def fiche_of(cycle):
    """What was said of it, or an empty one."""
    return getattr(cycle, "fiche", None) or Fiche(cycle=cycle)


class FicheAct(OwnActView):
    model = Fiche

    def get_object(self, queryset=None):
        cycles = Cycle.objects.visible_to(self.request.user).select_related("fiche")
        return fiche_of(get_object_or_404(cycles, number=self.kwargs["number"]))

    def kept(self):
        return Fiche.objects.get_or_create(cycle=self.object.cycle)[0]


# Goals -----------------------------------------------------------------------------


class GoalList(TemplateView):
    """What serves each of the seventeen goals: three queries, whatever there is."""

    template_name = "deliberations/goal_list.html"

    def get_context_data(self, **context):
        kinds = {
            "cycles": Cycle.objects.public(),
            "texts": Proposal.objects.public(),
            "measures": Measure.objects.public(),
        }
        named = {kind: list(rows.values_list("goals", flat=True)) for kind, rows in kinds.items()}
        rows = [
            {"number": number, "title": title}
            | {kind: sum(number in goals for goals in found) for kind, found in named.items()}
            for number, title in goals.CHOICES
        ]
        served = [row for row in rows if any(row[kind] for kind in kinds)]
        return super().get_context_data(rows=rows, served=served, **context)
