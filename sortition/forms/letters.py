"""The roll, and its letters that come back. Field names are the facts of the acts they feed."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.models import Pool
from sortition import codes


class RegisterForm(forms.Form):
    pool = forms.ModelChoiceField(Pool.objects.none(), label=gettext_lazy("Pool"), empty_label=None)
    file = forms.FileField(
        label=gettext_lazy("Electoral roll"),
        help_text=gettext_lazy(
            "The file as the registrar exports it: CSV or Excel, any usual encoding, up to 1 GB."
        ),
    )
    seed = forms.CharField(
        label=gettext_lazy("Seed"),
        max_length=300,
        help_text=gettext_lazy(
            "A text nobody controls: dice, a public draw of that day. It decides who is drawn."
        ),
    )
    letters = forms.IntegerField(label=gettext_lazy("Letters to send"), min_value=1, max_value=1_000_000)

    def __init__(self, *args, cycle, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pool"].queryset = cycle.pools.filter(source=Pool.Source.ROLL)
        self.fields["letters"].initial = cycle.letters


class ReturnedForm(forms.Form):
    codes = forms.CharField(
        label=gettext_lazy("Codes of the letters that came back"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("One a line, as read on the envelopes."),
    )

    def clean_codes(self):
        lines = [line.strip() for line in self.cleaned_data["codes"].splitlines() if line.strip()]
        wrong = [number for number, line in enumerate(lines, 1) if not codes.normalised(line)]
        if wrong:
            raise forms.ValidationError(
                _("Line %(line)s is not a code of ours: eight letters and digits."), params={"line": wrong[0]}
            )
        return list(dict.fromkeys(codes.normalised(line) for line in lines))
