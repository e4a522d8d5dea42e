"""How a file is read: its columns and words, guessed, corrected by hand, remembered by source."""

from collections import Counter
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly import clock
from sortition.engine import plain
from sortition.engine.reading import open_table
from sortition.engine.sentences import Unreadable
from sortition.engine.volunteers import WORDED, guessed, understood
from sortition.models import Layout
from sortition.words import sentence

MOST_LINES, MOST_WORDS, FEWEST_COLUMNS = 50_000, 40, 5

FIELDS = {
    "code": gettext_lazy("Code of the letter"),
    "card": gettext_lazy("Number of the Carte citoyenne"),
    "last_name": gettext_lazy("Last name"),
    "first_name": gettext_lazy("First name"),
    "sex": gettext_lazy("Gender"),
    "birth_date": gettext_lazy("Date of birth"),
    "district": gettext_lazy("District"),
    "diploma": gettext_lazy("Diploma"),
    "address": gettext_lazy("Address"),
    "postcode": gettext_lazy("Postcode"),
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Telephone"),
    "access_needs": gettext_lazy("Needs"),
    "childcare": gettext_lazy("Childcare"),
    "interpreter": gettext_lazy("Interpreter"),
    "saturdays": gettext_lazy("Availability"),
    "consent": gettext_lazy("Consent"),
}
NEEDED = ("sex", "birth_date", "district", "diploma")
NAMING = ("code", "card", "last_name")


@dataclass
class Survey:
    """A file seen from above: its headings, and of each column some cells and its words."""

    header: list[str]
    line: int
    lines: int = 0
    samples: list[list[str]] = field(default_factory=list)
    words: list[Counter] = field(default_factory=list)

    def take(self, row):
        self.lines += 1
        for cell, samples, words in zip(row, self.samples, self.words, strict=False):
            text = plain.tidy(plain.repaired(cell))
            if text and len(samples) < 2:
                samples.append(text[:30])
            if text and len(words) <= MOST_WORDS:
                words[text[:80]] += 1

    def words_of(self, name, at):
        """[(word, lines, what it means as far as known)] of a field, the unknown first; few enough to ask about."""
        if name not in at:
            return []
        found = [(word, count, understood(name, word)) for word, count in self.words[at[name]].items()]
        unknown = [row for row in found if not row[2]]
        rows = found if len(found) <= MOST_WORDS and name != "district" else unknown
        return sorted(rows, key=lambda row: (bool(row[2]), -row[1]))[:MOST_WORDS]


def survey(path, name):
    """Read a table once, whole; raises ValidationError when it is none, or too poor to hold answers."""
    try:
        table = open_table(path, name)
        try:
            found = Survey(table.header, table.header_line)
            found.samples, found.words = [[] for _cell in found.header], [Counter() for _cell in found.header]
            for _line, row in table.rows():
                found.take(row)
                if found.lines > MOST_LINES:
                    raise ValidationError(
                        _("More than %(most)s answers in one file: split it.") % {"most": MOST_LINES}
                    )
        finally:
            table.close()
        if len(found.header) < FEWEST_COLUMNS and missing(guessed(found.header)):
            at = guessed(found.header)
            code = "missing_columns" if at else "no_heading"
            names = ", ".join(str(FIELDS[one]) for one in missing(at))
            raise Unreadable(code, line=found.line, columns=names)
    except Unreadable as refusal:
        raise ValidationError(sentence(refusal.template, refusal.facts)) from None
    return found


def missing(at):
    """The fields without which nobody can be placed in a draw."""
    named = [] if any(name in at for name in NAMING) else ["code"]
    return [*named, *(name for name in NEEDED if name not in at)]


def proposed(found, pool, source):
    """(columns, words): as the last file of this source was read, else as the headings tell."""
    layout = Layout.objects.filter(pool_key=pool.key, source=source).first()
    at = guessed(found.header)
    places = {}
    for position, heading in enumerate(found.header):
        places.setdefault(plain.heading(heading), position)
    known = layout.columns if layout else {}
    at |= {name: places[heading] for name, heading in known.items() if heading in places}
    return {name: at[name] for name in FIELDS if name in at}, layout.words if layout else {}


def tells(found, at):
    """Whether the headings alone say the same: then two columns of one heading are refused, as ambiguous."""
    by_heading = guessed(found.header)
    return at == {name: by_heading[name] for name in FIELDS if name in by_heading}


def unknown_words(found, at, words):
    """How many words nobody has said the meaning of."""
    return sum(
        1
        for name in WORDED
        for word, _count, meaning in found.words_of(name, at)
        if not meaning and plain.words(word) not in words.get(name, {})
    )


def remember(path, name, pool, source, at, words):
    """For the next file of this source: columns by their headings, words by their meaning."""
    table = open_table(path, name)
    table.close()
    headings = {field: plain.heading(table.header[place]) for field, place in at.items()}
    Layout.objects.update_or_create(
        pool_key=pool.key,
        source=source,
        defaults={"columns": headings, "words": words, "used_on": clock.today()},
    )
