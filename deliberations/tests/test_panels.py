"""The page of a workshop shows what the floor above knows of it."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from assembly.factories import AppointmentFactory
from assembly.panels import PANELS, panel, render
from deliberations.factories import (
    BallotFactory,
    ProposalFactory,
    RecommendationFactory,
    WorkingMandateFactory,
    a_workshop,
)

pytestmark = pytest.mark.django_db


def texts_of(workshop):
    return reverse("workshops:workshop_section", args=[workshop.pk, "textes"])


@pytest.fixture
def workshop():
    workshop = a_workshop()
    WorkingMandateFactory(workshop=workshop, adopted=True, sentence="Proposer des lieux frais.")
    ProposalFactory(workshop=workshop, in_follow_up=True, title="Vœu relatif aux bancs")
    ProposalFactory(workshop=workshop, title="Brouillon sur les arbres")
    RecommendationFactory(workshop=workshop, number=1)
    return workshop


def test_the_public_reads_what_is_public_of_a_workshop(client, workshop):
    page = client.get(texts_of(workshop))

    assertContains(page, "Proposer des lieux frais.")
    assertContains(page, "Vœu relatif aux bancs")
    assertNotContains(page, "Brouillon sur les arbres")
    assertNotContains(page, "/voeux/nouveau/")


def test_a_member_finds_the_draft_the_open_vote_and_the_way_to_write(client, workshop):
    member = workshop.enrolments.first().member.user
    BallotFactory(proposal=ProposalFactory(workshop=workshop, settled=True), question="Adoptez-vous ?")
    client.force_login(member)

    page = client.get(texts_of(workshop))

    for words in ["Brouillon sur les arbres", "Adoptez-vous ?", f"/ateliers/{workshop.pk}/voeux/nouveau/"]:
        assertContains(page, words)
    assertContains(page, f"/ateliers/{workshop.pk}/recommandations/")
    assertNotContains(page, "/mandat/nouveau/")


def test_the_executive_finds_the_way_to_propose_a_mandate(client, workshop):
    client.force_login(AppointmentFactory(role="executive", organisation="Cabinet").user)

    page = client.get(texts_of(workshop))

    assertContains(page, f"/ateliers/{workshop.pk}/mandat/nouveau/")
    assertNotContains(page, "/voeux/nouveau/")


def test_the_page_of_a_workshop_keeps_to_twelve_queries(client, workshop, django_assert_max_num_queries):
    client.force_login(workshop.enrolments.first().member.user)
    for number in range(2, 30):
        RecommendationFactory(workshop=workshop, number=number)
    client.get(texts_of(workshop))

    with django_assert_max_num_queries(12):
        client.get(texts_of(workshop))


def test_a_panel_that_has_nothing_to_say_leaves_no_trace(rf, workshop):
    model = type(workshop.cycle)._meta.label_lower
    try:
        panel(model)(lambda request, cycle: None)
        assert render(rf.get("/"), workshop.cycle) == ""
    finally:
        PANELS.pop(model)
