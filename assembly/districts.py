"""The districts of Paris as shapes to be shaded: twenty arrondissements, or seventeen sectors (1 to 4 joined)."""

import json
import re
from collections.abc import Mapping
from functools import cache
from math import ceil, floor, log10
from pathlib import Path
from typing import Any

from assembly.charts import number

SHADES = 5
#: The shades on paper; on screen the style sheet knows better.
FILLS = ("#eef0ec", "#cfe2d7", "#9cc6b0", "#5f9d80", "#2f7558", "#14503a")


@cache
def outlines() -> dict[str, Any]:
    """See districts.NOTICE.md for where they come from and their licence (ODbL)."""
    return json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))


def code(key: Any) -> str:
    """5, "5", "05", "5e", "75105" are the fifth district; "PC" and "Paris Centre" the joined first four."""
    text = str(key).strip()
    if "centre" in text.lower() or text.upper() == "PC":
        return "PC"
    digits = re.sub(r"\D", "", text)
    return f"{int(digits[-2:]):02}" if digits else text


@cache
def areas(joined: bool) -> list[dict[str, Any]]:
    drawn = []
    for shape in outlines()["secteurs" if joined else "arrondissements"]:
        x, y = shape["label"]
        place = {"x": number(x), "y": number(y), "value_y": number(y + 10)}
        drawn.append({"code": shape["code"], "path": shape["d"], **place})
    return drawn


def shaded(values: Mapping[Any, float | None]) -> dict[str, Any]:
    """Each area with its value and its shade; areas without a value are left blank."""
    known = {code(key): value for key, value in values.items()}
    joined = "PC" in known
    step = step_of(max([value for value in known.values() if value], default=0))
    drawn = []
    for area in areas(joined):
        value = known.get(area["code"])
        shade = min(SHADES, ceil(value / step)) if value else 0
        drawn.append({**area, "value": value, "shade": shade, "fill": FILLS[shade], "high": shade >= 4})
    return {"areas": drawn, "legend": legend(step, max(area["shade"] for area in drawn)), "joined": joined}


def step_of(most: float) -> int:
    """How much one shade is worth: a round figure, so that at most five shades reach the greatest value."""
    if most <= SHADES:
        return 1
    unit = 10 ** floor(log10(most / SHADES))
    return ceil(most / SHADES / unit) * unit


def legend(step: int, last: int) -> list[dict[str, Any]]:
    return [
        {
            "shade": shade,
            "fill": FILLS[shade],
            "low": (shade - 1) * step + 1 if shade else 0,
            "high": shade * step,
        }
        for shade in range(last + 1)
    ]
