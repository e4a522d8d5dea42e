"""The forms of requests, of counter-proposals to a mandate, and of what recommendations rest on."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.forms import DateInput, in_order
from assembly.models import Member
from deliberations.forms.fields import Filters, any_of, area
from deliberations.models import Instrument, Request, Wording
from workshops import evidence
from workshops.models import Meeting, own_workshops

# Requests --------------------------------------------------------------------


class RequestForm(forms.ModelForm):
    class Meta:
        model = Request
        fields = ["kind", "workshop", "title", "text"]
        widgets = {"kind": forms.RadioSelect, "text": area(8)}
        help_texts = {"text": gettext_lazy("A few paragraphs anybody understands: they will be public.")}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Instrument.choices
        rows = self.instance.cycle.workshops.all()
        if not user.holds("secretariat", self.instance.cycle):
            rows = rows.filter(pk__in=own_workshops(user))
        self.fields["workshop"].queryset = rows
        self.fields["workshop"].empty_label = _("the whole Assembly")
        self.fields["workshop"].help_text = ""


class GrantForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("Answer"),
        help_text=gettext_lazy("It is published with the request."),
        widget=area(5),
        required=False,
        max_length=10_000,
    )
    due_on = forms.DateField(label=gettext_lazy("Expected by"), widget=DateInput, required=False)


class RefusalForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reasons"),
        help_text=gettext_lazy("Everybody will read them."),
        widget=area(5),
        max_length=5000,
    )


class MissionMembersForm(forms.Form):
    wants_object = True

    members = forms.ModelMultipleChoiceField(
        Member.objects.none(),
        label=gettext_lazy("Members of the mission"),
        help_text=gettext_lazy("The public reads how many they are, never who."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["members"]
        field.queryset = object.cycle.members.seated().select_related("user").order_by("user__name")
        field.label_from_instance = lambda member: member.shown_name
        field.initial = list(object.members.values_list("pk", flat=True))


class HeldForForm(forms.Form):
    wants_object = True

    meeting = forms.ModelChoiceField(Meeting.objects.none(), label=gettext_lazy("Meeting or hearing"))

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        cycles = [pk for pk in (object.cycle_id, object.jury_id) if pk]
        rows = Meeting.objects.filter(cycle__in=cycles).exclude(state=Meeting.State.CANCELLED)
        self.fields["meeting"].queryset = rows.exclude(requests=object).order_by("-starts_at")


class NoLongerHeldForForm(forms.Form):
    wants_object = True

    meeting = forms.ModelChoiceField(
        None, label=gettext_lazy("Meeting linked by mistake"), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = object.meetings.order_by("starts_at")


class ConveneForm(forms.Form):
    seats = forms.IntegerField(
        label=gettext_lazy("Seats"),
        help_text=gettext_lazy("Targets are computed for this number from the population of Paris."),
        min_value=1,
        max_value=1000,
    )
    starts_on = forms.DateField(label=gettext_lazy("Starts on"), widget=DateInput)
    ends_on = forms.DateField(label=gettext_lazy("Ends on"), widget=DateInput)

    def clean(self):
        in_order(self, "starts_on", "ends_on")
        return self.cleaned_data


class ReportForm(forms.Form):
    outcome = forms.CharField(
        label=gettext_lazy("What came out of it"),
        help_text=gettext_lazy(
            "The answer given, the report, the date obtained. It is printed and published."
        ),
        widget=area(12),
        max_length=50_000,
    )


class RequestFilters(Filters):
    kind = forms.ChoiceField(label=gettext_lazy("Instrument"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = any_of(_("All instruments"), Instrument.choices)
        self.fields["state"].choices = any_of(_("All"), Request.State.choices)


class LimitsForm(forms.Form):
    """How often a cycle may use each instrument; nothing typed, no limit."""

    def __init__(self, *args, limits, **kwargs):
        super().__init__(*args, **kwargs)
        for kind, label in Instrument.choices:
            self.fields[kind] = forms.IntegerField(
                label=str(label).capitalize(),
                initial=limits.get(kind),
                required=False,
                min_value=0,
                max_value=1000,
            )


# Counter-proposals to a mandate ----------------------------------------------


class WordingForm(forms.ModelForm):
    class Meta:
        model = Wording
        fields = ["sentence", "expected_product", "limits", "reason"]
        widgets = {
            "sentence": area(2),
            "expected_product": area(3),
            "limits": area(3),
            "reason": area(4),
        }
        help_texts = {
            "sentence": gettext_lazy(
                "Starts with a verb. The words of the executive are there to be changed."
            ),
            "reason": gettext_lazy("Two or three sentences: the executive and the plenary read them."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("sentence", "expected_product", "limits"):
            self.fields[name].initial = getattr(self.instance.mandate, name)


class AcceptWordingForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("A word to the members"), widget=area(3), required=False, max_length=3000
    )


# What a recommendation rests on ----------------------------------------------


class SourceForm(forms.Form):
    """One of the things the workshop has, or a title and an address from outside."""

    wants_object = True

    source = forms.ChoiceField(label=gettext_lazy("What it rests on"), required=False)
    note = forms.CharField(
        label=gettext_lazy("What it shows"),
        help_text=gettext_lazy("A page, a figure, a sentence heard."),
        required=False,
        max_length=300,
    )
    title = forms.CharField(label=gettext_lazy("Title"), required=False, max_length=300)
    url = forms.URLField(
        label=gettext_lazy("Address on the web"), required=False, max_length=500, assume_scheme="https"
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [
            ("", _("something else, named below")),
            *((label, rows) for label, rows in evidence.choices(object.workshop) if rows),
        ]
        self.helper = FormHelper()
        self.helper.layout = Layout("source", "note", Fieldset(_("If it is not in the list"), "title", "url"))

    def clean(self):
        given = super().clean()
        model, _sep, number = given.get("source", "").partition("-")
        if not model and not given.get("title"):
            self.add_error("source", _("Choose from the list, or give a title below."))
        if not model:
            return given | {"source": None}
        return given | {"source": apps.get_model(model).objects.get(pk=number), "title": "", "url": ""}


class SourceTakenAwayForm(forms.Form):
    wants_object = True

    evidence = forms.ModelChoiceField(
        None, label=gettext_lazy("What it no longer rests on"), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["evidence"].queryset = object.sources.all()
