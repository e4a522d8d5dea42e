"""Who is written to a second time."""

from django import forms
from django.utils.translation import gettext_lazy

from assembly.templatetags.house import district


class RemindForm(forms.Form):
    districts = forms.MultipleChoiceField(
        label=gettext_lazy("Districts"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one district.")},
    )
    ages = forms.MultipleChoiceField(
        label=gettext_lazy("Ages"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one age band.")},
    )

    def __init__(self, *args, ages, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["districts"].choices = [(key, f"{district(key)} ({total})") for key, _line, total in rows]
        self.fields["districts"].initial = [key for key, _line, _total in rows]
        totals = [sum(line[place] for _key, line, _total in rows) for place in range(len(ages))]
        self.fields["ages"].choices = [
            (key, f"{label} ({total})") for (key, label), total in zip(ages, totals, strict=True)
        ]
        self.fields["ages"].initial = [key for key, _label in ages]
