"""The electoral roll: its formats, and who on it can be written to.

Three formats are known (REU/ELIRE export, the same with other headings, the order of 12 November 2013). A line gives an
`Elector` or a `Refusal`; nothing of a refused line is kept but its number, the column at fault and the reason.
"""

import datetime
import hashlib
import operator
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sortition.engine import plain
from sortition.engine.reading import Table
from sortition.engine.sentences import Refusal, Unreadable

ALIASES: dict[str, tuple[str, ...]] = {
    "list": ("libellé du type de liste", "type de liste", "TypeListe", "liste"),
    "birth_name": ("nom de naissance", "NomdeNaissance", "nom de famille", "nom famille", "nom"),
    "used_name": ("nom d'usage", "NomDusage", "nom d usage", "nom usage"),
    "forenames": ("prénoms", "prénom"),
    "sex": ("sexe", "civilité"),
    "birth_date": ("date de naissance", "DateDeNaissance", "naissance"),
    "birth_place_code": ("code commune de naissance", "code de la commune de naissance"),
    "birth_place": ("libellé commune de naissance", "NomComNaissance"),
    "house_number": ("numéro de voie", "NumeroVoie"),
    "street_type": ("TypeVoie", "type de voie"),
    "street": ("libellé de voie", "LibelleVoie", "voie", "adresse"),
    "extra_1": ("complément 1", "ComplementDeLocalisation1"),
    "extra_2": ("complément 2", "ComplementDeLocalisation2"),
    "locality": ("lieu-dit", "LieuDit"),
    "postcode": ("code postal", "CodePostal"),
    "city": ("commune", "VilleLocalite"),
    "country": ("pays",),
    "station": ("code du bureau de vote", "NoBureauDeVote"),
}
REQUIRED = ("birth_name", "forenames", "sex", "birth_date", "street", "postcode")
WITHOUT_TWIN = ("birth_name", "forenames", "sex", "birth_date", "postcode", "station")
TITLES = {
    "birth_name": "nom de naissance",
    "forenames": "prénoms",
    "sex": "sexe",
    "birth_date": "date de naissance",
    "street": "libellé de voie",
    "postcode": "code postal",
    "station": "code du bureau de vote",
}
_FIELDS = {plain.heading(alias): field for field, aliases in ALIASES.items() for alias in aliases}
FIELDS = tuple(ALIASES)
STRATA = ("district", "age_band", "sex")
_CACHE = 1 << 14


@dataclass(frozen=True, slots=True)
class Elector:
    """One adult of the roll who can be written to. `key` is the same on every roll and in every spelling."""

    line: int
    district: str
    age_band: str
    sex: str
    key: str
    birth_name: str
    used_name: str
    forenames: str
    birth_date: datetime.date
    birth_place: str
    address: tuple[str, ...]
    postcode: str
    city: str
    country: str

    @property
    def last_name(self) -> str:
        return self.used_name or self.birth_name

    @property
    def first_name(self) -> str:
        return self.forenames.split(" ")[0]


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands in this file; -1 where it does not exist."""

    format: str
    width: int
    at: dict[str, int]
    heading: tuple[str, ...]
    european: bool = False

    def title(self, field: str) -> str:
        position = self.at[field]
        return self.heading[position] if position >= 0 else TITLES.get(field, field)


def columns_of(table: Table) -> Columns:
    """Recognise the heading of a roll. Raises `Unreadable` naming what is missing or doubled."""
    at: dict[str, int] = dict.fromkeys(FIELDS, -1)
    for position, cell in enumerate(table.header):
        field = _FIELDS.get(plain.heading(cell))
        if field and at[field] >= 0 and field in WITHOUT_TWIN:
            raise Unreadable("duplicated_column", line=table.header_line, column=cell)
        if field and at[field] < 0:
            at[field] = position
    _require(table, at)
    return Columns(
        _format_of(table), len(table.header), at, tuple(table.header), _european_by_name(table.name, at)
    )


def _require(table: Table, at: dict[str, int]) -> None:
    if all(position < 0 for position in at.values()):
        raise Unreadable("no_heading", line=table.header_line)
    missing = [TITLES[field] for field in REQUIRED if at[field] < 0]
    if missing:
        raise Unreadable("missing_columns", line=table.header_line, columns=", ".join(missing))


def _format_of(table: Table) -> str:
    names = {cell.strip() for cell in table.header}
    if {"NomdeNaissance", "DateDeNaissance"} <= names:
        return "C"
    return "A" if "libellé du type de liste" in names else "B"


def _european_by_name(name: str, at: dict[str, int]) -> bool:
    """Without a column for it, the file's name tells the list: LP, LCM or LCE."""
    return at["list"] < 0 and re.search(r"(^|[^A-Za-z])LCE([^A-Za-z]|$)", name) is not None


