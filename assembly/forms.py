"""The forms of the ground floor: a cycle, its phases, pools and targets; appointments; observations."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.models import Appointment, Cycle, Observation, Pool


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class ReasonForm(forms.Form):
    """An act that owes its reason."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 300}),
    )


def in_order(form, first, last):
    """A sentence on `last` when it comes before `first`."""
    starts, ends = form.cleaned_data.get(first), form.cleaned_data.get(last)
    if starts and ends and ends <= starts:
        form.add_error(last, _("The end comes before the beginning."))


# A cycle ---------------------------------------------------------------------


class CycleForm(forms.ModelForm):
    #: Rules others rely on as soon as recruitment is open: only set before.
    RULES = [
        "number",
        "letters",
        "clear_days",
        "replace_within_days",
        "quorum_percent",
        "allowance",
        "plenary_votes_texts",
    ]

    class Meta:
        model = Cycle
        fields = [
            "number",
            "title",
            "summary",
            "starts_on",
            "ends_on",
            "letters",
            "response_until",
            "clear_days",
            "replace_within_days",
            "quorum_percent",
            "allowance",
            "plenary_votes_texts",
            "notice_days",
            "drift_after",
            "minutes_days",
        ]
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 4}),
            "starts_on": DateInput,
            "ends_on": DateInput,
            "response_until": DateInput,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_open = self.instance.pk and self.instance.state != Cycle.State.PREPARATION
        if self.is_open:
            for name in self.RULES:
                del self.fields[name]
        self.helper = FormHelper()
        self.helper.layout = self.layout()

    def layout(self):
        def side_by_side(*names):
            return Row(*(Column(name, css_class="col-sm-6") for name in names if name in self.fields))

        number = [] if self.is_open else ["number"]
        return Layout(
            Fieldset(_("The cycle"), *number, "title", "summary", side_by_side("starts_on", "ends_on")),
            Fieldset(
                _("Recruitment"),
                side_by_side("letters", "response_until", "clear_days", "replace_within_days"),
            ),
            *([] if self.is_open else [self.rules(side_by_side("quorum_percent", "allowance"))]),
            Fieldset(_("Meetings"), side_by_side("notice_days", "minutes_days"), "drift_after"),
        )

    def rules(self, figures):
        return Fieldset(_("Rules"), figures, "plenary_votes_texts")

    def clean(self):
        super().clean()
        in_order(self, "starts_on", "ends_on")
        if (share := self.cleaned_data.get("quorum_percent")) and share > 100:
            self.add_error("quorum_percent", _("A share goes up to 100."))


class ProposalOfTargetsForm(forms.Form):
    parity = forms.BooleanField(
        label=gettext_lazy("As many women as men (parity), whatever the population"),
        required=False,
        initial=True,
    )


