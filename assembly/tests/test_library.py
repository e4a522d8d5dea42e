"""The library: everything printed for the public, found by cycle, kind, workshop and year."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from assembly import clock
from assembly.models import Document
from deliberations.factories import ProposalFactory

pytestmark = pytest.mark.django_db
LIBRARY = "/documents/"


def sheet(title, cycle, kind="minutes", **fields):
    return Document.objects.create(title=title, kind=kind, cycle=cycle, content={}, **fields)


def test_a_sheet_is_found_by_its_cycle_its_kind_its_workshop_and_its_year(client):
    text = ProposalFactory(transmitted=True)
    text.document = sheet("Le vœu voté", text.cycle, kind="proposal")
    text.document.file.save("voeu.pdf", ContentFile(b"%PDF" + b" " * 5000))
    text.save()
    sheet("Un compte rendu", text.cycle, issued_at=clock.now() - timedelta(days=800))
    sheet("Ailleurs", ProposalFactory().cycle)
    sheet("Notes internes", text.cycle, audience="staff")

    everything = client.get(LIBRARY)
    assertContains(everything, "Compte rendu (2)")
    assertContains(everything, "PDF, 4,9")
    assertNotContains(everything, "Notes internes")
    year = f"{text.document.issued_at:%Y}"
    for asked in (
        {"workshop": text.workshop_id},
        {"cycle": text.cycle.number, "year": year},
        {"kind": "proposal"},
        {"q": "vœu", "year": year},
    ):
        found = client.get(LIBRARY, asked)
        assert [row.title for row in found.context["object_list"]] == ["Le vœu voté"], asked
    wrong = client.get(LIBRARY, {"year": "hier", "workshop": "9999", "kind": "rien", "cycle": "x"})
    assert len(wrong.context["object_list"]) == 3


def test_twenty_sheets_cost_what_one_costs():
    text, costs = ProposalFactory(transmitted=True), []
    for _turn in range(2):
        with CaptureQueriesContext(connection) as captured:
            Client().get(LIBRARY, {"q": "compte", "workshop": ""})
        costs.append(len(captured))
        for number in range(20):
            sheet(f"Compte rendu {number}", text.cycle)
    assert costs[1] <= costs[0] + 2  # the page itself, once there is something to show
    assert costs[1] <= 10
