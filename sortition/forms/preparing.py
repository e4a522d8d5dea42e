"""A draw is prepared and announced. Field names are the facts of the acts they feed."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sortition.ceremony import LEAST_DICE, MOST_DICE
from sortition.models import Draw
from sortition.outlook import SEEKS

MOVES = [
    ("", gettext_lazy("may move")),
    ("last", gettext_lazy("moves last")),
    ("never", gettext_lazy("never moves")),
]


def explained_rules():
    """Each rule with what it seeks, in plain words."""
    template = '<strong>{}</strong><br><span class="muted">{}</span>'
    return [(rule, format_html(template, capfirst(label), SEEKS[rule])) for rule, label in Draw.Rule.choices]


class DrawForm(forms.Form):
    rule = forms.ChoiceField(
        label=gettext_lazy("Rule"),
        choices=Draw.Rule.choices,
        widget=forms.RadioSelect,
        initial=Draw.Rule.LEXIMIN,
        help_text=gettext_lazy(
            "Quotas always hold. The rule says how chances are shared among the volunteers."
        ),
    )
    households = forms.BooleanField(
        label=gettext_lazy("At most one person an address"),
        required=False,
        help_text=gettext_lazy(
            "The same address and postcode count as one household: two neighbours of a large building do too."
        ),
    )
    panels = forms.TypedChoiceField(
        label=gettext_lazy("Panels in the lottery"),
        coerce=int,
        choices=[(1000, "1 000"), (10_000, "10 000"), (100, "100")],
        help_text=gettext_lazy("All legal, all published before one is designated."),
    )
    beacon = forms.ChoiceField(
        label=gettext_lazy("Public source"),
        choices=[("", gettext_lazy("none: dice alone")), *Draw.Beacon.choices],
        required=False,
        initial=Draw.Beacon.LOTO,
        help_text=gettext_lazy(
            "Nobody here controls it. Its day and hour are fixed when the draw is announced; the pool is frozen before."
        ),
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
        help_text=gettext_lazy(
            "Ten-sided dice, or as many throws: one digit each. Twenty leave nothing to guess."
        ),
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

    def __init__(self, *args, cycle, follows=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = explained_rules()
        if follows is None:
            del self.fields["follow_reason"]
        self.criteria = list(cycle.criteria.all())
        for criterion in self.criteria:
            self.fields[f"sacred_{criterion.key}"] = forms.ChoiceField(
                label=criterion.title, choices=MOVES, required=False
            )
        self.helper = FormHelper()
        self.helper.layout = self.layout()

    def layout(self):
        said = _("If the quotas cannot be kept, the room proposes what to relax: say what is sacred.")
        sacred = [name for name in self.fields if name.startswith("sacred_")]
        again = [name for name in ("follow_reason",) if name in self.fields]
        return Layout(
            *again,
            Fieldset(_("How chances are shared"), "rule", "households", "panels"),
            Fieldset(
                _("Where chance comes from"),
                "seed_dice",
                "beacon",
                "seed_sources",
                "number_from",
                "objection_hours",
            ),
            *([Fieldset(said, *sacred)] if sacred else []),
        )

    def clean(self):
        """The fields of the criteria become one fact."""
        data = super().clean()
        said = {one.key: data.pop(f"sacred_{one.key}", "") for one in self.criteria}
        return data | {"sacred": {key: move for key, move in said.items() if move}}


class SettingsForm(DrawForm):
    """The same, for a draw that is already prepared; `?rule=` proposes another rule."""

    wants_object = True

    def __init__(self, *args, object, initial=None, **kwargs):
        kept = {name: getattr(object, name) for name in object.SETTINGS}
        kept |= {f"sacred_{key}": move for key, move in object.sacred.items()}
        super().__init__(*args, cycle=object.cycle, initial=kept | (initial or {}), **kwargs)


def day_and_hour():
    return forms.SplitDateTimeWidget(
        date_attrs={"type": "date"}, time_attrs={"type": "time"}, date_format="%Y-%m-%d", time_format="%H:%M"
    )


class AnnounceForm(forms.Form):
    wants_object = True
    announced_for = forms.SplitDateTimeField(
        label=gettext_lazy("Day and hour of the draw"), widget=day_and_hour()
    )
    beacon_at = forms.SplitDateTimeField(
        label=gettext_lazy("Day and hour at which the public source is known"), widget=day_and_hour()
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        day = object.earliest_day()
        self.fields["announced_for"].help_text = _("On %(day)s at the earliest: %(days)s clear days.") % {
            "day": day.strftime("%d/%m/%Y"),
            "days": object.cycle.clear_days,
        }
        if object.beacon:
            source = capfirst(object.get_beacon_display())
            self.fields["beacon_at"].help_text = _("%(source)s. The pool must be frozen before.") % {
                "source": source
            }
        else:
            del self.fields["beacon_at"]