# ---- one line at a time


def district_of_station(code: str) -> str:
    """Paris: two digits for the district, two for the station (0101, 75056_1512; a spreadsheet writes 101)."""
    digits = code.strip().rpartition("_")[2].strip()
    if not (digits.isascii() and digits.isdigit()) or not 3 <= len(digits) <= 4:
        return ""
    district = digits.zfill(4)[:2]
    return district if "01" <= district <= "20" else ""


def district_of_postcode(code: str) -> str:
    code = code.strip()
    if code == "75116":
        return "16"
    if len(code) == 5 and code[:3] in ("750", "751") and code.isascii() and code.isdigit():
        return code[3:] if "01" <= code[3:] <= "20" else ""
    return ""


def kind_of_list(text: str) -> bool:
    """Whether the line is on a list that gives standing in the city (the European one alone does not)."""
    known = plain.words(text)
    return "europ" not in known and known != "lce"


def band_or_reason(text: str, today: datetime.date) -> tuple[str, bool]:
    """(age band, True), or (reason, False)."""
    born = plain.day_of(text.strip())
    if born is None:
        return "date_unreadable", False
    age = plain.age_on(today, born)
    if born > today or age > plain.OLDEST:
        return "age_implausible", False
    return (plain.band_of(age), True) if age >= 18 else ("under_age", False)


DAYS = frozenset(
    f"{day:02d}/{month:02d}/"
    for month in range(1, 13)
    for day in range(1, 30 + (month != 2) + (month in (1, 3, 5, 7, 8, 10, 12)))
    if (day, month) != (29, 2)
)


def bands_by_year(today: datetime.date) -> dict[str, str]:
    """The age band of each year of birth that falls in one band, and of each day of the years that do not."""
    bands = {}
    for year in range(today.year - plain.OLDEST, today.year - 17):
        oldest, youngest = (plain.age_on(today, datetime.date(year, *day)) for day in ((1, 1), (12, 31)))
        if youngest >= 18 and oldest <= plain.OLDEST and plain.band_of(oldest) == plain.band_of(youngest):
            bands[str(year)] = plain.band_of(oldest)
        else:
            judged = {f"{day}{year}": band_or_reason(f"{day}{year}", today) for day in DAYS}
            bands.update({day: band for day, (band, usable) in judged.items() if usable})
    return bands


def identity(birth_name: str, forenames: str, birth_date: str, birth_place: str) -> bytes:
    """What makes the key of an elector: names, date and place of birth in bare capitals and digits, between bars.

    Hélène d’Arc, born on 18/04/1985 in Paris 16, is `DARC|HELENE|18041985|PARIS16`.
    """
    return plain.bare(f"{birth_name}|{forenames}|{birth_date}|{birth_place}")


def key_of(birth_name: str, forenames: str, birth_date: str, birth_place: str) -> str:
    """SHA-256, in hexadecimal, of the identity; `birth_date` is dd/mm/yyyy."""
    return hashlib.sha256(identity(birth_name, forenames, birth_date, birth_place)).hexdigest()


Profile = tuple[str, str, str]
Verdict = tuple[Profile, bytes] | str


@dataclass(frozen=True, slots=True)
class Judge:
    """How the rows of one roll are judged: `of(row)` gives ((district, age band, sex), identity) or a refusal's code.

    The rest is for the loop of `invite`, which settles ordinary rows by itself: `pick` takes from a row of `width` cells
    the list, sex, station, date of birth, street, postcode, birth name, forenames, place of birth; `years` gives the age
    band of most years of birth. `width` is -1 when the file lacks one of those columns.
    """

    of: Callable[[list[str]], Verdict]
    pick: Callable[[list[str]], tuple[str, ...]]
    years: dict[str, str]
    width: int


