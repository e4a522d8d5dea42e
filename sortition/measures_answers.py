"""`manage.py measure answers`: a file of answers read with its report, and duplicates among many."""

import csv
import tempfile
import time
from datetime import date, datetime
from pathlib import Path

from assembly.measuring import Figure, measure
from sortition.engine.likeness import Known, alike
from sortition.engine.reading import open_table
from sortition.engine.sample_volunteers import Invited, answers, write_answers
from sortition.engine.volunteers import read_answers

RUNS = 5


def made(path, count):
    people = [
        Invited(f"K{n:07}", f"NOM{n}", "Camille", "F", date(1980, 3, 12), "40_54", "12", f"{n} RUE", "75012")
        for n in range(count)
    ]
    write_answers(path, answers(people, count, "measure"), "measure", datetime(2026, 9, 1, 9))


def fastest(act):
    """Seconds of processor, the best of a few runs: a busy machine slows some of them."""
    found = []
    for _run in range(RUNS):
        started = time.process_time()
        act()
        found.append(time.process_time() - started)
    return min(found)


def parsed(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


def understood(path, today):
    table = open_table(path)
    try:
        return list(read_answers(table, today))
    finally:
        table.close()


@measure("answers")
def figures(lines=748, many=20_000):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.csv"
        made(path, lines)
        bare = fastest(lambda: parsed(path))
        whole = fastest(lambda: understood(path, date(2026, 9, 10)))
    people = [
        Known(
            n,
            f"N{n % (many - 50)}",
            "A",
            date(1950 + n % 60, 1, 1),
            f"e{n}@x.invalid",
            "",
            f"{n // 4} rue",
            "75012",
        )
        for n in range(many)
    ]
    looking = fastest(lambda: alike(people))
    yield Figure(f"csv module alone, {lines} lines", bare, "s")
    yield Figure(f"{lines} answers understood, line by line", whole, "s", bar=0.3, at_least=False)
    yield Figure("ratio to the csv module, which understands nothing", whole / bare, "")
    yield Figure(
        f"duplicates and households looked for among {many:,} people", looking, "s", bar=2, at_least=False
    )
