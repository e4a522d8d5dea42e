"""Names, dates and districts as people write them, brought to one plain form."""

import datetime
import re
import unicodedata

_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_MOJIBAKE = re.compile(
    "[ÃÂ][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)

MONTHS = {
    "janvier": 1,
    "fevrier": 2,
    "mars": 3,
    "avril": 4,
    "mai": 5,
    "juin": 6,
    "juillet": 7,
    "aout": 8,
    "septembre": 9,
    "octobre": 10,
    "novembre": 11,
    "decembre": 12,
}
OLDEST = 110
BANDS = ("18_24", "25_39", "40_54", "55_64", "65_79", "80p")
_BAND_ENDS = (25, 40, 55, 65, 80)


def repaired(text: str) -> str:
    """“HÃ©lÃ¨ne” read back as “Hélène”; anything else unchanged."""
    if text.isascii() or not _MOJIBAKE.search(text):
        return text
    for codec in ("cp1252", "latin-1"):
        try:
            return text.encode(codec).decode("utf-8")
        except UnicodeError:
            continue
    return text


def tidy(text: str) -> str:
    """Without invisible characters, hard or double spaces; accents composed."""
    if text.isascii():
        return " ".join(text.split())
    return " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).split())


def _bare_unusual(text: str) -> bytes:
    text = repaired(_INVISIBLE.sub("", text)).translate(_LIGATURES)
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return "".join(c for c in plain.upper() if c.isalnum() or c == "|").encode()


def _latin_table() -> bytes:
    """Western letters to their bare capital; 1 for what needs a closer look (ß, æ, and the marks of damaged text)."""
    table = bytearray(bytes(range(256)).upper())
    for code in range(128, 256):
        bare_letter = unicodedata.normalize("NFKD", chr(code).upper())[0]
        table[code] = (
            ord(bare_letter) if code >= 192 and bare_letter.isascii() and bare_letter.isalpha() else 1
        )
    for letter in "ßæÆøØðÐþÞ":
        table[ord(letter)] = 1
    return bytes(table)


LATIN = _latin_table()
NOT_KEPT = bytes(code for code in range(128) if not (chr(code).isalnum() or chr(code) == "|"))


def bare(text: str) -> bytes:
    """Capitals and digits without accents, spaces, hyphens or apostrophes: what two spellings of a name share.

    A vertical bar is kept, so that several cells joined by bars can be done at once.
    """
    try:
        found = text.encode("latin-1").translate(LATIN, NOT_KEPT)
    except UnicodeEncodeError:
        return _bare_unusual(text)
    return _bare_unusual(text) if 1 in found else found


def words(text: str) -> str:
    """Lower case without accents, single spaces: for recognising headings and answers."""
    if text.isascii():
        return " ".join(text.lower().split())
    text = repaired(_INVISIBLE.sub("", text)).translate(_LIGATURES)
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(plain.replace("’", "'").lower().split())


def heading(text: str) -> str:
    """A heading's letters and digits only."""
    return "".join(c for c in words(text) if c.isalnum())


def age_on(day: datetime.date, born: datetime.date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def band_of(age: int) -> str:
    """The age band of an adult."""
    return BANDS[sum(age >= end for end in _BAND_ENDS)]


def day_of(text: str) -> datetime.date | None:
    """dd/mm/yyyy exactly (also - or .), else nothing: `00/00/1950` and `1950` are not days."""
    if len(text) == 10 and text[2] == text[5] and text[2] in "/-.":
        day, month, year = text[:2], text[3:5], text[6:]
        if (day + month + year).isascii() and (day + month + year).isdigit():
            return _date(int(year), int(month), int(day))
    return None


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def date_in(text: str) -> datetime.date | None:
    """A full date in the ways French forms and spreadsheets write it; two-digit years are not guessed."""
    text = re.sub(r"[ T]00:00(:00)?(\.0+)?Z?$", "", tidy(text))
    if not text.isascii() and any(c.isdigit() and not c.isascii() for c in text):
        return None
    if match := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text):
        return _date(int(match[3]), int(match[2]), int(match[1]))
    if match := re.fullmatch(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})", text):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := re.fullmatch(r"(\d{1,2})(?:er)? ([a-z]+) (\d{4})", words(text)):
        return _date(int(match[3]), MONTHS.get(match[2], 0), int(match[1]))
    if re.fullmatch(r"\d{5}", text):
        return datetime.date(1899, 12, 30) + datetime.timedelta(days=int(text))
    return None


def plausible(born: datetime.date, today: datetime.date) -> bool:
    return born <= today and age_on(today, born) <= OLDEST


SEXES = {
    **dict.fromkeys(("f", "femme", "feminin", "mme", "madame", "mlle", "mademoiselle", "mme."), "F"),
    **dict.fromkeys(("m", "h", "homme", "masculin", "m.", "mr", "monsieur", "mr."), "M"),
}


def sex_of(text: str) -> str:
    """F, M, or nothing."""
    return SEXES.get(words(text), "")
