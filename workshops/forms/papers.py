"""Forms of the papers of a workshop: minutes, notebooks, what is followed, allowances."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly import pictures
from assembly.forms import DateInput
from workshops import evidence
from workshops.blocks import known_to, unknown_calls
from workshops.forms.fields import text_area
from workshops.models import (
    AllowanceRun,
    Commitment,
    Correction,
    Evidence,
    Finding,
    Meeting,
    Minutes,
    NotebookSection,
    Picture,
    Remark,
)


def writing_area(rows):
    """Where a long text is written: the page adds its buttons above it."""
    return forms.Textarea(attrs={"rows": rows, "data-writing": "", "aria-describedby": "writing-help"})


# Minutes ---------------------------------------------------------------------


class MinutesForm(forms.ModelForm):
    class Meta:
        model = Minutes
        fields = ["narrative"]
        widgets = {"narrative": writing_area(24)}


class CorrectedForm(forms.Form):
    """The published text, to be corrected, and why."""

    wants_object = True
    narrative = forms.CharField(
        label=gettext_lazy("narrative"), max_length=100_000, widget=writing_area(24), strip=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("Printed on the new version: what is corrected, and why."),
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["narrative"].initial = object.narrative


class ApprovalForm(forms.Form):
    """Which plenary approved the minutes."""

    wants_object = True
    plenary = forms.ModelChoiceField(
        label=gettext_lazy("Approved by"), queryset=Meeting.objects.none(), required=False
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        later = object.cycle.meetings.filter(
            kind=Meeting.Kind.PLENARY, starts_at__gt=object.meeting.starts_at
        ).exclude(state=Meeting.State.CANCELLED)
        self.fields["plenary"].queryset = later.order_by("starts_at")
        self.fields["plenary"].initial = later.order_by("starts_at").first()
        self.fields["plenary"].empty_label = _("no plenary follows: approved by the secretariat")


class CorrectionForm(forms.ModelForm):
    class Meta:
        model = Correction
        fields = ["passage", "wording"]
        widgets = {"passage": text_area(3), "wording": text_area(5)}


# What is followed ------------------------------------------------------------


class CommitmentForm(forms.ModelForm):
    class Meta:
        model = Commitment
        fields = ["text", "who", "due_on", "person", "decision"]
        widgets = {"text": text_area(3), "due_on": DateInput}
        help_texts = {
            "who": gettext_lazy("A person, a directorate, an office."),
            "person": gettext_lazy("When somebody heard promised it."),
            "decision": gettext_lazy("When it carries out a decision of the meeting."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        meeting = self.instance.meeting
        for name, rows in {"person": meeting.people_heard.all(), "decision": meeting.decisions.all()}.items():
            self.fields[name].queryset = rows
            if not rows:
                del self.fields[name]


class OutcomeForm(forms.Form):
    outcome = forms.CharField(
        label=gettext_lazy("what became of it"),
        max_length=2000,
        widget=text_area(4),
        help_text=gettext_lazy("Everybody reads it once the minutes are published."),
    )


class PostponeForm(forms.Form):
    due_on = forms.DateField(label=gettext_lazy("New date"), widget=DateInput)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)


class CommitmentFilter(forms.Form):
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("overdue", gettext_lazy("Overdue")),
            *Commitment.State.choices,
        ],
    )


# The notebook ----------------------------------------------------------------


class SectionForm(forms.ModelForm):
    class Meta:
        model = NotebookSection
        fields = ["title", "body"]
        widgets = {"body": writing_area(22)}

    def clean_body(self):
        """What the text calls for must exist: a picture that is not there would leave a hole in the sheet."""
        body = self.cleaned_data["body"]
        if unknown := unknown_calls(body, known_to(self.instance.notebook, [body])):
            raise forms.ValidationError(
                _("There is no such picture or figure in this notebook: %(calls)s")
                % {"calls": ", ".join(unknown)}
            )
        return body


class NewSectionForm(forms.ModelForm):
    class Meta:
        model = NotebookSection
        fields = ["kind", "title", "position"]


class FindingForm(forms.ModelForm):
    class Meta:
        model = Finding
        fields = ["text", "stance", "other_view"]
        widgets = {"text": text_area(5), "stance": forms.RadioSelect, "other_view": text_area(4)}


class EvidenceForm(forms.ModelForm):
    source = forms.ChoiceField(label=gettext_lazy("What it rests on"), required=False)
    url = forms.URLField(
        label=gettext_lazy("address on the web"), required=False, max_length=500, assume_scheme="https"
    )

    class Meta:
        model = Evidence
        fields = ["title", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        workshop = self.instance.finding.workshop
        self.fields["source"].choices = [
            ("", _("something else, named below")),
            *((label, rows) for label, rows in evidence.choices(workshop) if rows),
        ]
        self.helper = FormHelper()
        self.helper.layout = Layout("source", "note", Fieldset(_("If it is not in the list"), "title", "url"))

    def clean(self):
        super().clean()
        kind, _sep, number = self.cleaned_data.get("source", "").partition("-")
        if kind:
            self.instance.source = apps.get_model(kind).objects.get(pk=number)
            self.cleaned_data["title"] = self.cleaned_data["url"] = ""
            if self.instance.finding.evidence.filter(
                source_type=self.instance.source_type, source_id=number
            ).exists():
                self.add_error("source", _("This finding rests on it already."))
        elif not self.cleaned_data.get("title"):
            self.add_error("source", _("Choose from the list, or give a title below."))
        self.instance.url = self.cleaned_data.get("url", "")
        return self.cleaned_data


class PictureForm(forms.ModelForm):
    class Meta:
        model = Picture
        fields = ["file", "alternative", "caption"]
        widgets = {"file": forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})}
        help_texts = {"file": gettext_lazy("JPEG, PNG or WebP, at most 60 MB: it is made smaller here.")}

    def clean_file(self):
        return pictures.cleaned(self.cleaned_data["file"])


class RemarkForm(forms.ModelForm):
    class Meta:
        model = Remark
        fields = ["text"]
        widgets = {"text": text_area(4)}


# Allowances ------------------------------------------------------------------


class AllowanceRunForm(forms.ModelForm):
    class Meta:
        model = AllowanceRun
        fields = ["until"]
        widgets = {"until": DateInput}
