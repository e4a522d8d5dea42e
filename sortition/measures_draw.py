"""Figures of the draw: `manage.py measure draw` runs ours and the field's own library in turn on the same pools.

Each run is a process of its own (our solver and theirs cannot share one). Both are timed in processor seconds, so that a
busy machine favours nobody, from the moment the files are read to the same product: an exact distribution over legal
panels (ours with its numbered lottery is timed as well). Complete runs go from the start of Python to the files written; they keep one
processor busy, so that on a quiet machine the clock says the same.

The peer's leximin works with Gurobi only: `pip install gurobipy` brings a licence for small pools, and the measure uses
it when it is there (we never need it). A peer that does not finish within `patience` seconds of the processor counts for
that long, which only favours it.

    manage.py measure draw                          our own pools, about a quarter of an hour, nearly all of it the peer's
    manage.py measure draw patience=60              the peer is stopped after a minute
    manage.py measure draw only=complete            also: leximin, nash, maximin, or several with commas
    manage.py measure draw instances=FOLDER         a folder of pools instead of ours: in each subfolder `categories.csv`,
                                                    `respondents.csv`, and `meta.json` with "seats" (or "k")
"""

import json
import math
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from assembly.measuring import Figure, measure
from sortition import programs_draw as programs
from sortition.engine import canonical
from sortition.engine.sample_pool import sample_pool

PATIENCE = 120.0
ALMOST = 1e-6
FIELD = ("sex", "age", "zone", "home")
SMALL = (
    (100, 28, {"criteria": FIELD}),
    (150, 22, {"criteria": (*FIELD, "diploma", "work"), "margin": 1}),
    (200, 20, {"criteria": (*FIELD, "diploma")}),
    (360, 30, {"criteria": (*FIELD, "diploma", "work", "travel")}),
)
LARGE = ((748, 100), (2000, 100), (5000, 100), (20_000, 150))
PROMISES = ((748, 5.0), (2000, 10.0), (5000, 20.0), (20_000, 45.0))
BACKENDS = {"its default (HiGHS)": ("highspy", 20.0), "its fastest (CBC)": ("mip-cbc", 10.0)}
FEW, MANY, TOO_MANY = 400, 748, 2000
PARTS = ("complete", "leximin", "nash", "maximin")


@dataclass(frozen=True)
class Instance:
    """A pool in the field's two files."""

    name: str
    folder: Path
    people: int
    seats: int


@measure("draw")
def draw(instances="", patience=PATIENCE, only=""):
    """Complete runs against the promise, then ours against the peer, rule by rule."""
    with tempfile.TemporaryDirectory() as folder:
        pools = list(given(Path(instances)) if instances else made(Path(folder)))
        chosen = only.split(",") if only else PARTS
        peer = Against(float(patience))
        for part, figures in zip(PARTS, (complete, peer.leximin, peer.nash, peer.maximin), strict=True):
            for pool in pools if part in chosen else ():
                yield from figures(pool)
        yield from peer.means()


def made(folder):
    for people, seats, criteria in (*SMALL, *((*size, {}) for size in LARGE)):
        crowd, quotas = sample_pool(people, seats, **criteria)
        place = folder / f"{people}_{seats}"
        place.mkdir()
        (place / "categories.csv").write_bytes(canonical.quotas_csv(quotas))
        (place / "respondents.csv").write_bytes(canonical.people_csv(crowd))
        yield Instance(f"{people:,}/{seats}", place, people, seats)


def given(folder):
    for meta in sorted(folder.glob("*/meta.json"), key=lambda path: (path.stat().st_size, path)):
        facts = json.loads(meta.read_text(encoding="utf-8"))
        people = len((meta.parent / "respondents.csv").read_text(encoding="utf-8").splitlines()) - 1
        yield Instance(meta.parent.name, meta.parent, people, facts.get("seats") or facts["k"])


def alone(program, pool, option, patience=0.0):
    """What a run in its own process tells; `unfinished` if it outlasts our patience, `absent` if it is not installed."""
    given = [str(pool.folder), str(pool.seats), option, str(patience)]
    command = [sys.executable, "-c", programs.START + program, *given]
    ran = subprocess.run(command, capture_output=True, text=True)
    told = [line for line in ran.stdout.splitlines() if line.startswith("RESULT")]
    if told:
        return json.loads(told[0][7:])
    if any(missing in ran.stderr for missing in programs.ABSENT):
        return {"absent": True}
    if ran.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return {"unfinished": True}
    raise RuntimeError(f"{pool.name}, {option}: {ran.stderr[-2000:]}")


