"""Figures turned into geometry. Pure: numbers in, positions out, as strings ready for SVG attributes.

Most charts have no viewBox: widths are percentages and heights are pixels, so that text keeps its size on a phone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, cos, floor, log10, pi, sin
from typing import Any


def number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def part(value: float, whole: float) -> str:
    """A width in per cent of the drawing."""
    return f"{number(100 * value / whole if whole else 0)}%"


def pairs(values: Mapping[str, float] | Iterable[Sequence[Any]]) -> list[tuple[str, float]]:
    return [
        (str(label), value) for label, value in (values.items() if isinstance(values, Mapping) else values)
    ]


def round_up(value: float) -> float:
    """The next round figure: 1, 2, 5, 10, 20, 50…"""
    if value <= 0:
        return 1
    unit = 10 ** floor(log10(value))
    return next(step * unit for step in (1, 2, 5, 10) if step * unit >= value - 1e-9)


# The hemicycle -----------------------------------------------------------------


@dataclass(frozen=True)
class Seat:
    x: str
    y: str
    r: str
    lit: bool


def rows_of_seats(seats: int) -> int:
    return max(1, min(8, round((seats / 1.8) ** 0.5) if seats < 60 else 6 + (seats > 120)))


def spread(seats: int, radii: Sequence[float]) -> list[int]:
    """How many seats each row takes, in proportion to its length."""
    total = sum(radii)
    exact = [seats * radius / total for radius in radii]
    counts = [floor(share) for share in exact]
    rest = sorted(range(len(radii)), key=lambda row: exact[row] - counts[row], reverse=True)
    for row in rest[: seats - sum(counts)]:
        counts[row] += 1
    return counts


def places(seats: int, rows: int, inner: float, outer: float) -> list[tuple[float, float]]:
    """Places from left to right, whatever the row, as in a chamber."""
    step = (outer - inner) / (rows - 1) if rows > 1 else 0
    radii = [inner + row * step for row in range(rows)] if rows > 1 else [outer]
    found = []
    for radius, count in zip(radii, spread(seats, radii), strict=True):
        for seat in range(count):
            angle = pi - pi * (seat / (count - 1) if count > 1 else 0.5)
            found.append((angle, radius))
    return sorted(found, key=lambda place: (-place[0], place[1]))


def scattered(seats: int, lit: int) -> set[int]:
    """Which seats are lit when only their number is known: far apart, and always the same."""
    return {(7 + index * 61) % seats for index in range(min(lit, seats))} if seats else set()


def hemicycle(seats: int = 100, lit: int | Iterable[int] = ()) -> dict[str, Any]:
    rows = rows_of_seats(seats)
    chosen = scattered(seats, lit) if isinstance(lit, int) else set(lit)
    width, outer, inner = 600.0, 278.0, 278.0 * (0.36 if rows > 3 else 0.55)
    gap = (outer - inner) / (rows - 1) if rows > 1 else 60
    radius = number(min(gap * 0.33, 18))
    drawn = [
        Seat(number(width / 2 + far * cos(angle)), number(290 - far * sin(angle)), radius, index in chosen)
        for index, (angle, far) in enumerate(places(seats, rows, inner, outer))
    ]
    return {"seats": drawn, "lit": len(chosen), "count": seats}


def mark() -> dict[str, Any]:
    """The logo-mark: twenty-one seats, three of them lit."""
    drawn = [
        Seat(number(25 + far * cos(angle)), number(26.5 - far * sin(angle)), "2.25", index in {3, 11, 17})
        for index, (angle, far) in enumerate(places(21, 3, 8.5, 22.3))
    ]
    return {"seats": drawn}


# Bars --------------------------------------------------------------------------


LINE = 48  # pixels for one category: its words above its bar


def composition(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What is (bar), what must be (bracket) and what the city is (tick), one line per category."""
    total = sum(row.get("value") or 0 for row in rows)
    seats = total or sum(row.get("maximum") or 0 for row in rows) or 1
    whole = 1.04 * (max([reach(row, seats) for row in rows], default=1) or 1)
    drawn = [category(row, index * LINE, seats, whole) for index, row in enumerate(rows)]
    return {
        "rows": drawn,
        "height": str(len(rows) * LINE),
        "total": total,
        "bounded": any(row["bounded"] for row in drawn),
        "shared": any(row["has_share"] for row in drawn),
    }


def reach(row: Mapping[str, Any], seats: float) -> float:
    """How far to the right the drawing of a category goes."""
    return max(row.get("value") or 0, row.get("maximum") or 0, (row.get("share") or 0) * seats)


