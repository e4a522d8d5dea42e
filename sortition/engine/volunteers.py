"""Answers to the letters, as forms and offices hand them over: messy, and never executed.

`read_answers` yields an `Answer` for every line with somebody on it, or a `Refusal`. A cell that cannot be understood is
empty in the answer and named in its `doubts`, for a person to settle; nothing is guessed.
"""

import datetime
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sortition.engine import plain
from sortition.engine.reading import Table
from sortition.engine.sentences import Refusal, Unreadable

T = TypeVar("T")
Words = Mapping[str, Mapping[str, str]]

DIPLOMAS = ("SANS_CEP", "BEPC", "CAP_BEP", "BAC", "BAC2", "BAC3_4", "BAC5P", "EN_ETUDES")

ALIASES: dict[str, tuple[str, ...]] = {
    "answered_at": ("horodateur", "horodatage", "timestamp", "submitted"),
    "code": ("code d'invitation", "code_invitation", "code"),
    "card": ("carte citoyenne", "numéro de carte citoyenne"),
    "sex": ("sexe", "civilité", "genre", "gender", "sex"),
    "last_name": ("nom", "nom de famille", "nom de naissance", "last name", "surname"),
    "first_name": ("prénom", "prénoms", "first name"),
    "birth_date": ("date de naissance", "date_naissance", "né le", "née le", "date of birth"),
    "address": ("adresse", "address"),
    "postcode": ("code postal", "postcode"),
    "district": ("arrondissement", "secteur"),
    "email": ("courriel", "e-mail", "email", "mail", "adresse électronique"),
    "phone": ("téléphone", "tel", "portable", "mobile"),
    "diploma": ("diplôme le plus élevé obtenu", "diplôme", "niveau de diplôme"),
    "nationality": ("nationalité",),
    "access_needs": ("besoins d'accessibilité", "accessibilité"),
    "childcare": ("garde d'enfants", "garde d'enfant"),
    "interpreter": ("interprète",),
    "saturdays": ("disponible les samedis", "disponibilité"),
    "consent": ("consentement rgpd", "consentement"),
    "channel": ("canal",),
    "comment": ("commentaire", "commentaires"),
}
_FIELDS = {plain.heading(alias): field for field, aliases in ALIASES.items() for alias in aliases}
WORDED = ("sex", "diploma", "district")
"""The fields whose words somebody may be asked about."""
_WITHOUT_TWIN = ("code", "card", "birth_date", "district", "diploma")


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of an answers file, understood. Empty or None where unanswered or unreadable (see `doubts`).

    `district` is "01".."20", or "PC" (Paris Centre, when nothing tells which of the first four); `sex` F or M;
    `diploma` one of DIPLOMAS; `phone` as +33…; `repeats` the line of an earlier answer by the same code or person.
    """

    line: int
    code: str
    card: str
    sex: str
    birth_date: datetime.date | None
    district: str
    diploma: str
    last_name: str
    first_name: str
    email: str
    phone: str
    address: str
    postcode: str
    nationality: str
    access_needs: str
    childcare: bool
    interpreter: bool
    saturdays: str
    consent: bool | None
    channel: str
    comment: str
    answered_at: datetime.datetime | None
    doubts: tuple[Refusal, ...] = ()
    repeats: int | None = None


# ---- one cell at a time

_ROMAN = {
    roman: number
    for number, roman in enumerate(
        "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split(), 1
    )
}
_ORDINAL = r"(?:er|ere|eme|ieme|e|°|o)?"


def district(text: str) -> str | None:
    """“01”…“20”, “PC” for Paris Centre, or None: never a guess between two."""
    said = plain.words(unicodedata.normalize("NFKC", text).replace("°", "e")).replace("-", " ").strip()
    if text.strip().startswith("-"):
        return None
    if said in ("paris centre", "pc"):
        return "PC"
    said = re.sub(r"\b(paris|cedex|arrondissement|arrdt|arrt|arr)\b\.?", " ", said)
    found = {_district_number(part) for part in re.findall(r"[a-z0-9]+(?: (?:er|e|eme|ieme)\b)?", said)}
    if len(found) != 1 or re.search(r"\bou\b", said):
        return None
    number = found.pop()
    return f"{number:02d}" if number and 1 <= number <= 20 else None


def _district_number(part: str) -> int | None:
    part = re.sub(_ORDINAL + "$", "", part.replace(" ", "")) if not part.isdigit() else part
    if part in _ROMAN:
        return _ROMAN[part]
    if not part.isdigit():
        return None
    if len(part) == 5:
        return 16 if part == "75116" else int(part[3:]) if part[:3] in ("750", "751") else None
    return int(part) if len(part) <= 2 else None


def birth_date(text: str, today: datetime.date) -> datetime.date | None:
    """A whole and plausible date, or None: two-digit years, 00/00/1950 and American dates are for a person to settle."""
    born = plain.date_in(text)
    return born if born is not None and plain.plausible(born, today) else None


_DIPLOMA_PATTERNS: tuple[tuple[str, str], ...] = (
    (r"\b(etranger|equivalence etrangere)\b|ne souhaite|\bmba\b", ""),
    (r"\betudiant|\ben cours\b|\blyceen|\betudes en|\bapprenti", "EN_ETUDES"),
    (
        r"\bbac ?\+ ?([5-9]|1\d)\b|\bmaster|\bm2\b|\bdoctorat|\bphd\b|\bthese|\bingenieur|\bgrande ecole|\bdea\b|\bdess\b",
        "BAC5P",
    ),
    (r"\bbac ?\+ ?[34]\b|\blicence|\bmaitrise|\bbachelor|\bbut\b|\bm1\b", "BAC3_4"),
    (r"\bbac ?\+ ?[12]\b|\bbts\b|\bdut\b|\bdeug\b|\bdeust\b", "BAC2"),
    (r"\bbac(calaureat)?\b|\bdaeu\b|\bbrevet professionnel\b", "BAC"),
    (r"\bcap\b|\bbep\b", "CAP_BEP"),
    (r"\baucun|\bsans diplome|\bcep\b|certificat d'etudes", "SANS_CEP"),
    (r"\bbrevet\b|\bbepc\b|\bdnb\b|\bcollege\b", "BEPC"),
)


def diploma(text: str) -> str | None:
    """One of DIPLOMAS, or None when the words do not tell."""
    if text.strip() in DIPLOMAS:
        return text.strip()
    said = plain.words(text)
    for pattern, category in _DIPLOMA_PATTERNS:
        if re.search(pattern, said):
            return category or None
    return None


def phone(text: str) -> str | None:
    """+33 and nine digits, or another country's number written with its +; None otherwise."""
    said = plain.tidy(text)
    if not re.fullmatch(r"[+\d\s().-]+", said) or not said.isascii():
        return None
    digits = re.sub(r"[^\d+]", "", said.replace("(0)", ""))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if match := re.fullmatch(r"(?:\+33|0)?([1-9]\d{8})", digits):
        return "+33" + match[1]
    return digits if re.fullmatch(r"\+(?!33)[1-9]\d{7,14}", digits) else None


