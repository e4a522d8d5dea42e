"""What a draw would give, before anybody is drawn: chances, the price of each quota, the rules side by side."""

import json
import time
from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256
from statistics import median

from assembly import clock, jobs
from sortition import drawing
from sortition.engine import VERSION, canonical, weighing
from sortition.engine.lottery import RULES
from sortition.engine.profiles import HOUSEHOLD
from sortition.engine.quotas import check
from sortition.explaining import obstacles
from sortition.models import Weighing
from sortition.quotas import ELSEWHERE, POOL, live

CERTAIN = 1 - 1e-6
#: What it costs to touch a criterion, by what staff said of it.
WEIGHTS = {"last": 5.0, "never": float("inf")}


@dataclass(frozen=True)
class Inputs:
    """All that what a draw would give depends on."""

    people: list
    quotas: list
    seats: int
    rule: str
    sacred: dict

    @property
    def fingerprint(self):
        facts = [self.rule, sorted(self.sacred.items()), self.seats, VERSION]
        parts = [
            canonical.people_csv(self.people),
            canonical.quotas_csv(self.quotas),
            json.dumps(facts).encode(),
        ]
        return sha256(b"|".join(parts)).hexdigest()

    @property
    def weights(self):
        """What the engine is told of the sacred: by criterion of a pool."""
        told = {
            quota.criterion: WEIGHTS.get(self.sacred.get(quota.criterion.partition("/")[2]), 1.0)
            for quota in self.quotas
        }
        return told | {POOL: float("inf")}


def inputs_of(draw, wanted=None, pools=None):
    """Today’s volunteers and quotas; once the pool is frozen, what was frozen. `wanted`: quotas one is trying."""
    if draw.frozen_at:
        people, quotas, seats = drawing.frozen_people(draw), drawing.frozen_quotas(draw), draw.seats
    else:
        people, quotas, seats = live(draw, wanted, pools)
    return Inputs(people, quotas, seats, draw.rule, dict(draw.sacred))


# ---- everything, by a job


STEPS = 3 + len(RULES)


def weigh(inputs, progress=lambda done: None):
    """A plain dictionary: what the page shows, by the keys of categories and never by person."""
    started = time.monotonic()
    found = {"people": len(inputs.people), "seats": inputs.seats, "homes": homes(inputs.people)}
    found["bounds"] = [[*key(quota), quota.minimum, quota.maximum] for quota in inputs.quotas]
    found |= feasibility(inputs)
    progress(1)
    if not found["conflicts"]:
        found["rules"] = {}
        for place, rule in enumerate(RULES, 2):
            chances = weighing.expected(inputs.people, inputs.quotas, inputs.seats, rule)
            found["rules"][rule] = summary(chances, inputs.people)
            if rule == inputs.rule:
                found |= of_the_rule(chances, inputs.people)
            progress(place)
        found["prices"] = prices(inputs)
        progress(STEPS)
    return found | {"seconds": round(time.monotonic() - started, 2)}


def homes(people):
    """How many addresses are shared, where the draw looks at addresses."""
    return len({person.household for person in people if person.household})


def feasibility(inputs, relaxations=3):
    """Conflicts, ways out and who is missing; all empty when a panel exists."""
    conflicts = obstacles(inputs.people, inputs.quotas)
    short = bool(conflicts)
    conflicts += check(
        inputs.people,
        inputs.quotas,
        inputs.seats,
        relaxations=0 if short else relaxations,
        sacred=inputs.weights,
    )
    conflicts = [one for one in conflicts if not (short and one.code in POOLED) and not is_elsewhere(one)]
    missing = weighing.missing(inputs.people, inputs.quotas, inputs.seats) if conflicts else []
    return {
        "conflicts": [[one.code, plain(one.facts)] for one in conflicts],
        "relaxations": [changes(way) for one in conflicts for way in one.relaxations],
        "missing": [[*key(one.quota), one.people] for one in missing if ELSEWHERE not in key(one.quota)],
    }


#: What follows from a pool being too small, and adds nothing to saying so.
POOLED = {"too_few_people", "criterion_short", "together_impossible"}


def is_elsewhere(conflict):
    """Said of “other pools”, or of the pools themselves: the sentence on the small pool says it."""
    facts = conflict.facts
    return conflict.code == "category_short" and (
        facts["criterion"] == POOL or facts["category"] == ELSEWHERE
    )


def plain(facts):
    return json.loads(json.dumps(dict(facts)))


def key(quota):
    return quota.criterion, quota.category


def changes(relaxation):
    return [
        [*key(quota), [quota.minimum, quota.maximum], [low, high]] for quota, low, high in relaxation.changes
    ]


def summary(chances, people):
    """How equal a rule is, in a few figures."""
    from sortition.engine import leximin  # HiGHS: loaded when asked

    values = list(chances.values())
    return {
        "minimum": min(values, default=0.0),
        "maximum": max(values, default=0.0),
        "median": median(values) if values else 0.0,
        "gini": leximin.spread(values),
        "certain": sum(value >= CERTAIN for value in values),
        "never": len(people) - len(values),
    }


def of_the_rule(chances, people):
    """The rule that was chosen, category by category."""
    return {
        "histogram": drawing.histogram(list(chances.values())),
        "categories": by_category(chances, people),
    }


def by_category(chances, people):
    """[criterion, category, people, smallest chance, median, largest]; pools first, homes and other pools left out."""
    found = defaultdict(list)
    for person in people:
        for criterion, category in person.profile.items():
            if category != ELSEWHERE and criterion != HOUSEHOLD:
                found[criterion, category].append(chances.get(person.id, 0.0))
    return [
        [*pair, len(values), min(values), median(values), max(values)]
        for pair, values in sorted(found.items())
    ]


def prices(inputs):
    """[criterion, category, bound, change, smallest chance, gain]: what can be moved, the dearest quotas first."""
    return [
        [*key(one.quota), one.bound, one.change, one.minimum, one.gain]
        for one in weighing.what_if(inputs.people, inputs.quotas, inputs.seats)
        if one.quota.criterion != POOL and one.quota.category != ELSEWHERE
    ]


# ---- while somebody types


def trial(inputs, relaxations=0):
    """(smallest chance or None, feasibility): what quotas being tried would give, fast enough to follow a hand."""
    found = feasibility(inputs, relaxations)
    if found["conflicts"]:
        return None, found
    return weighing.worst(inputs.people, inputs.quotas, inputs.seats), found


# ---- kept


def weighed(draw, *, by, pools=None):
    """(what is kept if it still is about these inputs, the job that is making it anew if it is not)."""
    kept = getattr(draw, "weighing", None)
    if draw.state == draw.State.CANCELLED:
        return kept, None
    now = inputs_of(draw, pools=pools).fingerprint
    return (kept, None) if kept and kept.fingerprint == now else (None, ask(draw, now, by))


def ask(draw, fingerprint, by):
    """One job for these inputs; those that are over have nothing more to tell."""
    jobs.Job.objects.filter(kind="weigh_draw", about=draw.pk, state=jobs.Job.State.DONE).delete()
    return jobs.enqueue("weigh_draw", key=f"weigh_draw:{draw.pk}:{fingerprint[:16]}", about=draw.pk, by=by)


def keep(draw, inputs, result):
    Weighing.objects.update_or_create(
        draw=draw,
        defaults={"fingerprint": inputs.fingerprint, "result": result, "weighed_at": clock.now()},
    )
