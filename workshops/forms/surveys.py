"""Forms of the surveys: what the secretariat prepares, what a member answers."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly import clock
from assembly.forms import DateInput
from workshops.forms.fields import text_area
from workshops.models import Survey, SurveyQuestion

LONGEST = 1000


class SurveyForm(forms.ModelForm):
    class Meta:
        model = Survey
        fields = ["moment", "closes_on"]
        widgets = {"closes_on": DateInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["closes_on"].help_text = _(
            "Members are reminded until then; you close the survey yourself."
        )
        if self.instance.pk:
            del self.fields["moment"]

    def clean_moment(self):
        moment = self.cleaned_data["moment"]
        if self.instance.cycle.surveys.filter(moment=moment).exists():
            raise forms.ValidationError(_("This cycle has its survey of that moment already."))
        return moment

    def clean_closes_on(self):
        day = self.cleaned_data["closes_on"]
        if day < clock.today():
            raise forms.ValidationError(_("This day is over: choose one to come."))
        return day


class SurveyQuestionForm(forms.ModelForm):
    class Meta:
        model = SurveyQuestion
        fields = ["theme", "kind", "text_fr", "text_en", "choices_fr", "choices_en", "position", "asked"]
        widgets = {"choices_fr": text_area(5), "choices_en": text_area(5)}

    def clean(self):
        super().clean()
        french, english = (self.lines(name) for name in ("choices_fr", "choices_en"))
        if self.cleaned_data.get("kind") == SurveyQuestion.Kind.CHOICE:
            if len(french) < 2:
                self.add_error("choices_fr", _("Give at least two choices, one a line."))
            elif len(english) != len(french):
                self.add_error("choices_en", _("Give as many choices in English as in French."))

    def lines(self, name):
        return [line for line in self.cleaned_data.get(name, "").splitlines() if line.strip()]


class AnswerForm(forms.Form):
    """The questions of one theme: none is obligatory."""

    def __init__(self, *args, questions, **kwargs):
        super().__init__(*args, **kwargs)
        for question in questions:
            self.fields[question.key] = field_of(question)

    @property
    def answers(self):
        return {"answers": self.cleaned_data}


def field_of(question):
    if question.kind == SurveyQuestion.Kind.TEXT:
        return forms.CharField(
            label=question.text,
            required=False,
            max_length=LONGEST,
            widget=text_area(4),
            help_text=_("The secretariat alone reads these words. Name nobody, yourself included."),
        )
    return forms.ChoiceField(
        label=question.text, required=False, choices=question.options, widget=forms.RadioSelect
    )


class FreeAnswerForm(forms.Form):
    """What is published of a free answer: without what could name anybody."""

    wants_object = True
    text = forms.CharField(
        label=gettext_lazy("As it will be published"),
        max_length=LONGEST,
        widget=text_area(4),
        help_text=gettext_lazy("Take out names, places and anything that could tell who wrote it."),
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].initial = object.published or object.text
