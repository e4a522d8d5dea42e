"""Files of answers, and volunteers looked for."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.models import Pool
from sortition.models import Volunteer


class AnswersFileForm(forms.Form):
    pool = forms.ModelChoiceField(Pool.objects.none(), label=gettext_lazy("Pool"), empty_label=None)
    file = forms.FileField(
        label=gettext_lazy("File of answers"),
        help_text=gettext_lazy(
            "An export of a form or a list: CSV or Excel. Nothing is changed before you have seen what it holds."
        ),
    )
    source = forms.CharField(
        label=gettext_lazy("Where the file comes from"),
        max_length=80,
        required=False,
        help_text=gettext_lazy(
            "For example: Carte citoyenne, or the response form. Its columns will be remembered for the next one."
        ),
    )
    match_codes = forms.BooleanField(
        label=gettext_lazy("The codes are those of our letters"),
        required=False,
        help_text=gettext_lazy("Then a line whose code was sent to nobody is refused."),
    )

    def __init__(self, *args, cycle, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pool"].queryset = cycle.pools.all()


class VolunteerFilters(forms.Form):
    q = forms.CharField(label=gettext_lazy("Pseudonym"), required=False, max_length=10)
    pool = forms.ModelChoiceField(
        Pool.objects.none(), label=gettext_lazy("Pool"), required=False, empty_label=gettext_lazy("all")
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, *args, cycle, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pool"].queryset = cycle.pools.all()
        self.fields["state"].choices = [("", _("all")), *Volunteer.State.choices]
