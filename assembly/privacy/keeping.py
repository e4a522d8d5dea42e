"""The register: each room says here what it keeps on people, why, how long, and how it leaves.

    @keeps
    class Needs(Kept):
        key, title, model = "needs", _("Needs told by members"), NeedsSheet
        …

One declaration serves the register, the clocks, the purges, the elimination schedules and the exports.
"""

from datetime import timedelta

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assembly import clock
from assembly.models import Cycle, Deadline, Retention, RightsRequest

PUBLIC_INTEREST = _("mission of public interest (article 6, 1, e of the GDPR)")
LEGAL_DUTY = _("legal obligation (article 6, 1, c of the GDPR)")
SECRETARIAT = _("the secretariat")
CATEGORIES = {}
#: Columns whose own name says too little to the person concerned.
LABELS = {
    "state": _("state"),
    "since": _("from"),
    "until": _("until"),
    "reason": _("reason"),
    "meeting": _("meeting"),
    "closed_on": _("closed on"),
    "attended": _("half-days attended"),
    "half_days": _("half-days"),
    "content": _("what it says"),
    "issued_at": _("issued on"),
    "last_login": _("last login"),
    "date_joined": _("account opened on"),
    "ballot": _("vote"),
    "choice": _("choice"),
    "cast_at": _("voted on"),
    "workshop": _("workshop"),
    "written_at": _("written on"),
    "kept": _("what was typed"),
    "facts": _("what was answered"),
    "received_at": _("received on"),
    "tabled_at": _("tabled on"),
    "asked_at": _("asked on"),
    "outing": _("visit or training"),
    "at": _("date"),
}


def keeps(category):
    """Enter a category in the register."""
    CATEGORIES[category.key] = category()
    return category


def categories(visa=None):
    return [one for one in CATEGORIES.values() if visa is None or one.visa == visa]


class Kept:
    """A category of personal data. `visa`: public archives, erased on a schedule the archives have signed."""

    key = title = what = why = ""
    model = None
    basis, readers = PUBLIC_INTEREST, SECRETARIAT
    days, least, most = 0, 0, 3650
    since = _("the end of the cycle")
    visa = False
    #: Erased by a purge of its own room.
    by_its_room = False
    #: What the journal calls a purge of it.
    recorded = "purge_category"
    #: The columns an export shows.
    fields = ()

    def days_in(self, changes):
        changed = changes.get(self.key)
        return changed.days if changed else self.days

    @property
    def days_kept(self):
        return self.days_in(changes())

    @property
    def delay(self):
        return delay_in_words(self.days_kept)

    def last_day(self, cycle):
        """What is held of this cycle goes after that day."""
        return cycle.ends_on + timedelta(days=self.days_kept)

    def rows(self, cycle):
        """What is still held in a cycle."""
        raise NotImplementedError

    def expired(self, cycle, on):
        """What should be gone by that day."""
        rows = self.rows(cycle)
        return rows if self.last_day(cycle) < on else rows.none()

    def due(self, cycle, on):
        """The same, but for what is under limitation."""
        return self.expired(cycle, on).exclude(pk__in=self.held_back())

    def calendar(self, cycle):
        """{last day: number of rows} of what is still to go."""
        count = self.rows(cycle).count()
        return {self.last_day(cycle): count} if count else {}

    def of(self, person):
        """The rows about somebody, in every cycle."""
        raise NotImplementedError

    def held_back(self):
        """Numbers of the rows under limitation: neither used nor erased until it is lifted."""
        held = RightsRequest.objects.filter(restricts=True).select_related("person__user")
        return [pk for request in held for pk in self.of(request.person).values_list("pk", flat=True)]

    def erase(self, rows):
        """Make these rows forget, inside a transaction; gives the files they leave (FieldFile)."""
        rows.delete()
        return []

    def forget(self, numbers):
        """Erase the rows of these numbers: (how many, the files they leave)."""
        rows = self.model._base_manager.filter(pk__in=numbers).exclude(pk__in=self.held_back())
        return rows.count(), self.erase(rows)

    def move(self, days):
        """The delay changed by so many days: dates already written move with it."""

    def told(self, row):
        """{label: value} of what a row says of a person."""
        columns = [row._meta.get_field(name) for name in self.fields]
        return {str(LABELS.get(column.name, column.verbose_name)): plain(row, column) for column in columns}


def plain(row, column):
    display = getattr(row, f"get_{column.name}_display", None)
    value = display() if display else getattr(row, column.name)
    if isinstance(column, models.FileField):
        return bool(value)
    return value if isinstance(value, bool | int | dict | list | None) else str(value)


class ByDate(Kept):
    """Rows that carry their last day, in `purge_on`."""

    def expired(self, cycle, on):
        return self.rows(cycle).filter(purge_on__lt=on)

    def calendar(self, cycle):
        days = self.rows(cycle).order_by("purge_on").values_list("purge_on")
        return dict(days.annotate(number=models.Count("pk")))

    def move(self, days):
        for cycle in Cycle.objects.all():
            for day in sorted(self.calendar(cycle), reverse=days > 0):
                self.rows(cycle).filter(purge_on=day).update(purge_on=day + timedelta(days=days))


def delay_in_words(days):
    if days and days % 365 == 0:
        return ngettext("%(number)s year", "%(number)s years", days // 365) % {"number": days // 365}
    if days and days % 30 == 0:
        return ngettext("%(number)s month", "%(number)s months", days // 30) % {"number": days // 30}
    return ngettext("%(number)s day", "%(number)s days", days) % {"number": days}


def changes():
    """{key: the delay as changed here}."""
    return {row.key: row for row in Retention.objects.all()}


def lines():
    """The register in plain values: one query, whatever it holds."""
    known = changes()
    return [line(category, category.days_in(known), known.get(category.key)) for category in categories()]


def line(category, days, changed):
    words = ("title", "what", "why", "basis", "readers", "since")
    return {name: str(getattr(category, name)) for name in words} | {
        "key": category.key,
        "delay": delay_in_words(days) if days else "",
        "visa": category.visa,
        "changed": changed.reason if changed else "",
        "may_change": category.least != category.most,
    }


def count_deadlines():
    """Write down what goes when, for the desk to show."""
    found = [
        Deadline(cycle=cycle, key=category.key, last_day=day, rows=rows)
        for cycle in Cycle.objects.all()
        for category in categories()
        if not category.by_its_room
        for day, rows in category.calendar(cycle).items()
    ]
    with transaction.atomic():
        Deadline.objects.all().delete()
        Deadline.objects.bulk_create(found)


def overdue(cycle, on=None):
    """[(category, rows)] of what the archives must be asked about."""
    on = on or clock.today()
    found = ((category, category.due(cycle, on)) for category in categories(visa=True))
    return [(category, rows) for category, rows in found if rows.exists()]
