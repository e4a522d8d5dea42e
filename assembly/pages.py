"""The pages of the ground floor: documents, jobs, members, observations, appointments, the journal."""

from functools import cache, reduce
from operator import or_

from django import forms
from django.apps import apps
from django.contrib.auth.mixins import AccessMixin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import FileResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import DetailView, ListView

from assembly import documents, jobs
from assembly.accounts import invite
from assembly.forms import AppointmentForm, ObservationForm
from assembly.models import (
    Accountable,
    Appointment,
    Cycle,
    Document,
    Job,
    JournalEntry,
    Observation,
)
from assembly.rules import is_guarantor, is_secretariat
from assembly.views import CycleScoped, FoundView


class DocumentDetail(DetailView):
    template_name = "assembly/document_detail.html"

    def get_queryset(self):
        return Document.objects.visible_to(self.request.user).select_related("cycle")

    def get_context_data(self, **context):
        job = self.object.job if not self.object.is_printed and is_secretariat(self.request.user) else None
        return super().get_context_data(body=body_of(self.object), job=job, **context)


def body_of(document):
    """The text of the printed page, without its letterhead: kept as it was printed, or as it will be."""
    if document.erased_on:
        return ""
    page = document.html or documents.to_html(document)
    return mark_safe(page.partition('<main class="paper">')[2].rpartition("</main>")[0])


def document_pdf(request, pk, slug):
    document = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)
    if not document.size:
        return redirect(document)
    return FileResponse(document.file.open("rb"), content_type="application/pdf", filename=f"{slug}.pdf")


class JobDetail(DetailView):
    template_name = "assembly/job_detail.html"

    def get_queryset(self):
        return Job.objects.visible_to(self.request.user)

    def get_context_data(self, **context):
        return super().get_context_data(
            retry_url=reverse("assembly:job_retry", args=[self.object.pk]), **context
        )

    def render_to_response(self, context, **kwargs):
        if self.request.headers.get("Accept") == "application/json":
            job = self.object
            return JsonResponse({"state": job.state, "percent": job.percent, "message": job.message})
        return super().render_to_response(context, **kwargs)


@require_POST
def job_retry(request, pk):
    """Put a failed job back in line."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    jobs.enqueue(job.kind, key=job.key, about=job.about, by=job.by)
    return redirect(job)


# What the guarantors note ------------------------------------------------------


class ObservationList(CycleScoped, ListView):
    template_name = "assembly/observation_list.html"

    def get_queryset(self):
        return self.cycle.observations.visible_to(self.request.user).select_related("cycle")

    def get_context_data(self, **context):
        user = self.request.user
        return super().get_context_data(may_write=is_guarantor(user, self.cycle), **context)


class ObservationFound(FoundView):
    model = Observation
    form_class = ObservationForm
    parent_model, parent_field, parent_slug = Cycle, "cycle", "number"
    title = gettext_lazy("New observation")
    help_text = gettext_lazy("Your note stays among the people appointed until you publish it.")

    def get_cancel_url(self):
        return Observation(cycle=self.parent).get_absolute_url()


# Appointments ------------------------------------------------------------------


class SecretariatOnly(AccessMixin):
    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if not is_secretariat(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class AppointmentList(SecretariatOnly, ListView):
    template_name = "assembly/appointment_list.html"

    def get_queryset(self):
        return Appointment.objects.select_related("user", "cycle").order_by("user__name", "pk")

    def get_context_data(self, **context):
        current = set(Appointment.objects.current().values_list("pk", flat=True))
        return super().get_context_data(
            current=[row for row in self.object_list if row.pk in current],
            ended=[row for row in self.object_list if row.pk not in current],
            **context,
        )


class AppointmentFound(FoundView):
    model = Appointment
    form_class = AppointmentForm
    title = gettext_lazy("Appoint somebody")
    help_text = gettext_lazy("They log in with this e-mail and a code sent to it: no password to hand over.")
    submit_label = gettext_lazy("Appoint")

    def get_cancel_url(self):
        return Appointment().get_absolute_url()

    def once(self, form):
        form.instance.user = invite(form.cleaned_data["email"], form.cleaned_data["name"])
        return super().once(form)


# The journal -------------------------------------------------------------------


@cache
def ways_to_cycle():
    """{model: "workshop__cycle"}: by which foreign keys the accountable objects belong to a cycle."""
    models = [model for model in apps.get_models() if issubclass(model, Accountable)]
    return {model: way for model in models if (way := way_to_cycle(model)) is not None}


def way_to_cycle(model, depth=3):
    if model is Cycle:
        return "pk"
    owners = [field for field in model._meta.fields if field.many_to_one and not field.null]
    for field in owners:
        if field.related_model is Cycle:
            return field.name
    for field in owners if depth else []:
        if way := way_to_cycle(field.related_model, depth - 1):
            return f"{field.name}__{way}"
    return None


def journal_of(cycle):
    """Every act on a cycle and on what belongs to it, newest first."""
    kinds = ContentType.objects.get_for_models(*ways_to_cycle())
    acts = [
        Q(target_type=kinds[model], target_id__in=model._base_manager.filter(**{way: cycle.pk}).values("pk"))
        for model, way in ways_to_cycle().items()
    ]
    return JournalEntry.objects.filter(reduce(or_, acts)).select_related("by", "target_type", "words_apart")


def kinds_of_objects():
    return sorted(
        ((model._meta.label_lower, str(model._meta.verbose_name).capitalize()) for model in ways_to_cycle()),
        key=lambda kind: kind[1],
    )


class JournalFilters(forms.Form):
    q = forms.CharField(label=gettext_lazy("Words"), required=False)
    about = forms.ChoiceField(label=gettext_lazy("About"), required=False)
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        everything = ("", gettext_lazy("All"))
        self.fields["about"].choices = [everything, *kinds_of_objects()]
        self.fields["role"].choices = [everything, *Appointment.Role.choices]

    def narrow(self, rows):
        wanted = self.cleaned_data if self.is_valid() else {}
        if words := wanted.get("q"):
            rows = rows.filter(label__icontains=words)
        if about := wanted.get("about"):
            rows = rows.filter(act__startswith=f"{about}.")
        if role := wanted.get("role"):
            rows = rows.filter(role=role)
        return rows


class CycleJournal(CycleScoped, ListView):
    """Every act, in order: for the secretariat, and the guarantors who watch over it."""

    permission = "assembly.view_journal"
    template_name = "assembly/cycle_journal.html"
    paginate_by = 50

    def get_queryset(self):
        self.filters = JournalFilters(self.request.GET or None)
        return self.filters.narrow(journal_of(self.cycle))

    def get_context_data(self, **context):
        return super().get_context_data(filters=self.filters, **context)
