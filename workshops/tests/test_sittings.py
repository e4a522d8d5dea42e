"""Half-days, months and delays: pure dates, whatever the clock does that night."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshops.sittings import (
    at_the_same_hour,
    clear_days,
    next_month,
    previous_month,
    same_weekday,
    sittings,
    weeks_of,
)

PARIS = ZoneInfo("Europe/Paris")
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def hours(starts, ends, half_days):
    found = sittings(at(starts), at(ends), half_days, PARIS)
    return [f"{part.starts_at:%d %H:%M}–{part.ends_at:%H:%M}" for part in found]


@pytest.mark.parametrize(
    ("starts", "ends", "half_days", "expected"),
    [
        ("2026-11-21 09:30", "2026-11-21 12:30", 1, ["21 09:30–12:30"]),
        ("2026-11-21 09:00", "2026-11-21 17:00", 2, ["21 09:00–13:00", "21 13:00–17:00"]),
        ("2026-11-21 09:00", "2026-11-22 17:00", 4, ["21 09:00–13:00", "21 13:00–17:00", "22 09:00–13:00"]),
        ("2026-11-21 18:30", "2026-11-21 21:00", 0, ["21 18:30–21:00"]),
        ("2026-11-21 18:30", "2026-11-22 01:00", 1, ["21 18:30–01:00"]),
    ],
)
def test_a_meeting_is_cut_in_half_days(starts, ends, half_days, expected):
    assert hours(starts, ends, half_days)[: len(expected)] == expected
    assert len(hours(starts, ends, half_days)) == max(1, half_days)


def test_the_night_the_clock_goes_back_has_one_hour_more():
    """From 22:00 to 06:00 that night, nine hours pass: each half-day is four and a half hours long."""
    parts = sittings(at("2026-10-24 22:00"), at("2026-10-25 06:00"), 2, PARIS)

    lengths = {part.ends_at.astimezone(UTC) - part.starts_at.astimezone(UTC) for part in parts}
    assert lengths == {timedelta(hours=4.5)}
    second = datetime(2026, 10, 25, 2, 45, tzinfo=PARIS, fold=1)
    assert second.astimezone(UTC) >= parts[1].starts_at.astimezone(UTC)
    assert [part.number for part in parts if second.astimezone(UTC) in part] == [2]


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),
    st.integers(30, 60 * 60),
    st.integers(0, 6),
)
def test_half_days_follow_each_other_without_overlap(start, minutes, half_days):
    starts_at = start.replace(tzinfo=UTC)
    parts = sittings(starts_at, starts_at + timedelta(minutes=minutes), half_days, PARIS)

    assert [part.number for part in parts] == list(range(1, max(1, half_days) + 1))
    assert parts[0].starts_at == starts_at
    assert parts[-1].ends_at == starts_at + timedelta(minutes=minutes)
    moments = [moment.astimezone(UTC) for part in parts for moment in part[1:]]
    assert moments == sorted(moments)


@given(DAYS, DAYS)
def test_a_day_keeps_its_weekday_in_another_month(day, month):
    found = same_weekday(day, month)

    assert found.weekday() == day.weekday()
    assert (found.year, found.month) == (month.year, month.month)
    if day.day <= 28:
        assert (found.day - 1) // 7 == (day.day - 1) // 7


@given(DAYS)
def test_months_go_on_and_come_back(day):
    first = day.replace(day=1)
    assert previous_month(next_month(day)) == first
    days = [cell for week in weeks_of(day) for cell in week if cell]
    assert days[0] == first
    assert days[-1] == next_month(day) - timedelta(days=1)
    assert all(len(week) == 7 for week in weeks_of(day))


def test_an_hour_stays_the_hour_on_the_wall_when_summer_ends():
    before = at("2026-10-10 18:30")
    after = at_the_same_hour(before, date(2026, 11, 14), PARIS)
    assert (after.hour, after.minute, after.utcoffset()) == (18, 30, timedelta(hours=1))


@pytest.mark.parametrize(("sent", "held", "days"), [(1, 7, 5), (1, 6, 4), (1, 2, 0), (1, 1, 0), (3, 1, 0)])
def test_neither_the_day_of_sending_nor_that_of_the_meeting_counts(sent, held, days):
    assert clear_days(date(2026, 11, sent), date(2026, 11, held)) == days
