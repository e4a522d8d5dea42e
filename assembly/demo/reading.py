"""The words of the demonstration: TOML files whose paragraphs are wrapped for the eye, and dates as a person says them."""

import re
import tomllib
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.utils import timezone

TEXTS = Path(__file__).parent / "texts"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UNITS = ("dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf")
SMALL = ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", *UNITS)
TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante"}


@cache
def words(name):
    return folded(tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8")))


def folded(value):
    if isinstance(value, dict):
        return {key: folded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [folded(item) for item in value]
    return fold(value) if isinstance(value, str) else value


def fold(text):
    """Wrapped lines become one; a blank line keeps its paragraph."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "\n\n".join(re.sub(r"[ \t]*\n[ \t]*", " ", paragraph) for paragraph in paragraphs)


def in_words(number):
    """Up to fifty-nine, as a text writes a number of people."""
    if number < 20:
        return SMALL[number]
    ten, unit = TENS[number // 10 * 10], number % 10
    return ten if not unit else f"{ten} et un" if unit == 1 else f"{ten}-{SMALL[unit]}"


def moment(text, today):
    """“2022-05-14 09:30”, or weeks from the present one: “-3 sat 09:30”."""
    day, *rest = text.split()
    if rest and rest[0] in DAYS:
        monday = today - timedelta(days=today.weekday())
        date = monday + timedelta(weeks=int(day), days=DAYS.index(rest.pop(0)))
    else:
        date = datetime.strptime(day, "%Y-%m-%d").date()
    clock = rest[0] if rest else "09:00"
    return timezone.make_aware(datetime.combine(date, datetime.strptime(clock, "%H:%M").time()))


def counted(text):
    """A decision and its show of hands: “Le carnet est approuvé. | 27 0 1”."""
    sentence, _, voices = text.partition(" | ")
    return sentence, [int(voice) for voice in voices.split()]
