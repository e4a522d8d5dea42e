"""Figures of this room: `manage.py measure roll`, and `measure draw` (see `measures_draw`)."""

import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from assembly.measuring import Figure, measure
from sortition import measures_answers, measures_draw, measures_letters, measures_weighing  # noqa: F401, register their figures
from sortition.engine.sample_roll import write_roll

PARSE = """
import csv, resource, sys, time
started = time.process_time()
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    for row in csv.reader(file, delimiter=";"):
        pass
"""
DRAW = """
import datetime, resource, sys, time
from sortition.engine.invite import invite
from sortition.engine.reading import open_table
started = time.process_time()
invite(open_table(sys.argv[1]), 10_000, seed="measure", today=datetime.date(2026, 9, 1))
"""
# Linux: ru_maxrss would begin at the size of the process that called us; VmHWM is our own.
REPORT = """
seconds = time.process_time() - started
try:
    with open("/proc/self/status") as status:
        memory = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 2**10
except OSError:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
print(seconds, memory)
"""
RUNS = 3


def alone(program, path):
    """(seconds of processor, peak MB) of a process of its own."""
    command = [sys.executable, "-c", program + REPORT, str(path)]
    return tuple(
        map(float, subprocess.run(command, capture_output=True, check=True, text=True).stdout.split())
    )


def in_turn(*trials):
    """Each trial RUNS times, one after the other in turn, so that a busy machine slows all alike."""
    runs = [[alone(*trial) for trial in trials] for _ in range(RUNS)]
    return [(min(s for s, _ in column), max(m for _, m in column)) for column in zip(*runs, strict=True)]


@measure("roll")
def roll(rows=1_350_000, few=100_000):
    """A whole roll read, fingerprinted and drawn, against the csv module merely parsing the same file."""
    with tempfile.TemporaryDirectory() as folder:
        large, small = Path(folder, "large.csv"), Path(folder, "small.csv")
        write_roll(large, rows, today=date(2026, 9, 1))
        write_roll(small, few, today=date(2026, 9, 1))
        (parsing, bare), (drawing, memory), (_, little) = in_turn(
            (PARSE, large), (DRAW, large), (DRAW, small)
        )
    yield Figure(f"csv module alone on {rows:,} lines, per second of processor", rows / parsing, "lines")
    yield Figure("read, fingerprinted and drawn, per second of processor", rows / drawing, "lines")
    yield Figure("ratio to the csv module", parsing / drawing, "", bar=1 / 3)
    yield Figure("csv module alone, peak memory", bare, "MB")
    yield Figure("peak memory", memory, "MB")
    yield Figure(f"peak memory over that of {few:,} lines", memory / little, "", bar=1.15, at_least=False)
