"""What people are reminded of: a row for each thing and person, then one letter, at once or once a week.

A row is kept once (its key says what makes it the same thing) and marked in the transaction that sends the
letter: a clock that strikes twice, a worker killed half-way or an hour that comes back sends nothing twice.
"""

import logging
from collections import defaultdict
from datetime import timedelta

from django.core.mail import get_connection
from django.db import transaction
from django.utils import translation
from django.utils.functional import lazy
from django.utils.timezone import localtime

from assembly import clock, mail
from assembly.models import User
from assembly.next_step import waiting_for
from assembly.templatetags.house import moment
from workshops.models import Attendance, Meeting, Reminder, Subscription

log = logging.getLogger(__name__)
BEFORE = timedelta(days=2)
AHEAD = timedelta(days=14)
KEPT_FOR = timedelta(days=180)
HOUR = 8
WEEKLY = Subscription.Rhythm.WEEKLY


STROKES = []


def stroke(look):
    """Register what looks, at each stroke of the clock, for what somebody is to be reminded of."""
    STROKES.append(look)
    return look


def remind(users, *, key, title, url):
    """Each of these people is told once; `title` may be lazy: it is kept in the reader's language."""
    rows = []
    for user in users:
        with translation.override(user.language):
            rows.append(Reminder(user=user, key=key, title=str(title)[:250], url=url, made_at=clock.now()))
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)


@stroke
def remind_of_meetings():
    """Two days ahead, those expected who are told things at once; the weekly letter announces meetings itself."""
    meetings = Meeting.objects.filter(
        state=Meeting.State.CALLED, starts_at__gt=clock.now(), starts_at__lte=clock.now() + BEFORE
    )
    expected = Attendance.objects.filter(meeting__in=meetings, status=Attendance.Status.EXPECTED)
    by_meeting = defaultdict(list)
    for row in expected.exclude(member__user__subscription__rhythm=WEEKLY).select_related("member__user"):
        by_meeting[row.meeting_id].append(row.member.user)
    for meeting in meetings:
        key = f"meeting:{meeting.pk}:{meeting.starts_at:%Y%m%dT%H%M%z}"
        told = set(Reminder.objects.filter(key=key).values_list("user", flat=True))
        users = [user for user in by_meeting[meeting.pk] if user.pk not in told]
        remind(users, key=key, title=soon(meeting), url=meeting.get_absolute_url())


def in_words(meeting):
    """A meeting in one line, in whatever language is asked for."""
    facts = {"title": meeting.title, "when": moment(meeting.starts_at), "place": meeting.place}
    return translation.gettext("%(title)s: %(when)s, %(place)s") % facts


soon = lazy(in_words, str)


def send_due():
    """The clock's errand: what is pending for those told at once, the weekly letter on Monday from eight."""
    for look in STROKES:
        look()
    errands = list(due())
    if errands:
        send_all(errands)
    Reminder.objects.filter(sent_at__lt=clock.now() - KEPT_FOR).delete()


def due():
    """(how it is sent, to whom, with what) for each person who has a letter coming."""
    pending = User.objects.filter(is_active=True, reminders__sent_at=None, reminders__isnull=False)
    for user in pending.exclude(subscription__rhythm=WEEKLY).distinct():
        yield send_pending, user
    if week := week_of_letter():
        weekly = User.objects.filter(is_active=True, subscription__rhythm=WEEKLY)
        for user in weekly.exclude(reminders__key=week):
            yield send_weekly, user, week


def send_all(errands):
    """Through one connection. While the post is closed, everything waits for the next stroke."""
    try:
        with get_connection() as post:
            for sending, user, *facts in errands:
                attempt(post, sending, user, *facts)
    except OSError:
        log.warning("The post is closed: %s letters wait.", len(errands))


def attempt(post, sending, user, *facts):
    """One mailbox that refuses keeps nobody else waiting; it is tried again at the next stroke."""
    try:
        sending(user, *facts, post=post)
    except OSError:
        post.close()  # whatever went wrong on it is not passed on: the next letter opens it anew
        log.warning("The letter to person %s could not leave: it waits.", user.pk)


def week_of_letter():
    """The key of this week's letter, from Monday at eight until Tuesday night; None on other days."""
    now = localtime(clock.now())
    year, week, day = now.isocalendar()
    return f"digest:{year}-W{week:02}" if day == 2 or (day == 1 and now.hour >= HOUR) else None


@transaction.atomic
def send_pending(user, post=None):
    """Everything pending for one person in one letter."""
    if rows := taken(user):
        send(user, "reminders", rows[0].key, post, reminders=said_once(rows))


@transaction.atomic
def send_weekly(user, week, post=None):
    """What is new, what waits and the meetings to come; nothing at all when there is nothing to say."""
    Reminder.objects.get_or_create(user=user, key=week, defaults={"title": week, "url": ""})
    rows = taken(user)
    if not any(row.key == week for row in rows):
        return
    news = said_once(row for row in rows if row.key != week)
    meetings = coming(user)
    with translation.override(user.language):
        steps = waiting_for(user)
    if news or steps or meetings:
        send(user, "weekly", week, post, reminders=news, steps=steps, meetings=meetings)


def taken(user):
    """What is pending, locked and marked as sent; undone together with the letter if that fails."""
    rows = list(Reminder.objects.select_for_update(skip_locked=True).filter(user=user, sent_at=None))
    Reminder.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=clock.now())
    return rows


def said_once(rows):
    """Ten messages on one subject are one line."""
    return list({(row.title, row.url): row for row in rows}.values())


def coming(user):
    rows = Meeting.objects.filter(
        attendances__member__user=user,
        attendances__status=Attendance.Status.EXPECTED,
        state=Meeting.State.CALLED,
        starts_at__range=(clock.now(), clock.now() + AHEAD),
    )
    return list(rows.order_by("starts_at"))


def send(user, template, key, post, **context):
    """The same letter always bears the same number, so that a mailbox keeps one copy even of a repeated one."""
    number = mail.number(f"{user.pk}:{key}")
    mail.send(
        template, user.email, {"user": user, **context}, language=user.language, number=number, post=post
    )
