"""Public pages are kept whole, and made again as soon as an act changes anything.

A page is kept for the visitors nobody knows (no session) under its address and the numbers of the last entries
of the journal: the next act makes every kept page old at the very moment it is committed, in every process.
What moves without an act (a sheet printed, a day that turns) shows within a minute.
"""

from functools import cache
from hashlib import sha256

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe

from assembly.models import JournalEntry

A_MINUTE = 60
KEPT = ("text/html", "application/atom+xml", "text/calendar")
AT_ONCE = 40
"""Acts committed side by side may get their numbers in another order: that many are looked at, not the last one."""
SORTED_BY = {"page"}
"""What the address may say beside its path; a search or a filter is answered afresh."""


class KeptPages:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not may_be_kept(request):
            return self.get_response(request)
        key = key_of(request)
        kept = caches["pages"].get(key)
        response = HttpResponse(kept[0], headers=kept[1]) if kept else self.made(request, key)
        if etag := response.headers.get("ETag"):
            changed = parse_http_date_safe(response.headers.get("Last-Modified", ""))
            return get_conditional_response(request, etag=etag, last_modified=changed, response=response)
        return response

    def made(self, request, key):
        response = self.get_response(request)
        if is_for_everybody(response):
            response.headers["ETag"] = f'"{sha256(response.content).hexdigest()[:32]}"'
            response.headers["Cache-Control"] = "public, no-cache"
            caches["pages"].set(key, (response.content, dict(response.headers)), A_MINUTE)
        return response


def may_be_kept(request):
    """Read by somebody nobody knows."""
    return (
        request.method in ("GET", "HEAD")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and "Authorization" not in request.headers
        and SORTED_BY.issuperset(request.GET)
    )


def is_for_everybody(response):
    """A whole page that leaves nothing with the reader: no cookie, hence neither a form nor a message of theirs."""
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "Cache-Control" not in response.headers
        and response.headers.get("Content-Type", "").startswith(KEPT)
    )


def last_acts():
    with connection.cursor() as cursor:
        cursor.execute(*question())
        return cursor.fetchall()


@cache
def question():
    """The only one a kept page costs, put into words once."""
    rows = JournalEntry.objects.order_by("-pk").values_list("pk")[:AT_ONCE]
    return rows.query.sql_with_params()


def key_of(request):
    words = f"{last_acts()} {request.method} {request.scheme}://{request.get_host()}{request.get_full_path()}"
    return sha256(words.encode()).hexdigest()
