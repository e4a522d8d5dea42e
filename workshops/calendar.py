"""Meetings as iCalendar, for people's own agendas: each entry keeps its number and tells its changes."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Max
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vDuration

from assembly.models import JournalEntry
from workshops.models import Meeting

CHANGES = [f"workshops.meeting.{act}" for act in ("edit", "move", "cancel")]
STATUS = {Meeting.State.CANCELLED: "CANCELLED", Meeting.State.PLANNED: "TENTATIVE"}


def calendar(title, meetings, own=False):
    """`own`: the calendar of one person; what was changed or cancelled says so by SEQUENCE and STATUS."""
    book = Calendar()
    book.add("prodid", "-//Assemblée citoyenne de Paris//FR")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", title)
    book.add("name", title)
    book.add("x-wr-timezone", settings.TIME_ZONE)
    book.add("refresh-interval", vDuration(timedelta(hours=6)), {"value": "DURATION"})
    book.add("x-published-ttl", "PT6H")
    history = changes(meetings)
    for meeting in meetings:
        book.add_component(entry(meeting, *history.get(meeting.pk, (0, None)), own=own))
    return book.to_ical()


def changes(meetings):
    """{meeting: (how many times it changed, when last)}, from the journal: it only ever grows."""
    kind = ContentType.objects.get_for_model(Meeting)
    rows = JournalEntry.objects.filter(
        act__in=CHANGES, target_type=kind, target_id__in=[meeting.pk for meeting in meetings]
    )
    grouped = rows.order_by().values_list("target_id").annotate(Count("pk"), Max("at"))
    return {pk: (count, last) for pk, count, last in grouped}


def entry(meeting, sequence, changed_at, *, own):
    changed_at = changed_at or meeting.called_at or meeting.starts_at
    address = f"{settings.SITE_URL}{meeting.get_absolute_url()}"
    event = Event()
    event.add("uid", f"meeting-{meeting.pk}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("sequence", sequence)
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at)
    event.add("summary", summary(meeting))
    event.add("location", meeting.place)
    event.add("description", "\n".join(line for line in (meeting.purpose, meeting.reason, address) if line))
    event.add("url", address)
    event.add("status", STATUS.get(meeting.state, "CONFIRMED"))
    event.add("categories", [str(meeting.get_kind_display())])
    event.add("class", "PRIVATE" if own else "PUBLIC")
    event.add("transp", "TRANSPARENT" if meeting.state == Meeting.State.CANCELLED else "OPAQUE")
    return event


def summary(meeting):
    if meeting.state == Meeting.State.CANCELLED:
        return _("Cancelled: %(meeting)s") % {"meeting": meeting.title}
    return meeting.title
