"""The seventeen Sustainable Development Goals of the United Nations, and how a row holds those it serves."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

GOALS = (
    _("No poverty"),
    _("Zero hunger"),
    _("Good health and well-being"),
    _("Quality education"),
    _("Gender equality"),
    _("Clean water and sanitation"),
    _("Affordable and clean energy"),
    _("Decent work and economic growth"),
    _("Industry, innovation and infrastructure"),
    _("Reduced inequalities"),
    _("Sustainable cities and communities"),
    _("Responsible consumption and production"),
    _("Climate action"),
    _("Life below water"),
    _("Life on land"),
    _("Peace, justice and strong institutions"),
    _("Partnerships for the goals"),
)
CHOICES = tuple(enumerate(GOALS, start=1))


def named(numbers):
    """[(number, its short title)]"""
    return [(number, GOALS[number - 1]) for number in numbers]


class GoalsField(models.CharField):
    """Numbers of goals in their order, kept as “,4,11,”: any database finds one of them in it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 60, "default": list, "blank": True} | kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for given in ("max_length", "default", "blank"):
            kwargs.pop(given, None)
        return name, path, args, kwargs

    def from_db_value(self, value, expression, connection):
        return self.to_python(value)

    def to_python(self, value):
        if isinstance(value, str):
            value = [part for part in value.split(",") if part]
        return sorted({int(number) for number in value or ()})

    def get_prep_value(self, value):
        numbers = self.to_python(value)
        return f",{','.join(map(str, numbers))}," if numbers else ""

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))

    def clean(self, value, model_instance):
        return self.to_python(value)


def serving(goal, field="goals"):
    """The condition of the rows that serve this goal."""
    return models.Q(**{f"{field}__contains": f",{int(goal)},"})


class GoalsForm(forms.Form):
    """None, one or several of the seventeen."""

    wants_object = True

    goals = forms.TypedMultipleChoiceField(
        label=_("Sustainable Development Goals"),
        help_text=_("Those it serves directly, three or four at most. None is an answer too."),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["goals"].choices = [(number, f"{number}. {title}") for number, title in CHOICES]
        self.fields["goals"].initial = object.goals
