"""A draw is prepared and announced. Field names are the facts of the acts they feed."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sortition.ceremony import LEAST_DICE, MOST_DICE
from sortition.models import Draw


class DrawForm(forms.Form):
    rule = forms.ChoiceField(
        label=gettext_lazy("Rule"),
        choices=Draw.Rule.choices,
        help_text=gettext_lazy(
            "Quotas always hold. The rule says how chances are shared among the volunteers."
        ),
    )
    panels = forms.TypedChoiceField(
        label=gettext_lazy("Panels in the lottery"),
        coerce=int,
        choices=[(1000, "1 000"), (10_000, "10 000"), (100, "100")],
        help_text=gettext_lazy("All legal, all published before one is designated."),
    )
    seed_sources = forms.CharField(
        label=gettext_lazy("Where the seed will come from"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Fixed now, unknown to all until the day: for example dice rolled by a witness, then the result of a public draw of that evening."
        ),
    )
    seed_dice = forms.IntegerField(
        label=gettext_lazy("Dice thrown for the seed"),
        min_value=LEAST_DICE,
        max_value=MOST_DICE,
        initial=20,
        help_text=gettext_lazy("Ten-sided dice, or as many throws: one digit each. Twenty leave nothing to guess."),
    )
    number_from = forms.ChoiceField(
        label=gettext_lazy("What designates the panel"),
        choices=Draw.NumberFrom.choices,
        help_text=gettext_lazy(
            "A second throw in public, once all the panels are published; without dice, the seed says it."
        ),
    )
    objection_hours = forms.IntegerField(
        label=gettext_lazy("Hours for objections"),
        min_value=0,
        max_value=720,
        initial=0,
        help_text=gettext_lazy(
            "Between the publication of the lottery and the throw of the number; 0 when both are the same day."
        ),
    )
    follow_reason = forms.CharField(
        label=gettext_lazy("Why it is held again"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It will stand beside the draw that was cancelled."),
    )

    def __init__(self, *args, follows=None, **kwargs):
        super().__init__(*args, **kwargs)
        if follows is None:
            del self.fields["follow_reason"]


class AnnounceForm(forms.Form):
    wants_object = True
    announced_for = forms.SplitDateTimeField(
        label=gettext_lazy("Day and hour of the draw"),
        widget=forms.SplitDateTimeWidget(
            date_attrs={"type": "date"},
            time_attrs={"type": "time"},
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        ),
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        day = object.earliest_day()
        self.fields["announced_for"].help_text = _("On %(day)s at the earliest: %(days)s clear days.") % {
            "day": day.strftime("%d/%m/%Y"),
            "days": object.cycle.clear_days,
        }
