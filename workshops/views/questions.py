"""Questions: asked, supported, pasted by the hundred, sent to departments, answered or not."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import ListView

from assembly.views import EditView, FoundView, OfCycle
from workshops.forms import hearings as forms
from workshops.models import ANSWERERS, Meeting, Question, Workshop
from workshops.rules import runs


class QuestionList(OfCycle, ListView):
    """Questions put, with their answers or their silence."""

    paginate_by = 20

    def get_queryset(self):
        rows = Question.objects.visible_to(self.request.user).put()
        names = offices(self.request.user)
        self.filters = forms.QuestionFilter(self.request.GET or None, answers=bool(names))
        wanted = self.filters.cleaned_data if self.filters.is_valid() else {}
        if words := (wanted.get("q") or "").strip():
            rows = rows.filter(text__icontains=words)
        shown = "overdue" if self.request.GET.get("overdue") else wanted.get("shown")
        if shown == "overdue":
            rows = rows.overdue()
        elif shown == "mine":
            rows = rows.filter(state=Question.State.ASKED, forwarded_to__in=names)
        elif shown:
            answered = shown == "answered"
            rows = rows.filter(state=Question.State.ANSWERED if answered else Question.State.ASKED)
        rows = rows.select_related("workshop", "meeting__workshop", "cycle", "person__meeting", "asked_by")
        return self.narrow(rows).order_by("-pk")

    def get_context_data(self, **context):
        return super().get_context_data(filters=self.filters, **context)


def offices(user):
    """The departments and offices this person answers for."""
    held = user.current_appointments if user.is_authenticated else []
    return {one.organisation for one in held if one.role in ANSWERERS and one.organisation}


class QuestionFound(FoundView):
    model = Question
    title = gettext_lazy("Propose a question")

    def get_form_class(self):
        return forms.SpokenQuestionForm if self.parent_field == "meeting" else forms.WrittenQuestionForm

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        question = kwargs["instance"]
        question.cycle, question.workshop = self.parent.cycle, self.asking_workshop()
        question.asked_by = seat_in(question.cycle, self.request.user)
        return kwargs


def seat_in(cycle, user):
    return next((seat for seat in user.seats if seat.cycle_id == cycle.pk), None)


class ToMeeting:
    parent_model, parent_field = Meeting, "meeting"

    def asking_workshop(self):
        return self.parent.workshop


class ToDepartment:
    parent_model, parent_field = Workshop, "workshop"

    def asking_workshop(self):
        return self.parent


class MeetingQuestionFound(ToMeeting, QuestionFound):
    """To those who will be heard, while the hearing takes questions; who leads it may add one later."""

    def once(self, form):
        hearing = getattr(self.parent, "hearing", None)
        if hearing and not hearing.takes_questions and not runs.test(self.request.user, self.parent):
            raise ValidationError(_("New questions are no longer taken here."))
        return super().once(form)


class WorkshopQuestionFound(ToDepartment, QuestionFound):
    """A written question."""


class QuestionEdit(EditView):
    model = Question

    def get_form_class(self):
        return forms.SpokenQuestionForm if self.object.meeting_id else forms.WrittenQuestionForm


class QuestionsPasted(QuestionFound):
    """Two pages: what was pasted, then what was understood of it."""

    title = gettext_lazy("Paste questions")
    template_name = "workshops/questions_paste.html"

    def get_form_class(self):
        return forms.PasteForm

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        question = kwargs["instance"]
        known = Question.objects.filter(meeting=question.meeting, workshop=question.workshop)
        return kwargs | {"known": list(known.values_list("text", flat=True))}

    def form_valid(self, form):
        return super().form_valid(form) if form.is_confirmed else self.show(form)

    def show(self, form):
        new = sum(line.is_new for line in form.found)
        return self.render_to_response(self.get_context_data(form=form, found=form.found, new=new))

    def once(self, form):
        for line in form.kept:
            question = Question.objects.create(
                cycle=form.instance.cycle,
                workshop=form.instance.workshop,
                meeting=form.instance.meeting,
                asked_by=form.instance.asked_by,
                addressed_to=form.cleaned_data.get("addressed_to", ""),
                text=line.text,
            )
            question.record("create", by=self.request.user)
        self.say(len(form.kept), len(form.found))
        return redirect(self.parent.get_absolute_url())

    def say(self, kept, found):
        words = ngettext("%(number)s question kept.", "%(number)s questions kept.", kept)
        messages.success(self.request, words % {"number": kept})
        if left := found - kept:
            words = ngettext("%(number)s line left out.", "%(number)s lines left out.", left)
            messages.info(self.request, words % {"number": left})


class MeetingQuestionsPasted(ToMeeting, QuestionsPasted):
    """To those who will be heard."""


class WorkshopQuestionsPasted(ToDepartment, QuestionsPasted):
    """Written questions."""
