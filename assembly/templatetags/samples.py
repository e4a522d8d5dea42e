"""Made-up content for the page of components; no other page uses it."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms, template
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _

register = template.Library()
DAY = date(2023, 3, 1)
MOMENT = datetime(2023, 3, 16, 18, 30, tzinfo=get_default_timezone())


class SampleFilters(forms.Form):
    q = forms.CharField(required=False)
    state = forms.ChoiceField(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["q"].label = _("Words")
        self.fields["state"].label = _("State")
        self.fields["state"].choices = [("", _("all")), ("adopted", _("adopted"))]


class SampleForm(forms.Form):
    title = forms.CharField()
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), required=False)
    held_on = forms.DateField()
    kind = forms.ChoiceField(widget=forms.RadioSelect)
    file = forms.FileField(required=False)
    agreed = forms.BooleanField(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        words = {
            "title": (_("Title"), _("One sentence, starting with a verb.")),
            "text": (_("Text"), ""),
            "held_on": (_("Held on"), _("Day, month, year.")),
            "kind": (_("Kind of meeting"), ""),
            "file": (_("File"), _("CSV, UTF-8 or Windows-1252.")),
            "agreed": (_("I have read the charter"), ""),
        }
        for name, (label, help_text) in words.items():
            self.fields[name].label, self.fields[name].help_text = label, help_text
        self.fields["kind"].choices = [("plenary", _("plenary")), ("hearing", _("hearing"))]
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Fieldset(_("The meeting"), "title", "held_on", "kind", "text"),
            Fieldset(_("Papers"), "file", "agreed"),
        )


@register.simple_tag
def samples():
    return words() | lists() | figures() | {"filters": SampleFilters(prefix="f"), "form": sample_form()}


def sample_form():
    form = SampleForm({"title": _("Read more, everywhere"), "held_on": "31/02/2023"}, auto_id="sample_%s")
    form.is_valid()
    return form


def words():
    return {
        "fingerprint": "3f7a9c1e5b2d8046a1f0c3e7d9b85a62",
        "state": _("draft"),
        "segments": [
            ("=", _("The Council asks that every library open ")),
            ("-", _("as late as it can")),
            ("+", _("one evening a week until 10 pm")),
            ("=", "."),
        ],
        "next_title": _("Choose your workshop"),
        "next_text": _(
            "Three workshops are open. Put them in your order of preference; the allotment is public."
        ),
        "next_when": _("Before Friday at noon"),
        "next_action": _("Give my preferences"),
        "states": [
            ("draft", _("draft")),
            ("in_review", _("in review")),
            ("adopted", _("adopted")),
            ("overdue", _("overdue")),
            ("refused", _("refused with reasons")),
        ],
        "alerts": [
            ("info", _("The draw takes place in public, ten clear days after its announcement.")),
            ("success", _("Done: the notebook is deposited.")),
            ("warning", _("An answer was due three days ago.")),
            ("error", _("Line 12, column 4: this date does not exist.")),
        ],
        "tabs": [
            {"label": _("All"), "url": reverse("components")},
            {"label": _("Words"), "url": "#words"},
            {"label": _("Figures"), "url": "#figures"},
        ],
        "empty_title": _("No hearing yet"),
        "empty_text": _("The first ones are held once the workshops know their members."),
    }


def lists():
    cards = [
        ("adopted", _("adopted"), _("Read more, everywhere"), _("Education")),
        ("under_way", _("under way"), _("Renovate homes, street by street"), _("Environment")),
        ("overdue", _("overdue"), _("Sharing the street"), _("Public space")),
    ]
    text = _("A wish in twelve measures, voted by forty-one members out of forty-four.")
    return {
        "cards": [
            {"state": s, "label": w, "title": t, "workshop": a, "date": DAY + timedelta(15 * n), "text": text}
            for n, (s, w, t, a) in enumerate(cards)
        ],
        "page": Paginator(range(240), 20).page(4),
        "tiles": [
            {"label": _("Members sitting"), "figure": "100", "note": _("80 from the roll, 15, 5")},
            {"label": _("Measures done"), "figure": "27", "note": _("out of 61")},
            {"label": _("Answers due"), "figure": "4", "note": _("this month"), "tone": "due"},
            {"label": _("Overdue"), "figure": "1", "note": _("for three days"), "tone": "bad"},
        ],
        "document": sample_document(_("Summary notebook"), printed=True),
        "unprinted": sample_document(_("Minutes of the plenary"), printed=False),
        "facts": [
            (_("Workshop"), _("Public space")),
            (_("Carrier"), _("The deputy mayor in charge of streets")),
            (_("Council"), _("16 March 2023, 2023 V. 112")),
        ],
        "people": [
            "Amina T.",
            {"name": "Bruno L.", "note": _("rapporteur")},
            "Chloé",
            "Diego R.",
            "Émile",
            "Fatou",
        ],
        "meetings": [
            {"title": t, "date": MOMENT + timedelta(7 * n), "present": 41 - 3 * n, "state": s, "label": w}
            for n, (t, s, w) in enumerate(
                [
                    (_("Opening plenary"), "approved", _("approved")),
                    (_("Hearing of the roads department"), "in_review", _("in review")),
                    (_("Visit of a school street"), "draft", _("draft")),
                ]
            )
        ],
        "steps": [
            {"label": _("Recruitment"), "dates": _("autumn"), "done": True},
            {"label": _("Discovery"), "dates": _("winter"), "done": True},
            {"label": _("Deepening"), "dates": _("spring"), "current": True},
            {"label": _("Council"), "dates": _("summer")},
            {"label": _("Follow-up"), "dates": _("each year")},
        ],
        "journey": [
            {
                "at": MOMENT - timedelta(60),
                "sentence": _("The workshop voted the wish"),
                "role": _("Workshop"),
            },
            {
                "at": MOMENT - timedelta(31),
                "sentence": _("Transmitted to the executive"),
                "role": _("Secretariat"),
            },
            {
                "at": MOMENT,
                "sentence": _("Adopted as amended by the Paris Council"),
                "role": _("Council"),
                "reason": _("Measure 7 was joined to the plan already under way."),
            },
        ],
        "jobs": [
            sample_job("running", _("running"), 62, _("840,000 lines read"), _("Reading the roll")),
            sample_job(
                "failed", _("failed"), 18, _("Line 12: eleven columns instead of ten."), _("Reading a file")
            ),
        ],
    }


def sample_document(title, *, printed):
    return SimpleNamespace(
        title=title,
        get_kind_display=_("document"),
        issued_at=MOMENT,
        is_printed=printed,
        get_absolute_url="#words",
        pdf_url="#words",
        file=SimpleNamespace(size=231_000),
        fingerprint="9b04c2f7e1a35d68",
    )


def sample_job(state, label, percent, message, title):
    return SimpleNamespace(
        state=state,
        get_state_display=lambda: label,
        percent=percent,
        message=message,
        title=title,
        is_active=state == "running",
        get_absolute_url="#jobs",
        retry_url="",
    )


def figures():
    return {
        "composition_title": _("Age of the members"),
        "estimated": _("Shares partly estimated."),
        "composition": [
            {"label": _("16 to 24"), "share": 0.158, "minimum": 14, "maximum": 16, "value": 15},
            {"label": _("25 to 39"), "share": 0.29, "minimum": 28, "maximum": 30, "value": 29},
            {"label": _("40 to 64"), "share": 0.362, "minimum": 35, "maximum": 37, "value": 38},
            {"label": _("65 and over"), "share": 0.19, "minimum": 18, "maximum": 20, "value": 18},
        ],
        "funnel": [
            {"label": _("Letters sent"), "value": 10000},
            {"label": _("Volunteers"), "value": 748},
            {"label": _("Eligible"), "value": 731},
            {"label": _("Drawn"), "value": 100},
        ],
        "tally": {"for": 61, "against": 12, "abstention": 9, "absent": 18},
        "ages_title": _("Volunteers by age"),
        "people_unit": _("people"),
        "age_label": _("Age"),
        "ages": {"16–24": 92, "25–39": 214, "40–54": 187, "55–64": 121, "65–79": 104, "80+": 30},
        "presence_title": _("Members present, meeting after meeting"),
        "presence": [(_("Nov."), 96), (_("Dec."), 91), (_("Jan."), 88), (_("Feb."), 90), (_("March"), 93)],
        "map_title": _("Members by district"),
        "sectors": {"PC": 5}
        | {f"{n:02}": v for n, v in enumerate([3, 2, 2, 2, 3, 4, 7, 6, 8, 6, 11, 8, 7, 9, 9, 8], 5)},
        "districts": {
            f"{n:02}": v
            for n, v in enumerate([1, 1, 2, 1, 3, 2, 2, 2, 3, 4, 7, 6, 8, 6, 11, 8, 7, 9, 9, 8], 1)
        },
    }
