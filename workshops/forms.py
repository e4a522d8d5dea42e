"""Forms of the workshops: their fields are the keyword arguments of the acts they feed."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assembly import clock
from assembly.forms import DateInput
from assembly.models import Cycle, User
from workshops.models import (
    AgendaItem,
    Allotment,
    Attendance,
    Decision,
    Meeting,
    Minutes,
    Notebook,
    NotebookQuestion,
    NotebookSection,
    PersonHeard,
    Question,
    Workshop,
)

MARKDOWN = gettext_lazy(
    "One empty line starts a paragraph; “# ” a heading, “- ” a list, **two stars** a word in bold."
)


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


def text_area(rows):
    return forms.Textarea(attrs={"rows": rows})


def side_by_side(*names):
    return Row(*(Column(name, css_class="col-sm-6") for name in names))


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


class MoveForm(forms.Form):
    wants_object = True
    starts_at = forms.DateTimeField(label=gettext_lazy("starts at"), widget=MomentInput)
    ends_at = forms.DateTimeField(label=gettext_lazy("ends at"), widget=MomentInput)
    place = forms.CharField(label=gettext_lazy("place"), max_length=200)

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.fields:
            self.fields[name].initial = getattr(object, name)


class AgendaItemForm(forms.ModelForm):
    class Meta:
        model = AgendaItem
        fields = ["position", "title", "minutes", "note"]
        widgets = {"note": text_area(4)}


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


class AttendanceForm(forms.Form):
    """A line for each person invited; `seen` is what the page showed when it was opened."""

    wants_object = True
    STATUSES = [choice for choice in Attendance.Status.choices if choice[0] != Attendance.Status.EXPECTED]

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = list(object.attendances.select_related("member__user"))
        for line in self.lines:
            number = line.member_id
            self.fields[f"status_{number}"] = forms.ChoiceField(
                label=line.member.user.name,
                choices=self.STATUSES,
                required=False,
                initial=line.status,
                widget=forms.RadioSelect(attrs={"class": "btn-check"}),
            )
            self.fields[f"reason_{number}"] = forms.CharField(
                label=_("Reason given by %(name)s") % {"name": line.member.user.name},
                max_length=200,
                required=False,
                initial=line.reason,
                widget=forms.TextInput(attrs={"class": "form-control"}),
            )

    @property
    def rows(self):
        """What the page shows of each person."""
        for line in self.lines:
            number = line.member_id
            yield {
                "number": number,
                "name": line.member.user.name,
                "status": self[f"status_{number}"],
                "reason": self[f"reason_{number}"],
                "seen": self.data.get(f"seen_{number}", line.status),
                "seen_reason": self.data.get(f"seen_reason_{number}", line.reason),
            }

    def clean(self):
        """Lines that nobody touched on this page are left out."""
        super().clean()
        marks, reasons, seen = {}, {}, {}
        for line in self.lines:
            number = line.member_id
            status, reason = (
                self.cleaned_data.get(f"status_{number}"),
                self.cleaned_data.get(f"reason_{number}"),
            )
            seen[number] = self.data.get(f"seen_{number}", "")
            if status and status != seen[number]:
                marks[number] = status
            if (reason or "") != self.data.get(f"seen_reason_{number}", ""):
                marks.setdefault(number, seen[number])
                reasons[number] = reason or ""
        self.cleaned_data = {"marks": marks, "reasons": reasons, "seen": seen}
        return self.cleaned_data


# Questions -------------------------------------------------------------------


class QuestionForm(forms.ModelForm):
    class Meta:
        model = Question
        fields = ["text", "addressed_to", "due_on"]
        widgets = {"text": text_area(4), "due_on": DateInput}
        help_texts = {"due_on": gettext_lazy("For a written question: leave empty for a hearing.")}

    def clean_due_on(self):
        due = self.cleaned_data["due_on"]
        if due and "due_on" in self.changed_data and due < clock.today():
            raise forms.ValidationError(_("This day is over: give those who answer the time to do so."))
        return due


class ReplyForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("Answer"), help_text=MARKDOWN, max_length=20_000, widget=text_area(10)
    )


# Minutes and notebooks -------------------------------------------------------


class MinutesForm(forms.ModelForm):
    class Meta:
        model = Minutes
        fields = ["narrative"]
        widgets = {"narrative": text_area(24)}
        help_texts = {"narrative": MARKDOWN}


class NotebookForm(forms.ModelForm):
    class Meta:
        model = Notebook
        fields = ["title"]


class SectionForm(forms.ModelForm):
    class Meta:
        model = NotebookSection
        fields = ["title", "body"]
        widgets = {"body": text_area(20)}
        help_texts = {"body": MARKDOWN}


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
