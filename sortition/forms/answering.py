"""The code on a letter, then the answer: five minutes on a phone. Field names are the facts of the acts they feed."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly import clock
from assembly.forms import DateInput
from assembly.templatetags.house import district
from sortition import codes
from sortition.engine import volunteers
from sortition.engine.plain import age_on
from sortition.models import Contact

NOT_KNOWN = gettext_lazy("This code is not known, or answers are closed. Check it against your letter.")


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code on your letter"),
        max_length=40,
        help_text=gettext_lazy("Eight letters and digits, for example K7QM-2XRP. Capitals do not matter."),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "data-from-address": "",
            }
        ),
    )

    def clean_code(self):
        code = codes.normalised(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(NOT_KNOWN)
        return code


def district_choices():
    return [("", _("Choose")), *((f"{number:02}", district(f"{number:02}")) for number in range(1, 21))]


def folded(reason):
    """The reason of a question, for who wants to know it."""
    return format_html('<details class="why"><summary>{}</summary>{}</details>', _("Why we ask"), reason)


why = lazy(folded, str)

HELPS = [
    ("access", gettext_lazy("Step-free rooms")),
    ("hearing", gettext_lazy("Hearing loop or sign language")),
    ("reading", gettext_lazy("Easy-to-read or large-print documents")),
    ("interpreter", gettext_lazy("An interpreter")),
    ("childcare", gettext_lazy("Childcare")),
]


class AnswerForm(forms.Form):
    """Yes or no, then what the draw needs and nothing else, each with its reason."""

    YES, NO = "yes", "no"

    will = forms.ChoiceField(
        label=gettext_lazy("Do you wish to take part in the draw?"),
        choices=[
            (YES, gettext_lazy("Yes, I volunteer")),
            (NO, gettext_lazy("No, I do not wish to")),
        ],
        widget=forms.RadioSelect,
    )
    gender = forms.ChoiceField(
        label=gettext_lazy("You are"),
        choices=[("", gettext_lazy("Choose")), ("F", gettext_lazy("Woman")), ("M", gettext_lazy("Man"))],
        required=False,
        help_text=why(gettext_lazy("The Assembly counts as many women and men as Paris does.")),
    )
    birth_date = forms.DateField(
        label=gettext_lazy("Date of birth"),
        required=False,
        widget=DateInput(attrs={"autocomplete": "bday"}),
        help_text=why(
            gettext_lazy(
                "Every age has its share of the seats. Your age counts on the day of the draw: a birthday after it "
                "changes nothing, even the eighteenth."
            )
        ),
    )
    district = forms.ChoiceField(
        label=gettext_lazy("District where you live"),
        required=False,
        help_text=why(
            gettext_lazy("Every part of Paris has its share of the seats. If you move, change your answer.")
        ),
    )
    diploma = forms.ChoiceField(
        label=gettext_lazy("Highest diploma you hold"),
        required=False,
        help_text=why(
            gettext_lazy("So that all walks of life sit, not only those who studied long. Never public.")
        ),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("To tell you the result, and nothing else."),
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        required=False,
        max_length=25,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    availability = forms.ChoiceField(
        label=gettext_lazy("Could you come about one Saturday a month, for a year?"),
        choices=Contact.Availability,
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("So that the dates suit most people. It plays no part in the draw."),
    )
    helps = forms.MultipleChoiceField(
        label=gettext_lazy("What would help you to take part"),
        choices=HELPS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("It plays no part in the draw."),
    )
    needs = forms.CharField(
        label=gettext_lazy("Something else, in your words"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    consent = forms.BooleanField(
        label=gettext_lazy(
            "I agree that these answers are used for the draw, and deleted at the end of the cycle."
        ),
        required=False,
    )
    ASKED = ("gender", "birth_date", "district", "diploma", "email", "consent")

    def __init__(self, *args, diplomas, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["district"].choices = district_choices()
        self.fields["diploma"].choices = [("", _("Choose")), *diplomas]
        if not diplomas:
            del self.fields["diploma"]
        self.helper = FormHelper()
        self.helper.layout = self.laid_out()

    def laid_out(self):
        criteria = ("gender", "birth_date", "district", "diploma")
        return Layout(
            "will",
            Fieldset(_("About you"), *(name for name in criteria if name in self.fields)),
            Fieldset(_("To reach you"), "email", "phone"),
            Fieldset(_("To welcome you"), "availability", "helps", "needs"),
            "consent",
        )

    @property
    def says_yes(self):
        return self.cleaned_data.get("will") == self.YES

    def clean_birth_date(self):
        born = self.cleaned_data["birth_date"]
        if born and not 0 <= age_on(clock.today(), born) <= 110:
            raise forms.ValidationError(_("This date of birth cannot be right."))
        return born

    def clean_phone(self):
        text = self.cleaned_data["phone"].strip()
        number = volunteers.phone(text) if text else ""
        if number is None or len(number) > 20:
            raise forms.ValidationError(_("This is not a telephone number."))
        return number

    def clean(self):
        data = super().clean()
        if self.says_yes:
            for name in self.ASKED:
                if name in self.fields and name not in self.errors and not data.get(name):
                    self.add_error(name, _("We need this answer to place you in the draw."))
        return data

    def facts(self):
        """What the act of volunteering takes."""
        names = ("gender", "birth_date", "district", "email", "phone", "availability")
        return {name: self.cleaned_data[name] for name in names} | {
            "diploma": self.cleaned_data.get("diploma", ""),
            "needs": self.all_needs,
        }

    @property
    def all_needs(self):
        """What was ticked, in the language of the house, then what was written."""
        with translation.override(settings.LANGUAGE_CODE):
            ticked = [str(label) for key, label in HELPS if key in self.cleaned_data["helps"]]
        return "; ".join([*ticked, *filter(None, [self.cleaned_data["needs"]])])

    def typed(self):
        """What was typed so far, right or wrong, for a draft."""
        kept = {
            name: self.data.get(name, "")[:1000] for name in self.fields if name not in ("consent", "helps")
        }
        helps = [key for key, _label in HELPS if key in self.data.getlist("helps")]
        return {name: value for name, value in (kept | {"helps": helps}).items() if value}
