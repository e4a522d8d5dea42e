"""From what somebody answers to their profile in this cycle, and whether they may be drawn. Reads, never writes."""

from datetime import date

from django.utils.timezone import localdate

from assembly import clock, paris
from sortition.engine.plain import age_on

#: Ages of a pool, both included. Thin: the roll and the list of residents are adults, the minors are 16 or 17.
AGES = {"roll": (18, 110), "non_eu": (18, 110), "minors": (16, 17)}
ANY_AGE = (16, 110)
BANDS = (
    (16, 17, "16_17"),
    (18, 24, "18_24"),
    (25, 39, "25_39"),
    (40, 54, "40_54"),
    (55, 64, "55_64"),
    (65, 79, "65_79"),
)


def band_of(age: int) -> str:
    return next((key for low, high, key in BANDS if low <= age <= high), "80p" if age >= 80 else "")


def reckoned_on(cycle):
    """The day ages are counted on: that of the panel draw once it is announced, else today.

    Somebody of 17 that day sits for the minors all year, even when they turn 18 meanwhile.
    """
    draw = cycle.draws.filter(announced_for__isnull=False).exclude(state="cancelled").order_by("-pk").first()
    return localdate(draw.announced_for) if draw else clock.today()


def categories_of(cycle):
    """{criterion key: {category key, …}} of a cycle, in one query pair."""
    return {
        criterion.key: {category.key for category in criterion.categories.all()}
        for criterion in cycle.criteria.prefetch_related("categories")
    }


def diplomas_of(cycle):
    """[(key, title)] of the levels of diploma this cycle counts, if it does."""
    rows = cycle.criteria.filter(key="diploma").order_by("categories__position")
    return [pair for pair in rows.values_list("categories__key", "categories__title") if pair[0]]


def targets_of(pool):
    """{criterion key: {category keys with at least one seat}} for the criteria this pool is drawn by."""
    wanted: dict[str, set[str]] = {}
    for target in pool.targets.select_related("category__criterion"):
        found = wanted.setdefault(target.category.criterion.key, set())
        if target.maximum:
            found.add(target.category.key)
    return wanted


def profile_of(categories, *, gender="", birth_date=None, district="", diploma="", today=None):
    """{criterion: category} as this cycle counts; what is unknown, or no category of the cycle, is left out."""
    said = {
        "gender": ["H" if gender == "M" else gender],
        "age": [band_of(age_on(today, birth_date))] if birth_date else [],
        "district": [district, paris.SECTORS.get(district, "")],
        "diploma": [diploma, paris.DIPLOMA_GROUPS.get(diploma, "")],
    }
    profile = {}
    for criterion, keys in categories.items():
        found = next((key for key in said.get(criterion, []) if key in keys), None)
        if found:
            profile[criterion] = found
    return profile


def obstacle(pool, wanted, profile, *, birth_date: date | None, today: date, consent=True, in_paris=True):
    """Why this person may not be drawn in this pool: a code of `Volunteer.Obstacle`, or nothing."""
    if not consent:
        return "consent"
    if birth_date is None:
        return "incomplete"
    low, high = AGES.get(pool.key, ANY_AGE)
    if not low <= age_on(today, birth_date) <= high:
        return "age"
    if not in_paris:
        return "outside"
    if any(criterion not in profile for criterion in wanted):
        return "incomplete"
    if any(profile[criterion] not in keys for criterion, keys in wanted.items()):
        return "no_seat"
    return ""
