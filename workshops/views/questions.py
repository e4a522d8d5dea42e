"""Questions asked."""

from django.utils.translation import gettext_lazy
from django.views.generic import ListView

from assembly.views import EditView, FoundView, OfCycle
from workshops import forms
from workshops.models import (
    Meeting,
    Question,
    Workshop,
)


class QuestionList(OfCycle, ListView):
    """Questions asked, with their answers or their silence."""

    paginate_by = 20

    def get_queryset(self):
        rows = Question.objects.visible_to(self.request.user).select_related("workshop", "meeting", "cycle")
        if self.request.GET.get("overdue"):
            rows = rows.overdue()
        return self.narrow(rows).order_by("-pk")


class QuestionFound(FoundView):
    model, form_class = Question, forms.QuestionForm
    title = gettext_lazy("Ask a question")

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        question = kwargs["instance"]
        question.cycle, question.workshop = self.parent.cycle, self.asking_workshop()
        seats = [seat for seat in self.request.user.seats if seat.cycle_id == question.cycle_id]
        question.asked_by = next(iter(seats), None)
        return kwargs


class MeetingQuestionFound(QuestionFound):
    parent_model, parent_field = Meeting, "meeting"

    def asking_workshop(self):
        return self.parent.workshop


class WorkshopQuestionFound(QuestionFound):
    parent_model, parent_field = Workshop, "workshop"

    def asking_workshop(self):
        return self.parent


class QuestionEdit(EditView):
    model, form_class = Question, forms.QuestionForm
