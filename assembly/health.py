"""Is the house in order? For the machine that watches it: `/sante/` says yes or no, part by part."""

import shutil

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import JsonResponse

from assembly import heartbeat

ROOM = 200 * 1024**2  # bytes


def database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except DatabaseError:
        return False


@login_not_required
def health(request):
    room = shutil.disk_usage(settings.VAR).free > ROOM
    parts = {"database": database(), "worker": heartbeat.is_heard(), "disk": room}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)
