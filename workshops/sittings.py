"""The half-days of a meeting, and dates carried from one month to the next. Pure: moments in, moments out."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from typing import NamedTuple


class Sitting(NamedTuple):
    """One half-day: its number from 1, and from when to when."""

    number: int
    starts_at: datetime
    ends_at: datetime

    def __contains__(self, moment):
        return self.starts_at <= moment < self.ends_at


def sittings(starts_at, ends_at, half_days, zone):
    """A meeting cut in half-days: by day when it lasts several, then each day in equal parts."""
    count = max(1, ceil(half_days))
    windows = days_of(starts_at.astimezone(zone), ends_at.astimezone(zone), count, zone)
    shares = spread(count, len(windows))
    parts = [part for window, share in zip(windows, shares, strict=True) for part in cut(*window, share)]
    return [Sitting(number, *part) for number, part in enumerate(parts, start=1)]


def days_of(starts_at, ends_at, count, zone):
    """One window for each day; a meeting that lasts into the night is of one day."""
    days = (ends_at.date() - starts_at.date()).days + 1
    if days > count or ends_at.time() <= starts_at.time():
        return [(starts_at, ends_at)]
    dates = [starts_at.date() + timedelta(days=day) for day in range(days)]
    return [
        (
            datetime.combine(day, starts_at.time(), zone) if day != dates[0] else starts_at,
            datetime.combine(day, ends_at.time(), zone) if day != dates[-1] else ends_at,
        )
        for day in dates
    ]


def spread(count, boxes):
    """`count` things in `boxes` boxes, as evenly as can be, the first ones fuller."""
    each, rest = divmod(count, boxes)
    return [each + (box < rest) for box in range(boxes)]


def cut(starts_at, ends_at, parts):
    """Equal lengths of real time, even on the night the clock goes back."""
    start, whole = starts_at.astimezone(UTC), ends_at.astimezone(UTC) - starts_at.astimezone(UTC)
    edges = [(start + whole * edge / parts).astimezone(starts_at.tzinfo) for edge in range(parts + 1)]
    return list(zip(edges[:-1], edges[1:], strict=True))


def clear_days(sent_on, held_on):
    """Whole days between the two: neither the day of sending nor the day of the meeting counts."""
    return max(0, (held_on - sent_on).days - 1)


def next_month(day):
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def previous_month(day):
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def same_weekday(day, month):
    """The second Tuesday becomes the second Tuesday of `month`; a fifth one, the last."""
    rank = (day.day - 1) // 7
    first = month.replace(day=1)
    found = first + timedelta(days=(day.weekday() - first.weekday()) % 7 + 7 * rank)
    return found if found.month == first.month else found - timedelta(days=7)


def at_the_same_hour(moment, day, zone):
    """That hour by the clock on the wall, on another day."""
    local = moment.astimezone(zone)
    return datetime.combine(day, time(local.hour, local.minute), zone)


def weeks_of(month):
    """The days of a month by weeks, Monday first; None outside the month."""
    length, first = monthrange(month.year, month.month)[1], month.replace(day=1)
    days = [None] * first.weekday() + [date(month.year, month.month, day + 1) for day in range(length)]
    days += [None] * (-len(days) % 7)
    return [days[start : start + 7] for start in range(0, len(days), 7)]
