"""Datasets: what the public may know, field by field.

A dataset gives the rows everybody may see, and says of each field its name, its kind and what it means. Whatever
is published comes from here: a row that is not public is in no format, and a reference to it is empty.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import islice
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import Func, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from assembly.models import JournalEntry
from assembly.open_data.shapes import follow, plain

REGISTRY: dict[str, "Dataset"] = {}
BATCH = 500
OPARL = "https://schema.oparl.org/1.1/"


@dataclass(frozen=True)
class Field:
    """`kind`: string, integer, number, boolean, date, datetime, uri, list, or reference to the dataset `of`.

    `value` is where it is read in the row ("workshop.title"), or a function of the row.
    """

    name: str
    kind: str
    description: str
    value: str | Callable
    of: str = ""
    choices: Any = None

    def read(self, row):
        found = self.value(row) if callable(self.value) else follow(row, self.value)
        return plain(found)

    @property
    def codes(self):
        """[(code, its words)] where the values are a short list."""
        return list(getattr(self.choices, "choices", self.choices) or ())


@dataclass(frozen=True)
class Part:
    """A line of a dataset that is kept inside a row: a clause of a text, a cell of a table."""

    whole: Any
    key: str
    said: Any

    def get_absolute_url(self):
        return self.whole.get_absolute_url()

    @property
    def modified_at(self):
        return self.whole.modified_at


@dataclass(frozen=True)
class Dataset:
    """`rows` gives the queryset of what is public; `key` is the field its permanent addresses are made of.

    `cycle` is the way from a row to its cycle (several, where one of them leads there), `parts` splits each row
    into lines of their own [(key, said)], and `size` is their number in the database. `oparl` names the nearest type of OParl 1.1.
    """

    name: str
    title: str
    description: str
    rows: Callable[[], QuerySet]
    fields: tuple[Field, ...]
    key: str = "pk"
    cycle: str | tuple[str, ...] = ()
    oparl: str = ""
    modified: Any = None
    parts: Callable | None = None
    size: Any = None
    web: Callable | None = None

    @cached_property
    def columns(self) -> tuple[Field, ...]:
        """All of them, with those every dataset has."""
        here = (Field("id", "uri", _("permanent address of this line"), self.address_of),)
        cycle = (Field("cycle", "reference", _("cycle of the Assembly"), self.cycle_of, "cycles"),)
        end = (
            Field("web", "uri", _("page to read it on"), self.page_of),
            Field("modified", "datetime", _("when it was last acted upon, if known"), "modified_at"),
        )
        return here + (cycle if self.cycle else ()) + self.fields + end

    @property
    def type(self):
        return (
            f"{OPARL}{self.oparl}" if self.oparl else f"{address('openapi')}#/components/schemas/{self.name}"
        )

    @property
    def ways_to_cycle(self):
        return (self.cycle,) if isinstance(self.cycle, str) else self.cycle

    def cycle_of(self, row):
        """The number of its cycle."""
        whole = row.whole if self.parts else row
        found = (follow(whole, f"{way.replace('__', '.')}.number") for way in self.ways_to_cycle)
        return next((number for number in found if number is not None), None)

    def key_of(self, row):
        return f"{row.whole.pk}.{row.key}" if self.parts else str(follow(row, self.key))

    def address_of(self, row):
        return address("object", self.name, self.key_of(row))

    def page_of(self, row):
        return settings.SITE_URL + (self.web(row) if self.web else row.get_absolute_url())

    # The rows

    def all(self, *, cycle=None, since=None):
        modified = self.rows().model if self.modified is None else self.modified
        modified = last_act(modified) if isinstance(modified, type) else modified
        rows = self.rows().annotate(modified_at=modified).order_by("pk")
        if cycle is not None and self.cycle:
            rows = rows.filter(reduce(or_, (Q((f"{way}__number", cycle)) for way in self.ways_to_cycle)))
        return rows if since is None else rows.filter(modified_at__gte=since)

    def count(self, rows):
        if not self.parts:
            return rows.count()
        if self.size is not None:
            return rows.aggregate(total=Sum(self.size))["total"] or 0
        return sum(size for _pk, size in self.sizes(rows))

    def sizes(self, rows):
        """How many lines each row holds: numbers only, whatever the length of what they say."""
        if self.size is not None:
            return rows.values_list("pk", self.size)
        return ((row.pk, len(self.parts(row))) for row in rows)

    def split(self, rows):
        if not self.parts:
            return list(rows)
        return [Part(row, key, said) for row in rows for key, said in self.parts(row)]

    def window(self, rows, start, stop):
        """The lines from `start` to `stop`."""
        if not self.parts:
            return list(rows[start:stop])
        wanted, skipped, seen = [], 0, 0
        for pk, size in self.sizes(rows):
            if seen < stop and seen + size > start:
                skipped = skipped if wanted else seen
                wanted.append(pk)
            seen += size
        return self.split(rows.filter(pk__in=wanted))[start - skipped : stop - skipped]

    def find(self, key):
        """The public line of that key, or None."""
        key, _dot, part = key.partition(".")
        if not key.isascii() or not key.isdigit() or len(key) > 18 or bool(part) != bool(self.parts):
            return None
        rows = self.split(self.all().filter(**{self.key: int(key)}))
        return next((row for row in rows if not part or row.key == part), None)

    def known(self, keys):
        """Those of these keys that are public."""
        keys = list(keys)
        found = set()
        for start in range(0, len(keys), BATCH):
            rows = self.rows().filter(**{f"{self.key}__in": keys[start : start + BATCH]})
            found.update(rows.order_by().values_list(self.key, flat=True))
        return found

    # What is said of them

    def records(self, rows):
        """[{name: value}]: as many queries for one line as for five hundred."""
        with translation.override("fr"):
            found = [{field.name: field.read(row) for field in self.columns} for row in rows]
        for field in self.columns:
            if field.kind == "reference":
                public = REGISTRY[field.of].known({said[field.name] for said in found} - {None})
                for said in found:
                    key = said[field.name]
                    said[field.name] = address("object", field.of, key) if key in public else None
        return found

    def stream(self) -> Iterator[dict]:
        """Every line, a few at a time."""
        rows, last = self.all(), 0
        while batch := list(islice(rows.filter(pk__gt=last), BATCH)):
            yield from self.records(self.split(batch))
            last = batch[-1].pk


def register(*datasets):
    for dataset in datasets:
        REGISTRY[dataset.name] = dataset


def address(name, *args):
    return settings.SITE_URL + reverse(f"open_data:{name}", args=args)


def last_act(model, key="pk"):
    """When something was last done about the row of `model` whose number is `key`."""
    label, name = model._meta.label_lower.split(".")
    acts = JournalEntry.objects.filter(
        target_type__app_label=label, target_type__model=name, target_id=OuterRef(key)
    ).order_by()
    return Subquery(acts.values("target_id").annotate(last=Max("at")).values("last"))


class Length(Func):
    """How many things a JSON list holds."""

    function = "JSONB_ARRAY_LENGTH"
    output_field = IntegerField()

    def as_sqlite(self, compiler, connection, **more):
        return self.as_sql(compiler, connection, function="JSON_ARRAY_LENGTH", **more)
