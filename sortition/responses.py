"""Who answers and who does not: by stratum of the letters, by day, against the city. Counts alone."""

from collections import Counter
from datetime import timedelta

from django.db.models import Count
from django.utils.timezone import localdate

from assembly import clock, paris
from assembly.models import JournalEntry
from sortition.models import Invitation, Volunteer

L, V = Invitation.State, Volunteer.State
ANSWERED = (L.VOLUNTEERED, L.DECLINED)
SILENT = (L.SENT, L.SILENT)
NOT_RECEIVED = (L.DRAWN, L.UNDELIVERED)
#: What a letter knows of somebody before any answer.
KNOWN = {"gender": "sex", "age": "age_band", "district": "district"}
COLUMNS = ("letters", "delivered", "answers", "volunteers", "eligible")


class Responses:
    """The figures of a campaign, of one pool or of all: three queries."""

    def __init__(self, cycle, pool=None):
        self.cycle, self.pool = cycle, pool
        letters, people = Invitation.objects.filter(pool__cycle=cycle), Volunteer.objects.filter(cycle=cycle)
        if pool:
            letters, people = letters.filter(pool=pool), people.filter(pool=pool)
        strata = letters.order_by().values_list("district", "age_band", "sex", "state")
        self.strata = list(strata.annotate(number=Count("pk")))
        self.people = list(people.values_list("profile", "state"))

    def criteria(self):
        """[{title, rows, unknown}]: each category from the letters to the eligible, beside its share of the city."""
        return [self.criterion(criterion) for criterion in self.cycle.criteria.prefetch_related("categories")]

    def criterion(self, criterion):
        categories = list(criterion.categories.all())
        keys = {category.key for category in categories}
        letters, people = self.letters_by(criterion.key, keys), self.people_by(criterion.key)
        city = sum(category.population or 0 for category in categories)
        eligible = sum(people["eligible", category.key] for category in categories)
        rows = []
        for category in categories:
            found = {name: letters[name, category.key] for name in ("letters", "delivered", "answers")}
            found |= {name: people[name, category.key] for name in ("volunteers", "eligible")}
            share = category.population / city if city and category.population else None
            rows.append(
                {
                    "key": category.key,
                    "label": category.title,
                    "rate": part(found["answers"], found["delivered"]),
                    "share": share,
                    "held": part(found["eligible"], eligible),
                    "value": found["eligible"],
                    **found,
                }
            )
        return {
            "key": criterion.key,
            "title": criterion.title,
            "rows": rows,
            "by_letters": criterion.key in KNOWN and bool(self.strata),
            "unknown": people["volunteers", None],
            "note": next((category.source for category in categories if category.source), ""),
        }

    def letters_by(self, criterion, keys):
        found = Counter()
        for district, age, sex, state, number in self.strata:
            said = {"district": district, "age": age, "gender": "H" if sex == "M" else sex}.get(criterion)
            key = said if said in keys else paris.SECTORS.get(said, "")
            found["letters", key] += number
            found["delivered", key] += number if state not in NOT_RECEIVED else 0
            found["answers", key] += number if state in ANSWERED else 0
        return found

    def people_by(self, criterion):
        found = Counter()
        for profile, state in self.people:
            key = profile.get(criterion)
            found["volunteers", key] += 1
            found["eligible", key] += state not in (V.INELIGIBLE, V.WITHDRAWN)
        return found

    @property
    def total(self):
        found = self.letters_by("", ())
        return {
            "letters": found["letters", ""],
            "delivered": found["delivered", ""],
            "answers": found["answers", ""],
            "rate": part(found["answers", ""], found["delivered", ""]),
            "volunteers": len(self.people),
            "eligible": sum(state not in (V.INELIGIBLE, V.WITHDRAWN) for _profile, state in self.people),
        }


def part(some, whole):
    return some / whole if whole else None


def by_day(cycle):
    """[(day, answers)] from the first answer to the last: volunteers, and those who said no."""
    days = Counter(map(localdate, cycle.volunteers.values_list("answered_at", flat=True)))
    letters = Invitation.objects.filter(pool__cycle=cycle, state=L.DECLINED)
    said_no = JournalEntry.objects.filter(
        act="sortition.invitation.decline", target_id__in=letters.values("pk")
    )
    days.update(map(localdate, said_no.values_list("at", flat=True)))
    if not days:
        return []
    first, last = min(days), min(max(days), clock.today())
    span = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [(f"{day:%d/%m}", days[day]) for day in span]


# ---- who did not answer


def silent(cycle):
    return Invitation.objects.filter(pool__cycle=cycle, state__in=SILENT, contact__isnull=False)


def silent_strata(cycle):
    """(the age bands, [(district, [letters without answer, by age band], their sum)])."""
    rows = silent(cycle).order_by().values_list("district", "age_band").annotate(number=Count("pk"))
    counts = {(district, age): number for district, age, number in rows}
    ages = sorted({age for _district, age in counts})
    districts = sorted({district for district, _age in counts})
    return ages, [
        (district, line, sum(line))
        for district in districts
        for line in [[counts.get((district, age), 0) for age in ages]]
    ]
