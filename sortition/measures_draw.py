"""Figures of the draw: `manage.py measure draw` runs ours and the field's own library in turn on the same pools.

Each run is a process of its own (our solver and theirs cannot share one), timed in processor seconds so that a busy
machine favours nobody; complete runs are also timed by the clock. The peer's leximin needs a commercial solver and is
not run. A peer that does not finish within `PATIENCE` counts for that long, which only favours it.
"""

import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

from assembly.measuring import Figure, measure
from sortition.engine import canonical
from sortition.engine.sample_pool import sample_pool

PATIENCE = 900.0
SHARED = ((748, 100), (2000, 100))
COMPLETE = ((748, 100, 5.0), (2000, 100, 10.0), (5000, 100, 20.0), (20_000, 150, 45.0))
BACKENDS = {"its default (HiGHS)": "highspy", "its fastest (CBC)": "mip-cbc"}
START = """
import json, resource, sys, time
folder, seats, option = sys.argv[1], int(sys.argv[2]), sys.argv[3]
clock, cpu = time.perf_counter(), time.process_time()
def told(minimum, **more):
    print("RESULT", json.dumps({"minimum": minimum, "cpu": time.process_time() - cpu,
        "clock": time.perf_counter() - clock,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10),
        **more}))
"""
OURS = """
from sortition.engine.inputs import read_people, read_quotas
from sortition.engine.lottery import draw_lottery
quotas = read_quotas(folder + "/categories.csv")
people = read_people(folder + "/respondents.csv", sorted({quota.criterion for quota in quotas}))
lottery = draw_lottery(people, quotas, seats, seed="measure", rule=option)
told(min(lottery.fair.values()), bound=lottery.bound)
"""
RUN = """
import tempfile
from sortition.engine.__main__ import main
out = tempfile.mkdtemp() + "/out"
code = main(["draw", "--people", folder + "/respondents.csv", "--targets", folder + "/categories.csv",
    "--seats", str(seats), "--seed", "measure", "--rule", option, "--out", out])
assert code == 0, code
record = json.load(open(out + "/record.json"))
told(float(record["minimum"]), bound=float(record["proven_bound"]), short=record["below_floor"])
"""
PEER = """
import csv
from sortition_algorithms.committee_generation import find_distribution_maximin
from sortition_algorithms.features import read_in_features
from sortition_algorithms.people import read_in_people
from sortition_algorithms.settings import Settings
def rows(name):
    with open(folder + "/" + name, newline="") as file:
        reader = csv.DictReader(file)
        return list(reader.fieldnames), list(reader)
heading, body = rows("categories.csv")
renamed = [{"feature": row["category"], "value": row["value"], "min": row["min"], "max": row["max"]} for row in body]
features, feature_name, _ = read_in_features(["feature", "value", "min", "max"], renamed)
heading, body = rows("respondents.csv")
settings = Settings(id_column="id", columns_to_keep=[], solver_backend=option)
people, _ = read_in_people(heading, body, features, settings)
committees, shares, _ = find_distribution_maximin(features, people, seats, [], option)
chances = dict.fromkeys((row["id"] for row in body), 0.0)
for committee, share in zip(committees, shares):
    for name in committee:
        chances[name] += share
told(min(chances.values()))
"""


def alone(program, folder, seats, option, patience=None):
    """What a run in its own process tells; `unfinished` if it outlasts our patience, `absent` if it is not installed."""
    command = [sys.executable, "-c", START + program, str(folder), str(seats), option]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=patience)
    except subprocess.TimeoutExpired:
        return {"unfinished": True}
    if ran.returncode and "No module named" in ran.stderr:
        return {"absent": True}
    if ran.returncode:
        raise RuntimeError(ran.stderr[-2000:])
    return json.loads(next(line for line in ran.stdout.splitlines() if line.startswith("RESULT"))[7:])


def written(folder, people, seats):
    """A pool in the field's two files."""
    crowd, quotas = sample_pool(people, seats)
    folder = Path(folder, f"{people}_{seats}")
    folder.mkdir()
    (folder / "categories.csv").write_bytes(canonical.quotas_csv(quotas))
    (folder / "respondents.csv").write_bytes(canonical.people_csv(crowd))
    return folder


@measure("draw")
def draw(shared=SHARED, complete=COMPLETE, patience=PATIENCE):
    """Ours against the peer, then complete runs against the promise."""
    with tempfile.TemporaryDirectory() as folder:
        for people, seats, bar in complete:
            yield from promised(written(folder, people, seats), people, seats, bar)
        ratios = {name: [] for name in BACKENDS}
        for people, seats in shared:
            place = Path(folder, f"{people}_{seats}")
            place = place if place.exists() else written(folder, people, seats)
            yield from against_the_peer(place, people, seats, patience, ratios)
    for name, bar in zip(BACKENDS, (20.0, 10.0), strict=True):
        if ratios[name]:
            mean = math.exp(sum(map(math.log, ratios[name])) / len(ratios[name]))
            yield Figure(
                f"maximin against {name}, from 748 people up, geometric mean", mean, "times", bar=bar
            )


def promised(folder, people, seats, bar):
    run = alone(RUN, folder, seats, "leximin")
    title = f"{people:,}/{seats}"
    yield Figure(f"{title}, complete run", run["clock"], "s", bar=bar, at_least=False)
    yield Figure(f"{title}, of the processor", run["cpu"], "s")
    yield Figure(f"{title}, peak memory", run["memory"], "MB", bar=300, at_least=False)
    yield Figure(
        f"{title}, bound less smallest chance", run["bound"] - run["minimum"], "", 1e-3, at_least=False
    )
    yield Figure(f"{title}, people one panel short", run["short"], "people", bar=0, at_least=False)


def against_the_peer(folder, people, seats, patience, ratios):
    title = f"{people:,}/{seats}"
    ours = alone(OURS, folder, seats, "maximin")
    yield Figure(f"{title}, maximin and 1,000 panels, ours", ours["cpu"], "s")
    for name, backend in BACKENDS.items():
        peer = alone(PEER, folder, seats, backend, patience)
        if "absent" in peer:
            continue
        seconds = peer.get("cpu", patience)
        yield Figure(f"{title}, maximin, {name}{'' if 'cpu' in peer else ', unfinished'}", seconds, "s")
        yield Figure(f"{title}, ratio to {name}", seconds / ours["cpu"], "times")
        if "minimum" in peer:
            apart = abs(peer["minimum"] - ours["minimum"])
            yield Figure(f"{title}, smallest chances apart", apart, "", bar=1e-6, at_least=False)
        if people >= 748:
            ratios[name].append(seconds / ours["cpu"])
