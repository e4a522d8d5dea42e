"""Figures: each room declares its own in `measures.py`, and `manage.py measure NAME` prints them."""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

MEASURES = {}
ROOMS = ("assembly", "sortition", "workshops", "deliberations")


@dataclass(frozen=True)
class Figure:
    """One printed line. `bar` is the promise; `at_least` tells on which side of it we must be."""

    name: str
    value: float
    unit: str
    bar: float | None = None
    at_least: bool = True

    @property
    def holds(self):
        if self.bar is None:
            return True
        return self.value >= self.bar if self.at_least else self.value <= self.bar

    def __str__(self):
        line = (
            f"{self.name}: {self.value:,.3g} {self.unit}"
            if self.value < 1000
            else (f"{self.name}: {self.value:,.0f} {self.unit}")
        )
        if self.bar is None:
            return line
        verdict = "holds" if self.holds else "FAILS"
        return f"{line} ({'at least' if self.at_least else 'at most'} {self.bar:,g}: {verdict})"


def measure(name):
    """Register a generator of figures: `@measure("roll") def roll(): yield Figure(…)`."""

    def register(figures):
        MEASURES[name] = figures
        return figures

    return register


def known():
    """Every measure of every room, by name."""
    for room in ROOMS:
        if find_spec(f"{room}.measures"):
            import_module(f"{room}.measures")
    return MEASURES
