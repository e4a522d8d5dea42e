"""From the pools and volunteers of a cycle to what the engine reads. Three pools are one more criterion."""

from django.utils.translation import gettext as _

from sortition.engine.lottery import Person
from sortition.engine.quotas import Quota, check
from sortition.models import Volunteer
from sortition.words import sentence

POOL = "pool"
ELSEWHERE = "-"


def plan(cycle):
    """The pools of a cycle with their targets, read once."""
    return list(cycle.pools.prefetch_related("targets__category__criterion"))


def quotas_of(pools, *, titled=False):
    """One criterion for the pools, then each pool's own criteria, where people of other pools count as “-”."""
    seats = sum(pool.seats for pool in pools)
    found = [
        Quota(_("Pools") if titled else POOL, named(pool, titled), pool.seats, pool.seats) for pool in pools
    ]
    for pool in pools:
        criteria = set()
        for target in pool.targets.all():
            criterion = criterion_name(pool, target.category.criterion, titled)
            criteria.add(criterion)
            found.append(Quota(criterion, named(target.category, titled), target.minimum, target.maximum))
        others = seats - pool.seats
        found += [Quota(criterion, ELSEWHERE, others, others) for criterion in sorted(criteria) if others]
    return found


def named(obj, titled):
    return obj.title if titled else obj.key


def criterion_name(pool, criterion, titled=False):
    return f"{pool.title} – {criterion.title}" if titled else f"{pool.key}/{criterion.key}"


def people_of(pools, volunteers, *, titled=False):
    """Everybody who may be drawn, as the engine sees them: a pseudonym and one category by criterion."""
    shape = [
        (pool, criterion, {category.key: named(category, titled) for category in categories})
        for pool in pools
        for criterion, categories in aimed(pool)
    ]
    names = {pool.pk: named(pool, titled) for pool in pools}
    people = []
    for row in volunteers:
        profile = {_("Pools") if titled else POOL: names[row.pool_id]}
        for pool, criterion, categories in shape:
            mine = row.pool_id == pool.pk
            category = categories.get(row.profile.get(criterion.key), "") if mine else ELSEWHERE
            profile[criterion_name(pool, criterion, titled)] = category
        people.append(Person(row.pseudonym, profile))
    return people


def aimed(pool):
    """[(criterion, its targeted categories)] of a pool."""
    found = {}
    for target in pool.targets.all():
        criterion = target.category.criterion
        found.setdefault(criterion.pk, (criterion, []))[1].append(target.category)
    return list(found.values())


# ---- can the quotas be kept?


def conflicts(cycle):
    """Sentences, empty when a panel exists with today's eligible volunteers."""
    pools = plan(cycle)
    rows = Volunteer.objects.filter(cycle=cycle).eligible().only("pseudonym", "pool", "profile")
    people = people_of(pools, rows, titled=True)
    found = check(people, quotas_of(pools, titled=True), sum(pool.seats for pool in pools))
    return [line for conflict in found for line in said(conflict)]


def said(conflict):
    facts = {
        name: _("other pools") if value == ELSEWHERE else value for name, value in conflict.facts.items()
    }
    yield sentence(conflict.template, facts)
    for relaxation in conflict.relaxations:
        changes = "; ".join(
            _("%(criterion)s, %(category)s: from %(old)s to %(new)s")
            % {
                "criterion": quota.criterion,
                "category": quota.category,
                "old": f"{quota.minimum}–{quota.maximum}",
                "new": f"{low}–{high}",
            }
            for quota, low, high in relaxation.changes
        )
        yield _("It would be enough to change: %(changes)s.") % {"changes": changes}
