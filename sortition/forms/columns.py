"""Which column says what, and which word means which category."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly import paris
from assembly.templatetags.house import district
from sortition import columns
from sortition.engine import plain
from sortition.engine.volunteers import DIPLOMAS, WORDED

DIPLOMAS_SAID = {
    "SANS_CEP": gettext_lazy("No diploma, or end of primary school"),
    "BEPC": gettext_lazy("Brevet (lower secondary school)"),
    "CAP_BEP": "CAP, BEP",
    "BAC": gettext_lazy("Baccalauréat"),
    "BAC2": "Bac + 2",
    "BAC3_4": gettext_lazy("Bac + 3 or + 4"),
    "BAC5P": gettext_lazy("Bac + 5 or more"),
    "EN_ETUDES": gettext_lazy("Studying"),
}
#: What the levels above become where a cycle counts them together.
GROUPED = {*DIPLOMAS, *paris.DIPLOMA_GROUPS.values()}


class ColumnsForm(forms.Form):
    """Built from the file itself: a choice for each thing to know, then one for each word nobody knows."""

    def __init__(self, *args, found, at, words, diplomas, **kwargs):
        super().__init__(*args, **kwargs)
        self.found, self.at = found, at
        self.asked = {name: found.words_of(name, at) for name in WORDED}
        choices = [("", "–"), *((place, self.heading(place)) for place in range(len(found.header)))]
        for name, label in columns.FIELDS.items():
            self.fields[f"column-{name}"] = forms.TypedChoiceField(
                label=label,
                choices=choices,
                coerce=int,
                empty_value=None,
                required=False,
                initial=at.get(name, ""),
            )
        meanings = self.meanings(diplomas)
        for name, rows in self.asked.items():
            for number, (word, count, meaning) in enumerate(rows):
                said = words.get(name, {}).get(plain.words(word))
                self.fields[f"word-{name}-{number}"] = forms.ChoiceField(
                    label=f"{word} ({count})",
                    choices=[("", _("not known: leave it for a person")), *meanings[name]],
                    required=False,
                    initial=meaning if said is None else said,
                )
        self.helper = FormHelper()
        self.helper.layout = self.laid_out()

    def heading(self, place):
        """A column by its rank, its heading and two of its cells."""
        samples = ", ".join(self.found.samples[place])
        name = f"{place + 1}. {self.found.header[place] or _('no heading')}"
        return f"{name} ({samples})" if samples else name

    @staticmethod
    def meanings(diplomas):
        titles = dict(diplomas)
        levels = [(key, titles.get(key) or str(DIPLOMAS_SAID[key])) for key in DIPLOMAS]
        levels += [(key, title) for key, title in diplomas if key not in GROUPED]
        return {
            "sex": [("F", _("Woman")), ("M", _("Man"))],
            "diploma": levels,
            "district": [(f"{number:02}", district(f"{number:02}")) for number in range(1, 21)],
        }

    def laid_out(self):
        parts = [Fieldset(_("What each column says"), *(f"column-{name}" for name in columns.FIELDS))]
        for name, rows in self.asked.items():
            if rows:
                title = _("What the words of “%(column)s” mean") % {"column": columns.FIELDS[name]}
                note = format_html("<p class='muted'>{}</p>", _("In brackets, how many lines hold it."))
                parts.append(
                    Fieldset(title, HTML(note), *(f"word-{name}-{number}" for number in range(len(rows))))
                )
        return Layout(*parts)

    def clean(self):
        data = super().clean()
        at = self.chosen
        for name in columns.missing(at):
            self.add_error(
                f"column-{name}", _("Nobody can be placed in the draw without it: choose a column.")
            )
        places = list(at.values())
        for name, place in at.items():
            if places.count(place) > 1:
                self.add_error(f"column-{name}", _("This column already says something else."))
        return data

    @property
    def chosen(self):
        """{field: column}."""
        data = {name: self.cleaned_data.get(f"column-{name}") for name in columns.FIELDS}
        return {name: place for name, place in data.items() if place is not None}

    @property
    def words(self):
        """{field: {word: category}}, only where somebody said otherwise than what was known."""
        said = {}
        for name, rows in self.asked.items():
            for number, (word, _count, meaning) in enumerate(rows):
                value = self.cleaned_data.get(f"word-{name}-{number}", "")
                if value != meaning or not meaning:
                    said.setdefault(name, {})[plain.words(word)] = value
        return said
