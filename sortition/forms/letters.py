"""The roll, and the answers to its letters. Field names are the facts of the acts they feed."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly import clock
from assembly.forms import DateInput
from assembly.models import Pool
from assembly.templatetags.house import district
from sortition import codes
from sortition.engine import volunteers
from sortition.engine.plain import age_on


class RegisterForm(forms.Form):
    pool = forms.ModelChoiceField(Pool.objects.none(), label=gettext_lazy("Pool"), empty_label=None)
    file = forms.FileField(
        label=gettext_lazy("Electoral roll"),
        help_text=gettext_lazy(
            "The file as the registrar exports it: CSV or Excel, any usual encoding, up to 1 GB."
        ),
    )
    seed = forms.CharField(
        label=gettext_lazy("Seed"),
        max_length=300,
        help_text=gettext_lazy(
            "A text nobody controls: dice, a public draw of that day. It decides who is drawn."
        ),
    )
    letters = forms.IntegerField(label=gettext_lazy("Letters to send"), min_value=1, max_value=1_000_000)

    def __init__(self, *args, cycle, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pool"].queryset = cycle.pools.filter(source=Pool.Source.ROLL)
        self.fields["letters"].initial = cycle.letters


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code on your letter"),
        max_length=40,
        help_text=gettext_lazy("Eight letters and digits, for example K7QM-2XRP. Capitals do not matter."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_code(self):
        code = codes.normalised(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(NOT_KNOWN)
        return code


NOT_KNOWN = gettext_lazy("This code is not known, or answers are closed. Check it against your letter.")


def district_choices():
    return [("", _("Choose")), *((f"{number:02}", district(f"{number:02}")) for number in range(1, 21))]


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
        label=gettext_lazy("Gender"),
        choices=[("", gettext_lazy("Choose")), ("F", gettext_lazy("Woman")), ("M", gettext_lazy("Man"))],
        required=False,
        help_text=gettext_lazy("Why we ask: the Assembly counts as many women and men as Paris does."),
    )
    birth_date = forms.DateField(
        label=gettext_lazy("Date of birth"),
        required=False,
        widget=DateInput(attrs={"autocomplete": "bday"}),
        help_text=gettext_lazy("Why we ask: every age has its share of the seats."),
    )
    district = forms.ChoiceField(
        label=gettext_lazy("District where you live"),
        required=False,
        help_text=gettext_lazy("Why we ask: every part of Paris has its share of the seats."),
    )
    diploma = forms.ChoiceField(
        label=gettext_lazy("Highest diploma you hold"),
        required=False,
        help_text=gettext_lazy(
            "Why we ask: so that all walks of life sit, not only those who studied long. Never public."
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
    needs = forms.CharField(
        label=gettext_lazy("What would help you to take part"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Accessible rooms, an interpreter, childcare… It plays no part in the draw."),
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
        self.helper.layout = Layout(
            "will",
            Fieldset(_("About you"), *(name for name in self.ASKED[:4] if name in self.fields)),
            Fieldset(_("To reach you"), "email", "phone", "needs"),
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
        names = ("gender", "birth_date", "district", "email", "phone", "needs")
        return {name: self.cleaned_data[name] for name in names} | {
            "diploma": self.cleaned_data.get("diploma", "")
        }


class ReturnedForm(forms.Form):
    codes = forms.CharField(
        label=gettext_lazy("Codes of the letters that came back"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("One a line, as read on the envelopes."),
    )

    def clean_codes(self):
        lines = [line.strip() for line in self.cleaned_data["codes"].splitlines() if line.strip()]
        wrong = [number for number, line in enumerate(lines, 1) if not codes.normalised(line)]
        if wrong:
            raise forms.ValidationError(
                _("Line %(line)s is not a code of ours: eight letters and digits."), params={"line": wrong[0]}
            )
        return list(dict.fromkeys(codes.normalised(line) for line in lines))
