"""Forms of hearings and questions: their fields are the keyword arguments of the acts they feed."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly import clock
from assembly.forms import DateInput
from assembly.models import Appointment
from workshops import pasting
from workshops.forms.fields import MARKDOWN, MomentInput, text_area
from workshops.models import ANSWERERS, Hearing, Meeting, Piece, Question
from workshops.papers import ENDINGS

ANSWER_WITHIN = timedelta(days=30)


class HearingForm(forms.ModelForm):
    class Meta:
        model = Hearing
        fields = ["brief", "questions_until"]
        widgets = {"brief": text_area(5), "questions_until": MomentInput}


class SheetForm(forms.ModelForm):
    """Before the hearing, what members should know; after it, what was said."""

    class Meta:
        model = Hearing
        fields = ["brief", "questions_until", "summary"]
        widgets = {"brief": text_area(5), "questions_until": MomentInput, "summary": text_area(12)}
        help_texts = {"summary": MARKDOWN}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.meeting.state != Meeting.State.HELD:
            del self.fields["summary"]


class ArrangeForm(forms.Form):
    """All the questions of a hearing on one page: their order, those that say the same, those that are put."""

    wants_object = True

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Question.objects.filter(meeting=object.meeting_id).counted()
        rows = rows.filter(state__in=[Question.State.PROPOSED, Question.State.ASKED])
        self.questions = list(rows.in_order().select_related("asked_by__user"))
        self.fields["person"] = forms.ModelChoiceField(
            label=_("Put to"),
            queryset=object.meeting.people_heard.filter(withdrawn_at=None),
            required=False,
            empty_label=_("everybody who is heard"),
        )
        for number, question in enumerate(self.questions, 1):
            self.add_line(number, question)

    def add_line(self, number, question):
        small = {"class": "form-control", "inputmode": "numeric", "min": 1, "max": 999}
        number_of = {"number": number}
        self.fields[f"position_{question.pk}"] = forms.IntegerField(
            label=_("Position of question %(number)s") % number_of,
            required=False,
            min_value=1,
            max_value=999,
            initial=question.position,
            widget=forms.NumberInput(small),
        )
        if question.state == Question.State.PROPOSED:
            self.fields[f"same_{question.pk}"] = forms.IntegerField(
                label=_("Question %(number)s says the same as number") % number_of,
                required=False,
                min_value=1,
                max_value=len(self.questions),
                widget=forms.NumberInput(small),
            )
            self.fields[f"put_{question.pk}"] = forms.BooleanField(
                label=_("Put question %(number)s") % number_of,
                required=False,
                widget=forms.CheckboxInput({"class": "form-check-input"}),
            )

    @property
    def rows(self):
        for number, question in enumerate(self.questions, 1):
            proposed = question.state == Question.State.PROPOSED
            yield {
                "number": number,
                "question": question,
                "position": self[f"position_{question.pk}"],
                "same": self[f"same_{question.pk}"] if proposed else None,
                "put": self[f"put_{question.pk}"] if proposed else None,
            }

    def clean(self):
        given = super().clean()
        joined = [
            (question, self.questions[same - 1])
            for question in self.questions
            if (same := given.get(f"same_{question.pk}"))
        ]
        gone = {question.pk for question, _into in joined}
        for question, into in joined:
            if into.pk in gone:
                self.add_error(
                    f"same_{question.pk}", _("That one is joined to another itself: give the last number.")
                )
        self.cleaned_data = {
            "order": [
                (question, given.get(f"position_{question.pk}"))
                for question in self.questions
                if given.get(f"position_{question.pk}") != question.position
            ],
            "joined": joined,
            "put": [
                question
                for question in self.questions
                if given.get(f"put_{question.pk}") and question.pk not in gone
            ],
            "person": given.get("person"),
        }
        return self.cleaned_data


class WrittenQuestionForm(forms.ModelForm):
    class Meta:
        model = Question
        fields = ["text", "addressed_to"]
        widgets = {"text": text_area(4)}
        help_texts = {"addressed_to": gettext_lazy("A department, an elected official, an office.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["addressed_to"].required = True


class SpokenQuestionForm(forms.ModelForm):
    class Meta:
        model = Question
        fields = ["text"]
        widgets = {"text": text_area(4)}


class PasteForm(forms.Form):
    """One question a line; what is new is ticked on the second page."""

    lines = forms.CharField(
        label=gettext_lazy("Questions, one a line"),
        max_length=700_000,
        widget=text_area(14),
        help_text=gettext_lazy("Bullets and numbers are left out. You will see what was understood first."),
    )
    addressed_to = forms.CharField(
        label=gettext_lazy("Addressed to"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("A department, an elected official; empty: to be settled later."),
    )
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, instance, known=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.instance, self.known = instance, known
        if instance.meeting_id:
            del self.fields["addressed_to"]

    def clean(self):
        given = super().clean()
        self.found = pasting.understand(given.get("lines", ""), self.known)
        if not self.found and "lines" in given:
            self.add_error("lines", _("There is no question in there."))
        if len(self.found) > 1000:
            self.add_error("lines", _("That is more than a thousand questions: paste them in several goes."))
        return given

    @property
    def is_confirmed(self):
        return bool(self.cleaned_data.get("confirmed"))

    @property
    def kept(self):
        """The lines ticked on the second page; one too long is never among them."""
        ticked = set(self.data.getlist("keep"))
        return [line for line in self.found if str(line.number) in ticked and not line.too_long]


def departments(cycle):
    """The departments and offices that hold an account, by name."""
    rows = Appointment.objects.current().filter(role__in=ANSWERERS).exclude(organisation="")
    rows = rows.filter(cycle=None) | rows.filter(cycle=cycle)
    return sorted(set(rows.values_list("organisation", flat=True)))


class ForwardForm(forms.Form):
    wants_object = True
    department = forms.ChoiceField(label=gettext_lazy("Department or office"))
    due_on = forms.DateField(label=gettext_lazy("Answer due on"), widget=DateInput)

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = [(name, name) for name in departments(object.cycle)]
        self.fields["due_on"].initial = object.due_on or clock.today() + ANSWER_WITHIN
        wanted = object.addressed_to.casefold()
        self.fields["department"].initial = object.forwarded_to or next(
            (name for name in departments(object.cycle) if name.casefold() in wanted), None
        )


class MergeForm(forms.Form):
    wants_object = True
    into = forms.ModelChoiceField(
        label=gettext_lazy("Joined to"), queryset=Question.objects.none(), widget=forms.RadioSelect
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        same = Question.objects.filter(meeting=object.meeting_id, workshop=object.workshop_id)
        self.fields["into"].queryset = same.filter(state__in=Question.editable_states).exclude(pk=object.pk)
        self.fields["into"].empty_label = None


class PutForm(forms.Form):
    wants_object = True
    person = forms.ModelChoiceField(
        label=gettext_lazy("Put to"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("everybody who is heard"),
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        people = object.meeting.people_heard if object.meeting_id else Question.objects.none()
        self.fields["person"].queryset = people.filter(withdrawn_at=None) if object.meeting_id else people


class PieceForm(forms.ModelForm):
    class Meta:
        model = Piece
        fields = ["title", "origin", "person", "file", "is_public"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("%(kinds)s; at most 20 MB.") % {
            "kinds": ", ".join(ending[1:].upper() for ending in ENDINGS.values())
        }
        self.fields["file"].widget.attrs["accept"] = ",".join(ENDINGS.values())
        if hearing := self.instance.hearing:
            self.fields["person"].queryset = hearing.meeting.people_heard.all()
        else:
            del self.fields["person"], self.fields["is_public"]


class QuestionFilter(forms.Form):
    SHOWN = [
        ("", gettext_lazy("All")),
        ("waiting", gettext_lazy("Not answered yet")),
        ("overdue", gettext_lazy("Answer overdue")),
        ("answered", gettext_lazy("Answered")),
    ]
    q = forms.CharField(label=gettext_lazy("Search"), required=False)
    shown = forms.ChoiceField(label=gettext_lazy("Answer"), choices=SHOWN, required=False)

    def __init__(self, *args, answers=False, **kwargs):
        super().__init__(*args, **kwargs)
        if answers:
            mine = ("mine", _("Sent to my department, not answered yet"))
            self.fields["shown"].choices = [*self.SHOWN, mine]
