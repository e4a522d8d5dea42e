"""Before the reserve is brought into a jury."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sortition.reserve import reserve_of


class ReserveForm(forms.Form):
    asked = forms.BooleanField(
        label=gettext_lazy("They were told of the jury, and those who said no are recorded as withdrawn"),
        error_messages={"required": gettext_lazy("Tell them first: nobody is entered without knowing it.")},
    )

    def __init__(self, *args, cycle, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["asked"].help_text = _("People in the reserve today: %s.") % reserve_of(cycle).count()
