"""The right of follow-up: what a measure shows, what its directorate says, the yearly report."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from assembly import clock
from assembly.documents import to_html
from assembly.factories import MemberFactory
from deliberations import yearly
from deliberations.factories import MeasureFactory, ProposalFactory, ReturnFactory, a_workshop
from deliberations.jobs import authors_of
from deliberations.models import Measure, YearlyReport

pytestmark = pytest.mark.django_db
LIST = "deliberations:measure_list"


def url(name, row):
    return reverse(f"deliberations:{name}", args=[row.pk])


def on(day):
    return clock.at(datetime(*day, 12, tzinfo=timezone.get_current_timezone()))


@pytest.fixture
def directorate(appointed):
    return appointed("department", organisation="DVD")


def test_a_directorate_chooses_what_is_counted_and_by_when(client, directorate):
    measure = MeasureFactory(owner="DVD")
    client.force_login(directorate)

    client.post(
        url("measure_choose_indicator", measure),
        {"label": "Rues ouvertes", "unit": "rues", "target": "1 200,5"},
    )
    client.post(url("measure_set_milestone", measure), {"label": "Dix rues", "due_on": "2030-06-30"})

    assert measure.indicators.get().target == Decimal("1200.5")
    milestone = measure.milestones.get()
    client.post(
        url("measure_reach_milestone", measure), {"milestone": milestone.pk, "on": clock.today().isoformat()}
    )
    milestone.refresh_from_db()
    assert milestone.reached_on == clock.today()
    assert measure.share_done == 1


def test_another_directorate_may_not(client, appointed):
    measure = MeasureFactory(owner="DVD")
    client.force_login(appointed("department", organisation="DAC"))

    for act in ("choose_indicator", "set_milestone", "reach_milestone", "give_return"):
        assert client.get(url(f"measure_{act}", measure)).status_code == 403


def test_a_milestone_is_neither_reached_twice_nor_in_advance(client, directorate):
    measure = MeasureFactory(owner="DVD")
    milestone = measure.set_milestone(by=directorate, label="Dix rues", due_on=date(2030, 6, 30))
    client.force_login(directorate)

    page = client.post(
        url("measure_reach_milestone", measure), {"milestone": milestone.pk, "on": "2090-01-01"}
    )

    assert page.status_code == 200
    assert page.context["form"].errors
    measure.reach_milestone(by=directorate, milestone=milestone)
    with pytest.raises(ValidationError):
        measure.reach_milestone(by=directorate, milestone=milestone)


def test_a_return_gives_the_value_of_each_indicator_and_the_cost(client, directorate):
    measure = MeasureFactory(owner="DVD")
    indicator = measure.choose_indicator(by=directorate, label="Rues ouvertes", unit="rues", start=Decimal(2))
    client.force_login(directorate)

    for value in ("10", "14,5"):
        client.post(
            url("measure_give_return", measure),
            {
                "state": "in_progress",
                "words": "Elles ouvrent.",
                "cost": "12 000",
                "evidence": "https://preuve.exemple.invalid/",
                f"indicator_{indicator.pk}": value,
            },
        )

    client.logout()
    page = client.get(measure.get_absolute_url())
    assert page.context["indicators"][0]["points"][0][1] == 2
    assert [value for _date, value in page.context["indicators"][0]["points"][1:]] == [10, 14.5]
    assert page.context["cost"] == 24_000
    assertContains(page, "https://preuve.exemple.invalid/")
    assertContains(page, "<progress")


def test_a_figure_that_is_none_loses_nothing(client, directorate):
    measure = MeasureFactory(owner="DVD")
    client.force_login(directorate)

    page = client.post(
        url("measure_give_return", measure), {"state": "done", "words": "Fini.", "cost": "beaucoup"}
    )

    assertContains(page, "beaucoup")
    assert not measure.returns.exists()


@pytest.mark.parametrize("ended", ["done", "dropped"])
def test_a_measure_that_has_ended_takes_no_return_and_says_so(client, directorate, ended):
    measure = MeasureFactory(owner="DVD", **{ended: True})
    client.force_login(directorate)

    page = client.post(url("measure_give_return", measure), {"state": "in_progress", "words": "Encore."})

    assertContains(page, measure.get_state_display())
    assert page.context["form"].non_field_errors()
    assert not measure.returns.exists()


def test_former_members_who_worked_on_it_are_told(django_capture_on_commit_callbacks, directorate, secretary):
    workshop = a_workshop(people=2)
    former = workshop.enrolments.first().member
    former.resign(by=secretary, reason="Départ")
    measure = MeasureFactory(owner="DVD", proposal=ProposalFactory(workshop=workshop, in_follow_up=True))
    MemberFactory(seated=True)

    with django_capture_on_commit_callbacks(execute=True):
        measure.give_return(by=directorate, state="in_progress", words="Dix rues.")

    assert former.user in authors_of(measure.proposal)
    assert {address for letter in mail.outbox for address in letter.to} == {
        enrolment.member.user.email for enrolment in workshop.enrolments.all()
    }


def test_the_most_overdue_comes_first_and_what_has_ended_last(client):
    text = ProposalFactory(in_follow_up=True)
    done = MeasureFactory(proposal=text, done=True)
    owing = MeasureFactory(proposal=text)
    late = MeasureFactory(proposal=text, due_on=date(2021, 3, 17))
    later = MeasureFactory(proposal=text, overdue=True)

    page = client.get(reverse(LIST))

    assert list(page.context["object_list"]) == [later, late, owing, done]
    figures = page.context["figures"]
    assert (figures["total"], figures["overdue"], figures["done"]) == (4, 2, 1)


def test_figures_by_directorate_and_by_year(client):
    text = ProposalFactory(in_follow_up=True)
    measure = MeasureFactory(proposal=text, owner="DVD")
    MeasureFactory(proposal=text, owner="DAC", dropped=True)
    ReturnFactory(measure=measure, on=date(2027, 3, 1), cost=Decimal(1500))

    figures = client.get(reverse(LIST)).context["figures"]

    assert [(row["label"], row["total"], row["dropped"]) for row in figures["owners"]] == [
        ("DAC", 1, 1),
        ("DVD", 1, 0),
    ]
    assert [(row["year"], row["adopted"], row["returns"], row["cost"]) for row in figures["years"]] == [
        (2027, 0, 1, 1500),
        (2026, 2, 0, None),
    ]


def test_the_dashboard_costs_the_same_with_many_measures(client):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(LIST))
        return len(queries)

    text = ProposalFactory(in_follow_up=True)
    MeasureFactory(proposal=text)
    client.get(reverse(LIST))
    one = cost()
    MeasureFactory.create_batch(12, proposal=text, owner="DAC")

    assert cost() == one <= 10


def test_no_measure_yet(client):
    assertContains(client.get(reverse(LIST)), reverse("deliberations:yearlyreport_list"))
    assert client.get(reverse("deliberations:yearlyreport_list")).status_code == 200


# the yearly report


def a_followed_text():
    text = ProposalFactory(in_follow_up=True, title="Vœu relatif aux rues")
    given = MeasureFactory(proposal=text, number=1, text="Ouvrir dix rues.", owner="DVD")
    silent = MeasureFactory(proposal=text, number=2, text="Planter mille arbres.", owner="DEVE")
    dropped = MeasureFactory(proposal=text, number=3, text="Peindre les ponts.", owner="DVD")
    with on((2026, 6, 1)):
        given.give_return(
            by=None, state="in_progress", words="Six rues sont ouvertes.", cost=Decimal("1200.50")
        )
        dropped.give_return(by=None, state="dropped", words="Les ponts sont classés.")
    return given, silent, dropped


def test_a_report_is_begun_read_and_published_then_frozen(client, secretary):
    given, _silent, _dropped = a_followed_text()
    client.force_login(secretary)
    with on((2027, 5, 10)):
        client.post(reverse("deliberations:yearlyreport_add"), {"year": "2027", "foreword": "Bonjour."})
        report = YearlyReport.objects.get()
        client.post(url("yearlyreport_edit", report), {"foreword": "Chères lectrices, chers lecteurs."})
        preview = client.get(report.get_absolute_url())
        assertContains(preview, "Six rues sont ouvertes.")
        assertContains(preview, "Chères lectrices")
        client.logout()
        assert client.get(report.get_absolute_url()).status_code == 404
        client.force_login(secretary)
        client.post(url("yearlyreport_publish", report))
        report.refresh_from_db()
        given.give_return(by=secretary, state="done", words="Dix rues sont ouvertes.")

    client.logout()
    page = client.get(report.get_absolute_url())
    assertContains(page, "Six rues sont ouvertes.")
    assertNotContains(page, "Dix rues sont ouvertes.")
    assertContains(client.get(reverse("deliberations:yearlyreport_list")), report.get_absolute_url())
    assert report.document.kind == "report"


def test_a_report_says_what_is_overdue_since_when_and_what_was_dropped_and_why(secretary):
    a_followed_text()
    with on((2027, 5, 10)):
        report = YearlyReport.objects.begin(by=secretary, year=2027)
        content = report.content
        report.publish(by=secretary)

    rows = {row["number"]: row for row in content["measures"]}
    assert [(row["overdue"], row["due_on"]) for row in rows.values()] == [
        (False, "2027-06-01"),
        (True, "2027-03-17"),
        (False, ""),
    ]
    assert (content["cost"], content["cost_this_year"]) == ("1200.5", "")
    html = to_html(report.document)
    assert "17\u00a0mars 2027" in html
    assert "Les ponts sont classés." in html
    assert "200,50\u00a0€" in html


def test_a_past_year_is_told_as_it_ended(secretary):
    """A report written late does not know what came after its year."""
    given, *_rest = a_followed_text()
    with on((2027, 2, 1)):
        given.give_return(by=secretary, state="done", words="Dix rues.")
    with on((2027, 3, 1)):
        content = yearly.content(YearlyReport(year=2026))

    assert content["counts"] == {"in_progress": 1, "not_started": 1, "dropped": 1}
    assert (content["overdue"], content["cost_this_year"], content["returns_given"]) == (0, "1200.5", 2)


@pytest.mark.parametrize("year", ["2019", "2090", "", "2026"])
def test_a_year_without_report_is_asked_for(client, secretary, year):
    YearlyReport.objects.create(year=2026)
    client.force_login(secretary)

    page = client.post(reverse("deliberations:yearlyreport_add"), {"year": year, "foreword": "Mes mots."})

    assertContains(page, "Mes mots.")
    assert page.context["form"].errors
    assert YearlyReport.objects.count() == 1


def test_nothing_to_report_is_said(client, secretary):
    report = YearlyReport.objects.begin(by=secretary, year=2025)
    client.force_login(secretary)

    page = client.post(url("yearlyreport_publish", report))

    assert page.context["form"].non_field_errors()
    assert not YearlyReport.objects.public().exists()
    assert not Measure.objects.exists()
