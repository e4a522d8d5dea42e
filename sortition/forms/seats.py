"""Seats are followed: calls, papers, confirmations, refusals. Field names are the facts of the acts they feed."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly import clock
from assembly.forms import ReasonForm
from assembly.models import Pool
from sortition import papers
from sortition.models import Call, SeatOffer


def day_field(**options):
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class CallForm(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it"), choices=Call.Outcome.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300}),
        help_text=gettext_lazy(
            "For the secretariat alone: when to call back, what they asked. Nothing about health. Deleted with their contact."
        ),
    )


class WaitForm(forms.Form):
    wants_object = True
    answer_by = day_field(label=gettext_lazy("Answer expected by"))

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer_by"].initial = object.answer_by


class AuthorisationForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("The signed page"),
        widget=forms.FileInput(attrs={"accept": ",".join(papers.ENDINGS)}),
        help_text=gettext_lazy("A PDF or a picture (JPEG or PNG), 10 MB at most."),
    )

    def clean_file(self):
        papers.kind_of(self.cleaned_data["file"])
        return self.cleaned_data["file"]


class ConfirmForm(forms.Form):
    wants_object = True
    email = forms.EmailField(
        label=gettext_lazy("E-mail of the member"),
        help_text=gettext_lazy("Their account is opened with this address, and a letter sent to it."),
    )
    name = forms.CharField(label=gettext_lazy("Name shown to others"), max_length=100)
    charter_on = day_field(label=gettext_lazy("The charter was signed on"))
    charter = forms.CharField(
        label=gettext_lazy("Version of the charter"),
        max_length=80,
        help_text=gettext_lazy("As printed on the page they signed, for example “charter of 12 May 2026”."),
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        contact = object.volunteer.contact
        last = SeatOffer.objects.filter(draw__cycle=object.cycle).exclude(charter="").order_by("-charter_on")
        self.fields["name"].initial = object.shown_name
        self.fields["email"].initial = contact.email if contact else ""
        self.fields["charter"].initial = last.values_list("charter", flat=True).first() or ""
        if object.is_minor:
            self.fields["name"].help_text = _("A minor’s surname is never shown: first name only.")

    def clean_charter_on(self):
        day = self.cleaned_data["charter_on"]
        if day > clock.today():
            raise ValidationError(_("The charter cannot be signed on a day still to come."))
        return day


class RefusalForm(ReasonForm):
    call = forms.TypedChoiceField(
        label=gettext_lazy("The seat left empty"),
        coerce=lambda value: value == "now",
        choices=[
            ("now", gettext_lazy("is offered at once to the next of the reserve")),
            ("later", gettext_lazy("waits for a complementary draw")),
        ],
        initial="now",
        widget=forms.RadioSelect,
    )


class SeatFilters(forms.Form):
    pool = forms.ModelChoiceField(
        Pool.objects.none(), label=gettext_lazy("Pool"), required=False, empty_label=gettext_lazy("all")
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, *args, cycle, states, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pool"].queryset = cycle.pools.all()
        self.fields["state"].choices = [("", _("all")), *states]