class RowForm(forms.Form):
    """A line of a table: its labels are the heads of the columns."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs |= {
                "class": "form-select" if isinstance(field.widget, forms.Select) else "form-control",
                "aria-label": field.label,
            }


class PhaseForm(RowForm):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    starts_on = forms.DateField(label=gettext_lazy("Starts on"), widget=DateInput)
    ends_on = forms.DateField(label=gettext_lazy("Ends on"), widget=DateInput)

    def clean(self):
        super().clean()
        in_order(self, "starts_on", "ends_on")


class PoolForm(RowForm):
    key = forms.SlugField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(label=gettext_lazy("Pool"), max_length=120)
    source = forms.ChoiceField(label=gettext_lazy("Source"), choices=Pool.Source)
    seats = forms.IntegerField(label=gettext_lazy("Seats"), min_value=1, max_value=1000)

    def clean(self):
        super().clean()
        title = self.cleaned_data.get("title", "")
        self.cleaned_data["key"] = self.cleaned_data.get("key") or slugify(title)[:30]


class TableFormSet(forms.BaseFormSet):
    """Lines that become plain dictionaries; each is named once."""

    named_by = "title"

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove")
        form.fields["DELETE"].widget.attrs |= {
            "class": "form-check-input",
            "aria-label": _("Remove this line"),
        }

    def clean(self):
        if any(self.errors):
            return
        names = [row[self.named_by] for row in self.rows]
        for name in sorted({name for name in names if names.count(name) > 1}):
            raise forms.ValidationError(
                _("Two lines are called “%(name)s”: give each its own name."), params={"name": name}
            )

    @property
    def rows(self):
        kept = [
            form.cleaned_data
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        return [
            {name: value for name, value in row.items() if name != "DELETE"}
            for row in kept
            if row.get("title")
        ]


class PoolFormSet(TableFormSet):
    named_by = "key"


PhaseTable = forms.formset_factory(PhaseForm, formset=TableFormSet, extra=3, max_num=30, can_delete=True)
PoolTable = forms.formset_factory(PoolForm, formset=PoolFormSet, extra=1, max_num=12, can_delete=True)


class SeatsInput(forms.NumberInput):
    def __init__(self, label):
        super().__init__(
            {"class": "form-control", "min": 0, "max": 1000, "inputmode": "numeric", "aria-label": label}
        )


class TargetsForm(forms.Form):
    """Minimum and maximum of every category, for one pool: empty means no target."""

    def __init__(self, *args, pool, criteria, **kwargs):
        super().__init__(*args, **kwargs)
        self.pool, self.criteria = pool, criteria
        held = {target.category_id: target for target in pool.targets.all()}
        for category in self.categories:
            target = held.get(category.pk)
            self.add_bound("min", category, _("Minimum for “%s”"), target and target.minimum)
            self.add_bound("max", category, _("Maximum for “%s”"), target and target.maximum)

    @property
    def categories(self):
        return [category for criterion in self.criteria for category in criterion.categories.all()]

    def add_bound(self, side, category, label, initial):
        label = label % category.title
        self.fields[f"{side}_{category.pk}"] = forms.IntegerField(
            label=label,
            required=False,
            min_value=0,
            max_value=1000,
            initial=initial,
            widget=SeatsInput(label),
        )

    def bound(self, side, category):
        """What the page shows at this moment: what was typed, or what is kept."""
        name = f"{side}_{category.pk}"
        return (
            self.cleaned_data.get(name)
            if self.is_bound and hasattr(self, "cleaned_data")
            else self[name].initial
        )

    def clean(self):
        super().clean()
        self.targets = {}
        for category in self.categories:
            least, most = self.bound("min", category), self.bound("max", category)
            if least is None and most is None:
                continue
            key = f"{category.criterion.key}/{category.key}"
            self.targets[key] = (least or 0, self.pool.seats if most is None else most)


# People ----------------------------------------------------------------------


OLDEST = 2000
"""No year before this one is meant."""


class AppointmentForm(forms.ModelForm):
    email = forms.EmailField(label=gettext_lazy("E-mail"))
    name = forms.CharField(
        label=gettext_lazy("Name shown to others"),
        max_length=100,
        help_text=gettext_lazy("Kept as it is if the account exists."),
    )

    class Meta:
        model = Appointment
        fields = ["role", "cycle", "organisation", "since", "until"]
        widgets = {"since": DateInput, "until": DateInput}
        help_texts = {
            "cycle": gettext_lazy("Empty: every cycle."),
            "until": gettext_lazy("Empty: until it is ended here."),
        }

    field_order = ["email", "name", "role", "organisation", "cycle", "since", "until"]

    def clean_since(self):
        since = self.cleaned_data["since"]
        if since and since.year < OLDEST:
            raise forms.ValidationError(_("No appointment is that old: check the year."))
        return since

    def clean(self):
        super().clean()
        starts, ends = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if starts and ends and ends < starts:
            self.add_error("until", _("The end comes before the beginning."))


class ObservationForm(forms.ModelForm):
    class Meta:
        model = Observation
        fields = ["title", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 10})}
