"""Each thing is said once, at once or in the weekly letter; the calendar follows what was moved or cancelled."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.urls import reverse
from icalendar import Calendar
from pytest_django.asserts import assertContains

from assembly import clock
from assembly.factories import UserFactory
from workshops.factories import AttendanceFactory, EnrolmentFactory, MeetingFactory
from workshops.letters import remind, send_due
from workshops.models import NeedsSheet, Reminder, Subscription

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 10, 26, 9, tzinfo=PARIS)  # the day after the clocks went back
SUNDAY = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 2:30 in Paris, for the first time


def strike(moment):
    with clock.at(moment):
        call_command("send_reminders")


def weekly(user):
    return Subscription.objects.create(user=user, rhythm="weekly")


def letters():
    return [(letter.to[0], letter.subject) for letter in mail.outbox]


def test_a_reminder_is_sent_once_however_often_the_clock_strikes():
    user = UserFactory()
    for _time in range(3):
        remind([user], key="visit:1", title="Une place s’est libérée", url="/x/")
        send_due()

    assert letters() == [(user.email, "Une place s’est libérée")]


def test_what_is_pending_comes_in_one_letter():
    user = UserFactory()
    for number in range(4):
        remind([user], key=f"message:{number}", title="Nouveau : les bancs", url="/discussions/1/")
    remind([user], key="visit:1", title="Une place s’est libérée", url="/y/")

    send_due()

    assert len(mail.outbox) == 1
    assert mail.outbox[0].body.count("Nouveau : les bancs") == 1


def test_a_worker_that_dies_half_way_tells_nobody_twice(monkeypatch):
    users = UserFactory.create_batch(4)
    remind(users, key="visit:1", title="Une visite", url="/x/")
    send, sent = EmailMessage.send, []

    def dies(letter, **options):
        if len(sent) == 2:
            raise SystemExit("killed")
        sent.append(letter.to[0])
        return send(letter, **options)

    monkeypatch.setattr(EmailMessage, "send", dies)
    with pytest.raises(SystemExit):
        send_due()
    monkeypatch.setattr(EmailMessage, "send", send)
    send_due()

    assert sorted(to for to, _subject in letters()) == sorted(user.email for user in users)


def test_a_repeated_letter_bears_the_same_number():
    user = UserFactory()
    for _time in range(2):
        remind([user], key="visit:1", title="Une visite", url="/x/")
        send_due()
        Reminder.objects.all().delete()

    first, second = (letter.extra_headers["Message-ID"] for letter in mail.outbox)
    assert first == second


def test_one_deaf_mailbox_does_not_silence_the_others(monkeypatch, caplog):
    deaf, other = UserFactory.create_batch(2)
    remind([deaf, other], key="visit:1", title="Une visite", url="/x/")
    send = EmailMessage.send

    def refused(letter, **options):
        if letter.to == [deaf.email]:
            raise OSError("no such mailbox")
        return send(letter, **options)

    monkeypatch.setattr(EmailMessage, "send", refused)
    send_due()
    assert "could not leave" in caplog.text

    assert letters() == [(other.email, "Une visite")]
    assert Reminder.objects.get(user=deaf).sent_at is None


def test_a_meeting_is_announced_two_days_ahead_to_who_is_expected():
    meeting = MeetingFactory(called=True, starts_at=clock.now() + timedelta(hours=40))
    expected = AttendanceFactory(meeting=meeting).member.user
    AttendanceFactory(meeting=meeting, status="excused")
    weekly(AttendanceFactory(meeting=meeting).member.user)

    for hours in (0, 1, 2):
        strike(clock.now() + timedelta(hours=hours))

    assert [to for to, _subject in letters()] == [expected.email]


def test_a_meeting_moved_is_announced_again():
    meeting = MeetingFactory(called=True, starts_at=clock.now() + timedelta(hours=40))
    AttendanceFactory(meeting=meeting)
    send_due()
    later = meeting.starts_at + timedelta(days=4)
    type(meeting).objects.update(starts_at=later, ends_at=later + timedelta(hours=2))

    strike(later - timedelta(hours=30))

    assert len(mail.outbox) == 2


def test_the_hour_that_comes_back_sends_nothing_twice():
    meeting = MeetingFactory(called=True, starts_at=SUNDAY + timedelta(hours=47, minutes=50))
    AttendanceFactory(meeting=meeting)

    for minutes in range(0, 121, 20):
        strike(SUNDAY + timedelta(minutes=minutes))

    assert len(mail.outbox) == 1


def test_the_weekly_letter_comes_on_monday_once_with_everything():
    member = AttendanceFactory(meeting__called=True, meeting__starts_at=MONDAY + timedelta(days=3)).member
    weekly(member.user)
    with clock.at(SUNDAY):
        remind([member.user], key="message:1", title="Nouveau : les bancs", url="/x/")

    for hours in (-40, -9, -2, -1, 0, 1, 30, 100):
        strike(MONDAY + timedelta(hours=hours))

    assert letters() == [(member.user.email, "Votre semaine à l’Assemblée")]
    body = mail.outbox[0].body
    assert "Nouveau : les bancs" in body
    assert member.attendances.get().meeting.title in body
    strike(MONDAY + timedelta(days=7))
    assert len(mail.outbox) == 2


def test_a_week_without_news_sends_nothing():
    member = EnrolmentFactory().member
    NeedsSheet.objects.create(member=member).tell(by=member.user, needs={})
    weekly(member.user)

    strike(MONDAY)

    assert mail.outbox == []


def test_who_chooses_to_be_told_at_once_is_told_what_was_waiting(client):
    user = EnrolmentFactory().member.user
    weekly(user)
    remind([user], key="visit:1", title="Une visite", url="/x/")
    with clock.at(MONDAY - timedelta(days=2)):
        send_due()
    client.force_login(user)

    client.post(reverse("workshops:subscription"), {"rhythm": "at_once"})
    send_due()

    assert letters() == [(user.email, "Une visite")]


# The calendar ----------------------------------------------------------------


@pytest.fixture
def row():
    return AttendanceFactory(meeting__called=True)


def events(response):
    assert response.status_code == 200
    return {str(event["uid"]): event for event in Calendar.from_ical(response.content).walk("VEVENT")}


def own_address(user):
    choice, _new = Subscription.objects.get_or_create(user=user)
    choice.renew(by=user)
    return choice.calendar_url


def test_one_s_calendar_holds_one_s_meetings_and_links_back(client, settings, row):
    other = MeetingFactory(called=True)

    found = events(client.get(own_address(row.member.user)))

    (event,) = found.values()
    assert str(event["summary"]) == row.meeting.title
    assert str(event["url"]) == f"{settings.SITE_URL}{row.meeting.get_absolute_url()}"
    assert event["dtstart"].dt == row.meeting.starts_at.replace(microsecond=0)
    assert other.title not in str(found)


def test_what_was_moved_or_cancelled_says_so_under_the_same_number(client, secretary, row):
    meeting, address = row.meeting, own_address(row.member.user)
    before = events(client.get(address))
    later = meeting.starts_at + timedelta(days=1)
    meeting.move(
        by=secretary,
        starts_at=later,
        ends_at=later + timedelta(hours=2),
        place="Mairie",
        urgency="Salle prise",
    )
    moved = events(client.get(address))
    meeting.cancel(by=secretary, reason="Grève")
    cancelled = events(client.get(address))

    assert before.keys() == moved.keys() == cancelled.keys()
    (uid,) = before
    assert [rows[uid]["sequence"] for rows in (before, moved, cancelled)] == [0, 1, 2]
    assert moved[uid]["dtstart"].dt == later.replace(microsecond=0)
    assert str(cancelled[uid]["status"]) == "CANCELLED"


def test_an_address_made_anew_or_closed_opens_nothing_any_more(client, row):
    user = row.member.user
    client.force_login(user)
    client.post(reverse("workshops:subscription_renew"))
    first = Subscription.objects.get().calendar_url
    client.post(reverse("workshops:subscription_renew"))
    second = Subscription.objects.get().calendar_url
    assertContains(client.get(reverse("workshops:subscription")), second)
    client.post(reverse("workshops:subscription_revoke"))
    client.logout()

    assert [client.get(address).status_code for address in (first, second)] == [404, 404]


def test_a_guessed_or_altered_secret_opens_nothing(client, row):
    address = own_address(row.member.user)
    key = Subscription.objects.get().calendar_key

    for wrong in (address.replace(".ics", "x.ics"), f"/agenda/{key}.ics", "/agenda/x.ics"):
        assert client.get(wrong).status_code == 404


def test_who_left_the_house_has_no_calendar(client, row):
    address = own_address(row.member.user)
    type(row.member.user).objects.filter(pk=row.member.user_id).update(is_active=False)

    assert client.get(address).status_code == 404


def test_the_public_calendar_is_valid_and_holds_what_is_announced(client, row):
    hidden = MeetingFactory(title="Pas encore annoncée")
    MeetingFactory(called=True, title="Virgules, points-virgules ; et\nlignes " + "é" * 160)

    response = client.get(reverse("workshops:public_calendar"))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert len(events(response)) == 2
    assert hidden.title not in response.content.decode()
    lines = response.content.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75


@pytest.mark.parametrize("number", [1, 25])
def test_a_calendar_costs_the_same_however_full(client, row, number, django_assert_max_num_queries):
    for _time in range(number):
        AttendanceFactory(member=row.member, meeting__called=True)
    address = own_address(row.member.user)

    with django_assert_max_num_queries(5):
        client.get(address)