def judge_of(columns: Columns, today: datetime.date) -> Judge:
    """It runs once a line of the roll: what repeats is decided once and remembered, in small dictionaries (large ones
    would cost more in cache misses than they save).
    """
    at, width = columns.at, columns.width
    sex, station, listed, place = at["sex"], at["station"], at["list"], at["birth_place"]
    blank = width  # a cell added to every row, for columns this file does not have
    fields = (
        listed,
        sex,
        station,
        at["birth_date"],
        at["street"],
        at["postcode"],
        at["birth_name"],
        at["forenames"],
        place,
    )
    last_needed = max(fields)
    pick = operator.itemgetter(*(position if position >= 0 else blank for position in fields))
    with_blank = min(fields) < 0
    places: dict[tuple[str, str, str], dict[str, Profile]] = {}
    years = bands_by_year(today)
    bare, days = plain.bare, DAYS

    def profiles_at(kind: str, said: str, code: str, row: list[str]) -> dict[str, Profile] | str:
        if columns.european or not kind_of_list(kind):
            return "european_list"
        gender = plain.sex_of(said)
        if not gender:
            return "no_sex"
        district = district_of_station(code) or district_of_postcode(row[at["postcode"]])
        if not district:
            return "no_district"
        found = {band: (district, band, gender) for band in plain.BANDS}
        if len(places) < _CACHE and district_of_station(code):
            places[kind, said, code] = found
        return found

    def has_address(street: str, postcode: str, row: list[str]) -> bool:
        return bool(
            (street or (at["locality"] >= 0 and row[at["locality"]]))
            and (postcode or (at["city"] >= 0 and row[at["city"]]))
        )

    def judge(row: list[str]) -> Verdict:
        if len(row) != width:
            if len(row) <= last_needed or any(row[width:]):
                return "ragged" if any(row) else "empty_line"
            row += [""] * (width - len(row))
        if with_blank:
            row.append("")
        kind, said, code, born, street, postcode, name, forenames, born_at = pick(row)
        where = places.get((kind, said, code)) or profiles_at(kind, said, code, row)
        if isinstance(where, str):
            return where
        band = (years.get(born[6:]) or years.get(born)) if born[:6] in days else None
        if band is None:
            band, usable = band_or_reason(born, today)
            if not usable:
                return band
        if not (street and postcode) and not has_address(street, postcode, row):
            return "no_address"
        known = bare(f"{name}|{forenames}|{born}|{born_at}")
        if known[0] == 124:
            return "no_name"
        return where[band], known

    return Judge(judge, pick, years, -1 if with_blank or columns.european else width)


_AT_FAULT = {
    "no_sex": "sex",
    "no_district": "station",
    "no_address": "street",
    "no_name": "birth_name",
    "date_unreadable": "birth_date",
    "under_age": "birth_date",
    "age_implausible": "birth_date",
    "european_list": "list",
}
_TELLING = ("no_sex", "date_unreadable", "age_implausible")


def refusal_of(code: str, row: Sequence[str], line: int, columns: Columns) -> Refusal:
    """The refusal of a row; an unterminated quotation mark, which swallows lines, ends the reading instead."""
    if code == "ragged":
        if any(cell.count("\n") > 50 for cell in row):
            raise Unreadable("unterminated_quote", line=line)
        return Refusal(line, "", code, {"found": len(row), "expected": columns.width})
    field = _AT_FAULT.get(code, "")
    position = columns.at.get(field, -1)
    facts = {"value": row[position][:40]} if code in _TELLING and 0 <= position < len(row) else {}
    return Refusal(line, columns.title(field) if field else "", code, facts)


def elector_of(row: Sequence[str], line: int, stratum: tuple[str, str, str], columns: Columns) -> Elector:
    """Everything a letter needs, from a row already judged."""

    def cell(field: str) -> str:
        position = columns.at[field]
        return plain.tidy(row[position]) if 0 <= position < len(row) else ""

    born = plain.day_of(cell("birth_date"))
    assert born is not None
    district, band, sex = stratum
    key = hashlib.sha256(identity(*(_raw(row, columns, f) for f in _IDENTITY))).hexdigest()
    street = " ".join(part for part in (cell("house_number"), cell("street_type"), cell("street")) if part)
    lines = tuple(part for part in (cell("extra_1"), cell("extra_2"), street, cell("locality")) if part)
    names = (cell("birth_name"), cell("used_name"), plain.repaired(cell("forenames")))
    where = (cell("postcode"), cell("city"), cell("country"))
    return Elector(line, district, band, sex, key, *names, born, cell("birth_place"), lines, *where)


_IDENTITY = ("birth_name", "forenames", "birth_date", "birth_place")


def _raw(row: Sequence[str], columns: Columns, field: str) -> str:
    position = columns.at[field]
    return row[position] if 0 <= position < len(row) else ""


def read_roll(table: Table, today: datetime.date) -> Iterator[Elector | Refusal]:
    """Every line of a roll, as an elector or a refusal. `invite` is the faster way to draw from it."""
    columns = columns_of(table)
    judge = judge_of(columns, today)
    for row in table.records:
        verdict = judge.of(row)
        if not isinstance(verdict, str):
            yield elector_of(row, table.line_of(row), verdict[0], columns)
        elif verdict != "empty_line":
            yield refusal_of(verdict, row, table.line_of(row), columns)
