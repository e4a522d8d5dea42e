"""What the engine found, in the words of the draw room: pools and categories by their titles."""

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from sortition.engine.profiles import HOUSEHOLD
from sortition.engine.quotas import Conflict
from sortition.quotas import ELSEWHERE, POOL, criterion_name
from sortition.words import sentence

#: What is said of a whole pool, before the engine is asked anything.
NOBODY_YET = gettext_noop("%(pool)s: nobody who may be drawn yet, for %(seats)s seats.")
ONLY_ONE = gettext_noop("%(pool)s: a single volunteer for %(seats)s seats; nothing is left to draw.")
TOO_FEW = gettext_noop("%(pool)s: %(people)s volunteers for %(seats)s seats.")


class Names:
    """Titles by the keys the engine uses: “roll/gender” and “F”."""

    def __init__(self, pools):
        self.criteria = {POOL: _("Pools"), HOUSEHOLD: _("Same address")}
        self.categories = {(POOL, pool.key): pool.title for pool in pools}
        self.pools = {pool.key: pool for pool in pools}
        for pool in pools:
            for target in pool.targets.all():
                criterion = target.category.criterion
                name = criterion_name(pool, criterion)
                self.criteria[name] = criterion_name(pool, criterion, titled=True)
                self.categories[name, target.category.key] = target.category.title

    def criterion(self, key):
        return self.criteria.get(key, key)

    def category(self, criterion, key):
        if criterion == HOUSEHOLD:
            return _("people who share an address")
        return self.categories.get((criterion, key), _("other pools") if key == ELSEWHERE else key)

    def pool(self, criterion, key):
        """The pool a quota on “other pools”, or on the pools themselves, is really about."""
        return self.pools.get(key if criterion == POOL else criterion.partition("/")[0])


# ---- before the engine


def obstacles(people, quotas):
    """Pools without enough people: what must be said first, and makes the rest pointless."""
    counts = Counter(person.profile.get(POOL) for person in people)
    return [
        Conflict(
            "pool_short", {"pool": quota.category, "people": counts[quota.category], "seats": quota.minimum}
        )
        for quota in quotas
        if quota.criterion == POOL and counts[quota.category] < max(quota.minimum, 1)
    ]


# ---- conflicts in words


def said(conflict, names):
    """The sentences of a conflict."""
    facts = dict(conflict.facts)
    if conflict.code == "pool_short":
        return [short_of(facts, names)]
    if conflict.code == "together_impossible":
        intro = ngettext(
            "This cannot be kept with the volunteers of today:",
            "These cannot all be kept at once with the volunteers of today:",
            facts["count"],
        )
        return [" ".join([intro, "; ".join(bounds(facts["each"], names)) + "."])]
    if "criterion" in facts:
        facts |= {"category": names.category(facts["criterion"], facts.get("category", ""))}
        facts |= {"criterion": names.criterion(facts["criterion"])}
    return [sentence(conflict.template, facts)]


def short_of(facts, names):
    template = {0: NOBODY_YET, 1: ONLY_ONE}.get(facts["people"], TOO_FEW)
    return sentence(template, facts | {"pool": names.category(POOL, facts["pool"])})


def bounds(each, names):
    """One phrase a bound; the seats of a pool, which several bounds may stand for, once."""
    return list(dict.fromkeys(bound(*one, names) for one in each))


def bound(criterion, category, side, limit, available, names):
    pool = names.pool(criterion, category)
    if criterion == POOL or category == ELSEWHERE:
        return _("the seats of the pool “%(pool)s”") % {"pool": pool}
    if criterion == HOUSEHOLD:
        return _("at most one person an address")
    template = _("%(criterion)s, %(category)s: at least %(limit)s (%(available)s volunteers)")
    if side == "high":
        template = _("%(criterion)s, %(category)s: at most %(limit)s (%(available)s volunteers)")
    facts = {"criterion": names.criterion(criterion), "category": names.category(criterion, category)}
    return template % (facts | {"limit": limit, "available": available})


def change(criterion, category, old, new, names):
    """A bound that would move: “Gender, Women: from 43–44 to 40–44”."""
    return _("%(criterion)s, %(category)s: from %(old)s to %(new)s") % {
        "criterion": names.criterion(criterion),
        "category": names.category(criterion, category),
        "old": span(*old),
        "new": span(*new),
    }


def span(low, high):
    return str(low) if low == high else f"{low}–{high}"


def lacking(criterion, category, people, names):
    """“3 more people: Level of diploma, CAP”."""
    facts = {"criterion": names.criterion(criterion), "category": names.category(criterion, category)}
    template = ngettext(
        "%(people)s more person: %(criterion)s, %(category)s",
        "%(people)s more people: %(criterion)s, %(category)s",
        people,
    )
    return template % (facts | {"people": people})
