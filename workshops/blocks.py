"""A long text as blocks: words, and the pictures and figures it calls for, each on a line of its own.

`[[image 3]]` is the third picture of the notebook; `[[figure carte]]` one of FIGURES.
"""

import re

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.composition.portraits import public_portraits

CALL = re.compile(r"^[ \t]*\[\[[ \t]*(image|figure)[ \t]+([\w-]+)[ \t]*\]\][ \t]*$", re.MULTILINE)

FIGURES = {
    "presence": gettext_lazy("how many came to each meeting"),
    "composition": gettext_lazy("who the members are, criterion by criterion"),
    "carte": gettext_lazy("where the members live, on the map of Paris"),
}


def blocks(text, known):
    """Plain values; what `known` does not know stays in the words. `known`: {("image", "3"): block}."""
    found, start = [], 0
    for call in CALL.finditer(text):
        if block := known.get((call[1], call[2].lower())):
            found += [words(text[start : call.start()]), block]
            start = call.end()
    return [block for block in [*found, words(text[start:])] if block]


def words(text):
    return {"sort": "words", "text": text.strip()} if text.strip() else None


def unknown_calls(text, known):
    """What a text calls for and nobody knows."""
    return [call[0].strip() for call in CALL.finditer(text) if (call[1], call[2].lower()) not in known]


def known_to(notebook, texts):
    """The pictures of a notebook, and those figures that its texts call for."""
    wanted = {call[2].lower() for text in texts for call in CALL.finditer(text) if call[1] == "figure"}
    pictures = {("image", str(picture.number)): shown(picture) for picture in notebook.pictures.all()}
    figures = {("figure", name): DRAWN[name](notebook) for name in FIGURES if name in wanted}
    return pictures | figures


def shown(picture):
    return {
        "sort": "picture",
        "url": picture.get_file_url(),
        "alternative": picture.alternative,
        "caption": picture.caption,
    }


def presence(notebook):
    """One column a meeting held, in order."""
    rows = notebook.workshop.meetings.held().with_counts().order_by("starts_at")
    values = [[date_format(localtime(row.starts_at), "j M"), row.present] for row in rows]
    return {"sort": "presence", "title": _("Members present at each meeting"), "values": values}


def composition(notebook):
    charts = [
        {"title": portrait.title, "rows": portrait.rows} for portrait in public_portraits(notebook.cycle)
    ]
    return {"sort": "composition", "charts": charts}


def map_of_members(notebook):
    """By district, where the cycle counts them."""
    found = next((one for one in public_portraits(notebook.cycle) if one.key == "district"), None)
    values = {} if found is None or found.is_protected else found.by_key
    return {"sort": "map", "title": _("Where the members live"), "values": values}


DRAWN = {"presence": presence, "composition": composition, "carte": map_of_members}
