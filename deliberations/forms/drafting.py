"""The forms of a text being written: amendments, remarks, opinions of departments, counter-proposals."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly import clock
from assembly.forms import DateInput
from assembly.models import Appointment
from deliberations import clauses as pieces
from deliberations.forms.fields import area
from deliberations.models import Amendment, ClauseRemark, Review, Version


def of_clauses(rows):
    """(name, “3. Considérant que…”) of each clause, for a choice."""
    return [(row["id"], f"{place}. {row['text'][:110]}") for place, row in enumerate(rows, 1)]


class OnClause:
    """A form about one clause of a text: `clause` starts from the address."""

    def choose_among(self, rows, *, nothing):
        self.fields["clause"] = forms.ChoiceField(
            label=_("Clause"), choices=[("", nothing), *of_clauses(rows)], required=False
        )
        self.order_fields(["clause"])


class AmendmentForm(OnClause, forms.ModelForm):
    class Meta:
        model = Amendment
        fields = ["sort", "text", "kind", "reason"]
        widgets = {"sort": forms.RadioSelect, "text": area(6), "reason": area(3)}
        help_texts = {
            "text": gettext_lazy("The whole clause as you would write it. Nothing when you take it out."),
            "reason": gettext_lazy("Two or three sentences: the workshop reads them first."),
        }

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of the clause"),
        help_text=gettext_lazy("For a clause you add."),
        choices=[("", "–"), *Version.ClauseKind.choices],
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].required = False
        latest = self.instance.proposal.latest
        self.rows = latest.clauses if latest else []
        self.choose_among(self.rows, nothing=_("at the very beginning"))
        if chosen := pieces.named(self.rows, self.initial.get("clause", "")):
            self.fields["text"].initial = chosen["text"]

    def clean(self):
        given = super().clean()
        if given.get("sort") != Amendment.Sort.DELETE and not (given.get("text") or "").strip():
            self.add_error("text", _("Write the words you propose."))
        if given.get("sort") != Amendment.Sort.ADD and not given.get("clause"):
            self.add_error("clause", _("Choose the clause."))
        return given


class AcceptForm(forms.Form):
    """The words as they enter the text: the rapporteur may still settle them."""

    wants_object = True

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    text = forms.CharField(
        label=gettext_lazy("Words that enter the text"),
        widget=area(6),
        required=False,
        max_length=pieces.LONGEST,
    )
    answer = forms.CharField(
        label=gettext_lazy("A word to its author"), widget=area(2), required=False, max_length=3000
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        latest = object.proposal.latest
        self.fields["base"].initial = latest.number if latest else 0
        self.fields["text"].initial = object.text
        if object.sort == Amendment.Sort.DELETE:
            del self.fields["text"]


class MergeForm(forms.Form):
    wants_object = True

    into = forms.ModelChoiceField(
        Amendment.objects.none(), label=gettext_lazy("The amendment in which it goes on")
    )
    reason = forms.CharField(
        label=gettext_lazy("A word to its author"), widget=area(2), required=False, max_length=3000
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = object.proposal.amendments.open().exclude(pk=object.pk)


class ClauseRemarkForm(OnClause, forms.ModelForm):
    class Meta:
        model = ClauseRemark
        fields = ["text"]
        widgets = {"text": area(4)}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        latest = self.instance.proposal.latest
        self.choose_among(latest.clauses if latest else [], nothing=_("the whole text"))


class SettleRemarkForm(forms.Form):
    answer = forms.CharField(label=gettext_lazy("Answer"), widget=area(3), required=False, max_length=2000)


class ReviewForm(forms.ModelForm):
    class Meta:
        model = Review
        fields = ["department", "sort", "due_on", "question"]
        widgets = {"sort": forms.RadioSelect, "due_on": DateInput, "question": area(3)}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        text = self.instance.proposal
        known = Appointment.objects.current().filter(role=Appointment.Role.DEPARTMENT)
        names = sorted({name for name in known.values_list("organisation", flat=True) if name})
        self.fields["department"] = forms.ChoiceField(
            label=_("Directorate"),
            help_text=_("It answers in its own account."),
            choices=[("", "–"), *((name, name) for name in names)],
        )
        self.fields["due_on"].initial = clock.today() + timedelta(days=21)
        self.fields["clauses"] = forms.MultipleChoiceField(
            label=_("Clauses it is asked about"),
            help_text=_("None ticked: the whole text."),
            choices=of_clauses(text.latest.clauses if text.latest else []),
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )


class AnswerForm(forms.Form):
    """The opinion, and other words for the clauses where the directorate has some."""

    wants_object = True

    opinion = forms.ChoiceField(
        label=gettext_lazy("Opinion"), choices=Review.Opinion, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=gettext_lazy("What the directorate says"),
        help_text=gettext_lazy("The members read it, and everybody once the text is public."),
        widget=area(6),
        max_length=10_000,
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.names = {}
        for place, row in enumerate(object.pieces):
            self.names[f"proposed_{place}"] = row["id"]
            self.fields[f"proposed_{place}"] = forms.CharField(
                label=_("Words you propose for clause %s") % (place + 1),
                initial=row["text"],
                widget=area(3, lang="fr"),
                required=False,
                max_length=pieces.LONGEST,
            )

    def clean(self):
        given = super().clean()
        proposed = {name: given.pop(field, "") for field, name in self.names.items()}
        return given | {"proposed": proposed}


class ExtendForm(forms.Form):
    due_on = forms.DateField(label=gettext_lazy("New date"), widget=DateInput)
    reason = forms.CharField(label=gettext_lazy("Reasons"), widget=area(3), max_length=2000)


class TakeUpForm(forms.Form):
    wants_object = True

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    clause = forms.ChoiceField(label=gettext_lazy("Clause"), widget=forms.RadioSelect)

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        latest = object.proposal.latest
        self.fields["base"].initial = latest.number if latest else 0
        self.fields["clause"].choices = [(name, words) for name, words in object.proposed.items()]


class WordFileForm(forms.Form):
    """A text somebody wrote in Word."""

    LARGEST = 10 * 2**20

    file = forms.FileField(
        label=gettext_lazy("Word file (.docx)"),
        error_messages={"required": gettext_lazy("Choose a file first.")},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > self.LARGEST:
            raise forms.ValidationError(
                _("This file is larger than 10 MB: send the text without its pictures.")
            )
        return file


class CounterProposalForm(forms.Form):
    """The text as the executive would carry it, clause by clause, and why."""

    wants_object = True

    reason = forms.CharField(
        label=gettext_lazy("Why another text"),
        help_text=gettext_lazy("They are published with the text."),
        widget=area(5),
        max_length=5000,
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        version = object.voted_version
        self.rows = version.clauses if version else []
        for place, row in enumerate(self.rows):
            self.fields[f"text_{place}"] = forms.CharField(
                label=_("Clause %s") % (place + 1),
                initial=row["text"],
                widget=area(3, lang="fr"),
                required=False,
                max_length=pieces.LONGEST,
            )
        self.fields["more"] = forms.CharField(
            label=_("One more measure"), widget=area(3), required=False, max_length=pieces.LONGEST
        )

    def clean(self):
        given = super().clean()
        rows = [row | {"text": given.get(f"text_{place}", "")} for place, row in enumerate(self.rows)]
        return {
            "reason": given.get("reason", ""),
            "clauses": [*rows, pieces.clause("measure", given.get("more", ""))],
        }