def email(text: str) -> str | None:
    """An address that could exist, its domain in lower case."""
    said = plain.tidy(text)
    if not re.fullmatch(r"[^@\s<>()\",;:]+@[^@\s<>()\",;:]+\.[^@\s.<>()\",;:]{2,}", said) or len(said) > 254:
        return None
    local, _, domain = said.rpartition("@")
    return f"{local}@{domain.lower()}"


def invitation_code(text: str) -> str | None:
    """ACP-123456, however it was typed."""
    said = re.sub(r"[\s_.–—-]+", "", plain.tidy(text).upper())
    match = re.fullmatch(r"(?:ACP)?([A-Z0-9]{4,12})", said)
    return f"ACP-{match[1]}" if match and any(c.isdigit() for c in match[1]) else None


def same_name(first: str, second: str) -> bool | None:
    """Whether two spellings are one name; None when a person should look (MÜLLER and MUELLER)."""
    if plain.bare(first) == plain.bare(second):
        return True
    return None if _germanic(first) == _germanic(second) else False


def _germanic(text: str) -> bytes:
    spelt = unicodedata.normalize("NFC", plain.repaired(text)).upper()
    return plain.bare(spelt.replace("Ä", "AE").replace("Ö", "OE").replace("Ü", "UE"))


def person_key(last_name: str, first_name: str, born: datetime.date | None) -> str:
    """What two answers of one person share: bare names and date of birth, as a SHA-256 in hexadecimal."""
    day = born.isoformat() if born else ""
    return hashlib.sha256(
        b"|".join((plain.bare(last_name), plain.bare(first_name), day.encode()))
    ).hexdigest()


