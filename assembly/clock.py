"""What time it is for the Assembly. One place, so that a story can be told at its own dates."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

_travel = ContextVar("travel", default=None)


def now():
    return _travel.get() or timezone.now()


def today():
    return timezone.localdate(now())


@contextmanager
def at(moment):
    """Inside the block it is `moment` (an aware datetime): for the demo and the tests."""
    token = _travel.set(moment)
    try:
        yield
    finally:
        _travel.reset(token)
