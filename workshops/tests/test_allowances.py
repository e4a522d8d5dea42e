"""Allowances: half-days times a rate, checked by one, closed by another, set right by the next run."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django.asserts import assertContains

from assembly import clock, jobs
from assembly.documents import to_html
from assembly.factories import AppointmentFactory, UserFactory
from assembly.models import Document, Job
from workshops.factories import AttendanceFactory, EnrolmentFactory, MeetingFactory, WorkshopFactory
from workshops.models import AllowanceRun, AllowanceStatement

pytestmark = pytest.mark.django_db


def address(name, *args):
    return reverse(f"workshops:{name}", args=args)


@pytest.fixture
def colleague(appointed):
    return appointed("secretariat", user=UserFactory())


@pytest.fixture
def meeting():
    """Held two days ago, two half-days; one came, one did not."""
    meeting = MeetingFactory(held=True, half_days=2, title="Visite du parc")
    AttendanceFactory(meeting=meeting, status="present", member__user__name="Ada")
    AttendanceFactory(meeting=meeting, status="absent")
    return meeting


@pytest.fixture
def member(meeting):
    return meeting.attendances.get(status="present").member


def prepared(meeting, by):
    run = AllowanceRun(cycle=meeting.cycle, until=clock.today())
    run.clean()
    run.save()
    run.reckon(by=by)
    return run


def closed(run, one, other):
    run.check_over(by=one)
    run.close(by=other)
    return run


def amounts(run):
    return {line.member_id: line.amount for line in run.lines.all()}


def test_a_half_day_attended_is_paid_at_the_rate_of_the_cycle(secretary, meeting, member):
    assert amounts(prepared(meeting, secretary)) == {member.pk: Decimal("88.00")}


def test_what_is_paid_is_not_paid_again(secretary, colleague, meeting):
    closed(prepared(meeting, secretary), secretary, colleague)

    again = prepared(meeting, secretary)

    assert not again.lines.exists()
    with pytest.raises(ValidationError):
        again.check_over(by=secretary)


def test_a_later_run_sets_right_what_an_earlier_one_paid(secretary, colleague, meeting, member):
    first = closed(prepared(meeting, secretary), secretary, colleague)
    absent = meeting.attendances.get(status="absent").member
    meeting.take_attendance(by=secretary, marks={member.pk: "absent", absent.pk: "present"})

    second = prepared(meeting, secretary)

    assert amounts(first) == {member.pk: Decimal("88.00")}
    assert amounts(second) == {member.pk: Decimal("-88.00"), absent.pk: Decimal("88.00")}
    assert second.lines.get(member=member).corrects
    closed(second, secretary, colleague)
    assert amounts(prepared(meeting, secretary)) == {}


def test_who_checked_does_not_close(secretary, colleague, meeting):
    run = prepared(meeting, secretary)
    run.check_over(by=secretary)

    with pytest.raises(ValidationError):
        run.close(by=secretary)
    run.close(by=colleague)

    assert (run.state, run.closed_by) == ("closed", colleague)
    with pytest.raises(IntegrityError), transaction.atomic():
        AllowanceRun.objects.filter(pk=run.pk).update(closed_by=secretary)


def test_attendance_changed_since_is_reckoned_again_before_it_is_checked(client, secretary, meeting, member):
    run = prepared(meeting, secretary)
    meeting.take_attendance(by=secretary, marks={member.pk: "absent"})
    client.force_login(secretary)

    with pytest.raises(ValidationError):
        run.check_over(by=secretary)
    assert client.get(run.get_absolute_url()).context["outdated"]


def test_a_closed_run_never_moves(secretary, colleague, meeting):
    run = closed(prepared(meeting, secretary), secretary, colleague)

    for act, facts in (("reckon", {}), ("check_over", {}), ("send_back", {"reason": "x"}), ("close", {})):
        with pytest.raises(ValidationError):
            getattr(run, act)(by=colleague, **facts)


@pytest.mark.parametrize("shift", [timedelta(days=3), timedelta(days=-30)])
def test_the_day_of_a_run_is_past_and_not_before_the_last(secretary, colleague, meeting, shift):
    closed(prepared(meeting, secretary), secretary, colleague)

    with pytest.raises(ValidationError):
        AllowanceRun(cycle=meeting.cycle, until=clock.today() + shift).clean()


def test_one_run_is_prepared_at_a_time(client, secretary, meeting):
    prepared(meeting, secretary)
    client.force_login(secretary)

    response = client.post(address("allowancerun_add", meeting.cycle.number), {"until": clock.today()})

    assert response.status_code == 200
    with pytest.raises(IntegrityError), transaction.atomic():
        AllowanceRun.objects.create(cycle=meeting.cycle, until=clock.today())


def test_a_run_is_prepared_checked_and_closed_in_the_browser(client, secretary, colleague, meeting, member):
    client.force_login(secretary)
    client.post(address("allowancerun_add", meeting.cycle.number), {"until": clock.today()})
    run = AllowanceRun.objects.get()
    client.post(address("allowancerun_check_over", run.pk))
    client.force_login(colleague)
    client.post(address("allowancerun_close", run.pk))

    page = client.get(run.get_absolute_url())
    assertContains(page, "88,00")
    assertContains(client.get(address("allowancerun_list", meeting.cycle.number)), "88,00")


# Statements ------------------------------------------------------------------


def test_each_member_gets_one_statement_of_their_own(client, secretary, colleague, meeting, member):
    run = closed(prepared(meeting, secretary), secretary, colleague)
    job = jobs.enqueue("issue_statements", key="issue_statements:test", about=run.pk)
    jobs.run(job.pk)
    Job.objects.filter(pk=job.pk).update(state=Job.State.WAITING)
    jobs.run(job.pk)

    sheet = Document.objects.get(kind="statement")
    assert (sheet.reader, sheet.content["amount"]) == (member.user, "88.00")
    html = to_html(sheet)
    client.force_login(member.user)
    page = client.get(sheet.get_absolute_url()).content.decode()
    for fact in ("Visite du parc", "88,00"):
        assert fact in html
        assert fact in page
    assertContains(client.get(address("own_allowances")), "88,00")


def test_a_statement_is_nobody_elses(client, secretary, colleague, appointed, meeting, member):
    closed(prepared(meeting, secretary), secretary, colleague)
    statement = AllowanceStatement.objects.get()
    statement.issue()
    sheet = Document.objects.get(kind="statement")

    seen = {}
    for name, user in {
        "member": member.user,
        "another": EnrolmentFactory(workshop=meeting.workshop).member.user,
        "guarantor": appointed("guarantor"),
        "secretary": secretary,
    }.items():
        seen[name] = Document.objects.visible_to(user).filter(pk=sheet.pk).exists()

    assert seen == {"member": True, "another": False, "guarantor": False, "secretary": True}
    assert client.get(sheet.get_absolute_url()).status_code == 404


def test_the_workbook_says_the_same_and_computes_nothing(client, secretary, meeting, member):
    type(member.user).objects.filter(pk=member.user_id).update(name="=1+1")
    run = prepared(meeting, secretary)
    client.force_login(secretary)

    book = load_workbook(BytesIO(client.get(address("allowancerun_table", run.pk)).content))

    people, meetings = book.worksheets
    assert [cell.value for cell in people[2]][1:] == ["'=1+1", 2, 44, 88]
    assert meetings[2][3].value == "Visite du parc"


def test_only_the_secretariat_pays(client, appointed, meeting, member):
    run = AllowanceRun.objects.create(cycle=meeting.cycle, until=clock.today())
    facilitator = UserFactory()
    AppointmentFactory(user=facilitator, role="facilitator")
    meeting.workshop.facilitators.add(facilitator)

    for user in (member.user, facilitator, appointed("guarantor")):
        client.force_login(user)
        assert client.get(address("allowancerun_list", meeting.cycle.number)).status_code == 403
        assert client.get(run.get_absolute_url()).status_code == 404
        assert client.get(address("allowancerun_table", run.pk)).status_code == 404


def test_a_run_costs_the_same_however_many_it_pays(client, secretary, colleague):
    workshop = WorkshopFactory()
    client.force_login(secretary)

    def cost(people):
        meeting = MeetingFactory(workshop=workshop, held=True)
        AttendanceFactory.create_batch(people, meeting=meeting, status="present")
        run = prepared(meeting, secretary)
        with CaptureQueriesContext(connection) as captured:
            client.get(run.get_absolute_url())
            client.get(address("allowancerun_list", workshop.cycle.number))
        closed(run, secretary, colleague)
        return len(captured)

    cost(1)
    assert cost(2) == cost(12)