def escape_cell(text: str) -> str:
    """A cell no spreadsheet will compute: an apostrophe before = + - @, tab, return and their full-width twins."""
    start = text.lstrip(" \u00a0\u3000\n\ufeff\u200b")
    risky = text[:1] in "\t\r\n" or start[:1] in tuple("=+-@\t\r＝＋－＠%") if text else False
    return "'" + text if risky else text


# ---- a whole file


def read_answers(
    table: Table, today: datetime.date, at: Mapping[str, int] | None = None, words: Words | None = None
) -> Iterator[Answer | Refusal]:
    """Every line of an answers file: form export, clean file, or the lists of the two small pools.

    `at` says which column holds what, where the headings do not; `words` what the words of a column mean.
    """
    at = _columns(table) if at is None else dict(at)
    seen: dict[str, int] = {}
    for line, row in table.rows():
        if any(cell.count("\n") > 50 for cell in row):
            raise Unreadable("unterminated_quote", line=line)
        if len(row) < len(table.header) - 5 or any(row[len(table.header) :]):
            yield Refusal(line, "", "ragged", {"found": len(row), "expected": len(table.header)})
        else:
            yield _answer(_Line(line, row, at, table.header, words or {}), today, seen)


def guessed(header: Sequence[str]) -> dict[str, int]:
    """Field → column, as far as the headings tell."""
    at: dict[str, int] = {}
    for position, cell in enumerate(header):
        if field := _FIELDS.get(plain.heading(cell)):
            at.setdefault(field, position)
    return at


def understood(field: str, text: str) -> str:
    """What a word of one of the WORDED fields means, as far as it is known; empty otherwise."""
    reader = {"sex": plain.sex_of, "diploma": diploma, "district": district}[field]
    return reader(plain.tidy(plain.repaired(text))) or ""


def _columns(table: Table) -> dict[str, int]:
    at: dict[str, int] = {}
    for position, cell in enumerate(table.header):
        field = _FIELDS.get(plain.heading(cell))
        if (
            field in at
            and field in _WITHOUT_TWIN
            and plain.heading(cell) == plain.heading(table.header[at[field]])
        ):
            raise Unreadable("duplicated_column", line=table.header_line, column=cell)
        if field:
            at.setdefault(field, position)
    if not at:
        raise Unreadable("no_heading", line=table.header_line)
    missing = [ALIASES[field][0] for field in ("sex", "birth_date", "district", "diploma") if field not in at]
    if missing or not {"code", "card", "last_name"} & at.keys():
        names = ", ".join(missing or ["code d'invitation"])
        raise Unreadable("missing_columns", line=table.header_line, columns=names)
    return at


class _Line:
    """A row being understood, collecting doubts."""

    def __init__(
        self, line: int, row: list[str], at: dict[str, int], header: list[str], words: Words
    ) -> None:
        self.line, self.row, self.at, self.header, self.words = line, row, at, header, words
        self.doubts: list[Refusal] = []

    def cell(self, field: str) -> str:
        position = self.at.get(field, -1)
        return plain.tidy(plain.repaired(self.row[position])) if 0 <= position < len(self.row) else ""

    def meaning(self, field: str) -> str | None:
        """The category of a word: as somebody said, else as it is known; None when nothing tells."""
        text = self.cell(field)
        said = self.words.get(field, {}).get(plain.words(text))
        return (understood(field, text) if said is None else said) or None

    def doubt(self, field: str, code: str) -> None:
        column = self.header[self.at[field]] if field in self.at else ""
        value = self.cell(field)[:40] if code not in ("phone_unreadable", "email_unreadable") else "…"
        self.doubts.append(Refusal(self.line, column, code, {"value": value}))


