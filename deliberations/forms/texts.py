"""The forms of mandates, texts, votes and measures: their fields are the particulars of the acts."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.forms import DateInput
from deliberations.forms.fields import area
from deliberations.models import (
    Ballot,
    BallotPaper,
    CouncilItem,
    Proposal,
    Recommendation,
    WorkingMandate,
)
from workshops.forms.fields import MomentInput
from workshops.models import Meeting


class WorkingMandateForm(forms.ModelForm):
    class Meta:
        model = WorkingMandate
        fields = [
            "sentence",
            "notebook",
            "context",
            "expected_product",
            "limits",
            "deputy_mayor",
            "directorate",
        ]
        widgets = {
            "sentence": area(2),
            "context": area(5),
            "expected_product": area(3),
            "limits": area(3),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        notebooks = self.fields["notebook"].queryset.public().filter(workshop=self.instance.workshop_id)
        self.fields["notebook"].queryset = notebooks


class ProposalForm(forms.ModelForm):
    class Meta:
        model = Proposal
        fields = ["kind", "title", "plain_summary"]
        widgets = {"plain_summary": area(4), "kind": forms.RadioSelect}
        help_texts = {
            "title": gettext_lazy("As the Council writes it: “Vœu relatif à…”."),
            "plain_summary": gettext_lazy("Two or three sentences anybody understands."),
        }


class ReasonsForm(forms.Form):
    """Reasons that become public."""

    reason = forms.CharField(
        label=gettext_lazy("Reasons"),
        help_text=gettext_lazy("They are published with the text."),
        widget=area(5),
        max_length=5000,
    )


class OpenBallotForm(forms.Form):
    wants_object = True

    mode = forms.ChoiceField(
        label=gettext_lazy("How members vote"),
        choices=Ballot.Mode.choices,
        initial=Ballot.Mode.HANDS,
        widget=forms.RadioSelect,
    )
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label=gettext_lazy("Meeting at which the vote is held"), required=False
    )
    closes_at = forms.DateTimeField(
        label=gettext_lazy("Open until"),
        help_text=gettext_lazy(
            "For a vote online. Members are reminded on the last day; it then counts itself."
        ),
        widget=MomentInput,
        required=False,
    )
    question = forms.CharField(
        label=gettext_lazy("Question"),
        help_text=gettext_lazy("Left empty, the question is: do you adopt this text?"),
        required=False,
        max_length=500,
    )
    majority = forms.ChoiceField(
        label=gettext_lazy("Majority"), choices=Ballot.Majority.choices, initial=Ballot.Majority.SIMPLE
    )
    base = forms.ChoiceField(
        label=gettext_lazy("Share of what"),
        help_text=gettext_lazy("For an absolute majority or two thirds; a simple majority has no base."),
        choices=Ballot.Base.choices,
        initial=Ballot.Base.CAST,
        required=False,
    )
    in_plenary = False

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        meetings = Meeting.objects.filter(cycle=object.cycle)
        plenary = self.in_plenary or not isinstance(object, Proposal)
        self.fields["meeting"].queryset = meetings.filter(workshop=None if plenary else object.workshop)
        self.fields["majority"].required = False

    def clean(self):
        given = super().clean()
        online = given.get("mode") == Ballot.Mode.ONLINE
        if online and not given.get("closes_at") and "closes_at" not in self.errors:
            self.add_error("closes_at", _("Say until when members may vote."))
        return given if online else given | {"closes_at": None}


class OpenPlenaryBallotForm(OpenBallotForm):
    in_plenary = True


class CountForm(forms.Form):
    """Three figures, as one teller counted them."""

    votes_for = forms.IntegerField(label=gettext_lazy("Voices for"), min_value=0, max_value=100_000)
    votes_against = forms.IntegerField(label=gettext_lazy("Voices against"), min_value=0, max_value=100_000)
    abstentions = forms.IntegerField(label=gettext_lazy("Abstentions"), min_value=0, max_value=100_000)


class CloseBallotForm(CountForm):
    """A vote in the room brings the second count; an online vote is counted from its papers."""

    wants_object = True

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        if not object.is_in_the_room:
            self.fields.clear()


class MinorityNoteForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Note of the minority"),
        help_text=gettext_lazy("It is printed with the text and published with the result. Names nobody."),
        widget=area(8),
        max_length=5000,
    )


class CastForm(forms.Form):
    choice = forms.ChoiceField(
        label=gettext_lazy("Your vote"), choices=BallotPaper.Choice.choices, widget=forms.RadioSelect
    )


class CarryForm(forms.Form):
    carrier = forms.CharField(
        label=gettext_lazy("Who files it before the Council"),
        help_text=gettext_lazy("Name and office. The workshop remains its author."),
        max_length=150,
    )


class FileForm(forms.ModelForm):
    class Meta:
        model = CouncilItem
        fields = ["committee", "number", "attached_to"]


class AgendaForm(forms.ModelForm):
    session_on = forms.DateField(label=gettext_lazy("Session of"), widget=DateInput)

    class Meta:
        model = CouncilItem
        fields = ["session_on", "number", "opinion"]


class DecideForm(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("What the Council decided"), choices=Proposal.OUTCOMES, widget=forms.RadioSelect
    )
    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        help_text=gettext_lazy("As the Council cites it: 2023, V. 255."),
        required=False,
        max_length=60,
    )
    link = forms.URLField(
        label=gettext_lazy("Link to the official record"), required=False, assume_scheme="https"
    )
    reason = forms.CharField(
        label=gettext_lazy("What was said"),
        help_text=gettext_lazy("For a text rejected or postponed: the reasons given in session."),
        required=False,
        widget=area(3),
        max_length=2000,
    )


class FollowUpForm(forms.Form):
    """One directorate for each measure of the adopted text."""

    wants_object = True

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        item = object.council
        adopted = item.adopted_version if item else None
        self.measures = adopted.asks if adopted else []
        for number, measure in enumerate(self.measures, 1):
            self.fields[f"owner_{number}"] = forms.CharField(
                label=_("Directorate in charge of measure %s") % number,
                help_text=measure["text"][:300],
                max_length=150,
                required=False,
            )

    def clean(self):
        given = super().clean()
        numbered = enumerate(self.measures, 1)
        return {"owners": {row["id"]: given.get(f"owner_{number}", "") for number, row in numbered}}


class RecommendationForm(forms.ModelForm):
    class Meta:
        model = Recommendation
        fields = ["text"]
        widgets = {"text": area(4, maxlength=3000)}


class RewordForm(forms.Form):
    wants_object = True

    text = forms.CharField(
        label=gettext_lazy("Recommendation"),
        help_text=gettext_lazy("Until it is handed over; the words it had are kept."),
        widget=area(4),
        max_length=3000,
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].initial = object.text


class TraceForm(forms.Form):
    wants_object = True

    proposal = forms.ModelChoiceField(Proposal.objects.none(), label=gettext_lazy("Text that carries it"))

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["proposal"].queryset = Proposal.objects.filter(workshop=object.workshop)


# What lists are sorted by ------------------------------------------------------
