"""What the lists of texts and measures are narrowed by."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly import goals
from assembly.models import Cycle
from assembly.templatetags.house import district
from deliberations.forms.fields import Filters, any_of
from deliberations.models import Measure, Proposal
from deliberations.models.places import codes as district_codes
from workshops.models import Workshop


class SubjectChoice(forms.ModelChoiceField):
    def label_from_instance(self, workshop):
        return f"{workshop} ({workshop.cycle})"


class ProposalFilters(Filters):
    subject = SubjectChoice(
        Workshop.objects.select_related("cycle"),
        label=gettext_lazy("Subject"),
        required=False,
        empty_label=gettext_lazy("All workshops"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    stage = forms.ChoiceField(label=gettext_lazy("Stage"), required=False)
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), required=False)
    district = forms.ChoiceField(label=gettext_lazy("District concerned"), required=False)
    goal = forms.ChoiceField(label=gettext_lazy("Goal served"), required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.fields["subject"].queryset = self.fields["subject"].queryset.filter(
            cycle__in=Cycle.objects.visible_to(user)
        )
        self.fields["kind"].choices = any_of(_("All texts"), Proposal.Kind.choices)
        stages = [(key, label) for key, label, _states in Proposal.STAGES]
        self.fields["stage"].choices = any_of(_("All stages"), stages)
        self.fields["outcome"].choices = any_of(_("All outcomes"), Proposal.ENDINGS)
        self.fields["district"].choices = any_of(_("All districts"), named_districts())
        self.fields["goal"].choices = named_goals()


def named_districts():
    return [(code, district(code)) for code in district_codes()]


def named_goals():
    """All of them, with the seventeen Sustainable Development Goals to choose from."""
    return any_of(_("All goals"), [(number, f"{number}. {title}") for number, title in goals.CHOICES])


class LocateForm(forms.Form):
    wants_object = True

    districts = forms.MultipleChoiceField(
        label=gettext_lazy("Districts concerned"),
        help_text=gettext_lazy("Tick none when the text is about all of Paris."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["districts"].choices = named_districts()
        self.fields["districts"].initial = object.district_codes


class MeasureFilters(Filters):
    state = forms.ChoiceField(label=gettext_lazy("Progress"), required=False)
    owner = forms.CharField(label=gettext_lazy("Directorate"), required=False, max_length=150)
    year = forms.IntegerField(
        label=gettext_lazy("Adopted in"), required=False, min_value=2000, max_value=2200
    )
    goal = forms.ChoiceField(label=gettext_lazy("Goal served"), required=False)
    overdue = forms.BooleanField(label=gettext_lazy("Only those whose return is overdue"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = any_of(_("All"), Measure.State.choices)
        self.fields["goal"].choices = named_goals()
