"""The electoral roll. Field names are the facts of the acts they feed."""

from django import forms
from django.utils.translation import gettext_lazy

from assembly.models import Pool


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
