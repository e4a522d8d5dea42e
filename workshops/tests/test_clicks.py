"""A hundred clicks at once: one effect, and a sentence for everybody else."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from workshops.factories import AttendanceFactory, EnrolmentFactory, MeetingFactory
from workshops.models import Meeting

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(errand, hands, times):
    """`hands` people who each press `times` times, all together; what each press raised."""
    barrier, outcomes = threading.Barrier(hands), []

    def press(hand):
        barrier.wait()
        try:
            for turn in range(times):
                try:
                    errand(hand, turn)
                    outcomes.append(None)
                except ValidationError as refusal:
                    outcomes.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[hand]) for hand in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.parametrize("act", ["open", "call"])
def test_a_hundred_clicks_open_or_call_a_meeting_once(act, monkeypatch):
    monkeypatch.setattr("assembly.jobs.nudge", lambda pk: None)
    meeting = MeetingFactory()
    EnrolmentFactory.create_batch(2, workshop=meeting.workshop)

    outcomes = at_once(lambda *_: getattr(Meeting.objects.get(pk=meeting.pk), act)(by=None), 4, 25)

    assert [outcome for outcome in outcomes if outcome is None] == [None]
    assert len(outcomes) == 100
    assert meeting.entries.count() == 1
    assert meeting.notices.count() == (act == "call")
    assert meeting.attendances.count() == 2


def test_two_people_taking_attendance_lose_no_tick():
    meeting = MeetingFactory(called=True)
    lines = [row.member_id for row in AttendanceFactory.create_batch(8, meeting=meeting)]

    def tick(hand, turn):
        member = lines[2 * turn + hand]
        Meeting.objects.get(pk=meeting.pk).take_attendance(
            by=None, half_day=1, marks={member: "present"}, seen={member: "expected"}
        )

    assert at_once(tick, 2, 4) == [None] * 8
    assert meeting.attendances.filter(status="present").count() == 8
