"""Is the house in order? For the machine that watches it: `/sante/` says yes or no, part by part."""

import shutil
import time

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import JsonResponse

HEARTBEAT = "worker-heartbeat"
SILENCE = 60  # seconds after which a silent worker is taken for dead
ROOM = 200 * 1024**2  # bytes


def beat():
    """The worker is alive: called by the clock, every few seconds."""
    cache.set(HEARTBEAT, time.time(), None)


def database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except DatabaseError:
        return False


def worker():
    try:
        return time.time() - (cache.get(HEARTBEAT) or 0) < SILENCE
    except (DatabaseError, OSError):
        return False


@login_not_required
def health(request):
    parts = {"database": database(), "worker": worker(), "disk": shutil.disk_usage(settings.VAR).free > ROOM}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)
