"""Forms of a member's own affairs: places by hand, needs, discussions, letters."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workshops.models import Enrolment, Message, Need, Provision, Subscription, Thread

MARKDOWN = gettext_lazy("An empty line starts a paragraph; “- ” starts a list; **two stars** make bold.")


class PinForm(forms.Form):
    """Somebody who has no workshop yet, and the one they are placed in by hand."""

    member = forms.ModelChoiceField(label=gettext_lazy("Member"), queryset=None)
    workshop = forms.ModelChoiceField(label=gettext_lazy("Workshop"), queryset=None)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), help_text=gettext_lazy("The member reads it."), max_length=300
    )

    def __init__(self, *args, cycle, **kwargs):
        super().__init__(*args, **kwargs)
        placed = Enrolment.objects.allotted().filter(member__cycle=cycle).values("member")
        self.fields["member"].queryset = (
            cycle.members.seated().exclude(pk__in=placed).select_related("user").order_by("user__name")
        )
        self.fields["workshop"].queryset = cycle.workshops.order_by("position", "pk")


class NeedsForm(forms.Form):
    """A box and a line of words for each kind of need."""

    def __init__(self, *args, told=None, **kwargs):
        super().__init__(*args, **kwargs)
        told = told or {}
        for kind, label in Need.Kind.choices:
            self.fields[kind] = forms.BooleanField(
                label=str(label).capitalize(), help_text=ASKED[kind], required=False, initial=kind in told
            )
            self.fields[f"{kind}_words"] = forms.CharField(
                label=_("%(need)s: in your words") % {"need": str(label).capitalize()},
                required=False,
                max_length=300,
                initial=told.get(kind, ""),
            )

    def clean(self):
        """Words alone tick their box; “something else” is told in words."""
        super().clean()
        data = self.cleaned_data
        told = {
            kind: data.get(f"{kind}_words", "")
            for kind in Need.Kind.values
            if data.get(kind) or data.get(f"{kind}_words")
        }
        if Need.Kind.OTHER in told and not told[Need.Kind.OTHER]:
            self.add_error("other_words", _("Say in a few words what would help you."))
        return {"needs": told}


ASKED = {
    Need.Kind.CHILDCARE: gettext_lazy(
        "Somebody to look after your children during meetings: how many, their ages."
    ),
    Need.Kind.TRANSPORT: gettext_lazy("A taxi, a companion on the way, a ticket paid in advance."),
    Need.Kind.INTERPRETING: gettext_lazy("Which language, French sign language included."),
    Need.Kind.READING: gettext_lazy(
        "Texts read aloud, explained or in large print; somebody to write for you."
    ),
    Need.Kind.ACCESS: gettext_lazy("A wheelchair, a hearing loop, a place near the door, breaks."),
    Need.Kind.OTHER: gettext_lazy("Anything else that would let you take part."),
}


class ProvideForm(forms.Form):
    """Every need of those expected at a meeting: to do, arranged or not possible, and a note."""

    wants_object = True

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.needs = list(Need.objects.at(object).select_related("sheet__member__user"))
        held = {row.need_id: row for row in object.provisions.select_related("by")}
        choices = [("", _("to do")), *Provision.Outcome.choices]
        self.lines = []
        for need in self.needs:
            row = held.get(need.pk)
            outcome, note, seen = f"outcome_{need.pk}", f"note_{need.pk}", f"seen_{need.pk}"
            self.fields[outcome] = forms.ChoiceField(
                label=f"{need.sheet.member.shown_name} – {need}",
                choices=choices,
                required=False,
                initial=row.outcome if row else "",
            )
            self.fields[note] = forms.CharField(
                label=_("Note"), required=False, max_length=200, initial=row.note if row else ""
            )
            was = f"{row.outcome}|{row.note}" if row else "|"
            self.fields[seen] = forms.CharField(widget=forms.HiddenInput, required=False, initial=was)
            self.lines.append((need, row, outcome, note, seen))

    def rows(self):
        """(need, what is held, outcome field, note field, seen field) for the page."""
        return [(need, row, *(self[name] for name in names)) for need, row, *names in self.lines]

    def clean(self):
        data = super().clean()
        marks, seen = {}, {}
        for need, _row, outcome, note, was in self.lines:
            marks[need.pk] = (data.get(outcome, ""), data.get(note, ""))
            seen[need.pk] = tuple((data.get(was) or "|").split("|", 1))
        return {"marks": marks, "seen": seen}


class ThreadForm(forms.ModelForm):
    text = forms.CharField(
        label=gettext_lazy("Your first message"),
        help_text=MARKDOWN,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 7}),
    )

    class Meta:
        model = Thread
        fields = ["title"]
        help_texts = {"title": gettext_lazy("In a few words: “Benches near schools”.")}


class MessageForm(forms.ModelForm):
    text = forms.CharField(
        label=gettext_lazy("Your message"),
        help_text=MARKDOWN,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    class Meta:
        model = Message
        fields = ["text"]


class FlagForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason (optional)"), max_length=300, required=False)


class RhythmForm(forms.Form):
    rhythm = forms.ChoiceField(
        label=gettext_lazy("When do you want to be told of what is new?"),
        choices=Subscription.Rhythm.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Notices of meetings always come at once."),
    )
