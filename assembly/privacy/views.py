"""The pages of the privacy desk: for the secretariat; the guarantors read the register, the schedules, the proofs."""

from datetime import timedelta

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, FormView, ListView, TemplateView

from assembly import clock
from assembly.models import (
    Cycle,
    Deadline,
    Document,
    Elimination,
    Retention,
    RightsRequest,
)
from assembly.privacy import erasing
from assembly.privacy.doors import AtTheDesk, Secretariat
from assembly.privacy.forms import DelayForm
from assembly.privacy.keeping import CATEGORIES, lines
from assembly.privacy.reading import list_in_words, openings
from assembly.rules import is_secretariat
from assembly.views import CycleScoped, FormPage, OnceMixin, PlainForm

AHEAD = timedelta(days=31)


class Desk(AtTheDesk, TemplateView):
    template_name = "assembly/privacy_desk.html"

    def get_context_data(self, **context):
        keeps_desk = is_secretariat(self.request.user)
        due = deadlines()
        return super().get_context_data(
            requests=RightsRequest.objects.open() if keeps_desk else [],
            keeps_desk=keeps_desk,
            due=due,
            to_schedule=to_schedule(due),
            eliminations=Elimination.objects.select_related("cycle")[:10],
            openings=[(entry, list_in_words(entry)) for entry in openings()[:5]],
            **context,
        )


def deadlines():
    """What goes within a month, and what waits for a schedule: soonest first."""
    rows = Deadline.objects.filter(last_day__lt=clock.today() + AHEAD).select_related("cycle")
    found = [row for row in rows if row.key in CATEGORIES]
    for row in found:
        row.category, day = CATEGORIES[row.key], row.last_day + timedelta(days=1)
        row.day = day if row.category.visa else max(day, clock.today())
    return found


def to_schedule(due):
    """The cycles in which the archives have something to sign, and no schedule waits for it."""
    late = {row.cycle for row in due if row.is_late and row.category.visa}
    open_states = (Elimination.State.SUBMITTED, Elimination.State.APPROVED)
    waiting = set(Elimination.objects.filter(state__in=open_states).values_list("cycle", flat=True))
    return sorted((cycle for cycle in late if cycle.pk not in waiting), key=lambda cycle: cycle.pk)


# ---- the register and its clocks


class Register(AtTheDesk, TemplateView):
    template_name = "assembly/privacy_register.html"

    def get_context_data(self, **context):
        return super().get_context_data(rows=lines(), keeps_desk=is_secretariat(self.request.user), **context)


class Notice(TemplateView):
    """What everybody may read of it."""

    template_name = "pages/privacy.html"

    def get_context_data(self, **context):
        return super().get_context_data(rows=lines(), **context)


class RegisterPrint(OnceMixin, Secretariat, FormPage, FormView):
    """The register of this day, frozen and printed."""

    template_name = "form.html"
    form_class = PlainForm
    title = gettext_lazy("Print the register")
    help_text = gettext_lazy("The register as it stands today becomes a document, with its PDF.")

    def get_cancel_url(self):
        return reverse("assembly:privacy_register")

    def once(self, form):
        with translation.override("fr"):
            content = {"on": clock.today().isoformat(), "rows": lines()}
            title = _("Register of what is kept")
            cycle = Cycle.objects.latest("number")
            sheet = Document.objects.issue("register", title, content, cycle=cycle, audience="staff")
        return redirect(sheet)


class Delay(Secretariat, FormPage, FormView):
    """Change how long a category is kept, with a reason."""

    template_name = "form.html"
    form_class = DelayForm
    submit_label = gettext_lazy("Change the delay")

    def dispatch(self, request, *args, **kwargs):
        self.category = CATEGORIES.get(kwargs["key"])
        if self.category is None or self.category.least == self.category.most:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_title(self):
        return capfirst(self.category.title)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"category": self.category}

    def get_cancel_url(self):
        return reverse("assembly:privacy_register")

    def form_valid(self, form):
        said, key = form.cleaned_data, self.category.key
        with transaction.atomic():
            before = self.category.days_kept
            row, _new = Retention.objects.get_or_create(key=key, defaults={"days": before})
            row.set_days(by=self.request.user, days=said["days"], reason=said["reason"])
            self.category.move(said["days"] - before)
        messages.success(self.request, _("Saved."))
        return redirect(self.get_cancel_url())


# ---- elimination


class EliminationFound(OnceMixin, CycleScoped, FormPage, FormView):
    """Draw up the schedule of what is due in a cycle."""

    permission = "assembly.add_elimination"
    template_name = "assembly/elimination_form.html"
    form_class = PlainForm
    title = gettext_lazy("Draw up an elimination schedule")

    def get_context_data(self, **context):
        due = [row for row in deadlines() if row.cycle == self.cycle and row.is_late and row.category.visa]
        return super().get_context_data(due=due, parent=self.cycle, **context)

    def get_cancel_url(self):
        return reverse("assembly:privacy_desk")

    def once(self, form):
        return redirect(erasing.draw_up(self.cycle, by=self.request.user))


class EliminationDetail(DetailView):
    template_name = "assembly/elimination_detail.html"

    def get_queryset(self):
        rows = Elimination.objects.visible_to(self.request.user)
        return rows.select_related("cycle", "schedule", "proof", "prepared_by", "approved_by")

    def get_context_data(self, **context):
        row = self.object
        job = row.job if row.state == Elimination.State.APPROVED else None
        shown = job if is_secretariat(self.request.user) else None
        retry = shown and reverse("assembly:job_retry", args=[shown.pk])
        return super().get_context_data(job=shown, retry_url=retry, **context)


# ---- who opened which list


class Openings(AtTheDesk, ListView):
    template_name = "assembly/openings.html"
    paginate_by = 50

    def get_queryset(self):
        return openings()

    def get_context_data(self, **context):
        found = super().get_context_data(**context)
        return found | {"rows": [(entry, list_in_words(entry)) for entry in found["object_list"]]}
