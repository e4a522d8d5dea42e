"""Files of answers, and the list of volunteers."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import ListView, TemplateView

from assembly.models import Pool
from sortition import answers, forms, likeness
from sortition.models import Invitation, Volunteer
from sortition.views.pages import CycleFormPage, CyclePage


class AnswersUpload(CycleFormPage):
    permission = "sortition.add_volunteer"
    form_class = forms.AnswersFileForm
    title = gettext_lazy("Take in a file of answers")
    submit_label = gettext_lazy("See what it holds")
    upload_limit = 20 * 1024**2

    def get_initial(self):
        return {"match_codes": Invitation.objects.filter(pool__cycle=self.cycle).exists()}

    def form_valid(self, form):
        upload, pool = form.cleaned_data["file"], form.cleaned_data["pool"]
        matched = form.cleaned_data["match_codes"]
        try:
            answers.understand(upload.temporary_file_path(), upload.name, pool, match_codes=matched)
        except ValidationError as refusal:
            form.add_error("file", refusal)
            return self.form_invalid(form)
        token = answers.keep(upload.temporary_file_path())
        self.request.session["answers"] = {
            "token": token,
            "name": upload.name,
            "pool": pool.pk,
            "match": matched,
        }
        return redirect("sortition:answers_preview", self.cycle.number, token)


class AnswersPreview(CyclePage, TemplateView):
    """What a file holds, before anything is changed; the file waits under a name only this session knows."""

    permission = "sortition.add_volunteer"
    template_name = "sortition/answers_preview.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        kept = request.session.get("answers") or {}
        self.kept = kept if kept.get("token") == kwargs["token"] else {}

    @property
    def path(self):
        path = answers.place(self.kept["token"]) if self.kept else None
        return path if path and path.exists() else None

    def get_pool(self):
        return get_object_or_404(Pool, pk=self.kept.get("pool"), cycle=self.cycle)

    def get(self, request, *args, **kwargs):
        if self.path is None:
            messages.info(request, _("This file is no longer waiting: hand it over again if need be."))
            return redirect("sortition:answers_upload", self.cycle.number)
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if self.path is None:
            return redirect("sortition:volunteer_list", self.cycle.number)
        path, pool = self.path, self.get_pool()
        if "abandon" not in request.POST:
            try:
                taken = answers.take_in(
                    path, self.kept["name"], pool, by=request.user, match_codes=self.kept["match"]
                )
            except ValidationError as refusal:
                messages.error(request, " ".join(refusal.messages))
                return redirect(request.path)
            said = ngettext(
                "%(number)s volunteer taken in.", "%(number)s volunteers taken in.", len(taken.lines)
            )
            messages.success(request, said % {"number": len(taken.lines)})
        path.unlink(missing_ok=True)
        del request.session["answers"]
        return redirect("sortition:volunteer_list", self.cycle.number)

    def get_context_data(self, **context):
        pool = self.get_pool()
        preview = answers.understand(self.path, self.kept["name"], pool, match_codes=self.kept["match"])
        return super().get_context_data(preview=preview, pool=pool, name=self.kept["name"], **context)


class VolunteerList(CyclePage, ListView):
    """Volunteers by pseudonym: no name, no address."""

    template_name = "sortition/volunteer_list.html"
    paginate_by = 50

    def get_queryset(self):
        self.filters = forms.VolunteerFilters(self.request.GET or None, cycle=self.cycle)
        rows = (
            Volunteer.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related("pool", "cycle", "typed_by")
        )
        if self.filters.is_valid():
            said = self.filters.cleaned_data
            rows = rows.filter(pool=said["pool"]) if said["pool"] else rows
            rows = rows.filter(state=said["state"]) if said["state"] else rows
            rows = rows.filter(pseudonym__istartswith=said["q"].strip()) if said["q"] else rows
        return rows

    def get_context_data(self, **context):
        context = super().get_context_data(filters=self.filters, **context)
        titles = {
            (criterion.key, category.key): category.title
            for criterion in self.cycle.criteria.prefetch_related("categories")
            for category in criterion.categories.all()
        }
        for row in context["object_list"]:
            row.traits = [titles.get(pair, "") for pair in row.profile.items()]
        return context | {
            "may_set_aside": self.request.user.has_perm("sortition.set_aside_volunteer", self.cycle),
            "undecided": likeness.undecided(self.cycle),
        }