def _answer(line: _Line, today: datetime.date, seen: dict[str, int]) -> Answer | Refusal:
    code, card = _codes(line)
    last_name, first_name = line.cell("last_name"), line.cell("first_name")
    if not (code or card or last_name):
        column = line.header[line.at.get("code", line.at.get("card", 0))]
        return Refusal(line.line, column, "no_code")
    born = _understood(line, "birth_date", birth_date(line.cell("birth_date"), today), "date_unreadable")
    keys = _keys(code, card, last_name, first_name, born)
    repeats = next((seen[key] for key in keys if key in seen), None)
    for key in keys:
        seen.setdefault(key, line.line)
    sex = _understood(line, "sex", line.meaning("sex"), "no_sex") or ""
    level = _understood(line, "diploma", line.meaning("diploma"), "diploma_unknown") or ""
    mail = _optional(line, "email", email(line.cell("email")), "email_unreadable")
    number = _optional(line, "phone", phone(line.cell("phone")), "phone_unreadable")
    where = _where(line)
    return Answer(
        line=line.line,
        code=code,
        card=card,
        sex=sex,
        birth_date=born,
        district=where,
        diploma=level,
        last_name=last_name,
        first_name=first_name,
        email=mail,
        phone=number,
        address=line.cell("address"),
        postcode=line.cell("postcode"),
        nationality=line.cell("nationality"),
        access_needs=line.cell("access_needs"),
        childcare=_yes(line.cell("childcare")) is True,
        interpreter=_yes(line.cell("interpreter")) is True,
        saturdays=line.cell("saturdays"),
        consent=_yes(line.cell("consent")),
        channel=line.cell("channel"),
        comment=line.cell("comment"),
        answered_at=_moment(line.cell("answered_at")),
        doubts=tuple(line.doubts),
        repeats=repeats,
    )


def _codes(line: _Line) -> tuple[str, str]:
    code = invitation_code(line.cell("code")) or ""
    if line.cell("code") and not code:
        line.doubt("code", "code_unreadable")
    return code, re.sub(r"[\s-]", "", line.cell("card")).upper()


def _keys(code: str, card: str, last: str, first: str, born: datetime.date | None) -> list[str]:
    person = person_key(last, first, born) if last and born else ""
    return [key for key in (code, card, person) if key]


def _understood(line: _Line, field: str, value: T | None, code: str) -> T | None:
    """A value everybody must give: unreadable or missing is a doubt."""
    if value is None:
        line.doubt(field, code)
    return value


def _optional(line: _Line, field: str, value: str | None, code: str) -> str:
    if value is None and line.cell(field):
        line.doubt(field, code)
    return value or ""


def _where(line: _Line) -> str:
    """The district said; Paris Centre is settled by the postcode when it can be."""
    said = line.meaning("district")
    by_post = district(line.cell("postcode")) if re.fullmatch(r"75\d{3}", line.cell("postcode")) else None
    if said == "PC" and by_post in ("01", "02", "03", "04"):
        return by_post
    if said is None:
        line.doubt("district", "district_unknown")
    return said or ""


def _yes(text: str) -> bool | None:
    said = plain.words(text)
    if said in ("oui", "yes", "o", "y", "1", "x", "vrai", "true"):
        return True
    return False if said in ("non", "no", "n", "0", "faux", "false") else None


def _moment(text: str) -> datetime.datetime | None:
    for form in ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"):
        try:
            return datetime.datetime.strptime(text, form)
        except ValueError:
            continue
    return None
