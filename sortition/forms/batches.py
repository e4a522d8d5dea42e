"""The text of a batch of letters, and the codes that come back."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly import clock
from assembly.forms import DateInput
from assembly.mailings import TooLong
from sortition import letterpress
from sortition.models import LetterBatch

TEXTS = {"text": 12, "questions": 16, "english": 7, "sender": 5}


class LetterBatchForm(forms.ModelForm):
    class Meta:
        model = LetterBatch
        fields = (
            "readers",
            "per_part",
            "heading",
            "text",
            "signatory",
            "signatory_role",
            "dated_on",
            "last_day",
            "sender",
            "phone",
            "email",
            "questions",
            "english",
            "officer",
        )
        widgets = {name: forms.Textarea(attrs={"rows": rows}) for name, rows in TEXTS.items()} | {
            "readers": forms.RadioSelect,
            "dated_on": DateInput(),
            "last_day": DateInput(),
        }
        help_texts = {
            "text": gettext_lazy(
                "In French. The greeting, the code and the way to answer are added. **Bold** with two stars."
            ),
            "questions": gettext_lazy("One question a heading (###), its answer below."),
            "sender": gettext_lazy("Printed at the top: the post brings back here what it cannot deliver."),
            "officer": gettext_lazy(
                "E-mail or address: whoever wishes to see, correct or object writes there."
            ),
            "per_part": gettext_lazy("Each part is one file. Twenty letters come first, for a trial."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Fieldset(_("The letter"), "heading", "text", Row(Column("signatory"), Column("signatory_role"))),
            Row(Column("dated_on"), Column("last_day")),
            Fieldset(_("To reach the secretariat"), "sender", Row(Column("phone"), Column("email"))),
            Fieldset(_("The back"), "questions", "english", "officer"),
            Fieldset(_("Printing"), "readers", "per_part"),
        )

    def clean_last_day(self):
        day = self.cleaned_data["last_day"]
        if day and day < clock.today():
            raise forms.ValidationError(_("This day is over: nobody could answer any more."))
        return day

    def clean(self):
        data = super().clean()
        if not self.errors and data["last_day"] <= data["dated_on"]:
            self.add_error("last_day", _("The last day to answer comes after the date of the letter."))
        if not self.errors:
            self.try_it_on_paper(data)
        return data

    def try_it_on_paper(self, data):
        """Two sides, no more: what does not fit is said here, with what was typed."""
        try:
            letterpress.specimen(LetterBatch(**data))
        except TooLong:
            self.add_error(
                None,
                _("The letter does not hold on one sheet: shorten the text on the front, or the questions."),
            )


class ReturnedForm(forms.Form):
    BACK, OPPOSED = "come_back", "oppose"

    what = forms.ChoiceField(
        label=gettext_lazy("What came back"),
        choices=[
            (BACK, gettext_lazy("Envelopes the post could not deliver")),
            (OPPOSED, gettext_lazy("Objections: the person must never be written to again")),
        ],
        initial=BACK,
        widget=forms.RadioSelect,
    )
    codes = forms.CharField(
        label=gettext_lazy("Numbers or codes"),
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 12, "autofocus": True, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One a line: the ten digits seen through the window, or the code inside. A scanner may read both patterns."
        ),
    )
    MOST = 2000

    def clean_codes(self):
        lines = [line.strip() for line in self.cleaned_data["codes"].splitlines() if line.strip()]
        if len(lines) > self.MOST:
            raise forms.ValidationError(_("At most %(most)s lines at a time."), params={"most": self.MOST})
        return list(dict.fromkeys(lines))
