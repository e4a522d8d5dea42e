"""What the forms of this room share."""

from django import forms
from django.utils.translation import gettext_lazy

from assembly.models import Cycle


def area(rows, **attrs):
    return forms.Textarea(attrs={"rows": rows, **attrs})


def any_of(label, choices):
    return [("", label), *choices]


class Filters(forms.Form):
    """What a list is asked for; an impossible wish asks for nothing."""

    q = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=100)
    cycle = forms.ModelChoiceField(
        Cycle.objects.none(),
        label=gettext_lazy("Cycle"),
        required=False,
        to_field_name="number",
        empty_label=gettext_lazy("All cycles"),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cycle"].queryset = Cycle.objects.visible_to(user)

    def wishes(self):
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
