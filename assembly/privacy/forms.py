"""The forms of the privacy desk."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly import clock
from assembly.forms import OLDEST, DateInput, ReasonForm
from assembly.models import RightsRequest
from assembly.models.rights import months_after

LONG = forms.Textarea(attrs={"rows": 6, "maxlength": 5000})


class DelayForm(ReasonForm):
    """How long a category is kept, within what the law and the archives allow."""

    days = forms.IntegerField(label=gettext_lazy("Days kept"))
    field_order = ["days", "reason"]

    def __init__(self, *args, category, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["days"] = forms.IntegerField(
            label=gettext_lazy("Days kept"),
            min_value=category.least,
            max_value=category.most,
            initial=category.days_kept,
            help_text=_("Counted from: %(since)s. Between %(least)s and %(most)s days.")
            % {"since": category.since, "least": category.least, "most": category.most},
        )
        self.order_fields(self.field_order)


class VisaForm(forms.Form):
    visa = forms.CharField(
        label=gettext_lazy("Number of the visa"),
        max_length=60,
        help_text=gettext_lazy("As written on the schedule signed by the director of the archives."),
    )
    visa_on = forms.DateField(label=gettext_lazy("Date of the visa"), widget=DateInput)


class RequestForm(forms.ModelForm):
    class Meta:
        model = RightsRequest
        fields = ["kind", "asked_by", "received_on", "words"]
        widgets = {"received_on": DateInput, "words": LONG}
        help_texts = {
            "received_on": gettext_lazy("The month to answer runs from this day."),
            "asked_by": gettext_lazy("Their name, and the address or e-mail they wrote from."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["asked_by"].required = True

    def clean_received_on(self):
        day = self.cleaned_data["received_on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        if day.year < OLDEST:
            raise forms.ValidationError(_("No request is that old: check the year."))
        return day

    def save(self, commit=True):
        self.instance.due_on = months_after(self.cleaned_data["received_on"], 1)
        return super().save(commit)


class HowForm(forms.Form):
    how = forms.CharField(
        label=gettext_lazy("How it was checked"),
        max_length=300,
        help_text=gettext_lazy("For example: called back on the number known here. Keep no copy of a card."),
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(label=gettext_lazy("What was answered and done"), max_length=5000, widget=LONG)


class SearchForm(forms.Form):
    """Sent by POST: a name is in no address and in no log."""

    q = forms.CharField(
        label=gettext_lazy("Name, e-mail, code of a letter or pseudonym"), min_length=2, max_length=100
    )
