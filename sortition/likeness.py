"""Looking for duplicates and households among the volunteers of a cycle."""

from collections import defaultdict

from django.db import transaction

from assembly.models import Cycle
from sortition.engine.likeness import ADDRESS, NAME_BIRTH, Known, alike, traits
from sortition.models import Likeness, SecondAnswer, Volunteer

FIELDS = ("last_name", "first_name", "birth_date", "email", "phone", "address", "postcode")
L = Likeness.State


def look(cycle, *, by):
    """Note the new likenesses of a cycle; what was decided stays, what is no longer alike stops waiting.

    Returns how many wait to be decided.
    """
    with transaction.atomic():
        Cycle.objects.select_for_update().get(pk=cycle.pk)
        found = alike(known(cycle))
        for pair in remembered(cycle):
            found[pair] = list(dict.fromkeys([NAME_BIRTH, *found.get(pair, [])]))
        rows = {(row.first_id, row.second_id): row for row in Likeness.objects.filter(cycle=cycle)}
        gone = [row.pk for pair, row in rows.items() if row.state == L.WAITING and pair not in found]
        Likeness.objects.filter(pk__in=gone).delete()
        fresh = [pair for pair in found if pair not in rows]
        Likeness.objects.bulk_create(
            [Likeness(cycle=cycle, first_id=one, second_id=two, rules=found[one, two]) for one, two in fresh],
            batch_size=500,
        )
        waiting = Likeness.objects.filter(cycle=cycle).waiting().count()
        cycle.record("look_for_likenesses", by=by, found=len(fresh), waiting=waiting)
    return waiting


def undecided(cycle):
    """How many answers and pairs wait for a decision: one query."""
    seconds = SecondAnswer.objects.filter(volunteer__cycle=cycle).waiting().order_by().values("pk")
    pairs = Likeness.objects.filter(cycle=cycle).waiting().order_by().values("pk")
    return seconds.union(pairs, all=True).count()


def known(cycle):
    """Everybody whose contact is still kept: of this cycle, and of the others that are not its juries."""
    rows = others(cycle).filter(contact__isnull=False)
    of_cycle = Volunteer.objects.filter(cycle=cycle, contact__isnull=False).in_the_running()
    for found, here in ((of_cycle, True), (rows, False)):
        names = ("pk", *(f"contact__{name}" for name in FIELDS))
        for pk, last, first, born, *reach in found.order_by("pk").values_list(*names):
            yield Known(pk, last, first, born, *reach, here=here)


def remembered(cycle):
    """Pairs across cycles that share name and date of birth, even when the other's contact is gone."""
    mine = dict(Volunteer.objects.filter(cycle=cycle).in_the_running().values_list("person_key", "pk"))
    theirs = others(cycle).filter(person_key__in=Volunteer.objects.filter(cycle=cycle).values("person_key"))
    return [(mine[key], pk) for key, pk in theirs.values_list("person_key", "pk") if key in mine]


def others(cycle):
    family = [cycle.pk, *([cycle.parent_id] if cycle.parent_id else [])]
    return Volunteer.objects.exclude(cycle__in=family).exclude(cycle__parent=cycle)


# ---- homes, as the draw takes them


def homes(volunteers):
    """[[pseudonym, …], …]: people of one home. Same address, unless somebody said otherwise; or said to be one."""
    cycles = {row.cycle_id for row in volunteers}
    apart, one_home = told_apart(cycles), decided(cycles, L.HOME)
    together = defaultdict(list)
    for row in volunteers:
        if home := home_of(row.contact):
            together[home].append(row.pseudonym)
    present = {row.pseudonym for row in volunteers}
    links = [tuple(sorted(pair)) for pair in one_home if pair <= present]
    for names in together.values():
        links += neighbours(names, apart)
    return joined(links)


def told_apart(cycles):
    return decided(cycles, L.DIFFERENT)


def decided(cycles, state):
    """{{pseudonym, pseudonym}, …} of what was decided so."""
    rows = Likeness.objects.filter(cycle__in=cycles, state=state)
    return set(map(frozenset, rows.values_list("first__pseudonym", "second__pseudonym")))


def home_of(contact):
    if contact is None:
        return None
    person = Known(contact.pk, address=contact.address, postcode=contact.postcode)
    return dict(traits(person)).get(ADDRESS)


def neighbours(names, apart):
    """Links between those of one address; a chain is enough when nobody was told apart."""
    told = {name for pair in apart for name in pair}
    if not told & set(names):
        return list(zip(names, names[1:], strict=False))
    return [
        (one, two)
        for place, one in enumerate(names)
        for two in names[place + 1 :]
        if frozenset((one, two)) not in apart
    ]


def joined(links):
    """Links put together: each group once."""
    group = {}
    for one, two in links:
        first, second = group.setdefault(one, [one]), group.setdefault(two, [two])
        if first is not second:
            first += second
            group |= dict.fromkeys(second, first)
    return list({id(names): names for names in group.values()}.values())
