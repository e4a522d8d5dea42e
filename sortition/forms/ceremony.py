"""A draw is seeded and certified. Field names are the facts of the acts they feed."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy


class SeedForm(forms.Form):
    dice = forms.CharField(
        label=gettext_lazy("Dice, in the order rolled"),
        max_length=60,
        validators=[
            RegexValidator(r"^[0-9]{4,60}$", gettext_lazy("Digits only, at least four, without spaces."))
        ],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    source_text = forms.CharField(
        label=gettext_lazy("Public source, as published"),
        max_length=300,
        help_text=gettext_lazy("Copy it exactly: anybody must be able to write the same text."),
    )
    witnesses = forms.CharField(
        label=gettext_lazy("Witnesses present"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line, with the capacity in which each is there. They will be public."),
    )

    def clean_source_text(self):
        return " ".join(self.cleaned_data["source_text"].split())


class StatementForm(forms.Form):
    statement = forms.CharField(
        label=gettext_lazy("What you state"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("It is printed in the official record."),
    )
