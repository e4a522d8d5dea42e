"""The forms of the right of follow-up: returns, indicators, milestones, yearly reports."""

from django import forms
from django.utils.translation import gettext_lazy

from assembly import clock
from assembly.forms import DateInput
from deliberations.forms.fields import area
from deliberations.models import Indicator, Measure, Milestone, YearlyReport


class Figure(forms.DecimalField):
    """A number as people write it: 1 200,50."""

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(localize=True, widget=widget, required=False, **kwargs)

    def to_python(self, value):
        return super().to_python("".join(value.split()) if isinstance(value, str) else value)


class EntrustForm(forms.ModelForm):
    class Meta:
        model = Measure
        fields = ["owner"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].required = True


class ReturnForm(forms.Form):
    """What was done this year, with the value of each indicator."""

    wants_object = True

    state = forms.ChoiceField(
        label=gettext_lazy("Where the measure stands"), choices=Measure.State, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=gettext_lazy("What was done this year"),
        help_text=gettext_lazy("The public reads this. To drop a measure, give the reasons."),
        widget=area(6),
        max_length=5000,
    )
    evidence = forms.URLField(label=gettext_lazy("Link to evidence"), required=False, assume_scheme="https")
    cost = Figure(
        label=gettext_lazy("Cost this year, in euros, if known"),
        min_value=0,
        max_digits=12,
        decimal_places=2,
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.indicators = {f"indicator_{row.pk}": row for row in object.indicators.all()}
        for name, row in self.indicators.items():
            self.fields[name] = Figure(label=row.label, help_text=row.unit, max_digits=14, decimal_places=2)

    def clean(self):
        given = super().clean()
        values = {row.pk: given.pop(name, None) for name, row in self.indicators.items()}
        return given | {"readings": {pk: value for pk, value in values.items() if value is not None}}


class IndicatorForm(forms.ModelForm):
    start = Figure(label=gettext_lazy("At the start, if known"), max_digits=14, decimal_places=2)
    target = Figure(label=gettext_lazy("Target, if there is one"), max_digits=14, decimal_places=2)

    class Meta:
        model = Indicator
        fields = ["label", "unit", "start", "target"]
        help_texts = {
            "label": gettext_lazy("Something that is counted in the same way every year."),
            "unit": gettext_lazy("Streets, euros, per cent…"),
        }


class MilestoneForm(forms.ModelForm):
    class Meta:
        model = Milestone
        fields = ["label", "due_on"]
        widgets = {"due_on": DateInput}
        help_texts = {"label": gettext_lazy("What will be done by then, so that anybody can check it.")}


class ReachForm(forms.Form):
    wants_object = True

    milestone = forms.ModelChoiceField(
        Milestone.objects.none(),
        label=gettext_lazy("Milestone"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": gettext_lazy("Choose the milestone that was reached.")},
    )
    on = forms.DateField(label=gettext_lazy("Reached on"), widget=DateInput)

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["milestone"].queryset = object.milestones.filter(reached_on=None)
        self.fields["on"].initial = clock.today()


class YearlyReportForm(forms.ModelForm):
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2021)

    class Meta:
        model = YearlyReport
        fields = ["year", "foreword"]
        widgets = {"foreword": area(8)}
        help_texts = {"foreword": gettext_lazy("A few paragraphs, printed on the first page.")}
        error_messages = {"year": {"unique": gettext_lazy("This year has its report already.")}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = clock.today().year


class ForewordForm(forms.ModelForm):
    class Meta:
        model = YearlyReport
        fields = ["foreword"]
        widgets = {"foreword": area(12)}
