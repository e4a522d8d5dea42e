"""The other instruments: what the Assembly asks for, and what came of it."""

from django.db.models import Q
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, FormView

from assembly.models import Cycle
from assembly.views import ActView, CycleScoped, EditView, FormPage, FoundView
from deliberations.earlier import earlier_words
from deliberations.forms import requests as forms
from deliberations.journey import Milestone, capital
from deliberations.models import Instrument, InstrumentLimit, Request
from deliberations.views.lists import FilteredList
from workshops.models import Meeting


class RequestList(FilteredList):
    template_name = "deliberations/request_list.html"
    filters = forms.RequestFilters

    def rows(self):
        return Request.objects.visible_to(self.request.user).select_related("cycle", "workshop")

    def narrowed(self, rows, wishes):
        if words := wishes.get("q"):
            rows = rows.filter(Q(title__icontains=words) | Q(text__icontains=words))
        return rows.filter(**{name: wishes[name] for name in ("cycle", "kind", "state") if name in wishes})

    def get_context_data(self, **context):
        user = self.request.user
        cycle = self.form.wishes().get("cycle") or running(user)
        return super().get_context_data(
            cycle=cycle,
            instruments=use_of_instruments(cycle) if cycle else [],
            may_ask=bool(cycle)
            and user.is_authenticated
            and user.has_perm("deliberations.add_request", cycle),
            may_limit=bool(cycle) and user.has_perm("deliberations.edit_instrumentlimit", cycle),
            **context,
        )


def running(user):
    cycles = Cycle.objects.visible_to(user).assemblies()
    return cycles.under_way().first() or cycles.first()


def use_of_instruments(cycle):
    """How often the cycle used each instrument, and how often it may: two queries."""
    limits = dict(cycle.instrument_limits.values_list("kind", "most"))
    spent = list(Request.objects.spent().filter(cycle=cycle).values_list("kind", flat=True))
    return [
        {"label": label, "used": spent.count(kind), "most": limits.get(kind)}
        for kind, label in Instrument.choices
    ]


class RequestPage:
    """`request` is the visitor’s in every template: the one asked for goes by another name."""

    model = Request
    context_object_name = "asked"


class RequestDetail(RequestPage, DetailView):
    template_name = "deliberations/request_detail.html"

    def get_queryset(self):
        rows = Request.objects.visible_to(self.request.user)
        return rows.select_related("cycle__parent", "workshop", "document", "jury")

    def get_context_data(self, **context):
        asked, user = self.object, self.request.user
        entries = list(asked.entries)
        names = (
            asked.members.select_related("user")
            if user.has_perm("assembly.view_members", asked.cycle)
            else []
        )
        return super().get_context_data(
            limit=asked.limit,
            used=Request.objects.used(asked.cycle, asked.kind).count(),
            number=len(names) or asked.members.count(),
            names=[member.shown_name for member in names],
            meetings=Meeting.objects.visible_to(user).filter(requests=asked).order_by("starts_at"),
            jury=asked.jury if asked.jury_id and is_known(user, asked.jury) else None,
            earlier=earlier_words(asked, entries) if user.is_authenticated else [],
            journey=journey_of(entries),
            **context,
        )


def is_known(user, cycle):
    return Cycle.objects.visible_to(user).filter(pk=cycle.pk).exists()


def journey_of(entries):
    """Every act on it, in words."""
    return [
        Milestone(entry.at, sentence_of(entry), entry.role_label, reason_of(entry))
        for entry in entries
        if not entry.act.endswith(".edit")
    ]


def sentence_of(entry):
    return _("Request written down") if entry.act.endswith(".create") else capital(entry.sentence)


def reason_of(entry):
    """Why it was refused; what was promised when it was granted."""
    return entry.reason or entry.facts.get("answer", "")


class RequestAct(RequestPage, ActView):
    """One act on one request."""


class WithUser:
    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}


class RequestFound(WithUser, FoundView):
    model = Request
    form_class = forms.RequestForm
    parent_model = Cycle
    parent_field = "cycle"
    parent_slug = "number"
    title = gettext_lazy("Make a request")
    help_text = gettext_lazy("It stays between you until the secretariat sends it to the executive.")

    def once(self, form):
        return redirect(Request.objects.ask(by=self.request.user, cycle=self.parent, **form.cleaned_data))

    def get_cancel_url(self):
        return f"{reverse('deliberations:request_list')}?cycle={self.parent.number}"


class RequestEdit(RequestPage, WithUser, EditView):
    form_class = forms.RequestForm
    title = gettext_lazy("Modify the request")


class InstrumentLimits(FormPage, CycleScoped, FormView):
    """How often the cycle may use each instrument."""

    permission = "deliberations.edit_instrumentlimit"
    template_name = "form.html"
    form_class = forms.LimitsForm
    title = gettext_lazy("Limits of the instruments")
    help_text = gettext_lazy(
        "How many times at most the cycle may use each one. Leave a line empty for no limit."
        " A request counts once it is sent, and no longer once it is refused."
    )
    submit_label = gettext_lazy("Save")

    def get_form_kwargs(self):
        limits = dict(self.cycle.instrument_limits.values_list("kind", "most"))
        return super().get_form_kwargs() | {"limits": limits}

    def get_cancel_url(self):
        return f"{reverse('deliberations:request_list')}?cycle={self.cycle.number}"

    def form_valid(self, form):
        InstrumentLimit.objects.put(self.cycle, by=self.request.user, limits=form.cleaned_data)
        return redirect(self.get_cancel_url())
