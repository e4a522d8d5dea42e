"""Who is there: half-days, several hands, the code of the room, excuses, guests."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from assembly import clock
from assembly.factories import MemberFactory
from workshops.factories import AttendanceFactory, EnrolmentFactory, MeetingFactory
from workshops.models import Attendance

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


def address(name, *args):
    return reverse(f"workshops:{name}", args=args)


@pytest.fixture
def day():
    """A called meeting of two half-days, three members expected."""
    meeting = MeetingFactory(called=True, half_days=2)
    AttendanceFactory.create_batch(3, meeting=meeting)
    return meeting


def members(meeting):
    return [row.member for row in meeting.attendances.order_by("pk").select_related("member__user")]


def during(meeting, **delay):
    return clock.at(meeting.starts_at + timedelta(**(delay or {"minutes": 10})))


# Half-days ----------------------------------------------------------------------


def test_each_half_day_is_taken_by_itself(day, secretary):
    one, two, three = (member.pk for member in members(day))
    day.take_attendance(by=secretary, half_day=1, marks={one: "present", two: "excused", three: "present"})
    day.take_attendance(by=secretary, half_day=2, marks={one: "left", two: "present", three: "absent"})

    rows = day.attendances.order_by("pk")
    assert [(row.status, float(row.half_days_paid)) for row in rows] == [
        ("present", 2),
        ("present", 1),
        ("present", 1),
    ]
    found = [{name: day.there_at(half)[name] for name in ("present", "left", "absent")} for half in (1, 2)]
    assert found == [{"present": 2, "left": 0, "absent": 0}, {"present": 1, "left": 1, "absent": 1}]


def test_a_forgotten_half_day_is_asked_for_before_closing(day, secretary):
    day.take_attendance(by=secretary, half_day=1, marks={member.pk: "present" for member in members(day)})
    with during(day), pytest.raises(ValidationError, match="2"):
        day.hold(by=secretary)

    day.take_attendance(by=secretary, half_day=2, marks={members(day)[0].pk: "present"})
    with during(day):
        day.hold(by=secretary)
    assert [float(row.half_days_paid) for row in day.attendances.order_by("pk")] == [2, 1, 1]


def test_two_tablets_tick_at_once_and_both_are_kept(client, day, secretary):
    """Each sends the lines it changed, as the page does by itself after each tick."""
    one, two, three = (member.pk for member in members(day))
    client.force_login(secretary)
    page = address("meeting_take_attendance", day.pk) + "?demi-journee=1"

    client.post(page, {f"status_{one}": "present", f"seen_{one}": "expected"}, **JSON)
    answer = client.post(page, {f"status_{two}": "present", f"seen_{two}": "expected"}, **JSON).json()
    clash = client.post(page, {f"status_{one}": "absent", f"seen_{one}": "expected"}, **JSON).json()

    assert answer["statuses"] == {str(one): "present", str(two): "present", str(three): "expected"}
    assert answer["counts"]["present"] == 2
    assert answer["counts"]["reached"]
    assert clash["statuses"][str(one)] == "present"
    assert len(clash["sentences"]) == 1


def test_the_sheet_shows_the_mix_and_the_quorum(client, day, secretary):
    client.force_login(secretary)
    day.take_attendance(by=secretary, half_day=1, marks={members(day)[0].pk: "present"})
    context = client.get(address("meeting_take_attendance", day.pk) + "?demi-journee=1").context

    assert (context["counts"]["present"], context["counts"]["quorum"], context["half_day"]) == (1, 2, 1)
    assert client.get(address("meeting_take_attendance", day.pk), **JSON).json()["counts"]["present"] == 1


# Guests ---------------------------------------------------------------------------


def test_a_member_who_came_unplanned_is_paid_and_not_counted_in_the_quorum(client, day, secretary):
    other = MemberFactory(pool__cycle=day.cycle, seated=True)
    client.force_login(secretary)

    client.post(address("meeting_welcome", day.pk), {"member": other.pk, "half_day": 1})

    row = day.attendances.get(member=other)
    assert (row.unplanned, row.status, float(row.half_days_paid)) == (True, "present", 1)
    assert day.counts["invited"] == 3
    assert day.there_at(1)["unplanned"] == 1


def test_a_guest_from_outside_is_noted_and_never_public(client, day, secretary):
    client.force_login(secretary)
    client.post(address("guest_add", day.pk), {"name": "Odette Rambuteau", "capacity": "stagiaire"})

    assert "Odette" in client.get(address("meeting_take_attendance", day.pk)).content.decode()
    client.logout()
    assert "Odette" not in client.get(day.get_absolute_url()).content.decode()


# The code of the room --------------------------------------------------------------


def test_a_member_checks_in_with_the_code_of_the_half_day(client, day):
    member = members(day)[0]
    client.force_login(member.user)
    page = address("meeting_check_in", day.pk)

    with during(day):
        assert client.get(page).status_code == 200
        assert client.post(page, {"code": day.code_of(1)[:2] + " " + day.code_of(1)[2:]}).status_code == 302
        assert client.get(page).context["done"]
    assert day.attendances.get(member=member).by_half_day == {1: "present"}


@pytest.mark.parametrize("when", ["before", "after", "next half-day"])
def test_a_code_is_good_for_its_half_day_only(day, when):
    user = members(day)[0].user
    moment = {
        "before": day.starts_at - timedelta(hours=1),
        "after": day.ends_at + timedelta(minutes=1),
        "next half-day": day.sittings[1].starts_at + timedelta(minutes=1),
    }[when]
    with clock.at(moment), pytest.raises(ValidationError):
        day.check_in(by=user, code=day.code_of(1))


def test_codes_change_with_the_half_day_and_when_asked(client, day, secretary):
    first = day.code_of(1)
    client.force_login(secretary)
    with during(day):
        assert first in client.get(address("meeting_renew_code", day.pk)).content.decode()
        client.post(address("meeting_renew_code", day.pk))

    day.refresh_from_db()
    assert len(first) == 4
    assert first.isdecimal()
    assert (day.code_turn, day.code_of(1)) != (0, first)


def test_wrong_codes_are_few(client, day):
    member = members(day)[0]
    client.force_login(member.user)
    page = address("meeting_check_in", day.pk)
    wrong = f"{(int(day.code_of(1)) + 1) % 10_000:04}"
    with during(day):
        for _try in range(9):
            client.post(page, {"code": wrong})
        assert client.post(page, {"code": day.code_of(1)}).status_code == 200
    assert not day.attendances.filter(status="present").exists()


def test_checking_in_twice_ticks_once_and_leaves_an_earlier_leaving_to_the_facilitator(day):
    user = members(day)[0].user
    with during(day):
        day.check_in(by=user, code=day.code_of(1))
        day.check_in(by=user, code=day.code_of(1))
    assert Attendance.objects.get(member__user=user).presences.count() == 1


# Excuses ------------------------------------------------------------------------


def test_a_member_says_they_cannot_come_and_then_that_they_can(client, day):
    user = members(day)[0].user
    client.force_login(user)
    client.post(address("meeting_excuse", day.pk), {"reason": "Examen"})
    row = day.attendances.get(member__user=user)
    assert (row.status, row.reason) == ("excused", "Examen")

    client.post(address("meeting_come_after_all", day.pk))
    row.refresh_from_db()
    assert (row.status, row.reason) == ("expected", "")


def test_an_excuse_given_before_is_kept_when_the_meeting_is_closed(day, secretary):
    one, two, _three = members(day)
    day.excuse(by=one.user, reason="Examen")
    with during(day):
        day.take_attendance(by=secretary, marks={two.pk: "present"})
        day.hold(by=secretary)
    assert [row.status for row in day.attendances.order_by("pk")] == ["excused", "present", "absent"]


def test_excuses_for_another_day_no_longer_hold(day, secretary):
    day.excuse(by=members(day)[0].user, reason="Examen")
    later = day.starts_at + timedelta(days=7)
    day.move(by=secretary, starts_at=later, ends_at=later + timedelta(hours=4), place=day.place)
    assert set(day.attendances.values_list("status", flat=True)) == {"expected"}


def test_whoever_is_not_invited_has_nothing_to_excuse(day):
    stranger = EnrolmentFactory(workshop__cycle=day.cycle).member.user
    with pytest.raises(ValidationError):
        day.excuse(by=stranger, reason="Examen")
