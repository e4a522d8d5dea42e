"""Forms of the table plans: how many, mixed by what, who with whom."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assembly.models import Member
from workshops.forms.fields import side_by_side
from workshops.forms.meetings import half_days
from workshops.models import TablePlan


class TablePlanForm(forms.ModelForm):
    criteria = forms.MultipleChoiceField(
        label=gettext_lazy("Mix the tables by"), required=False, widget=forms.CheckboxSelectMultiple
    )
    half_day = forms.TypedChoiceField(label=gettext_lazy("Half-day"), coerce=int)

    class Meta:
        model = TablePlan
        fields = ["half_day", "size", "rounds", "criteria"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        meeting = self.instance.meeting
        self.fields["half_day"].choices = half_days(meeting)
        criteria = list(meeting.cycle.criteria.values_list("key", "title"))
        self.fields["criteria"].choices = criteria
        self.fields["criteria"].initial = [key for key, _title in criteria]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Fieldset(_("The tables"), side_by_side("size", "rounds"), "half_day", "criteria")
        )


class BindForm(forms.Form):
    HOW = [
        ("together", gettext_lazy("keep them at the same table")),
        ("apart", gettext_lazy("keep them at different tables")),
        ("free", gettext_lazy("ask nothing of them any more")),
    ]
    wants_object = True
    how = forms.ChoiceField(
        label=gettext_lazy("What to do"), choices=HOW, initial="together", widget=forms.RadioSelect
    )
    members = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Who"), queryset=Member.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = seated(object)


class SeatedForm(forms.Form):
    wants_object = True
    member = forms.ModelChoiceField(label=gettext_lazy("Member"), queryset=Member.objects.none())

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = seated(object)


class PinForm(SeatedForm):
    round = forms.TypedChoiceField(label=pgettext_lazy("tables", "Round"), coerce=int)
    table = forms.TypedChoiceField(label=pgettext_lazy("tables", "Table"), coerce=int)

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, object=object, **kwargs)
        count = len(object.outcome[0]) if object.outcome else 0
        self.fields["round"].choices = [(turn, str(turn)) for turn in range(1, object.rounds + 1)]
        self.fields["table"].choices = [(table, str(table)) for table in range(1, count + 1)]


def seated(plan):
    rows = Member.objects.filter(pk__in=plan.people)
    return rows.select_related("user").order_by("user__name", "pk")
