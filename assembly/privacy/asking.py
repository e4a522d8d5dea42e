"""What people ask for: their requests, who they are, everything held on them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, FormView, ListView

from assembly.models import (
    Person,
    PersonalExport,
    RightsRequest,
    User,
)
from assembly.privacy import people
from assembly.privacy.doors import Secretariat
from assembly.privacy.exporting import ask_for_export
from assembly.privacy.forms import RequestForm, SearchForm
from assembly.views import FormPage, FoundView, OnceMixin, PlainForm


class RequestList(Secretariat, ListView):
    template_name = "assembly/rightsrequest_list.html"
    paginate_by = 50

    def get_queryset(self):
        rows = RightsRequest.objects.visible_to(self.request.user)
        return rows.order_by(F("closed_on").asc(nulls_first=True), "due_on", "pk")


class RequestFound(FoundView):
    model = RightsRequest
    form_class = RequestForm
    title = gettext_lazy("Record a rights request")
    help_text = gettext_lazy("From now on its month runs; it shows here until it is answered.")

    def get_cancel_url(self):
        return reverse("assembly:rightsrequest_list")


class RequestDetail(DetailView):
    template_name = "assembly/rightsrequest_detail.html"

    def get_queryset(self):
        return RightsRequest.objects.visible_to(self.request.user).select_related("person__user")

    def get_context_data(self, **context):
        exports = PersonalExport.objects.none()
        if self.object.person:
            exports = self.object.person.exports.select_related("document")
        entries = self.object.entries.select_related("by", "words_apart")
        return super().get_context_data(exports=exports, entries=entries, **context)


class PersonSearch(Secretariat, FormView):
    """Find whose data it is about. What is typed travels in the body of the form alone."""

    template_name = "assembly/person_search.html"
    form_class = SearchForm

    def dispatch(self, request, *args, **kwargs):
        number = kwargs.get("pk")
        rows = RightsRequest.objects.visible_to(request.user)
        self.asked = get_object_or_404(rows, pk=number) if number else None
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **context):
        return super().get_context_data(asked=self.asked, **context)

    def post(self, request, *args, **kwargs):
        if chosen := request.POST.get("person"):
            return self.choose(person_called(chosen))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        found = [(called(person), words) for person, words in people.search(form.cleaned_data["q"])]
        return self.render_to_response(self.get_context_data(form=form, found=found, searched=True))

    def choose(self, person):
        by = self.request.user
        if self.asked is None:
            return redirect(ask_for_export(person, by=by))
        try:
            self.asked.name_person(by=by, person=people.known(person))
        except ValidationError as refusal:
            messages.error(self.request, " ".join(refusal.messages))
        return redirect(self.asked)


def called(person):
    """How a form calls somebody: by numbers."""
    return f"user-{person.user_id}" if person.user_id else f"{person.room}-{person.number}"


def person_called(text):
    room, _dash, number = text.rpartition("-")
    if not number.isdecimal():
        raise Http404
    if room == "user":
        return Person(user=get_object_or_404(User, pk=number))
    if room not in people.LINKS:
        raise Http404
    return Person(room=room, number=int(number))


class RequestExport(OnceMixin, Secretariat, FormPage, FormView):
    """Everything held on the person of a request."""

    template_name = "form.html"
    form_class = PlainForm
    title = gettext_lazy("Export everything held on this person")
    help_text = gettext_lazy(
        "A page, a PDF and a JSON file, to be handed over to them; deleted after a month."
    )

    def dispatch(self, request, *args, **kwargs):
        self.object = get_object_or_404(RightsRequest.objects.visible_to(request.user), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def once(self, form):
        if self.object.person is None:
            raise ValidationError(_("Say first which person here it is about."))
        return redirect(ask_for_export(self.object.person, by=self.request.user))


class OwnExport(OnceMixin, FormPage, FormView):
    """Everything held on oneself."""

    template_name = "form.html"
    form_class = PlainForm
    title = gettext_lazy("Download my data")
    help_text = gettext_lazy(
        "A page, a PDF and a JSON file with everything held about you; deleted after a month."
    )

    def get_cancel_url(self):
        return reverse("my_space")

    def once(self, form):
        return redirect(ask_for_export(Person(user=self.request.user), by=self.request.user))


class ExportDetail(DetailView):
    """Where an export stands; then the way to its page, its PDF and its JSON."""

    template_name = "assembly/export_detail.html"

    def get_queryset(self):
        return PersonalExport.objects.visible_to(self.request.user).select_related("document")

    def get_context_data(self, **context):
        job = self.object.job if self.object.document_id is None else None
        return super().get_context_data(job=job, **context)


def export_json(request, pk):
    rows = PersonalExport.objects.visible_to(request.user).select_related("document")
    export = get_object_or_404(rows.filter(document__erased_on=None), pk=pk, document__isnull=False)
    response = JsonResponse(export.document.content, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="export-{export.pk}.json"'
    return response
