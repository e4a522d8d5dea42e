"""Several lines on one axis, as geometry: see assembly/charts.py. Pure."""

from collections.abc import Sequence
from math import ceil
from typing import Any

from assembly.charts import PLOT, graduated, number

LEFT, WIDTH = 5, 91  # per cent of the drawing
MARKS = ("round", "square", "open")  # told apart without colours too


def lines(labels: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]]) -> dict[str, Any]:
    """`series`: (name, one value a label, None where there is none)."""
    values = [value for _name, row in series for value in row if value is not None]
    top, ticks = graduated(max(values, default=0))
    gap = WIDTH / max(len(labels) - 1, 1)
    every = ceil(len(labels) / 6) or 1

    def x(place: int) -> str:
        return f"{number(LEFT + place * gap)}%"

    def y(value: float) -> str:
        return number(20 + PLOT * (1 - value / top))

    def drawn(rank: int, name: str, row: Sequence[float | None]) -> dict[str, Any]:
        points = [
            {"x": x(place), "y": y(value), "value": value}
            for place, value in enumerate(row)
            if value is not None
        ]
        return {
            "label": name,
            "mark": MARKS[rank % len(MARKS)],
            "points": points,
            "joints": [{"from": one, "to": two} for one, two in zip(points, points[1:], strict=False)],
            "values": list(row),
        }

    return {
        "series": [drawn(rank, name, row) for rank, (name, row) in enumerate(series)],
        "labels": [
            {
                "text": text,
                "x": x(place),
                "named": place % every == 0,
                "values": [row[place] for _n, row in series],
            }
            for place, text in enumerate(labels)
        ],
        "ticks": ticks,
        "height": PLOT + 50,
        "base": PLOT + 20,
        "label_y": PLOT + 40,
    }
