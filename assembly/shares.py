"""Whole things cut in parts: one line each, on one scale, as geometry for an SVG. Pure, like `assembly.charts`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assembly.charts import LINE, part


def stacked(
    rows: Sequence[tuple[str, Mapping[str, int]]], parts: Iterable[tuple[str, str]]
) -> dict[str, Any]:
    """`rows`: (label, how many of each part); `parts`: (part, its name), in the order they stand in a bar."""
    parts = list(parts)
    most = max([sum(counts.values()) for _label, counts in rows], default=0)
    return {
        "rows": [bar(label, counts, parts, place * LINE, most) for place, (label, counts) in enumerate(rows)],
        "parts": [{"key": key, "name": name} for key, name in parts],
        "height": str(len(rows) * LINE),
    }


def bar(
    label: str, counts: Mapping[str, int], parts: Iterable[tuple[str, str]], top: int, most: int
) -> dict[str, Any]:
    start, drawn = 0, []
    for key, name in parts:
        value = counts.get(key, 0)
        drawn.append(
            {"key": key, "name": name, "value": value, "x": part(start, most), "width": part(value, most)}
        )
        start += value
    return {
        "label": label,
        "total": start,
        "parts": drawn,
        "text_y": str(top + 14),
        "bar_y": str(top + 22),
    }
