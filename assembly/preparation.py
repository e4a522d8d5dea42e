"""Preparing a cycle: its pools, criteria and targets. Only through the acts of `Cycle`, and before recruitment."""

from assembly import paris, targets

TOLERANCE = 1  # seats either way, in pools too small for exact shares


def fill(cycle, *, parity):
    """The figures of Paris, pool by pool: exact shares for the large pool, gender within one seat for the small."""
    if not cycle.pools.exists():
        for key, title, source, seats in paris.POOLS:
            cycle.pools.create(key=key, title=title, source=source, seats=seats)
    for position, given in enumerate(paris.CRITERIA):
        describe(cycle, given, position)
    for pool in cycle.pools.all():
        aim(pool, proposed(pool, parity=parity))


def describe(cycle, given, position):
    """A criterion and its categories as the figures have them."""
    facts = {"title": given.title, "personal": given.personal, "position": position}
    criterion, _ = cycle.criteria.update_or_create(key=given.key, defaults=facts)
    for place, figure in enumerate(given.figures):
        criterion.categories.update_or_create(
            key=figure.key,
            defaults={
                "title": figure.title,
                "population": figure.population,
                "source": given.source,
                "position": place,
            },
        )


def proposed(pool, *, parity):
    """{"gender/F": (43, 44), …} for the seats of this pool."""
    large = pool.source == pool.Source.ROLL
    found = {}
    for given in paris.CRITERIA:
        if not large and given.key not in paris.SOFT_CRITERIA:
            continue
        people = {
            f"{given.key}/{figure.key}": 1 if parity and given.key == "gender" else figure.population
            for figure in given.figures
            if (given.key, figure.key) not in paris.NOT_ON_THE_ROLL
        }
        shares = targets.proportional(pool.seats, people)
        found |= shares if large or parity else widened(shares, pool.seats)
    return found


def widened(shares, seats):
    return {
        key: (max(0, least - TOLERANCE), min(seats, most + TOLERANCE))
        for key, (least, most) in shares.items()
    }


def categories_of(cycle):
    """{"gender/F": Category, …}"""
    return {
        f"{criterion.key}/{category.key}": category
        for criterion in cycle.criteria.prefetch_related("categories__criterion")
        for category in criterion.categories.all()
    }


def conflicts(pool, wanted):
    """Sentences on targets that could not hold with the seats of the pool."""
    categories = categories_of(pool.cycle)
    rows = [
        targets.Row(categories[key].criterion.title, categories[key].title, least, most)
        for key, (least, most) in wanted.items()
    ]
    return targets.contradictions(pool.seats, rows)


def aim(pool, wanted):
    """Replace the targets of a pool; a category left out has none."""
    categories = categories_of(pool.cycle)
    pool.targets.all().delete()
    pool.targets.bulk_create(
        pool.targets.model(pool=pool, category=categories[key], minimum=least, maximum=most)
        for key, (least, most) in wanted.items()
    )


def rearrange(related, rows, *, key):
    """Make the rows below a cycle what `rows` (plain dictionaries) say; those not named go."""
    kept = []
    for row in rows:
        found, _ = related.update_or_create(**{key: row[key]}, defaults=row)
        kept.append(found.pk)
    related.exclude(pk__in=kept).delete()
