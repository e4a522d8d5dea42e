"""A draw is seeded, its number thrown, and certified. Field names are the facts of the acts they feed."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sortition import ceremony

AS_READ = {"inputmode": "numeric", "autocomplete": "off"}


class SeedAgainForm(forms.Form):
    """Typed a second time, by somebody else, without seeing the first."""

    wants_object = True
    dice = forms.CharField(
        label=gettext_lazy("Dice, in the order rolled"),
        max_length=90,
        widget=forms.TextInput(attrs={**AS_READ, "autofocus": True}),
    )
    source_text = forms.CharField(
        label=gettext_lazy("Public source, as published"),
        max_length=300,
        help_text=gettext_lazy("Copy it exactly: anybody must be able to write the same text."),
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.draw = object
        self.fields["dice"].help_text = dice_help(object.seed_dice)

    def clean_dice(self):
        return ceremony.dice_of(self.cleaned_data["dice"], self.draw.seed_dice)

    def clean_source_text(self):
        return ceremony.source_of(self.cleaned_data["source_text"])


def dice_help(count):
    if not count:
        return _("Digits only; spaces do not matter.")
    said = ngettext("%(count)s digit", "%(count)s digits", count) % {"count": count}
    return _("%(said)s, in order; spaces do not matter.") % {"said": said}


class SeedForm(SeedAgainForm):
    witnesses = forms.CharField(
        label=gettext_lazy("Witnesses present"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line, with the capacity in which each is there. They will be public."),
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, object=object, **kwargs)
        for name in self.fields:
            self.fields[name].initial = getattr(object, name)


class NumberForm(forms.Form):
    """One digit a die: 007."""

    wants_object = True
    digits = forms.CharField(
        label=gettext_lazy("Number thrown"),
        max_length=20,
        widget=forms.TextInput(attrs={**AS_READ, "autofocus": True, "class": "thrown"}),
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.draw = object
        self.fields["digits"].help_text = _("%(dice)s dice, in the order of their colours: %(example)s.") % {
            "dice": object.dice_for_the_number,
            "example": "0" * (object.dice_for_the_number - 1) + "7",
        }

    def clean_digits(self):
        return ceremony.number_of(self.cleaned_data["digits"], self.draw.panels)


class StatementForm(forms.Form):
    statement = forms.CharField(
        label=gettext_lazy("What you state"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("It is printed in the official record."),
    )
