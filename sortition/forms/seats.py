"""Seats are confirmed."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.models import Pool


class ConfirmForm(forms.Form):
    wants_object = True
    email = forms.EmailField(
        label=gettext_lazy("E-mail of the member"),
        help_text=gettext_lazy("Their account is opened with this address, and a letter sent to it."),
    )
    name = forms.CharField(label=gettext_lazy("Name shown to others"), max_length=100)
    charter = forms.BooleanField(label=gettext_lazy("The charter is signed"))
    authorisation = forms.BooleanField(label=gettext_lazy("The parents’ authorisation is received"))

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        volunteer = object.volunteer
        self.fields["name"].initial = object.shown_name
        self.fields["email"].initial = volunteer.contact.email if volunteer.contact else ""
        if volunteer.is_minor:
            self.fields["name"].help_text = _("A minor’s surname is never shown: first name only.")
        else:
            del self.fields["authorisation"]


class SeatFilters(forms.Form):
    pool = forms.ModelChoiceField(
        Pool.objects.none(), label=gettext_lazy("Pool"), required=False, empty_label=gettext_lazy("all")
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, *args, cycle, states, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pool"].queryset = cycle.pools.all()
        self.fields["state"].choices = [("", _("all")), *states]
