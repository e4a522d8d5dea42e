"""The usual questions, and how answers are counted. No person passes here: only sheets without names."""

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

FEWEST = 5  # below it, answers to a question are not broken down
SCALE = ("1", "2", "3", "4", "5")


@cache
def written():
    with Path(__file__).with_suffix(".toml").open("rb") as file:
        return tomllib.load(file)["questions"]


def questions(moment):
    """The fields of the questions asked at this moment."""
    return [
        {name: value.strip() for name, value in question.items() if name != "at"}
        for question in written()
        if moment in question.get("at", [moment])
    ]


def scale():
    ends = {"1": _("1 – not at all"), "5": _("5 – entirely")}
    return [(value, ends.get(value, value)) for value in SCALE]


def counted(sheets, keys):
    """{question: {answer: how many}} over the sheets."""
    return {key: dict(Counter(sheet[key] for sheet in sheets if sheet.get(key))) for key in keys}
