"""Wishes and the allotment."""

from collections import Counter, defaultdict

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, FormView, ListView

from assembly.models import Cycle
from assembly.views import CycleScoped, FormPage, FoundView
from workshops.forms import members as member_forms
from workshops.forms import spaces as forms
from workshops.models import Allotment, Enrolment
from workshops.models.readers import OVERSEERS


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
    """Who wished what, who is placed by hand, who belongs where, and the previews of the allotment."""

    permission = "workshops.view_enrolments"
    template_name = "workshops/enrolment_list.html"
    paginate_by = 100

    def get_queryset(self):
        rows = self.cycle.members.seated().select_related(
            "user", "enrolment__workshop", "enrolment__pinned_to", "enrolment__member__cycle"
        )
        return rows.prefetch_related("preferences__workshop").order_by("user__name", "pk")

    def get_context_data(self, **context):
        members = self.cycle.members.seated()
        return super().get_context_data(
            allotments=self.cycle.allotments.defer("outcome")[:10],
            seated=members.count(),
            wishing=members.filter(preferences__rank=1).count(),
            **context,
        )


class MemberPin(FormPage, CycleScoped, FormView):
    """Place somebody by hand before the allotment."""

    permission = "workshops.pin_enrolment"
    form_class = member_forms.PinForm
    template_name = "form.html"
    title = gettext_lazy("Place somebody by hand")
    help_text = gettext_lazy("The allotments to come leave this person there; the others are placed around.")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"cycle": self.cycle}

    def get_initial(self):
        return {"member": self.request.GET.get("membre", "")}

    def get_cancel_url(self):
        return reverse("workshops:enrolment_list", args=[self.cycle.number])

    def form_valid(self, form):
        found = form.cleaned_data
        try:
            with transaction.atomic():
                enrolment, _new = Enrolment.objects.get_or_create(member=found["member"])
                enrolment.pin(by=self.request.user, workshop=found["workshop"], reason=found["reason"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        messages.success(self.request, _("%(name)s is placed by hand.") % {"name": found["member"]})
        return redirect(self.get_cancel_url())


class AllotmentFound(FoundView):
    model = Allotment
    form_class = forms.AllotmentForm
    title = gettext_lazy("Preview the allotment")
    help_text = gettext_lazy(
        "Workshops of equal size and mixed on every criterion, then as many first choices as possible; "
        "the seed settles what is equal. Nothing is published yet."
    )
    parent_model, parent_field, parent_slug = Cycle, "cycle", "number"

    def once(self, form):
        allotment = Allotment.objects.prepare(self.parent, form.cleaned_data["seed"], by=self.request.user)
        return redirect(allotment)


class AllotmentDetail(DetailView):
    """The rule, the seed and the figures for all; the balance for members; names for those who oversee."""

    def get_queryset(self):
        return Allotment.objects.visible_to(self.request.user).select_related("cycle")

    def get_context_data(self, **context):
        cycle, user = self.object.cycle, self.request.user
        oversees = user.is_authenticated and any(user.holds(role, cycle) for role in OVERSEERS)
        sat = user.is_authenticated and any(seat.cycle_id == cycle.pk for seat in user.seats)
        rows = placed(self.object)
        return super().get_context_data(
            oversees=oversees,
            rows=rows if oversees else [],
            by_hand=sum(row["by_hand"] for row in rows),
            sizes=list(Counter(row["workshop"].title for row in rows).items()),
            **wishes_met(rows),
            mix=mix(self.object, rows, in_full=oversees) if oversees or sat else [],
            **context,
        )


def placed(allotment):
    """{member, workshop, rank, by_hand} of everybody placed, workshop by workshop."""
    cycle = allotment.cycle
    members = {member.pk: member for member in cycle.members.select_related("user")}
    workshops = {workshop.pk: workshop for workshop in cycle.workshops.all()}
    rows = [
        {
            "member": members[row["member"]],
            "workshop": workshops[row["workshop"]],
            "rank": row["rank"],
            "by_hand": row["facts"].get("pinned", ""),
        }
        for row in allotment.outcome
    ]
    order = {workshop: place for place, workshop in enumerate(workshops)}
    rows.sort(key=lambda row: (order[row["workshop"].pk], str(row["member"])))
    return [row | {"by_hand": bool(row["by_hand"]), "because": row["by_hand"]} for row in rows]


def wishes_met(rows):
    """How many got what they wished, among those who wished anything."""
    ranks = Counter(row["rank"] for row in rows)
    wished = sum(count for rank, count in ranks.items() if rank)
    met = {_("Choice %(rank)s") % {"rank": rank}: ranks[rank] for rank in sorted(filter(None, ranks))}
    return {
        "met": met | ({_("No wish given"): ranks[None]} if ranks[None] else {}),
        "first": ranks[1] / wished if wished else None,
        "second": ranks[2] / wished if wished else None,
    }


def mix(allotment, rows, in_full):
    """By criterion, categories × workshops in people, and a chart a workshop against an even share."""
    criteria = allotment.cycle.criteria.filter(key__in=allotment.mixed).prefetch_related("categories")
    shown = [criterion for criterion in criteria if in_full or not criterion.personal]
    people = defaultdict(list)
    for row in rows:
        people[row["workshop"]].append(row["member"].profile)
    return [balance(criterion, people, criterion.key == allotment.mixed[0]) for criterion in shown]


def balance(criterion, people, firm):
    """`firm`: this criterion is spread to one person, the others to one more."""
    counts = {
        workshop: Counter(profile.get(criterion.key) for profile in profiles)
        for workshop, profiles in people.items()
    }
    lines = [
        {"label": category.title, "values": [count[category.key] for count in counts.values()]}
        for category in criterion.categories.all()
    ]
    return {
        "title": criterion.title,
        "workshops": [workshop.title for workshop in people],
        "lines": [line | {"cells": list(zip(people, line["values"], strict=True))} for line in lines],
        "total": [(workshop.title, sum(count.values())) for workshop, count in counts.items()],
        "charts": [chart(workshop.title, place, lines, firm) for place, workshop in enumerate(people)],
    }


def chart(title, place, lines, firm):
    rows = []
    for line in lines:
        low, spare = divmod(sum(line["values"]), len(line["values"]))
        give = 0 if firm else 1
        rows.append(
            {
                "label": line["label"],
                "value": line["values"][place],
                "minimum": max(0, low - give),
                "maximum": low + bool(spare) + give,
                "share": None,
            }
        )
    return {"title": title, "rows": rows}
