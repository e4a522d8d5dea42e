"""The forms of public commitments and of the sheets of cycles."""

from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.validators import URLValidator
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly import clock
from assembly.forms import DateInput, in_order
from assembly.models import SearchEntry
from assembly.templatetags.house import said
from deliberations.forms.fields import area
from deliberations.forms.follow_up import Figure
from deliberations.models import Fiche, Pledge, PledgeMilestone, Proof

IN_ENGLISH = "/en/"


class PledgeForm(forms.ModelForm):
    link = forms.URLField(
        label=gettext_lazy("Page of the partnership"), required=False, assume_scheme="https"
    )

    class Meta:
        model = Pledge
        fields = [
            "reference",
            "title",
            "plan",
            "problem",
            "action",
            "contribution",
            "lead",
            "supporting",
            "starts_on",
            "ends_on",
            "link",
        ]
        widgets = {
            "problem": area(5),
            "action": area(5),
            "contribution": area(5),
            "supporting": area(4),
            "starts_on": DateInput,
            "ends_on": DateInput,
        }

    def clean(self):
        in_order(self, "starts_on", "ends_on")
        return super().clean()


class PledgeMilestoneForm(forms.ModelForm):
    class Meta:
        model = PledgeMilestone
        fields = ["title", "starts_on", "ends_on"]
        widgets = {"starts_on": DateInput, "ends_on": DateInput}
        help_texts = {"title": gettext_lazy("What will have happened, so that anybody can check it.")}

    def clean(self):
        in_order(self, "starts_on", "ends_on")
        return super().clean()


class MoveForm(forms.Form):
    wants_object = True

    state = forms.ChoiceField(
        label=gettext_lazy("Status"), choices=PledgeMilestone.State, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("Reasons"),
        help_text=gettext_lazy("What changed, in words anybody understands: they are published."),
        widget=area(4),
        max_length=3000,
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].initial = object.state


class AssessForm(forms.Form):
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2000, max_value=2200)
    words = forms.CharField(
        label=gettext_lazy("What was done this year"),
        help_text=gettext_lazy("The City’s own view of its progress. Once saved it is never changed."),
        widget=area(8),
        max_length=5000,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = clock.today().year


class EntryChoice(forms.ModelChoiceField):
    def label_from_instance(self, entry):
        return f"{entry.title} – {entry.address}"


class ProofForm(forms.Form):
    """A page found on this site, or any address."""

    entry = EntryChoice(
        SearchEntry.objects.none(),
        label=gettext_lazy("A page of this site"),
        widget=forms.RadioSelect,
        empty_label=gettext_lazy("none of these: the address below"),
        required=False,
        blank=True,
    )
    address = forms.CharField(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("Copied from the browser: a page of this site or of another."),
        max_length=500,
        required=False,
    )
    title = forms.CharField(
        label=gettext_lazy("What it is"),
        help_text=gettext_lazy("Left empty for a page of this site, it takes the title of the page."),
        max_length=300,
        required=False,
    )

    def __init__(self, *args, found, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["entry"].queryset = found
        if not found:
            del self.fields["entry"]

    def clean_address(self):
        address = self.cleaned_data["address"].strip()
        own = urlsplit(settings.SITE_URL).netloc
        if address.startswith("/") or (address and urlsplit(address).netloc == own):
            return a_public_page(urlsplit(address).path)
        if address:
            URLValidator(schemes=["http", "https"])(address)
        return address

    def clean(self):
        given = super().clean()
        if entry := given.get("entry"):
            return {"title": given.get("title") or entry.title, "address": entry.address}
        address, title = given.get("address", ""), given.get("title", "")
        if "address" in self.errors:
            return given
        if not address:
            self.add_error("address", _("Choose a page or give an address."))
            return given
        known = SearchEntry.objects.filter(address=address).first()
        if not title and not known:
            self.add_error("title", _("Say in a few words what is found at this address."))
            return given
        return {"title": title or known.title, "address": address}


def a_public_page(path):
    """The French path of a page of this site, if everybody may open it."""
    path = path.removeprefix(IN_ENGLISH[:-1]) if path.startswith(IN_ENGLISH) else path
    try:
        view = resolve(path).func
    except Resolver404:
        raise forms.ValidationError(_("No page of this site has this address.")) from None
    if getattr(view, "login_required", True):
        raise forms.ValidationError(_("Only those who are logged in read this page: it proves nothing."))
    return path


class WithdrawForm(forms.Form):
    wants_object = True

    proof = forms.ModelChoiceField(
        Proof.objects.none(), label=gettext_lazy("Proof"), widget=forms.RadioSelect, empty_label=None
    )
    reason = forms.CharField(label=gettext_lazy("Reasons"), widget=area(3), max_length=1000)

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["proof"].queryset = object.proofs.standing()
        self.fields["proof"].label_from_instance = lambda proof: said(proof.title)


class FicheForm(forms.ModelForm):
    wants_object = True

    budget = Figure(
        label=gettext_lazy("Cost of the cycle, in euros, allowances included"),
        min_value=0,
        max_digits=12,
        decimal_places=2,
    )

    evaluation_link = forms.URLField(
        label=gettext_lazy("Address of the evaluation"), required=False, assume_scheme="https"
    )

    class Meta:
        model = Fiche
        fields = ["budget", "evaluation", "evaluation_link", "contact"]
        widgets = {"evaluation": area(6)}

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, instance=object, **kwargs)
