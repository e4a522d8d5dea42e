"""Somebody drawn says no, or a member leaves: who comes next, and what it does to the balance of their pool."""

from collections import Counter

from django.db.models import prefetch_related_objects

from sortition.drawing import frozen_people
from sortition.engine.lottery import Person
from sortition.engine.quotas import Quota
from sortition.engine.replacement import replace
from sortition.models import Draw, SeatOffer, Volunteer
from sortition.quotas import aimed, criterion_name


def successor(offer):
    """(volunteer, effect): the next of the reserve of this pool who keeps its quotas best; None if nobody is left."""
    pool = offer.pool
    quotas = quotas_of(pool)
    others = [row.volunteer for row in standing(offer)]
    waiting = Volunteer.objects.filter(pool=pool, state=Volunteer.State.RESERVE)
    reserve = {row.pseudonym: row for row in without_neighbours(offer, waiting)}
    seated, waiting = profiles(pool, [*others, offer.volunteer]), profiles(pool, reserve.values())
    found = replace(
        [offer.volunteer.pseudonym], seated, waiting, quotas, len(seated), offer.draw.seed, kept_criteria=()
    )
    if not found.chosen:
        return None
    chosen = reserve[found.chosen[0]]
    effect = {
        "exact": found.exact,
        "deviations": [
            [item.quota.criterion, item.quota.category, item.seated, item.quota.minimum, item.quota.maximum]
            for item in found.deviations
        ],
        "leaves": titles(pool, offer.volunteer),
        "comes": titles(pool, chosen),
    }
    return chosen, effect


def foreseen(offer):
    """Before anybody decides: who would be called, by pseudonym and profile alone, and what each quota would become."""
    pool, found = offer.pool, successor(offer)
    chosen, effect = found or (None, None)
    others = profiles(pool, [row.volunteer for row in standing(offer)])
    leaver = profiles(pool, [offer.volunteer])
    comer = profiles(pool, [chosen]) if chosen else []
    now, empty, then = counts([*others, *leaver]), counts(others), counts([*others, *comer])
    return {
        "chosen": chosen,
        "exact": bool(effect and effect["exact"]),
        "leaves": leaver[0].profile.items(),
        "comes": comer[0].profile.items() if comer else [],
        "rows": [
            {
                "quota": quota,
                "now": now[key],
                "empty": empty[key],
                "then": then[key],
                "off": not quota.minimum <= then[key] <= quota.maximum,
                "moves": now[key] != empty[key] or now[key] != then[key],
            }
            for quota in quotas_of(pool)
            for key in [(quota.criterion, quota.category)]
        ],
    }


def counts(people):
    return Counter(pair for person in people for pair in person.profile.items())


def standing(offer):
    """The other seats of the pool, offered or confirmed."""
    rows = SeatOffer.objects.filter(pool=offer.pool).standing().exclude(pk=offer.pk)
    return rows.select_related("volunteer")


def quotas_of(pool):
    """The quotas of one pool, by the titles of their categories."""
    prefetch_related_objects([pool], "targets__category__criterion")
    return [
        Quota(
            criterion_name(pool, target.category.criterion, True),
            target.category.title,
            target.minimum,
            target.maximum,
        )
        for target in pool.targets.all()
    ]


def without_neighbours(offer, waiting):
    """Those of the reserve whose address nobody sits for, where the draw seats one person an address."""
    panel = offer.draw
    if panel.pool_id:
        panel = Draw.objects.filter(cycle=panel.cycle, kind=Draw.Kind.PANEL).latest("drawn_at")
    return away_from(panel, standing(offer), waiting)


def away_from(panel, sitting, waiting):
    if not panel.households:
        return waiting
    homes = {person.id: person.household for person in frozen_people(panel) if person.household}
    taken = {homes.get(name) for name in sitting.values_list("volunteer__pseudonym", flat=True)} - {None}
    return [row for row in waiting if homes.get(row.pseudonym) not in taken]


def profiles(pool, volunteers):
    """People of one pool by the titles of their categories: what the sentences say."""
    shape = [
        (
            criterion_name(pool, criterion, True),
            criterion.key,
            {category.key: category.title for category in categories},
        )
        for criterion, categories in aimed(pool)
    ]
    return [
        Person(
            row.pseudonym, {name: categories.get(row.profile.get(key), "") for name, key, categories in shape}
        )
        for row in volunteers
    ]


def titles(pool, volunteer):
    return list(profiles(pool, [volunteer])[0].profile.values())
