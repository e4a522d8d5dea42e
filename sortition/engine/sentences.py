"""Every remark the engine makes has a stable code, its facts, and one English sentence.

A page translates `remark.template` (a `%(name)s` sentence, also a gettext msgid) and fills it with `remark.facts`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


def _(sentence: str) -> str:
    """Marks a sentence for the translators, who work outside the engine."""
    return sentence


TEMPLATES: dict[str, str] = {
    # a file that cannot be read at all
    "empty_file": _("The file is empty."),
    "a_pdf": _("This is a PDF, not a table: export it again as CSV or as an Excel workbook."),
    "a_picture": _("This is a picture, not a table: export it again as CSV or as an Excel workbook."),
    "a_compressed_file": _("This is a compressed file: unfold it, then hand over the table it holds."),
    "a_document": _(
        "This is a word-processor document, not a table: export it again as CSV or as an Excel workbook."
    ),
    "a_web_page": _(
        "This is a web page or XML, not a table: export it again as CSV or as an Excel workbook."
    ),
    "not_a_table": _("This is not a table: export it again as CSV or as an Excel workbook."),
    "null_bytes": _(
        "The file holds zero bytes around line %(line)s: it is not a text, or its encoding was damaged."
    ),
    "utf_32": _("The file is in UTF-32, which no spreadsheet writes: save it again as UTF-8."),
    "old_workbook": _(
        "This is an old Excel file (.xls) or one protected by a password: save it as .xlsx or CSV."
    ),
    "encrypted": _("The workbook is protected by a password: remove it and export again."),
    "corrupt_workbook": _("The Excel workbook is damaged and cannot be opened."),
    "workbook_too_large": _(
        "The Excel workbook would unfold to %(megabytes)s MB, too much to be honest: export it as CSV."
    ),
    "no_heading": _("No heading was recognised in the first lines: the first row must name the columns."),
    "missing_columns": _("Line %(line)s: these columns are missing from the heading: %(columns)s."),
    "duplicated_column": _("Line %(line)s: the column “%(column)s” appears twice in the heading."),
    "too_many_columns": _(
        "Line %(line)s: the table has %(count)s columns, more than the %(limit)s accepted."
    ),
    "field_too_long": _(
        "Line %(line)s: a cell holds more than one million characters; a quotation mark may be missing."
    ),
    "unreadable_line": _("Line %(line)s: the line cannot be read (%(reason)s)."),
    "unterminated_quote": _("Line %(line)s: a quotation mark is opened and never closed."),
    # a line of the roll or of the answers that cannot be used
    "ragged": _("Line %(line)s has %(found)s cells where the heading has %(expected)s."),
    "no_name": _("Line %(line)s: the name is missing."),
    "no_sex": _("Line %(line)s, “%(column)s”: the sex is missing or unknown (“%(value)s”)."),
    "no_district": _(
        "Line %(line)s, “%(column)s”: no polling station nor Paris postcode gives the district."
    ),
    "no_address": _("Line %(line)s, “%(column)s”: no address to write to."),
    "date_unreadable": _("Line %(line)s, “%(column)s”: “%(value)s” is not a complete date of birth."),
    "under_age": _("Line %(line)s, “%(column)s”: under 18 on the day of the draw."),
    "age_implausible": _(
        "Line %(line)s, “%(column)s”: the date of birth “%(value)s” gives an age nobody has."
    ),
    "european_list": _("Line %(line)s: on the European list only, which gives no standing in the city."),
    "duplicate": _("Line %(line)s: the same person as on another line; one is kept."),
    "no_code": _("Line %(line)s, “%(column)s”: no invitation code or Carte citoyenne number."),
    "code_unreadable": _("Line %(line)s, “%(column)s”: “%(value)s” is not an invitation code."),
    "diploma_unknown": _("Line %(line)s, “%(column)s”: “%(value)s” does not tell which diploma."),
    "phone_unreadable": _("Line %(line)s, “%(column)s”: “%(value)s” is not a telephone number."),
    "email_unreadable": _("Line %(line)s, “%(column)s”: “%(value)s” is not an e-mail address."),
    "district_unknown": _("Line %(line)s, “%(column)s”: “%(value)s” is not a district of Paris."),
    "answered_twice": _("Line %(line)s: answered already on line %(earlier)s."),
    "empty_line": _("Line %(line)s holds nothing."),
    # quotas that cannot be kept
    "no_seats": _("There must be at least one seat to draw."),
    "negative_bound": _("%(criterion)s, %(category)s: a bound cannot be negative."),
    "minimum_above_maximum": _(
        "%(criterion)s, %(category)s: the minimum (%(minimum)s) is above the maximum (%(maximum)s)."
    ),
    "category_twice": _("%(criterion)s, %(category)s: this category has two quotas."),
    "minima_above_seats": _("%(criterion)s: the minima add up to %(total)s for %(seats)s seats."),
    "maxima_below_seats": _(
        "%(criterion)s: the maxima add up to %(total)s, which cannot fill %(seats)s seats."
    ),
    "too_few_people": _("%(people)s people for %(seats)s seats."),
    "category_short": _("%(criterion)s, %(category)s: at least %(minimum)s needed, %(available)s available."),
    "criterion_short": _(
        "%(criterion)s: with these maxima, the people available fill only %(total)s of %(seats)s seats."
    ),
    "unknown_category": _("%(person)s: “%(category)s” has no quota under %(criterion)s."),
    "missing_criterion": _("%(person)s has no answer under %(criterion)s."),
    "same_id": _("%(person)s appears twice."),
    "together_impossible": _("These cannot all be kept at once with the people available: %(bounds)s."),
    "too_long": _(
        "No panel was found in the time allowed: the quotas may be impossible, or only very tight."
    ),
}


def sentence(code: str, facts: Mapping[str, object]) -> str:
    """The English sentence for a code; a missing fact shows as “…” rather than failing."""
    return TEMPLATES[code] % _Facts(facts)


class _Facts(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return "…"


class Unreadable(Exception):
    """A file that cannot be used, with the place where it went wrong."""

    def __init__(self, code: str, *, line: int | None = None, column: str = "", **facts: object) -> None:
        self.code, self.line, self.column = code, line, column
        self.facts: dict[str, object] = {**facts, "line": line or 1, "column": column}
        super().__init__(sentence(code, self.facts))

    @property
    def template(self) -> str:
        return TEMPLATES[self.code]


@dataclass(frozen=True)
class Refusal:
    """A line left aside, or a cell to look at: where, and why. Facts never hold a name or an address."""

    line: int
    column: str
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def template(self) -> str:
        return TEMPLATES[self.code]

    @property
    def all_facts(self) -> dict[str, object]:
        return {"value": "", **self.facts, "line": self.line, "column": self.column}

    def __str__(self) -> str:
        return sentence(self.code, self.all_facts)
