"""The districts of Paris as shapes to be shaded: twenty arrondissements, or seventeen sectors (1 to 4 joined)."""

import json
import re
from collections.abc import Mapping
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

from assembly.charts import number, round_up

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
    most = max([value for value in known.values() if value], default=0)
    step = max(1, ceil(most / SHADES)) if most > 0 else 1
    if most > 4 * SHADES:
        step = next(s for s in (round_up(most / SHADES / 2), round_up(most / SHADES), most) if s * SHADES >= most)
    drawn = []
    for area in areas(joined):
        value = known.get(area["code"])
        shade = min(SHADES, ceil(value / step)) if value else 0
        drawn.append({**area, "value": value, "shade": shade, "fill": FILLS[shade], "high": shade >= 4})
    last = ceil(most / step) if most > 0 else 0
    legend = [{"shade": 0, "low": 0, "high": 0}] + [
        {"shade": shade, "low": int((shade - 1) * step + 1), "high": int(shade * step)}
        for shade in range(1, min(SHADES, last) + 1)
    ]
    legend = [{**step, "fill": FILLS[step["shade"]]} for step in legend]
    return {"areas": drawn, "legend": legend, "joined": joined}
