"""Forms of the watch, priorities, visits and training, partners."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly import clock, pictures
from assembly.forms import DateInput
from assembly.templatetags.house import district
from workshops.forms.fields import MARKDOWN, MomentInput, text_area
from workshops.models import (
    Meeting,
    Outing,
    Partner,
    PartnerInvitation,
    PressReview,
    PrioritySubject,
    PriorityVote,
    Referral,
    WatchItem,
)

DISTRICTS = [f"{number:02}" for number in range(1, 21)]


def district_choices(empty):
    return [("", empty), *((code, district(code)) for code in DISTRICTS)]


def subjects_of(instance):
    """Those of the workshop, and those of the whole Assembly."""
    rows = PrioritySubject.objects.standing().filter(cycle=instance.cycle)
    return (rows.filter(workshop=instance.workshop_id) | rows.filter(workshop=None)).order_by("title")


class NotAfterToday:
    def clean_happened_on(self):
        day = self.cleaned_data["happened_on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        return day


# The watch -------------------------------------------------------------------


class WatchForm(NotAfterToday, forms.ModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["subject"].queryset = subjects_of(self.instance)
        self.fields["subject"].empty_label = _("none of these")


class ArticleForm(WatchForm):
    link = forms.URLField(label=gettext_lazy("Link"), max_length=500, assume_scheme="https")

    class Meta:
        model = WatchItem
        fields = ["link", "title", "source", "happened_on", "subject", "comment"]
        widgets = {"happened_on": DateInput, "comment": text_area(5)}
        labels = {"happened_on": gettext_lazy("Published on"), "title": gettext_lazy("Title of the article")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source"].required = True

    def clean_link(self):
        link = self.cleaned_data["link"]
        same = WatchItem.objects.shared().filter(workshop=self.instance.workshop_id, link=link)
        if same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Somebody shared this article already."))
        return link


class ObservationForm(WatchForm):
    class Meta:
        model = WatchItem
        fields = ["title", "district", "happened_on", "subject", "comment", "picture", "shows"]
        widgets = {"happened_on": DateInput, "comment": text_area(5), "picture": forms.FileInput}
        labels = {
            "title": gettext_lazy("What you saw, in one sentence"),
            "happened_on": gettext_lazy("Seen on"),
        }
        help_texts = {
            "picture": gettext_lazy("Optional. It is made smaller, and forgets where and when it was taken.")
        }

    district = forms.ChoiceField(label=gettext_lazy("District"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["district"].choices = district_choices("–")
        if self.instance.picture:
            self.fields["picture"].help_text = _("A picture is kept; send another one to replace it.")
        self.fields["picture"].widget.attrs["accept"] = "image/jpeg,image/png,image/webp"

    def clean_picture(self):
        picture = self.cleaned_data.get("picture")
        return pictures.cleaned(picture) if picture and "picture" in self.changed_data else picture

    def clean(self):
        super().clean()
        if self.cleaned_data.get("picture") and not self.cleaned_data.get("shows"):
            self.add_error("shows", _("Say in a few words what the picture shows."))


class WatchFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("Search"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("", gettext_lazy("All")), *WatchItem.Kind.choices],
        required=False,
    )
    subject = forms.ModelChoiceField(
        label=gettext_lazy("Subject"),
        queryset=PrioritySubject.objects.none(),
        required=False,
        empty_label=gettext_lazy("All subjects"),
    )

    def __init__(self, *args, workshop, **kwargs):
        super().__init__(*args, **kwargs)
        rows = PrioritySubject.objects.filter(watchitems__workshop=workshop).distinct()
        self.fields["subject"].queryset = rows


class ReviewForm(forms.ModelForm):
    class Meta:
        model = PressReview
        fields = ["title", "since", "until", "introduction"]
        widgets = {"since": DateInput, "until": DateInput, "introduction": text_area(5)}
        help_texts = {"introduction": MARKDOWN}


class ReviewItemsForm(ReviewForm):
    """Once the period is known: what was shared then, to be ticked."""

    class Meta(ReviewForm.Meta):
        fields = [*ReviewForm.Meta.fields, "items"]
        widgets = {**ReviewForm.Meta.widgets, "items": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        review = self.instance
        rows = WatchItem.objects.shared().filter(cycle=review.cycle, workshop=review.workshop_id)
        self.fields["items"].queryset = rows.within(review.since, review.until)


# Priority subjects -----------------------------------------------------------


class SubjectForm(forms.ModelForm):
    class Meta:
        model = PrioritySubject
        fields = ["title", "why"]
        widgets = {"why": text_area(5)}

    def clean_title(self):
        title = self.cleaned_data["title"]
        if subjects_of(self.instance).filter(title__iexact=title).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("This subject is proposed already: support it."))
        return title


class VoteForm(forms.ModelForm):
    class Meta:
        model = PriorityVote
        fields = [
            "title",
            "subjects",
            "mode",
            "closes_at",
            "method",
            "voices",
            "meeting",
            "keeps",
            "quorum_percent",
        ]
        widgets = {"subjects": forms.CheckboxSelectMultiple, "closes_at": MomentInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        vote = self.instance
        rows = PrioritySubject.objects.filter(cycle=vote.cycle, workshop=vote.workshop_id)
        self.fields["subjects"].queryset = rows.filter(state=PrioritySubject.State.PROPOSED)
        meetings = Meeting.objects.filter(cycle=vote.cycle, workshop=vote.workshop_id)
        self.fields["meeting"].queryset = meetings.exclude(state=Meeting.State.CANCELLED)
        if vote.pk is None:
            self.fields["quorum_percent"].initial = vote.cycle.quorum_percent

    def clean(self):
        given = super().clean()
        if "subjects" in given and len(given["subjects"]) < 2:
            self.add_error("subjects", _("A vote needs at least two subjects."))
        return given


class CastForm(forms.Form):
    """One list a choice: as many as the vote gives, the first one first."""

    wants_object = True

    def __init__(self, *args, object, given=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.subjects = {str(subject.pk): subject for subject in object.subjects.all()}
        choices = [("", "–"), *((key, subject.title) for key, subject in self.subjects.items())]
        for rank in range(1, min(object.voices, len(self.subjects)) + 1):
            self.fields[f"choice_{rank}"] = forms.ChoiceField(
                label=_("Choice number %(rank)s") % {"rank": rank},
                choices=choices,
                required=rank == 1,
                initial=str(given[rank - 1]) if rank <= len(given) else "",
            )

    def clean(self):
        super().clean()
        chosen = [value for value in self.cleaned_data.values() if value]
        if len(set(chosen)) < len(chosen):
            raise forms.ValidationError(_("Choose each subject once."))
        self.cleaned_data = {"choices": [self.subjects[key] for key in chosen]}
        return self.cleaned_data


class CountForm(forms.Form):
    """The hands counted for each subject."""

    wants_object = True
    present = forms.IntegerField(
        label=gettext_lazy("People who could vote in the room"), min_value=1, max_value=1000
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        for subject in object.subjects.all():
            self.fields[f"hands_{subject.pk}"] = forms.IntegerField(
                label=_("Hands for “%(subject)s”") % {"subject": subject.title}, min_value=0, max_value=1000
            )

    def clean(self):
        given = super().clean()
        hands = {int(name[6:]): count for name, count in given.items() if name.startswith("hands_")}
        self.cleaned_data = {"present": given.get("present"), "hands": hands}
        return self.cleaned_data


# Visits and training ---------------------------------------------------------


class OutingForm(forms.ModelForm):
    class Meta:
        model = Outing
        fields = ["theme", "places", "closes_at", "practical"]
        widgets = {"closes_at": MomentInput, "practical": text_area(5)}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.state == Outing.State.OPEN:
            del self.fields["places"]


class ResizeForm(forms.Form):
    wants_object = True
    places = forms.IntegerField(label=gettext_lazy("Places"), min_value=1, max_value=1000)

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["places"].initial = object.places


# Partners --------------------------------------------------------------------


class PartnerForm(forms.ModelForm):
    district = forms.ChoiceField(label=gettext_lazy("District"), required=False)
    website = forms.URLField(label=gettext_lazy("Website"), required=False, assume_scheme="https")

    class Meta:
        model = Partner
        fields = ["name", "kind", "district", "mission", "website", "contact", "is_active"]
        widgets = {"mission": text_area(4)}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["district"].choices = district_choices(_("all Paris"))


class InvitationForm(forms.ModelForm):
    class Meta:
        model = PartnerInvitation
        fields = ["partner", "people", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = Partner.objects.public()


class ReferralForm(forms.ModelForm):
    class Meta:
        model = Referral
        fields = ["direction", "partner", "title", "text", "subject", "sent_on", "due_on"]
        widgets = {"text": text_area(8), "sent_on": DateInput, "due_on": DateInput}
        help_texts = {"text": MARKDOWN}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = Partner.objects.public()
        self.fields["subject"].queryset = subjects_of(self.instance)
        self.fields["subject"].empty_label = _("none of these")

    def clean_sent_on(self):
        day = self.cleaned_data["sent_on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        return day


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("Answer"), help_text=MARKDOWN, max_length=20_000, widget=text_area(8)
    )
    answered_on = forms.DateField(label=gettext_lazy("Answered on"), widget=DateInput, initial=clock.today)
