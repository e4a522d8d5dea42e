"""What the secretariat types for others, tries before the opening, corrects and decides."""

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly import clock
from assembly.forms import DateInput
from assembly.models import Pool
from sortition import codes
from sortition.forms.answering import AnswerForm, district_choices
from sortition.models import Contact, Invitation, Likeness, Volunteer

S = Volunteer.Source


class TypedAnswerForm(AnswerForm):
    """An answer that came on paper or by telephone: the same questions, the same checks."""

    source = forms.ChoiceField(
        label=gettext_lazy("How it came"),
        choices=[(one, one.label) for one in (S.PAPER, S.PHONE)],
        widget=forms.RadioSelect,
    )
    received_on = forms.DateField(
        label=gettext_lazy("Received on"),
        initial=clock.today,
        widget=DateInput,
        help_text=gettext_lazy("What was received in time may be typed later, until the pool is frozen."),
    )
    code = forms.CharField(
        label=gettext_lazy("Code of the letter"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Without a letter, leave it empty: choose the pool and write the name below."),
    )
    pool = forms.ModelChoiceField(
        Pool.objects.none(), label=gettext_lazy("Pool, without a letter"), required=False, empty_label="–"
    )
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=150, required=False)
    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=150, required=False)
    address = forms.CharField(label=gettext_lazy("Address"), max_length=300, required=False)
    postcode = forms.CharField(label=gettext_lazy("Postcode"), max_length=10, required=False)
    ASKED = ("gender", "birth_date", "district", "diploma", "consent")

    def __init__(self, *args, cycle, **kwargs):
        self.cycle, self.letter = cycle, None
        super().__init__(*args, **kwargs)
        self.fields["pool"].queryset = cycle.pools.filter(source=Pool.Source.LIST)
        self.fields["consent"].label = _("They agree that these answers are used for the draw.")
        self.fields["email"].help_text = ""

    def laid_out(self):
        who = ("code", "pool", "last_name", "first_name", "address", "postcode")
        return Layout(
            Fieldset(_("How it came"), "source", "received_on"),
            Fieldset(_("Whose answer"), *who),
            *super().laid_out().fields,
        )

    def clean_received_on(self):
        day = self.cleaned_data["received_on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day has not come yet."))
        if self.cycle.response_until and day > self.cycle.response_until:
            raise forms.ValidationError(_("Received after the last day: this answer cannot be taken."))
        return day

    def clean_code(self):
        typed = self.cleaned_data["code"].strip()
        if typed:
            self.letter = Invitation.objects.with_code(typed)
            if self.letter is None or self.letter.cycle != self.cycle:
                raise forms.ValidationError(_("No letter of this cycle carries this code."))
        return typed and codes.normalised(typed)

    def clean(self):
        data = super().clean()
        if not data.get("code") and "code" not in self.errors:
            for name in ("pool", "last_name", "first_name"):
                if not data.get(name):
                    self.add_error(name, _("Without a code, this is needed."))
            if not self.says_yes:
                self.add_error("will", _("A no is only noted for a letter."))
        if self.says_yes and not (data.get("email") or data.get("phone") or data.get("code")):
            self.add_error("phone", _("An e-mail or a telephone number is needed to tell them the result."))
        return data

    @property
    def contact(self):
        """Who answers, where no letter says it."""
        names = ("last_name", "first_name", "address", "postcode")
        return Contact(**{name: self.cleaned_data[name] for name in names})


class TrialForm(AnswerForm):
    pool = forms.ModelChoiceField(
        Pool.objects.none(), label=gettext_lazy("As somebody of the pool"), empty_label=None
    )

    def __init__(self, *args, cycle, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pool"].queryset = cycle.pools.all()

    def laid_out(self):
        return Layout("pool", *super().laid_out().fields)


class CorrectForm(forms.Form):
    """What has changed; what is left empty stays as it was."""

    wants_object = True
    gender = forms.ChoiceField(label=gettext_lazy("Gender"), required=False)
    birth_date = forms.DateField(label=gettext_lazy("Date of birth"), required=False, widget=DateInput)
    district = forms.ChoiceField(label=gettext_lazy("District where they live"), required=False)
    diploma = forms.ChoiceField(label=gettext_lazy("Highest diploma"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("For example: moved house. It stands in the journal: nothing personal here."),
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        from sortition.eligibility import diplomas_of

        same = ("", _("as it is"))
        self.fields["gender"].choices = [same, ("F", _("Woman")), ("M", _("Man"))]
        self.fields["district"].choices = [same, *district_choices()[1:]]
        self.fields["diploma"].choices = [same, *diplomas_of(object.cycle)]

    def clean(self):
        data = super().clean()
        if not any(data.get(name) for name in ("gender", "birth_date", "district", "diploma")):
            raise forms.ValidationError(_("Nothing is changed: fill in what is no longer right."))
        return data


class MergeForm(forms.Form):
    """One person answered twice: which answer counts."""

    wants_object = True
    keep = forms.ChoiceField(label=gettext_lazy("Which answer counts"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("It stands in the journal: nothing personal here."),
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        K = Likeness.Keep
        if object.within_the_cycle:
            choices = [(K.FIRST, K.FIRST.label), (K.SECOND, K.SECOND.label)]
        else:
            choices = [
                (K.BOTH, _("The answer of this cycle counts; the other cycle is over for them")),
                (K.SECOND, _("The answer of this cycle is set aside")),
            ]
        self.fields["keep"].choices = choices


class LikenessFilters(forms.Form):
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("to decide")), ("decided", _("decided"))]
