"""Forms of the workshops: their fields are the keyword arguments of the acts they feed."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assembly.models import Cycle, User
from workshops.forms.fields import MARKDOWN, MomentInput, side_by_side, text_area
from workshops.models import (
    Allotment,
    Decision,
    Meeting,
    Notebook,
    NotebookQuestion,
    PersonHeard,
    Workshop,
)

# Workshops and their members -------------------------------------------------


class WorkshopForm(forms.ModelForm):
    class Meta:
        model = Workshop
        fields = ["title", "purpose", "position"]
        widgets = {"purpose": text_area(4)}

    def __init__(self, *args, siblings=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.siblings = siblings

    def clean_title(self):
        title = self.cleaned_data["title"]
        if slugify(title)[:60] in {other.slug for other in self.siblings if other.pk != self.instance.pk}:
            raise forms.ValidationError(_("This cycle has a workshop of that name already."))
        return title


class PersonForm(forms.Form):
    """One person out of those the act may concern."""

    wants_object = True
    among = None
    user = forms.ModelChoiceField(label=gettext_lazy("Person"), queryset=User.objects.none())

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = self.candidates(object)


class FacilitatorForm(PersonForm):
    def candidates(self, workshop):
        return workshop.possible_facilitators()


class RelievedForm(PersonForm):
    def candidates(self, workshop):
        return workshop.facilitators.all()


class RapporteurForm(PersonForm):
    def candidates(self, workshop):
        return workshop.possible_rapporteurs()


class RankForm(forms.Form):
    """The workshops of a cycle in order of preference: one list for each rank."""

    def __init__(self, *args, workshops, wishes=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.workshops = {str(workshop.pk): workshop for workshop in workshops}
        choices = [("", "–"), *((key, workshop.title) for key, workshop in self.workshops.items())]
        for rank in range(1, len(self.workshops) + 1):
            self.fields[f"rank_{rank}"] = forms.ChoiceField(
                label=_("Choice number %(rank)s") % {"rank": rank},
                choices=choices,
                required=rank == 1,
                initial=str(wishes[rank - 1]) if rank <= len(wishes) else "",
            )

    def clean(self):
        super().clean()
        chosen = [value for value in self.cleaned_data.values() if value]
        if len(set(chosen)) < len(chosen):
            raise forms.ValidationError(_("Give each workshop one rank only."))
        self.cleaned_data["workshops"] = [self.workshops[key] for key in chosen]
        return self.cleaned_data


class AllotmentForm(forms.ModelForm):
    class Meta:
        model = Allotment
        fields = ["seed"]


class MoveMemberForm(forms.Form):
    wants_object = True
    workshop = forms.ModelChoiceField(label=gettext_lazy("Workshop"), queryset=Workshop.objects.none())
    reason = forms.CharField(
        label=gettext_lazy("Reason"), help_text=gettext_lazy("The member reads it."), max_length=300
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        others = Workshop.objects.filter(cycle=object.member.cycle_id).exclude(pk=object.workshop_id)
        self.fields["workshop"].queryset = others


# Meetings --------------------------------------------------------------------


class MeetingFilter(forms.Form):
    WHEN = [
        ("", gettext_lazy("All dates")),
        ("coming", gettext_lazy("To come")),
        ("past", gettext_lazy("Past")),
    ]

    q = forms.CharField(label=gettext_lazy("Search"), required=False)
    when = forms.ChoiceField(label=gettext_lazy("When"), choices=WHEN, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("", gettext_lazy("All kinds")), *Meeting.Kind.choices],
        required=False,
    )
    cycle = forms.ModelChoiceField(
        label=gettext_lazy("Cycle"),
        queryset=Cycle.objects.public(),
        to_field_name="number",
        required=False,
        empty_label=gettext_lazy("All cycles"),
    )


class MeetingForm(forms.ModelForm):
    class Meta:
        model = Meeting
        fields = ["kind", "workshop", "title", "purpose", "starts_at", "ends_at", "place", "half_days"]
        widgets = {"purpose": text_area(3), "starts_at": MomentInput, "ends_at": MomentInput}

    def __init__(self, *args, workshops, for_all, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["workshop"].queryset = workshops
        if not for_all:
            self.fields["workshop"].required = True
            self.fields["kind"].choices = [
                row for row in Meeting.Kind.choices if row[0] != Meeting.Kind.PLENARY
            ]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Fieldset(_("The meeting"), side_by_side("kind", "workshop"), "title", "purpose"),
            Fieldset(
                _("When and where"), side_by_side("starts_at", "ends_at"), side_by_side("place", "half_days")
            ),
        )


class PersonHeardForm(forms.ModelForm):
    class Meta:
        model = PersonHeard
        fields = ["name", "capacity", "organisation", "interests", "agrees"]
        widgets = {"interests": text_area(3)}


class DecisionForm(forms.ModelForm):
    class Meta:
        model = Decision
        fields = ["text", "votes_for", "votes_against", "abstentions"]
        widgets = {"text": text_area(3)}


# Answers ---------------------------------------------------------------------


class ReplyForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("Answer"), help_text=MARKDOWN, max_length=20_000, widget=text_area(10)
    )


# Notebooks -------------------------------------------------------


class NotebookForm(forms.ModelForm):
    class Meta:
        model = Notebook
        fields = ["title"]


class NotebookQuestionForm(forms.ModelForm):
    class Meta:
        model = NotebookQuestion
        fields = ["text"]
        widgets = {"text": text_area(4)}


class HandsForm(forms.Form):
    """A show of hands."""

    votes_for = forms.IntegerField(label=pgettext_lazy("vote", "for"), min_value=0, max_value=1000)
    votes_against = forms.IntegerField(label=pgettext_lazy("vote", "against"), min_value=0, max_value=1000)
    abstentions = forms.IntegerField(label=pgettext_lazy("vote", "abstentions"), min_value=0, max_value=1000)