def complete(pool):
    """Leximin, certificate, 1,000 panels, every file; verified afterwards, which is not timed."""
    run = alone(programs.COMPLETE, pool, "leximin")
    if "impossible" in run:
        yield Figure(f"{pool.name}, quotas that cannot be kept: said after", run["clock"], "s")
        return
    bar = next((seconds for people, seconds in PROMISES if pool.people <= people), None)
    seconds = run["before"] + run["cpu"]
    yield Figure(f"{pool.name}, complete run, of one processor", seconds, "s", bar=bar, at_least=False)
    yield Figure(f"{pool.name}, complete run, by the clock", run["clock"], "s")
    yield Figure(f"{pool.name}, peak memory", run["memory"], "MB", bar=300, at_least=False)
    apart = run["bound"] - run["minimum"]
    yield Figure(f"{pool.name}, proven bound less smallest chance", apart, "", bar=1e-3, at_least=False)
    yield Figure(f"{pool.name}, people below their floor", run["short"], "people", bar=0, at_least=False)


class Against:
    """Ours and the peer's on the same pools; ratios are kept for their geometric means."""

    def __init__(self, patience):
        self.patience = patience
        self.ratios = {}
        self.left_out = 0

    def leximin(self, pool):
        """Where the peer finishes: its sorted chances are nowhere above ours at their first difference."""
        if pool.people > FEW:
            return
        ours, peer = yield from self.both(pool, "leximin", "highspy", "leximin", 50.0)
        if "chances" in peer:
            behind = below(sorted(ours["chances"]), sorted(peer["chances"]))
            title = f"{pool.name}, leximin, below the peer at the first difference by"
            yield Figure(title, behind, "", bar=ALMOST, at_least=False)
            yield from smallest(f"{pool.name}, leximin", ours["chances"], peer["chances"])

    def nash(self, pool):
        """Where the peer finishes: the mean logarithm of chances, whose maximum it approaches."""
        if pool.people > FEW:
            return
        ours, peer = yield from self.both(pool, "nash", "highspy", "nash", None)
        if "chances" in peer:
            gain = mean_log(ours["chances"]) - mean_log(peer["chances"])
            yield Figure(f"{pool.name}, nash, mean log of chances, ours less theirs", gain, "", bar=-ALMOST)

    def maximin(self, pool):
        if not MANY <= pool.people <= TOO_MANY:
            return
        for name, (backend, bar) in BACKENDS.items():
            ours, peer = yield from self.both(pool, "maximin", backend, f"maximin, {name}", bar)
            if "chances" in peer:
                yield from smallest(f"{pool.name}, maximin, {name}", ours["chances"], peer["chances"])

    def both(self, pool, rule, backend, kind, bar):
        """Figures of both runs; what they told."""
        ours = alone(programs.OURS, pool, rule)
        if "impossible" in ours:
            return ours, {}
        peer = alone(programs.PEER, pool, f"{rule} {backend}", self.patience)
        if "absent" in peer or "failed" in peer:
            self.left_out += 1
            yield Figure(
                f"{pool.name}, {kind}: the peer cannot ({peer.get('failed', 'not installed')})", 0, "runs"
            )
            return ours, {}
        title, seconds = f"{pool.name}, {kind}", peer.get("cpu", self.patience)
        yield Figure(f"{title}, theirs{'' if 'cpu' in peer else ', unfinished'}", seconds, "s")
        yield Figure(f"{title}, ours", ours["cpu"], "s")
        yield Figure(f"{title}, ours with 1,000 numbered panels, instead", ours["lottery"], "s")
        yield Figure(f"{title}, ratio", seconds / ours["cpu"], "times")
        yield Figure(f"{title}, ratio of the lottery", seconds / ours["lottery"], "times")
        if "cpu" in peer or rule == "maximin":
            self.ratios.setdefault((kind, bar), []).append(seconds / ours["cpu"])
        return ours, peer

    def means(self):
        for (kind, bar), ratios in self.ratios.items():
            mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
            yield Figure(f"{kind}, geometric mean over {len(ratios)} pools", mean, "times", bar=bar)
        if self.left_out:
            yield Figure("runs left out: the peer cannot do them here", self.left_out, "runs")


def smallest(title, ours, theirs):
    """Ours may be larger, since the peer stops within 0.0005 of the best, never smaller."""
    apart = min(ours) - min(theirs)
    yield Figure(
        f"{title}, smallest chance below the peer's by", max(0.0, -apart), "", bar=ALMOST, at_least=False
    )
    if apart > ALMOST:
        yield Figure(f"{title}, smallest chance above the peer's by", apart, "")


def below(ours, theirs):
    """By how much theirs is above ours where sorted chances first differ by more than a hair, 0 if ours is above.

    What theirs gave up before, hair by hair, may come back at once at a later rank: it is counted.
    """
    given_up = 0.0
    for mine, other in zip(ours, theirs, strict=True):
        if mine > other + ALMOST:
            return 0.0
        if other > mine + ALMOST + given_up:
            return other - mine
        given_up += max(0.0, mine - other)
    return 0.0


def mean_log(chances):
    return sum(math.log(max(chance, 1e-12)) for chance in chances) / len(chances)
