"""How the story is told: a calendar of acts, each at its own date, each by somebody entitled to it."""

import heapq
from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from itertools import count
from random import Random

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assembly import clock, jobs
from assembly.demo import reading
from assembly.models import Job, User
from assembly.rules import entitled, is_moment
from assembly.views import entitled_to_add


class Calendar:
    """What is to happen, in order of date whichever cycle it belongs to; nothing happens after now."""

    def __init__(self, *, small=False, say=lambda line: None):
        self.small, self.say = small, say
        self.end, self.today = clock.now(), clock.today()
        self.events, self.turn = [], count()
        self.last, self.known = None, {}

    def when(self, text):
        return reading.moment(text, self.today)

    def on(self, moment, tell, *facts, atomic=True):
        """`moment` in words or as a date; an act planned for the past of what was told happens right after it."""
        moment = self.when(moment) if isinstance(moment, str) else moment
        if self.last and moment < self.last:
            moment = self.last
        if moment <= self.end:
            heapq.heappush(self.events, (moment, next(self.turn), partial(tell, *facts), atomic))

    def play(self):
        while self.events:
            moment, _, tell, atomic = heapq.heappop(self.events)
            self.last = moment
            with clock.at(moment):
                with transaction.atomic() if atomic else nullcontext():
                    tell()
                self.run_errands()

    def run_errands(self):
        """Letters of the past go out (nowhere) on their day; sheets are left to the worker, to open the doors sooner."""
        for pk in (
            Job.objects.filter(state=Job.State.WAITING)
            .exclude(kind="print_document")
            .values_list("pk", flat=True)
        ):
            jobs.run(pk)


class Teller:
    """The hands of the story: what the pages do, with the rights the pages ask."""

    def __init__(self, calendar, seed):
        self.calendar, self.small = calendar, calendar.small
        self.on, self.when, self.say = calendar.on, calendar.when, calendar.say
        self.chance = Random(seed)

    def who(self, name):
        """Somebody of the cast; whatever gives them another role forgets what was known of them."""
        known = self.calendar.known
        if name not in known:
            known[name] = User.objects.get(email=f"{name}@exemple.invalid")
        return known[name]


def act(obj, name, /, *, by, **facts):
    """One act, by somebody entitled to it."""
    if by is not None and not entitled(by, name, obj):
        raise PermissionDenied(f"{by} may not {name} {obj!r}")
    return getattr(obj, name)(by=by, **facts)


def found(obj, *, by, of=None):
    """What a page that creates does: check the rights, validate, keep, write it down."""
    may_add(by, type(obj), of)
    obj.clean_fields(exclude=[field.name for field in obj._meta.fields if field.is_relation])
    obj.clean()
    obj.save()
    obj.record("create", by=by)
    return obj


def may_add(by, model, of=None):
    if by is not None and not entitled_to_add(by, model, of):
        raise PermissionDenied(f"{by} may not add {model.__name__}")


def edit(obj, *, by, **fields):
    """What a page that edits does."""
    if not entitled(by, "edit", obj) or not is_moment("edit", obj):
        raise PermissionDenied(f"{by} may not edit {obj!r}")
    for name, value in fields.items():
        setattr(obj, name, value)
    obj.version += 1
    obj.save()
    obj.record("edit", by=by, fields=list(fields))


def later(moment, **delay):
    return moment + timedelta(**delay)
