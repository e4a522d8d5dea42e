"""The forms of a text before the Paris Council: amendments in session, positions of the groups, official record."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deliberations.forms.fields import area
from deliberations.models import CouncilAmendment, GroupPosition


class MoveInSessionForm(forms.ModelForm):
    class Meta:
        model = CouncilAmendment
        fields = ["number", "mover", "text", "outcome"]
        widgets = {"text": area(6), "outcome": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = CouncilAmendment.Outcome.choices


class CiteForm(forms.Form):
    wants_object = True

    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        help_text=gettext_lazy("As the Council cites it: 2023, V. 255."),
        max_length=60,
    )
    link = forms.URLField(
        label=gettext_lazy("Link to the official record"), required=False, assume_scheme="https"
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.initial = getattr(object.council, name, "")


class PositionsForm(forms.Form):
    """One row for each group, and some blank ones; the names come from the session before when there are none."""

    wants_object = True
    BLANK, FEWEST = 3, 8

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        known = list(object.council.positions.all()) if object.council else []
        self.suggested = [] if known else names_of_last_session(object)
        known += [GroupPosition(group=name) for name in self.suggested]
        self.rows = range(max(len(known) + self.BLANK, self.FEWEST))
        for place in self.rows:
            self.add_row(place, known[place] if place < len(known) else GroupPosition())
        self.helper = FormHelper(self)
        self.helper.layout = Layout(*[row_of(place) for place in self.rows])

    def add_row(self, place, row):
        number = {"number": place + 1}
        self.fields[f"group_{place}"] = forms.CharField(
            label=_("Group %(number)s") % number, initial=row.group, required=False, max_length=120
        )
        self.fields[f"position_{place}"] = forms.ChoiceField(
            label=_("Position of group %(number)s") % number,
            choices=[("", "–"), *GroupPosition.Position.choices],
            initial=row.position,
            required=False,
        )
        self.fields[f"voices_{place}"] = forms.IntegerField(
            label=_("Voices of group %(number)s") % number,
            initial=row.voices,
            required=False,
            min_value=0,
            max_value=500,
        )

    def clean(self):
        given, positions = super().clean(), []
        for place in self.rows:
            group, position, voices = (
                given.get(f"{name}_{place}") for name in ("group", "position", "voices")
            )
            if group and position:
                positions.append({"group": group, "position": position, "voices": voices})
            elif position or voices is not None:
                self.add_error(f"group_{place}", _("Name the group."))
            elif group and group not in self.suggested:
                self.add_error(
                    f"position_{place}", _("Choose the position of this group, or empty its name.")
                )
        if not positions and not self.errors:
            raise forms.ValidationError(_("Enter the position of one group at least."))
        return {"positions": positions}


def row_of(place):
    widths = {"group": "col-md-5", "position": "col-md-4", "voices": "col-md-3"}
    return Row(*[Column(f"{name}_{place}", css_class=width) for name, width in widths.items()])


def names_of_last_session(text):
    """The groups as they were named the last time their positions were entered."""
    last = GroupPosition.objects.exclude(item__proposal=text).order_by("-item__session_on", "-item").first()
    return list(last.item.positions.values_list("group", flat=True)) if last else []
