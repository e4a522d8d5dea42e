"""Figures of this room: `manage.py measure roll`."""

import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from assembly.measuring import Figure, measure
from sortition.engine.sample_roll import write_roll

PARSE = """
import csv, resource, sys, time
started = time.perf_counter()
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    for row in csv.reader(file, delimiter=";"):
        pass
"""
DRAW = """
import datetime, resource, sys, time
from sortition.engine.invite import invite
from sortition.engine.reading import open_table
started = time.perf_counter()
invite(open_table(sys.argv[1]), 10_000, seed="measure", today=datetime.date(2026, 9, 1))
"""
REPORT = """
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(time.perf_counter() - started, memory / (2**20 if sys.platform == "darwin" else 2**10))
"""
RUNS = 3


def best(program, path):
    """(seconds of the quickest of three runs, MB), each in a process of its own."""
    runs = [alone(program, path) for _ in range(RUNS)]
    return min(seconds for seconds, _ in runs), max(memory for _, memory in runs)


def alone(program, path):
    command = [sys.executable, "-c", program + REPORT, str(path)]
    return tuple(
        map(float, subprocess.run(command, capture_output=True, check=True, text=True).stdout.split())
    )


@measure("roll")
def roll(rows=1_350_000, few=100_000):
    """A whole roll read, fingerprinted and drawn, against the csv module merely parsing the same file."""
    with tempfile.TemporaryDirectory() as folder:
        large, small = Path(folder, "large.csv"), Path(folder, "small.csv")
        write_roll(large, rows, today=date(2026, 9, 1))
        write_roll(small, few, today=date(2026, 9, 1))
        parsing, bare = best(PARSE, large)
        drawing, memory = best(DRAW, large)
        _, little = best(DRAW, small)
    yield Figure(f"csv module alone on {rows:,} lines", rows / parsing, "lines/s")
    yield Figure("read, fingerprinted and drawn", rows / drawing, "lines/s")
    yield Figure("ratio to the csv module", parsing / drawing, "", bar=1 / 3)
    yield Figure("csv module alone, peak memory", bare, "MB")
    yield Figure("peak memory", memory, "MB")
    yield Figure(f"peak memory over that of {few:,} lines", memory / little, "", bar=1.15, at_least=False)
