"""What somebody types to follow from outside."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.models import Cycle
from deliberations.models import Follower
from workshops.models import Workshop

EVERYTHING = ("tout", gettext_lazy("Everything the Assembly publishes"))


class FollowForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail"),
        max_length=254,
        help_text=gettext_lazy("For these letters only. It is forgotten the moment you stop them."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    rhythm = forms.ChoiceField(
        label=gettext_lazy("How often"),
        choices=Follower.Rhythm.choices,
        initial=Follower.Rhythm.AT_ONCE,
        widget=forms.RadioSelect,
    )


class FollowSomethingForm(FollowForm):
    """The same, with the choice of what: everything, a cycle, a workshop."""

    what = forms.ChoiceField(label=gettext_lazy("What do you want to follow?"))
    field_order = ["what", "email", "rhythm"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        cycles = Cycle.objects.exclude(state=Cycle.State.PREPARATION).order_by("-number")
        workshops = Workshop.objects.public().select_related("cycle")
        self.subjects = {f"cycle-{row.number}": {"cycle": row} for row in cycles}
        self.subjects |= {f"atelier-{row.pk}": {"workshop": row} for row in workshops}
        self.fields["what"].choices = [EVERYTHING, *(self.group(row, workshops) for row in cycles)]

    def group(self, cycle, workshops):
        own = [(f"atelier-{row.pk}", row.title) for row in workshops if row.cycle_id == cycle.pk]
        return cycle.title, [(f"cycle-{cycle.number}", _("All the texts of the cycle")), *own]

    def clean_what(self):
        what = self.cleaned_data["what"]
        if what != EVERYTHING[0] and what not in self.subjects:
            raise ValidationError(_("Choose what you want to follow."))
        return self.subjects.get(what, {})
