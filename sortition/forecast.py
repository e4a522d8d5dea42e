"""Could a panel be drawn from the answers that came in? Pool by pool, while the campaign goes on."""

import json
from hashlib import sha256

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly import clock, jobs
from sortition.engine import VERSION
from sortition.engine.quotas import Conflict
from sortition.explaining import Names, said
from sortition.models import Forecast, Volunteer
from sortition.quotas import POOL, people_of, quotas_of, targets_of
from sortition.weighing import Inputs, feasibility

TIGHT = 5


def rows_of(cycle):
    """(pool, pseudonym, profile) of the volunteers who may be drawn today."""
    rows = Volunteer.objects.filter(cycle=cycle).eligible().order_by("pk")
    return list(rows.only("pool_id", "pseudonym", "profile"))


def fingerprint(pools, rows):
    """Changes when an answer comes in, is corrected or set aside, and when a target moves."""
    people = [[row.pool_id, row.profile] for row in rows]
    targets = [
        [pool.pk, pool.seats, [[c.key, k.key, low, high] for c, k, low, high in targets_of(pool)]]
        for pool in pools
    ]
    return sha256(json.dumps([people, targets, VERSION], sort_keys=True).encode()).hexdigest()


def foreseen(cycle, pools, *, by):
    """(what is kept if it still holds, the job that makes it anew if not)."""
    now, kept = fingerprint(pools, rows_of(cycle)), Forecast.objects.filter(cycle=cycle).first()
    if kept and kept.fingerprint == now:
        return told(kept, pools), None
    job = jobs.enqueue("forecast", key=f"forecast:{cycle.pk}:{now[:16]}", about=cycle.pk, by=by)
    return told(kept, pools) if kept else None, job


def look(pools, rows):
    """{pool key: {people, seats, conflicts, missing, tight}}, by the keys of categories and never by person."""
    found = {}
    for pool in pools:
        own = [row for row in rows if row.pool_id == pool.pk]
        people, quotas = people_of([pool], own), quotas_of([pool])
        result = feasibility(Inputs(people, quotas, pool.seats, "", {}), relaxations=0)
        found[pool.key] = {
            "people": len(people),
            "seats": pool.seats,
            "conflicts": result["conflicts"],
            "missing": result["missing"],
            "tight": tight(people, quotas),
        }
    return found


def tight(people, quotas):
    """[criterion, category, people, minimum]: the categories with the fewest volunteers for each seat they must have."""
    rows = [
        [quota.criterion, quota.category, available, quota.minimum]
        for quota in quotas
        if quota.minimum and quota.criterion != POOL
        for available in [sum(one.profile.get(quota.criterion) == quota.category for one in people)]
    ]
    return sorted(rows, key=lambda row: (row[2] / row[3], row))[:TIGHT]


def keep(cycle, pools, rows):
    """Jobs that are over have nothing more to tell, and would keep the same answers from being looked at again."""
    jobs.Job.objects.filter(kind="forecast", about=cycle.pk, state=jobs.Job.State.DONE).delete()
    Forecast.objects.update_or_create(
        cycle=cycle,
        defaults={
            "fingerprint": fingerprint(pools, rows),
            "result": look(pools, rows),
            "made_at": clock.now(),
        },
    )


# ---- in words


def told(forecast, pools):
    """[{pool, possible, sentences, tight}]: what is missing, in plain words."""
    names = Names(pools)
    return {
        "made_at": forecast.made_at,
        "pools": [
            of_pool(pool, forecast.result[pool.key], names) for pool in pools if pool.key in forecast.result
        ],
    }


def of_pool(pool, found, names):
    missing = [needed(*one, names) for one in found["missing"]]
    conflicts = [line for code, facts in found["conflicts"] for line in said(Conflict(code, facts), names)]
    return {
        "pool": pool,
        "people": found["people"],
        "seats": found["seats"],
        "possible": not found["conflicts"],
        "sentences": missing or list(dict.fromkeys(conflicts)),
        "tight": [
            {
                "label": label(criterion, category, names),
                "people": people,
                "minimum": minimum,
                "each": people / minimum,
            }
            for criterion, category, people, minimum in found["tight"]
        ],
    }


def needed(criterion, category, people, names):
    if criterion == POOL:
        template = ngettext(
            "%(people)s more volunteer is needed.", "%(people)s more volunteers are needed.", people
        )
        return template % {"people": people}
    template = ngettext(
        "%(people)s more person is needed: %(what)s.", "%(people)s more people are needed: %(what)s.", people
    )
    return template % {"people": people, "what": label(criterion, category, names)}


def label(criterion, category, names):
    """“Level of diploma, CAP”: inside one pool its name goes without saying."""
    title = names.criterion(criterion)
    return _("%(criterion)s, %(category)s") % {
        "criterion": title.split(" – ", 1)[-1],
        "category": names.category(criterion, category),
    }
