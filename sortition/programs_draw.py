"""What `measures_draw` runs in processes of their own: `START` and then one of these; each prints one line of JSON."""

START = """
import json, resource, sys, time
folder, seats, option, patience = sys.argv[1], int(sys.argv[2]), sys.argv[3], float(sys.argv[4])
born, began = time.perf_counter(), time.process_time()
def memory():  # Linux: ru_maxrss would begin at the size of the process that called us; VmHWM is our own
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 2**10
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
def ready():
    global before
    before = time.process_time()
    if patience:  # seconds of the processor, after which the system ends us
        limit = int(before + patience) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
def told(**more):
    print("RESULT", json.dumps({"before": before - began, "cpu": time.process_time() - before,
        "clock": time.perf_counter() - born, "memory": memory(), **more}))
"""
OURS = """
from sortition.engine.inputs import read_people, read_quotas
from sortition.engine.distribution import distribute
from sortition.engine.lottery import draw_lottery
from sortition.engine.quotas import Infeasible
quotas = read_quotas(folder + "/categories.csv")
people = read_people(folder + "/respondents.csv", sorted({quota.criterion for quota in quotas}))
ready()
try:
    found = distribute(people, quotas, seats, option)
    seconds, chances = time.process_time() - before, found.chances()
    again = time.process_time()
    draw_lottery(people, quotas, seats, seed="measure", rule=option)
    told(chances=list(chances.values()), lottery=time.process_time() - again, cpu=seconds)
except Infeasible:
    told(impossible=True)
"""
COMPLETE = """
import tempfile
from sortition.engine.__main__ import main
ready()
out = tempfile.mkdtemp() + "/out"
code = main(["draw", "--people", folder + "/respondents.csv", "--targets", folder + "/categories.csv",
    "--seats", str(seats), "--seed", "measure", "--rule", option, "--out", out])
if code == 2:
    told(impossible=True)
else:
    assert code == 0, code
    record = json.load(open(out + "/record.json"))
    told(minimum=float(record["minimum"]), bound=float(record["proven_bound"]), short=record["below_floor"])
"""
PEER = """
import csv
rule, backend = option.split()
from sortition_algorithms import committee_generation as generation
from sortition_algorithms.features import read_in_features
from sortition_algorithms.people import read_in_people
from sortition_algorithms.settings import Settings
if rule == "leximin":
    import gurobipy
def rows(name):
    with open(folder + "/" + name, newline="") as file:
        reader = csv.DictReader(file)
        return list(reader.fieldnames), list(reader)
heading, body = rows("categories.csv")
renamed = [{"feature": row["category"], "value": row["value"], "min": row["min"], "max": row["max"]} for row in body]
features, _, _ = read_in_features(["feature", "value", "min", "max"], renamed)
heading, body = rows("respondents.csv")
settings = Settings(id_column=heading[0], columns_to_keep=[], solver_backend=backend)
people, _ = read_in_people(heading, body, features, settings)
ready()
find = getattr(generation, "find_distribution_" + rule)
try:
    committees, shares, _ = find(features, people, seats, [], *([] if rule == "leximin" else [backend]))
except Exception as error:
    told(failed=f"{type(error).__name__} {error}"[:80])
    sys.exit()
seconds = time.process_time() - before
chances = dict.fromkeys((row[heading[0]] for row in body), 0.0)
for committee, share in zip(committees, shares):
    for name in committee:
        chances[name] += share
told(chances=list(chances.values()), cpu=seconds)
"""
ABSENT = ("No module named",)
