"""From the pools and volunteers of a cycle to what the engine reads. Three pools are one more criterion."""

from collections import Counter, defaultdict
from itertools import combinations

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from assembly.models import Target
from sortition import likeness
from sortition.engine.lottery import Person
from sortition.engine.plain import bare
from sortition.engine.quotas import Quota, check
from sortition.models import SeatOffer, Volunteer

POOL = "pool"
ELSEWHERE = "-"


def plan(cycle):
    """The pools of a cycle with their targets, read once."""
    targets = Target.objects.select_related("category__criterion")
    return list(cycle.pools.prefetch_related(Prefetch("targets", targets)))


# ---- quotas


def targets_of(pool):
    """[(criterion, category, minimum, maximum)] of a pool."""
    return [
        (target.category.criterion, target.category, target.minimum, target.maximum)
        for target in pool.targets.all()
    ]


def quotas_of(pools, wanted=None):
    """One criterion for the pools, then each pool's own criteria, where people of other pools count as “-”.

    `wanted`: {pool pk: (seats, targets)} instead of what the pools have.
    """
    plans = [(pool, *(wanted or {}).get(pool.pk, (pool.seats, targets_of(pool)))) for pool in pools]
    total = sum(seats for _pool, seats, _targets in plans)
    found = [Quota(POOL, pool.key, seats, seats) for pool, seats, _targets in plans]
    for pool, seats, targets in plans:
        criteria = set()
        for criterion, category, minimum, maximum in targets:
            name = criterion_name(pool, criterion)
            criteria.add(name)
            found.append(Quota(name, category.key, minimum, maximum))
        others = total - seats
        found += [Quota(name, ELSEWHERE, others, others) for name in sorted(criteria) if others]
    return found


def criterion_name(pool, criterion, titled=False):
    return f"{pool.title} – {criterion.title}" if titled else f"{pool.key}/{criterion.key}"


def aimed(pool):
    """[(criterion, its targeted categories)] of a pool."""
    found = {}
    for target in pool.targets.all():
        criterion = target.category.criterion
        found.setdefault(criterion.pk, (criterion, []))[1].append(target.category)
    return list(found.values())


# ---- people


def people_of(pools, volunteers, homes=None):
    """Everybody who may be drawn, as the engine sees them: a pseudonym, one category by criterion, maybe a home."""
    shape = [
        (pool.pk, criterion_name(pool, criterion), criterion.key, {category.key for category in categories})
        for pool in pools
        for criterion, categories in aimed(pool)
    ]
    keys, homes = {pool.pk: pool.key for pool in pools}, homes or {}
    people = []
    for row in volunteers:
        profile = {POOL: keys[row.pool_id]}
        for pool, name, criterion, categories in shape:
            said = row.profile.get(criterion)
            known = said if said in categories else ""
            profile[name] = known if row.pool_id == pool else ELSEWHERE
        people.append(Person(row.pseudonym, profile, homes.get(row.pseudonym, "")))
    return people


def taking_part(draw):
    """The volunteers who may be drawn today: of a complementary draw, the reserve of its pool."""
    rows = Volunteer.objects.filter(cycle=draw.cycle).select_related("contact")
    if not draw.pool_id:
        return rows.eligible()
    from sortition.replacing import away_from

    sitting, panel = seated(draw.pool), draw.cycle.draws.filter(pool=None).latest("drawn_at")
    waiting = rows.filter(pool=draw.pool, state=Volunteer.State.RESERVE)
    return rows.filter(pk__in=[row.pk for row in away_from(panel, sitting, waiting)])


def seated(pool):
    return SeatOffer.objects.filter(pool=pool).standing()


def pools_of(draw):
    """Whom the draw is about: every pool, or one alone."""
    return [pool for pool in plan(draw.cycle) if draw.pool_id in (None, pool.pk)]


def remaining(pool):
    """(seats left empty, targets): what those who sit leave to a complementary draw, as `quotas_of` wants it."""
    profiles = list(seated(pool).values_list("volunteer__profile", flat=True))
    counts = Counter((key, value) for profile in profiles for key, value in profile.items())
    targets = [
        (criterion, category, max(0, low - taken), max(0, high - taken))
        for criterion, category, low, high in targets_of(pool)
        for taken in [counts[criterion.key, category.key]]
    ]
    return SeatOffer.objects.empty(pool).count(), targets


def homes_of(volunteers):
    """{pseudonym: home} of those who live with others, as decided or else by address; a home is a number, never an address."""
    shared = sorted(sorted(names) for names in likeness.homes(volunteers))
    return {name: f"h{number}" for number, names in enumerate(shared, 1) for name in names}


def live(draw, wanted=None, pools=None):
    """(people, quotas, seats) as they stand before the pool is frozen; `wanted` as for `quotas_of`, `pools` if read."""
    pools, rows = pools or pools_of(draw), list(taking_part(draw))
    if draw.pool_id:
        pools = [pool for pool in pools if pool.pk == draw.pool_id]
        wanted = {pool.pk: remaining(pool) for pool in pools}
    quotas = quotas_of(pools, wanted)
    seats = sum(quota.minimum for quota in quotas if quota.criterion == POOL)
    return (
        people_of(pools, rows, homes_of(rows) if draw.households else None),
        quotas,
        seats,
    )


# ---- can the quotas be kept?


def conflicts(draw):
    """Sentences, empty when a panel exists with today's eligible volunteers."""
    from sortition.explaining import Names, obstacles, said

    people, quotas, seats = live(draw)
    found = obstacles(people, quotas) or check(people, quotas, seats, sacred={POOL: float("inf")})
    names = Names(plan(draw.cycle))
    return [line for conflict in found for line in said(conflict, names)]


def doubles(draw):
    """Sentences on volunteers who look like one person under two names: one of each must be set aside first."""
    alike = defaultdict(list)
    for row in taking_part(draw):
        for trait in traits(row.contact):
            alike[trait].append(row.pseudonym)
    apart = likeness.told_apart([draw.cycle_id])
    pairs = {
        tuple(sorted(names))
        for names in alike.values()
        if len(names) > 1 and not all(frozenset(pair) in apart for pair in combinations(names, 2))
    }
    template = _(
        "%(names)s look like one person: same first name, same date of birth, and the same e-mail, telephone or address. "
        "Set one of them aside, or say that they are different people."
    )
    return [template % {"names": ", ".join(names)} for names in sorted(pairs)]


def traits(contact):
    """What two answers of one person have in common, whatever surname they gave."""
    if not contact or not contact.birth_date:
        return []
    who = bare(contact.first_name.split(" ")[0]), contact.birth_date
    home = contact.address and (bare(contact.address), contact.postcode)
    return [(*who, value) for value in (contact.email.lower(), contact.phone, home) if value]
