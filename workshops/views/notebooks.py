"""Summary notebooks."""

from django.core.exceptions import ValidationError
from django.db.models import Count, Prefetch, Q
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, ListView

from assembly import pictures
from assembly.rules import is_moment
from assembly.views import ActView, EditView, FoundView, OfCycle, entitled_to_add
from workshops.blocks import FIGURES
from workshops.forms import papers as paper_forms
from workshops.forms import spaces as forms
from workshops.models import (
    Evidence,
    Finding,
    Notebook,
    NotebookQuestion,
    NotebookSection,
    Picture,
    Remark,
)
from workshops.writing import WrittenForNotebook


class NotebookList(OfCycle, ListView):
    paginate_by = 20
    cycle_path = "workshop__cycle"

    def get_queryset(self):
        rows = self.narrow(Notebook.objects.visible_to(self.request.user))
        return rows.select_related("workshop__cycle")


class NotebookDetail(DetailView):
    """The same body as the sheet, with the answers that came since."""

    def get_queryset(self):
        """With its parts, each fetched once for the page and for what it will read like."""
        remarks = Count("remarks", filter=Q(remarks__state=Remark.State.OPEN))
        sections = NotebookSection.objects.annotate(open_remarks=remarks)
        rows = Notebook.objects.visible_to(self.request.user)
        return rows.select_related("workshop__cycle", "document__cycle", "answers__cycle").prefetch_related(
            Prefetch("sections", sections), "findings__evidence__source", "questions__answered_by", "pictures"
        )

    def get_context_data(self, **context):
        notebook, user = self.object, self.request.user
        inside = notebook.workshop.is_open_to(user)
        writing = inside and is_moment("edit", notebook)
        return super().get_context_data(
            content=notebook.content,
            questions=notebook.questions.all(),
            inside=inside,
            writing=writing,
            **(self.workbench() if inside else {}),
            **context,
        )

    def workbench(self):
        """What those who write it need: the parts, each with its own page."""
        notebook, user = self.object, self.request.user
        return {
            "sections": notebook.sections.all(),
            "findings": notebook.findings.all(),
            "pictures": notebook.pictures.all(),
            "can_write": entitled_to_add(user, Finding, notebook),
            "can_add_section": entitled_to_add(user, NotebookSection, notebook),
        }


class NotebookEdit(EditView):
    model, form_class = Notebook, forms.NotebookForm


def still_written(notebook_id):
    """The notebook, held for the length of this transaction, if it may still change."""
    notebook = Notebook._base_manager.select_for_update(of=("self",)).get(pk=notebook_id)
    if not is_moment("edit", notebook):
        raise ValidationError(_("This can no longer be changed: %s.") % notebook.get_state_display())
    return notebook


class OnNotebook(EditView):
    def get_queryset(self):
        return super().get_queryset().select_related("notebook__workshop__cycle")

    def keep(self, form):
        still_written(self.object.notebook_id)
        super().keep(form)


class SectionEdit(WrittenForNotebook, OnNotebook):
    model, form_class = NotebookSection, paper_forms.SectionForm
    title, submit_label = gettext_lazy("Write this section"), gettext_lazy("Save")
    long_field = "body"

    def get_context_data(self, **context):
        remarks = self.object.remarks.waiting().select_related("author")
        return super().get_context_data(remarks=remarks, figures=FIGURES.items(), **context)

    def get_success_url(self):
        return self.object.get_reading_url()


class SectionDetail(DetailView):
    """One section, and what is said of it in its margin."""

    template_name = "workshops/notebooksection_detail.html"

    def get_queryset(self):
        rows = NotebookSection.objects.visible_to(self.request.user)
        return rows.select_related("notebook__workshop__cycle", "notebook__workshop__rapporteur")

    def get_context_data(self, **context):
        section, user = self.object, self.request.user
        return super().get_context_data(
            remarks=Remark.objects.visible_to(user)
            .filter(section=section)
            .select_related("author", "section__notebook__workshop__cycle"),
            blocks=section.blocks,
            can_remark=is_moment("edit", section) and entitled_to_add(user, Remark, section),
            **context,
        )


class PartFound(FoundView):
    """A part of a notebook, while it is written; `parent` is the notebook."""

    parent_model, parent_field = Notebook, "notebook"

    def once(self, form):
        form.instance.notebook = still_written(self.parent.pk)
        return super().once(form)


class SectionFound(PartFound):
    model, form_class = NotebookSection, paper_forms.NewSectionForm
    title = gettext_lazy("Add a section")


class FindingFound(PartFound):
    model, form_class = Finding, paper_forms.FindingForm
    title = gettext_lazy("Add a finding")


class FindingEdit(OnNotebook):
    model, form_class = Finding, paper_forms.FindingForm


class PictureFound(PartFound):
    model, form_class = Picture, paper_forms.PictureForm
    title = gettext_lazy("Add a picture")
    upload_limit = pictures.LARGEST + 1024**2


class EvidenceFound(FoundView):
    model, form_class = Evidence, paper_forms.EvidenceForm
    title = gettext_lazy("Say what this finding rests on")
    parent_model, parent_field = Finding, "finding"

    def once(self, form):
        still_written(self.parent.notebook_id)
        return super().once(form)


class RemarkFound(FoundView):
    model, form_class = Remark, paper_forms.RemarkForm
    title = gettext_lazy("Write a remark")
    parent_model, parent_field = NotebookSection, "section"

    def once(self, form):
        still_written(self.parent.notebook_id)
        form.instance.author = self.request.user
        return super().once(form)


class TakenOut(ActView):
    """What hangs on a notebook is taken out of it by the notebook itself."""

    act = "take_out"
    title = gettext_lazy("Take out of the notebook")
    danger = True

    def form_valid(self, form):
        notebook = self.object.notebook
        try:
            notebook.take_out(by=self.request.user, part=self.object)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        return redirect(notebook)


def picture_file(request, name):
    """As it was cleaned; for whoever reads a notebook that shows it."""
    shown = Picture.objects.visible_to(request.user).filter(file=f"{pictures.FOLDER}/{name}")
    picture = get_object_or_404(shown[:1])
    return FileResponse(picture.file.open("rb"), content_type="image/jpeg")


class NotebookQuestionEdit(OnNotebook):
    model, form_class = NotebookQuestion, forms.NotebookQuestionForm


class NotebookQuestionFound(PartFound):
    model, form_class = NotebookQuestion, forms.NotebookQuestionForm
    title = gettext_lazy("Add a question to the executive")
