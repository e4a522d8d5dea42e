"""A file of answers: handed over, its columns and words understood, seen, taken in."""

import csv
import io

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from assembly.models import Pool
from sortition import answers, columns, forms, taking_in
from sortition.eligibility import diplomas_of
from sortition.engine.volunteers import escape_cell
from sortition.models import Invitation
from sortition.views.pages import CycleFormPage, CyclePage, attachment


class AnswersUpload(CycleFormPage):
    permission = "sortition.add_volunteer"
    form_class = forms.AnswersFileForm
    title = gettext_lazy("Take in a file of answers")
    submit_label = gettext_lazy("See what it holds")
    upload_limit = 20 * 1024**2

    def get_initial(self):
        return {"match_codes": Invitation.objects.filter(pool__cycle=self.cycle).exists()}

    def form_valid(self, form):
        data = form.cleaned_data
        upload, pool, source = data["file"], data["pool"], data["source"]
        try:
            found = columns.survey(upload.temporary_file_path(), upload.name)
            at, words = columns.proposed(found, pool, source)
            if complete := not columns.missing(at) and not columns.unknown_words(found, at, words):
                said = {} if columns.tells(found, at) else {"at": at, "words": words}
                answers.understand(
                    upload.temporary_file_path(), upload.name, pool, match_codes=data["match_codes"], **said
                )
        except ValidationError as refusal:
            form.add_error("file", refusal)
            return self.form_invalid(form)
        token = answers.keep(upload.temporary_file_path())
        self.request.session["answers"] = {
            "token": token,
            "name": upload.name,
            "pool": pool.pk,
            "source": source,
            "match": data["match_codes"],
            "at": at,
            "words": words,
        }
        return redirect(
            "sortition:answers_preview" if complete else "sortition:answers_columns", self.cycle.number, token
        )


class WaitingFile:
    """The file between its pages: it waits under a name only this session knows."""

    permission = "sortition.add_volunteer"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        kept = request.session.get("answers") or {}
        self.kept = kept if kept.get("token") == kwargs["token"] else {}

    def dispatch(self, request, *args, **kwargs):
        return super().dispatch(request, *args, **kwargs) if self.path else self.lost()

    def lost(self):
        messages.info(self.request, _("This file is no longer waiting: hand it over again if need be."))
        return redirect("sortition:answers_upload", self.kwargs["number"])

    @property
    def path(self):
        path = answers.place(self.kept["token"]) if self.kept else None
        return path if path and path.exists() else None

    @cached_property
    def pool(self):
        return get_object_or_404(
            Pool.objects.select_related("cycle"), pk=self.kept.get("pool"), cycle=self.cycle
        )

    @property
    def reading(self):
        return {"match_codes": self.kept["match"], "at": self.kept["at"], "words": self.kept["words"]}

    def preview(self):
        return answers.understand(self.path, self.kept["name"], self.pool, **self.reading)

    def get_context_data(self, **context):
        return super().get_context_data(**context | {"pool": self.pool, **self.kept})


class AnswersColumns(WaitingFile, CycleFormPage):
    """What each column says and what its words mean: guessed, corrected by hand, remembered for the next file."""

    form_class = forms.ColumnsForm
    template_name = "sortition/answers_columns.html"
    title = gettext_lazy("The columns of this file")
    submit_label = gettext_lazy("See what it holds")

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        del kwargs["cycle"]
        found = columns.survey(self.path, self.kept["name"])
        return kwargs | {
            "found": found,
            "at": self.kept["at"],
            "words": self.kept["words"],
            "diplomas": diplomas_of(self.cycle),
        }

    def form_valid(self, form):
        """Another column brings other words: they are asked about before going on."""
        at, words = form.chosen, {**self.kept["words"], **form.words}
        moved = any(at.get(name) != self.kept["at"].get(name) for name in form.asked)
        self.request.session["answers"] = {**self.kept, "at": at, "words": words}
        if moved and columns.unknown_words(form.found, at, words):
            messages.info(self.request, _("Columns saved. Now say what the words of the file mean."))
            return redirect(self.request.path)
        return redirect("sortition:answers_preview", self.cycle.number, self.kept["token"])


class AnswersPreview(WaitingFile, CyclePage, TemplateView):
    """What a file holds, before anything is changed."""

    template_name = "sortition/answers_preview.html"

    def get(self, request, *args, **kwargs):
        try:
            self.found = self.preview()
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect("sortition:answers_columns", self.cycle.number, self.kept["token"])
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if "abandon" not in request.POST:
            try:
                taken = taking_in.take_in(
                    self.path,
                    self.kept["name"],
                    self.pool,
                    by=request.user,
                    source=self.kept["source"],
                    **self.reading,
                )
            except ValidationError as refusal:
                messages.error(request, " ".join(refusal.messages))
                return redirect(request.path)
            said = ngettext(
                "%(number)s volunteer taken in.", "%(number)s volunteers taken in.", len(taken.lines)
            )
            messages.success(request, said % {"number": len(taken.lines)})
        self.path.unlink(missing_ok=True)
        del request.session["answers"]
        return redirect("sortition:volunteer_list", self.cycle.number)

    def get_context_data(self, **context):
        return super().get_context_data(preview=self.found, **context)


class AnswersRefusals(WaitingFile, CyclePage, TemplateView):
    """What was refused, repeated or doubtful, by line and reason: for whoever made the file."""

    def get(self, request, *args, **kwargs):
        found, out = self.preview(), io.StringIO()
        writer = csv.writer(out, delimiter=";")
        writer.writerow([_("line"), _("column"), _("what became of it"), _("reason")])
        for kind, notes in (
            (_("refused"), found.refused),
            (_("repeated"), found.repeated),
            (_("taken in, to look at"), found.doubts),
        ):
            for note in notes:
                writer.writerow([note.line, escape_cell(note.column), kind, escape_cell(note.sentence)])
        return attachment(
            out.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", f"refus-{self.pool.key}.csv"
        )
