"""Wishes and the allotment."""

from collections import Counter, defaultdict

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, FormView, ListView

from assembly.models import Cycle
from assembly.views import CycleScoped, FormPage, FoundView
from workshops import forms
from workshops.models import (
    Allotment,
    Enrolment,
    mixed_criteria,
)


class ChooseWorkshop(FormPage, FormView):
    """A member ranks the workshops of the cycle they sit in."""

    form_class = forms.RankForm
    template_name = "workshops/enrolment_choose.html"
    title = gettext_lazy("Choose your workshop")

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            if request.user.seat is None:
                raise Http404
            self.seat = request.user.seat
            self.object = Enrolment.objects.of(self.seat)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {
            "workshops": self.workshops,
            "wishes": list(self.seat.preferences.values_list("workshop", flat=True)),
        }

    @property
    def workshops(self):
        if not hasattr(self, "_workshops"):
            self._workshops = list(self.seat.cycle.workshops.all())
        return self._workshops

    def get_context_data(self, **context):
        return super().get_context_data(enrolment=self.object, workshops=self.workshops, **context)

    def get_cancel_url(self):
        return ""

    def form_valid(self, form):
        try:
            enrolment, _new = Enrolment.objects.get_or_create(member=self.seat)
            enrolment.choose(by=self.request.user, workshops=form.cleaned_data["workshops"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        messages.success(self.request, _("Your wishes are kept; you may change them until the allotment."))
        return redirect("workshops:enrolment_choose")


class EnrolmentList(CycleScoped, ListView):
    """Who belongs where, and the previews of the allotment."""

    permission = "workshops.view_enrolments"
    paginate_by = 100

    def get_queryset(self):
        rows = Enrolment.objects.visible_to(self.request.user).filter(member__cycle=self.cycle)
        return rows.select_related("workshop", "member__user", "member__cycle").prefetch_related(
            "member__preferences__workshop"
        )

    def get_context_data(self, **context):
        members = self.cycle.members.seated()
        return super().get_context_data(
            allotments=self.cycle.allotments.all()[:10],
            seated=members.count(),
            wishing=members.filter(preferences__rank=1).count(),
            **context,
        )


class AllotmentFound(FoundView):
    model = Allotment
    form_class = forms.AllotmentForm
    title = gettext_lazy("Preview the allotment")
    help_text = gettext_lazy(
        "Workshops of equal size, gender mixed evenly, then as many first choices as possible; "
        "the seed settles what is equal. Nothing is published yet."
    )
    parent_model, parent_field, parent_slug = Cycle, "cycle", "number"

    def once(self, form):
        allotment = Allotment.objects.prepare(self.parent, form.cleaned_data["seed"], by=self.request.user)
        return redirect(allotment)


class AllotmentDetail(DetailView):
    def get_queryset(self):
        return Allotment.objects.visible_to(self.request.user).select_related("cycle")

    def get_context_data(self, **context):
        cycle = self.object.cycle
        members = {member.pk: member for member in cycle.members.select_related("user", "pool")}
        workshops = {workshop.pk: workshop for workshop in cycle.workshops.all()}
        rows = [
            {"member": members[row["member"]], "workshop": workshops[row["workshop"]], "rank": row["rank"]}
            for row in self.object.outcome
        ]
        return super().get_context_data(
            rows=sorted(
                rows, key=lambda row: (row["workshop"].position, row["workshop"].pk, str(row["member"]))
            ),
            met=wishes_met(rows),
            mix=mix(cycle, workshops.values(), rows),
            **context,
        )


def wishes_met(rows):
    """{"choice 1": people, …}: how many got what they wished."""
    ranks = Counter(row["rank"] for row in rows)
    met = {_("Choice %(rank)s") % {"rank": rank}: ranks[rank] for rank in sorted(filter(None, ranks))}
    return met | ({_("No wish given"): ranks[None]} if ranks[None] else {})


def mix(cycle, workshops, rows):
    """One table for each mixed criterion: categories × workshops, in people."""
    keys = mixed_criteria(cycle)
    criteria = cycle.criteria.filter(key__in=keys).prefetch_related("categories")
    tables = []
    for criterion in criteria:
        counts = defaultdict(Counter)
        for row in rows:
            counts[row["workshop"].pk][row["member"].profile.get(criterion.key)] += 1
        lines = [
            {"label": category.title, "values": [(w.title, counts[w.pk][category.key]) for w in workshops]}
            for category in criterion.categories.all()
        ]
        total = [(w.title, sum(counts[w.pk].values())) for w in workshops]
        tables.append({"title": criterion.title, "lines": lines, "total": total})
    return tables
