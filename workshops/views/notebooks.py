"""Summary notebooks."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, ListView

from assembly.rules import is_moment
from assembly.views import EditView, FoundView, OfCycle, entitled_to_add
from workshops import forms
from workshops.models import (
    Notebook,
    NotebookQuestion,
    NotebookSection,
)


class NotebookList(OfCycle, ListView):
    paginate_by = 20
    cycle_path = "workshop__cycle"

    def get_queryset(self):
        rows = self.narrow(Notebook.objects.visible_to(self.request.user))
        return rows.select_related("workshop__cycle")


class NotebookDetail(DetailView):
    """The same body as the sheet, with the answers that came since."""

    def get_queryset(self):
        rows = Notebook.objects.visible_to(self.request.user)
        return rows.select_related("workshop__cycle", "document__cycle")

    def get_context_data(self, **context):
        questions = self.object.questions.select_related("notebook__workshop__cycle", "answered_by")
        return super().get_context_data(
            content=self.object.content,
            sections=self.object.sections.select_related("notebook__workshop__cycle"),
            questions=questions,
            inside=self.object.workshop.is_open_to(self.request.user),
            writing=is_moment("edit", self.object),
            can_question=entitled_to_add(self.request.user, NotebookQuestion, self.object),
            **context,
        )


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


class SectionEdit(OnNotebook):
    model, form_class = NotebookSection, forms.SectionForm


class NotebookQuestionEdit(OnNotebook):
    model, form_class = NotebookQuestion, forms.NotebookQuestionForm


class NotebookQuestionFound(FoundView):
    model, form_class = NotebookQuestion, forms.NotebookQuestionForm
    title = gettext_lazy("Add a question to the executive")
    parent_model, parent_field = Notebook, "notebook"

    def once(self, form):
        form.instance.notebook = still_written(self.parent.pk)
        return super().once(form)
