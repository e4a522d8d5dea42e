"""What the City reports to others: public commitments and their proofs, the sheet of a cycle, the goals served."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from assembly import clock
from assembly.documents import to_html
from assembly.factories import CategoryFactory, CriterionFactory, CycleFactory, MemberFactory, PoolFactory
from assembly.models import Cycle, Member
from assembly.search.index import refresh
from deliberations import fiche
from deliberations.counted import with_figures
from deliberations.factories import (
    MeasureFactory,
    PledgeFactory,
    PledgeMilestoneFactory,
    ProposalFactory,
    RecommendationFactory,
)
from deliberations.models import CouncilItem, Fiche, Pledge, PledgeMilestone, Proposal
from workshops.factories import MeetingFactory, WorkshopFactory
from workshops.models import Meeting

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"deliberations:{name}", args=args)


def queries(client, address, again):
    """Asked for in words no cache has kept."""
    asked_for = {} if address.startswith("/api/") else {"encore": again}
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address, asked_for).status_code == 200
    return len(asked)


# Public commitments ----------------------------------------------------------------


def test_the_secretariat_enters_a_pledge_and_its_milestones(client, secretary):
    client.force_login(secretary)
    words = {
        "reference": "FRPA0001",
        "title": "L’Assemblée citoyenne",
        "problem": "Peu de voix.",
        "action": "Une assemblée.",
        "lead": "Ville de Paris",
        "supporting": "DDCT\n\nFIDE",
        "starts_on": "2021-10-01",
        "ends_on": "2026-10-31",
    }

    backwards = client.post(url("pledge_add"), words | {"ends_on": "2020-01-01"})
    client.post(url("pledge_add"), words)
    pledge = Pledge.objects.get()
    for title in ("Explorer", "Installer"):
        client.post(
            url("pledgemilestone_add", pledge.pk),
            {"title": title, "starts_on": "2021-10-01", "ends_on": "2024-04-30"},
        )

    assert "ends_on" in backwards.context["form"].errors
    assert pledge.institutions == ["DDCT", "FIDE"]
    assert [(row.number, row.title) for row in pledge.milestones.all()] == [(1, "Explorer"), (2, "Installer")]
    client.logout()
    page = client.get(pledge.get_absolute_url())
    assertContains(page, "Installer")
    assertNotContains(page, url("pledgemilestone_add", pledge.pk))


def test_a_milestone_moves_with_its_reasons_and_every_move_is_told(client, secretary):
    milestone = PledgeMilestoneFactory()
    client.force_login(secretary)
    address = url("pledgemilestone_move", milestone.pk)

    silent = client.post(address, {"state": "finished", "reason": " "})
    client.post(address, {"state": "stuck", "reason": "Les travaux attendent."})
    client.post(address, {"state": "finished", "reason": "Dix rues sont ouvertes."})
    again = client.post(address, {"state": "finished", "reason": "Encore."})

    assert silent.context["form"].errors
    assert again.context["form"].errors
    page = client.get(milestone.pledge.get_absolute_url())
    assert [row["reason"] for row in page.context["moves"]] == [
        "Dix rues sont ouvertes.",
        "Les travaux attendent.",
    ]
    assert page.context["share"] == 1
    with pytest.raises(IntegrityError, match="a_moved_milestone_gives_its_reasons"), transaction.atomic():
        PledgeMilestone.objects.update(reason="")


def test_a_proof_is_a_public_page_found_here_or_any_address(client, secretary):
    milestone, text = PledgeMilestoneFactory(), ProposalFactory(transmitted=True, title="Vœu des rues")
    refresh(Proposal, text.pk)
    client.force_login(secretary)
    address = url("pledgemilestone_prove", milestone.pk)
    entry = client.get(f"{address}?q=voeu").context["form"].fields["entry"].queryset.get()

    client.post(f"{address}?q=voeu", {"entry": entry.pk})
    client.post(
        address, {"address": f"http://localhost:8000/en/voeux/{text.pk}/versions/", "title": "Versions"}
    )
    client.post(address, {"address": "https://preuve.exemple.invalid/a", "title": "Une page d’ailleurs"})
    refused = [
        client.post(address, {"address": said, "title": "x"}).context["form"].errors
        for said in ("/nulle-part/", "/mon-espace/", "javascript:alert(1)", "")
    ]

    assert [proof.address for proof in milestone.proofs.all()] == [
        text.get_absolute_url(),
        f"/voeux/{text.pk}/versions/",
        "https://preuve.exemple.invalid/a",
    ]
    assert milestone.proofs.first().title == "Vœu des rues"
    assert all("address" in errors for errors in refused)
    assertContains(client.get(f"/en{milestone.pledge.get_absolute_url()}"), f'href="/en/voeux/{text.pk}/"')


def test_a_proof_withdrawn_is_no_longer_shown_nor_lost(secretary, client):
    milestone = PledgeMilestoneFactory()
    proof = milestone.prove(by=secretary, title="Une page disparue", address="https://exemple.invalid/b")

    milestone.withdraw_proof(by=secretary, proof=proof, reason="La page n’existe plus.")

    assertNotContains(client.get(milestone.pledge.get_absolute_url()), "Une page disparue")
    assert milestone.proofs.get().reason == "La page n’existe plus."
    with pytest.raises(ValidationError):
        milestone.withdraw_proof(by=secretary, proof=proof, reason="Encore.")


def test_a_year_is_assessed_once_and_never_in_advance(secretary):
    pledge = PledgeFactory()
    pledge.assess(by=secretary, year=2024, words="Cinq rues.")

    for year in (2024, 2023, clock.today().year + 1):
        with pytest.raises(ValidationError):
            pledge.assess(by=secretary, year=year, words="Six rues.")
    assert pledge.assessments.get().words == "Cinq rues."


def test_the_printed_sheet_does_not_move(secretary):
    CycleFactory()
    milestone = PledgeMilestoneFactory()
    milestone.prove(by=secretary, title="Le carnet", address="/voeux/7/")
    milestone.pledge.print_sheet(by=secretary)
    milestone.move(by=secretary, state="finished", reason="Fini.")

    pledge = Pledge.objects.get()
    page = to_html(pledge.sheet)
    assert "Non commencée" in page
    assert "http://localhost:8000/voeux/7/" in page
    assert "Fini." not in page


def test_the_pages_ask_the_same_for_one_and_for_ten(client, secretary):
    pledge = PledgeMilestoneFactory().pledge
    pledge.milestones.get().prove(by=secretary, title="x", address="/voeux/1/")
    CycleFactory()
    addresses = [
        url("pledge_list"),
        pledge.get_absolute_url(),
        url("goal_list"),
        url("cycle_fiche", Cycle.objects.first().number),
        "/api/v1/cycle-sheets/",
        "/api/v1/pledge-milestones/",
    ]
    few = [queries(client, address, "1") for address in addresses]

    for _number in range(9):
        row = PledgeMilestoneFactory(pledge=pledge)
        row.prove(by=secretary, title="x", address="/voeux/1/")
        row.move(by=secretary, state="stuck", reason="Attend.")
        PledgeFactory()
        MeasureFactory(goals=[4, 11])

    assert [queries(client, address, "2") for address in addresses] == few
    assert max(few) <= 12


# The sheet of a cycle ----------------------------------------------------------------


def a_cycle():
    """Counted by hand below."""
    cycle = CycleFactory(allowance=Decimal("44.00"), summary="Cent personnes.")
    pool = PoolFactory(cycle=cycle, seats=100)
    criterion = CriterionFactory(cycle=cycle, key="district")
    for key, people in (("01", 15_000), ("05", 52_000)):
        CategoryFactory(criterion=criterion, key=key, population=people)
    for state in (Member.State.SITTING, Member.State.RESIGNED, Member.State.EXPECTED):
        dated = {} if state == Member.State.EXPECTED else {"since": date(2026, 1, 15)}
        MemberFactory(pool=pool, cycle=cycle, state=state, **dated)
    workshop = WorkshopFactory(cycle=cycle)
    for days in (1, 2):
        starts = clock.now() - timedelta(days=days)
        MeetingFactory(
            workshop=workshop,
            held=True,
            starts_at=starts,
            ends_at=starts + timedelta(hours=3),
            half_days=days,
        )
    MeetingFactory(workshop=workshop)
    for _number in range(3):
        RecommendationFactory(workshop=workshop, handed_over_at=clock.now())
    RecommendationFactory(workshop=workshop)
    adopted = ProposalFactory(workshop=workshop, in_follow_up=True)
    CouncilItem.objects.filter(proposal=adopted).update(outcome="adopted")
    ProposalFactory(workshop=workshop, transmitted=True)
    ProposalFactory(workshop=workshop)
    MeasureFactory(proposal=adopted, done=True)
    MeasureFactory(proposal=adopted, number=2)
    return cycle


def test_the_figures_of_the_sheet_are_those_one_counts_by_hand(client):
    cycle = a_cycle()
    other = a_cycle()

    said = fiche.told(with_figures(Cycle.objects.filter(pk=cycle.pk)).get())

    wanted = {
        "population": 67_000,
        "seats": 100,
        "participants": 2,
        "remuneration": 44.0,
        "workshops": 1,
        "meetings": 2,
        "half_days": 3.0,
        "recommendations": 3,
        "texts": 2,
        "adopted": 1,
        "measures": 2,
        "done": 1,
        "letters": 0,
        "budget": None,
    }
    assert {key: said[key] for key in wanted} == wanted
    held = [row for row in Meeting.objects.filter(cycle=cycle) if row.state == "held"]
    assert said["meetings"] == len(held)
    for vocabulary, columns in (
        ("oidp", ("number_of_participants", "sdg")),
        ("oecd", ("total_cost", "half_days")),
    ):
        page = client.get(url(f"cycle_fiche_{vocabulary}", other.number))
        (row,) = csv.DictReader(io.StringIO(page.content.decode()))
        assert set(columns) <= set(row)
        assert len(row) == len({line.columns[vocabulary] for line in fiche.LINES} - {""})


def test_the_columns_of_a_table_are_named_once_and_documented(client):
    for vocabulary in ("oidp", "oecd"):
        names = [line.columns[vocabulary] for line in fiche.LINES if line.columns[vocabulary]]
        assert len(names) == len(set(names))
    page = client.get(url("cycle_fiche", CycleFactory().number))
    for line in fiche.LINES:
        assert not line.oecd or f"<code>{line.oecd}</code>" in page.content.decode()


def test_the_secretariat_completes_the_sheet_and_prints_it_once_and_for_all(client, secretary):
    cycle = CycleFactory(title="Promotion des rues")
    client.force_login(secretary)
    said = {"budget": "152 000,50", "evaluation": "Par une équipe de recherche.", "contact": "DDCT"}
    complete, print_sheet = url("fiche_complete", cycle.number), url("fiche_print_sheet", cycle.number)

    wrong = client.post(complete, said | {"budget": "cher"})
    client.post(complete, said)
    client.post(f"/en{print_sheet}")
    client.post(complete, said | {"contact": "Un autre service"})

    assertContains(wrong, "Par une équipe de recherche.")
    sheet = Fiche.objects.get()
    assert sheet.budget == Decimal("152000.50")
    printed = to_html(sheet.document)
    assert "DDCT" in printed
    assert "Un autre service" not in printed
    assert "assemblée citoyenne permanente" in printed.lower()
    assertContains(client.get(url("cycle_fiche", cycle.number)), "Un autre service")
    assert [entry.act.rpartition(".")[2] for entry in sheet.entries] == [
        "complete",
        "print_sheet",
        "complete",
    ]


# Goals -------------------------------------------------------------------------------


def test_goals_are_named_shown_and_searched_for(client, secretary):
    measure = MeasureFactory(proposal__title="Vœu des berges")
    ProposalFactory(transmitted=True, title="Vœu des toits", goals=[1])
    client.force_login(secretary)

    for name, row in (("proposal", measure.proposal), ("measure", measure)):
        client.post(url(f"{name}_name_goals", row.pk), {"goals": ["11", "4"]})
    client.post(reverse("assembly:cycle_name_goals", args=[measure.cycle.number]), {"goals": ["13"]})
    wrong = client.post(url("measure_name_goals", measure.pk), {"goals": ["18"]})

    measure.refresh_from_db()
    assert (measure.goals, measure.proposal.goals, measure.cycle.goals) == ([4, 11], [4, 11], [13])
    assert wrong.context["form"].errors
    client.logout()
    found = client.get(url("proposal_list"), {"goal": "11"})
    assertContains(found, "Vœu des berges")
    assertNotContains(found, "Vœu des toits")
    assert [row.title for row in Proposal.objects.filter(goals__contains=",1,")] == ["Vœu des toits"]
    for row in (measure, measure.proposal, measure.cycle):
        assertContains(client.get(row.get_absolute_url()), 'class="goals"')
    assert client.get(url("goal_list")).context["rows"][3]["measures"] == 1


def test_only_those_in_charge_name_goals(client, appointed):
    measure = MeasureFactory(owner="DVD")
    client.force_login(appointed("department", organisation="DVD"))

    assert client.get(url("measure_name_goals", measure.pk)).status_code == 200
    assert client.get(url("proposal_name_goals", measure.proposal_id)).status_code == 403