def category(row: Mapping[str, Any], top: int, seats: float, whole: float) -> dict[str, Any]:
    low, high, value = row.get("minimum"), row.get("maximum"), row.get("value") or 0
    bounded = low is not None and high is not None
    return {
        "label": row["label"],
        "value": value,
        "shown": row.get("shown", ""),
        "minimum": low,
        "maximum": high,
        "share": row.get("share"),
        "has_share": row.get("share") is not None,
        "bounded": bounded,
        "off": bounded and not low <= value <= high,
        "text_y": str(top + 14),
        "bar_y": str(top + 24),
        "range_y": str(top + 20),
        "range_bottom": str(top + 40),
        "bar_width": part(value, whole),
        "range_x": part(low or 0, whole),
        "range_end": part(high or 0, whole),
        "share_x": part((row.get("share") or 0) * seats, whole),
    }


def funnel(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    most = max([row.get("value") or 0 for row in rows], default=0)
    drawn, before = [], None
    for index, row in enumerate(rows):
        value, top = row.get("value") or 0, index * 54
        kept = value / before if before else None
        drawn.append(
            {
                "label": row["label"],
                "value": value,
                "note": row.get("note", ""),
                "kept": kept,
                "text_y": number(top + 15),
                "bar_y": number(top + 24),
                "width": f"{number(max(0.6 if value else 0, 100 * value / most if most else 0))}%",
            }
        )
        before = value
    return {"rows": drawn, "height": str(len(rows) * 54)}


#: Under which names a tally may hold each voice.
VOICES = {
    "for": ("for", "for_", "votes_for"),
    "against": ("against", "votes_against"),
    "abstention": ("abstention", "abstentions", "abstaining"),
    "absent": ("absent", "not_voting", "not_taking_part"),
}


def counted(tally: Any, names: Iterable[str]) -> int:
    found = (tally.get(name) if isinstance(tally, Mapping) else getattr(tally, name, None) for name in names)
    return int(next((value for value in found if value is not None), 0))


def votes(tally: Any) -> dict[str, Any]:
    """One bar: for, against, abstention, not taking part."""
    counts = {voice: counted(tally, names) for voice, names in VOICES.items()}
    whole, start, segments = sum(counts.values()), 0, []
    for voice, value in counts.items():
        segments.append(
            {
                "voice": voice,
                "value": value,
                "x": part(start, whole),
                "width": part(value, whole),
                "middle": part(start + value / 2, whole),
                "wide": bool(whole) and value / whole > 0.07,
            }
        )
        start += value
    return {"segments": segments, "total": whole, **counts}


# Columns and lines ---------------------------------------------------------------

PLOT = 170  # pixels between the axis and the top


def graduated(most: float) -> tuple[float, list[dict[str, Any]]]:
    step = round_up(max(most, 1) / 4)
    if most <= 4:
        step = 1
    top = max(ceil(max(most, 1) / step), 1) * step
    count = round(top / step)
    ticks = [
        {
            "value": int(step * index) if step >= 1 else step * index,
            "y": number(20 + PLOT * (1 - index / count)),
        }
        for index in range(count + 1)
    ]
    return top, ticks


NARROW = 46  # characters of labels that fit side by side on a phone


def histogram(values: Mapping[str, float] | Iterable[Sequence[Any]]) -> dict[str, Any]:
    """Columns; or bars lying down when the labels would not fit side by side."""
    rows = pairs(values)
    if len(rows) * max([len(label) for label, _ in rows], default=0) > NARROW and len(rows) <= 24:
        return {"lying": funnel([{"label": label, "value": value} for label, value in rows])}
    top, ticks = graduated(max([value for _, value in rows], default=0))
    slot = 100 / max(len(rows), 1)
    every = ceil(len(rows) / 10) or 1
    bars = [
        {
            "label": label,
            "value": value,
            "x": f"{number(index * slot + slot * 0.14)}%",
            "width": f"{number(slot * 0.72)}%",
            "middle": f"{number((index + 0.5) * slot)}%",
            "y": number(20 + PLOT * (1 - value / top)),
            "text_y": number(14 + PLOT * (1 - value / top)),
            "height": number(PLOT * value / top),
            "named": index % every == 0,
        }
        for index, (label, value) in enumerate(rows)
    ]
    return {"bars": bars, "ticks": ticks, "height": PLOT + 50, "base": PLOT + 20, "label_y": PLOT + 40}


def line(values: Mapping[str, float] | Iterable[Sequence[Any]]) -> dict[str, Any]:
    rows = pairs(values)
    top, ticks = graduated(max([value for _, value in rows], default=0))
    gap = 92 / max(len(rows) - 1, 1)
    every = ceil(len(rows) / 6) or 1
    points = [
        {
            "label": label,
            "value": value,
            "x": f"{number(4 + index * gap)}%",
            "y": number(20 + PLOT * (1 - value / top)),
            "text_y": number(8 + PLOT * (1 - value / top)),
            "named": index % every == 0 or index == len(rows) - 1,
        }
        for index, (label, value) in enumerate(rows)
    ]
    joints = [{"from": one, "to": two} for one, two in zip(points, points[1:], strict=False)]
    return {
        "points": points,
        "joints": joints,
        "ticks": ticks,
        "height": PLOT + 50,
        "base": PLOT + 20,
        "label_y": PLOT + 40,
    }
