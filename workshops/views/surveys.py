"""The surveys: prepared and counted by the secretariat, answered by members, read by all once published."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, ListView

from assembly.models import Cycle
from assembly.rules import is_secretariat
from assembly.views import ActView, CycleScoped, EditView, FoundView, entitled_to_add
from workshops import results
from workshops.forms import surveys as forms
from workshops.models import FreeAnswer, Survey, SurveyQuestion


class SurveyList(CycleScoped, ListView):
    """The surveys of a cycle, and how answers moved from one moment to the next."""

    template_name = "workshops/survey_list.html"

    def get_queryset(self):
        return (
            Survey.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .prefetch_related("questions")
        )

    def get_context_data(self, **context):
        published = [survey for survey in self.object_list if survey.state == Survey.State.PUBLISHED]
        return super().get_context_data(
            may_prepare=entitled_to_add(self.request.user, Survey, self.cycle),
            compared=results.compared(published),
            **context,
        )


class SurveyFound(FoundView):
    model, form_class = Survey, forms.SurveyForm
    parent_model, parent_field, parent_slug = Cycle, "cycle", "number"
    title = gettext_lazy("Prepare a survey of the members")
    help_text = gettext_lazy("The usual questions are put in; you may change them until you open the survey.")

    def get_cancel_url(self):
        return reverse("workshops:survey_list", args=[self.parent.number])

    def once(self, form):
        survey = Survey.objects.prepare(self.parent, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("Saved."))
        return redirect(survey)


class SurveyEdit(EditView):
    model, form_class = Survey, forms.SurveyForm
    title = gettext_lazy("Change the last day")


class SurveyDetail(DetailView):
    """Its questions, then who answered as a number, then what they said as counts."""

    template_name = "workshops/survey_detail.html"

    def get_queryset(self):
        rows = Survey.objects.visible_to(self.request.user)
        return rows.select_related("cycle").prefetch_related("questions")

    def get_context_data(self, **context):
        survey, user = self.object, self.request.user
        runs = is_secretariat(user, survey)
        return super().get_context_data(
            runs=runs,
            mine=user.is_authenticated and any(seat.cycle_id == survey.cycle_id for seat in user.seats),
            themes=results.by_theme(survey) if survey.is_counted else [],
            words=FreeAnswer.objects.visible_to(user)
            .filter(survey=survey)
            .select_related("question", "survey"),
            turnout=self.turnout() if runs and survey.state == Survey.State.OPEN else None,
            **context,
        )

    def turnout(self):
        rows = self.object.participations
        return {"asked": rows.count(), "answered": rows.filter(answered=True).count()}


class QuestionFound(FoundView):
    model, form_class = SurveyQuestion, forms.SurveyQuestionForm
    parent_model, parent_field = Survey, "survey"
    title = gettext_lazy("Add a question")

    def once(self, form):
        if self.parent.state != Survey.State.DRAFT:
            raise ValidationError(_("The survey is open: its questions no longer change."))
        return super().once(form)


class QuestionEdit(EditView):
    model, form_class = SurveyQuestion, forms.SurveyQuestionForm
    title = gettext_lazy("Change the question")

    def get_queryset(self):
        return super().get_queryset().select_related("survey__cycle")


class SurveyAnswer(ActView):
    """One theme after the other; what was said is kept at each step, and may be changed until the closing."""

    model, act = Survey, "answer"
    template_name = "workshops/survey_answer.html"
    title = gettext_lazy("How does it go for you?")

    def get_queryset(self):
        return super().get_queryset().select_related("cycle")

    @cached_property
    def themes(self):
        """[(theme, its questions)] in order, where something is asked."""
        asked = list(self.object.questions.asked())
        found = [(theme, [one for one in asked if one.theme == theme]) for theme in SurveyQuestion.Theme]
        return [(theme, questions) for theme, questions in found if questions]

    @cached_property
    def place(self):
        """At which theme one is, from 0."""
        names = [theme.value for theme, _questions in self.themes]
        wanted = self.request.GET.get("theme")
        return names.index(wanted) if wanted in names else 0

    @property
    def is_last(self):
        return self.place == len(self.themes) - 1

    def get_form(self, form_class=None):
        return super().get_form(forms.AnswerForm)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"questions": self.themes[self.place][1] if self.themes else []}

    def get_initial(self):
        seat = next(seat for seat in self.request.user.seats if seat.cycle_id == self.object.cycle_id)
        return self.object.sheet_of(seat).answers

    def get_context_data(self, **context):
        theme = self.themes[self.place][0] if self.themes else None
        return super().get_context_data(
            theme=theme and theme.label,
            place=self.place + 1,
            steps=len(self.themes),
            is_last=self.is_last,
            **context,
        )

    def form_valid(self, form):
        finished = self.is_last and "later" not in self.request.POST
        try:
            self.object.answer(by=self.request.user, finished=finished, **form.answers)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        if "later" in self.request.POST:
            messages.success(self.request, _("Kept. You may go on whenever you like, until the closing."))
            return redirect("my_space")
        if finished:
            messages.success(self.request, _("Thank you. You may change your answers until the closing."))
            return redirect(self.object)
        following = self.themes[self.place + 1][0].value
        return redirect(f"{self.object.get_answer_url()}?theme={following}")
