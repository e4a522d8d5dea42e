"""Other words for a mandate, and what recommendations rest on."""

from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from assembly import clock
from assembly.models import Document
from deliberations.factories import (
    BallotFactory,
    ProposalFactory,
    RecommendationFactory,
    WorkingMandateFactory,
    a_workshop,
    counted,
)
from deliberations.journey import journey
from deliberations.models import Amendment, Review, Wording
from workshops.factories import MeetingFactory

pytestmark = pytest.mark.django_db
OTHER = "Proposer dix façons de rendre la rue aux enfants, et à leurs grands-parents"


@pytest.fixture
def workshop():
    return a_workshop(2)


@pytest.fixture
def mandate(workshop):
    return WorkingMandateFactory(
        workshop=workshop, sentence="Proposer dix façons de rendre la rue aux enfants"
    )


@pytest.fixture
def member(workshop):
    return workshop.members.first().user


@pytest.fixture
def executive(appointed):
    return appointed("executive")


def to(name, row):
    return reverse(f"deliberations:{name}", args=[row.pk])


def wording(mandate, member, **given):
    facts = {"sentence": OTHER, "reason": "La rue est à tous les âges."}
    return Wording.objects.counter_propose(mandate, by=member, **facts | given)


def test_a_member_proposes_other_words_and_everybody_inside_sees_what_changes(client, mandate, member):
    client.force_login(member)
    form = client.get(to("wording_add", mandate))
    assertContains(form, mandate.sentence)

    sent = {"sentence": OTHER, "reason": "La rue est à tous les âges.", "expected_product": "Un vœu."}
    page = client.post(to("wording_add", mandate), sent, follow=True)

    assertContains(page, "enfants, et à leurs grands-parents<span")
    assertContains(page, "La rue est à tous les âges.")
    assert mandate.wordings.get().author == member


def test_a_counter_proposal_owes_its_reasons_and_loses_nothing(client, mandate, member):
    client.force_login(member)

    page = client.post(to("wording_add", mandate), {"sentence": OTHER, "reason": " "})

    assertContains(page, OTHER)
    assert not mandate.wordings.exists()


def test_the_executive_accepts_and_the_sheet_says_what_members_changed(
    client, mandate, member, executive, secretary
):
    first = mandate.sentence
    row = wording(mandate, member)
    client.force_login(executive)
    client.post(to("wording_accept", row), {"answer": "Volontiers."})
    mandate.refresh_from_db()
    assert mandate.sentence == OTHER

    ballot = BallotFactory(proposal=None, mandate=mandate, electorate=2, body="plenary")
    counted(ballot, [2, 0, 0], first=member, second=secretary)

    content = Document.objects.get(kind="mandate").content
    assert [(kept["was"], kept["sentence"]) for kept in content["wordings"]] == [(first, OTHER)]


def test_the_executive_declines_with_reasons_only(client, mandate, member, executive):
    row = wording(mandate, member)
    client.force_login(executive)

    client.post(to("wording_decline", row), {"reasons": " ", "reason": " "})
    row.refresh_from_db()
    assert row.state == "open"
    client.post(to("wording_decline", row), {"reason": "Trop large."})

    assertContains(client.get(mandate.get_absolute_url()), "Trop large.")


def test_no_other_words_once_the_plenary_votes(client, mandate, member):
    BallotFactory(proposal=None, mandate=mandate, body="plenary")
    client.force_login(member)

    assertNotContains(client.get(mandate.get_absolute_url()), to("wording_add", mandate))
    page = client.post(to("wording_add", mandate), {"sentence": OTHER, "reason": "Oui."})

    assert page.status_code == 200
    assert not Wording.objects.exists()


# what recommendations rest on


@pytest.fixture
def recommendation(workshop):
    return RecommendationFactory(workshop=workshop)


def test_a_recommendation_rests_on_a_hearing_of_the_workshop(client, recommendation, member):
    hearing = MeetingFactory(
        cycle=recommendation.cycle, workshop=recommendation.workshop, kind="hearing", held=True
    )
    client.force_login(member)
    address = to("recommendation_rest_on", recommendation)
    assertContains(client.get(address), hearing.title)

    client.post(address, {"source": f"workshops.meeting-{hearing.pk}", "note": "Dix rues."})

    page = client.get(recommendation.get_absolute_url())
    assertContains(page, f'href="{hearing.get_absolute_url()}"')
    assertContains(page, "Dix rues.")


def test_or_on_a_source_from_outside_and_says_which(client, recommendation, member):
    client.force_login(member)
    address = to("recommendation_rest_on", recommendation)
    assertContains(client.post(address, {"note": "Rien"}), "Rien")
    assert not recommendation.sources.exists()

    client.post(address, {"title": "Une étude", "url": "https://exemple.invalid/etude"})

    assertContains(client.get(recommendation.get_absolute_url()), 'href="https://exemple.invalid/etude"')


def test_a_source_is_taken_away_until_the_hand_over(client, recommendation, member, secretary):
    kept = recommendation.rest_on(by=member, title="Une étude")
    other = recommendation.rest_on(by=member, title="Une autre")
    client.force_login(member)
    address = to("recommendation_rest_no_longer_on", recommendation)

    client.post(address, {"evidence": other.pk})
    recommendation.hand_over(by=secretary)
    page = client.post(address, {"evidence": kept.pk})

    assert page.status_code == 200
    assert list(recommendation.sources.all()) == [kept]


def test_the_page_of_a_text_lists_the_recommendations_it_carries(client, recommendation, secretary):
    text = ProposalFactory(workshop=recommendation.workshop, transmitted=True)
    recommendation.hand_over(by=secretary)
    recommendation.trace(by=secretary, proposal=text)

    assertContains(client.get(text.get_absolute_url()), recommendation.text)


def test_sources_cost_the_same_for_one_and_for_many(
    client, recommendation, member, django_assert_max_num_queries
):
    for row in [recommendation, *RecommendationFactory.create_batch(5, workshop=recommendation.workshop)]:
        meeting = MeetingFactory(cycle=row.cycle, workshop=row.workshop, kind="hearing", held=True)
        row.rest_on(by=member, source=meeting)
    client.force_login(member)

    with django_assert_max_num_queries(14):
        client.get(recommendation.get_absolute_url())


# the board and the timeline


@pytest.fixture
def written(workshop, member, secretary):
    """A text with two amendments accepted, one open, an opinion late and one given."""
    text = ProposalFactory(workshop=workshop, in_review=True)
    facts = {"sort": "replace", "reason": "Plus court."}
    for clause in ("m1", "m2", "c1"):
        Amendment.objects.table(text, by=member, clause=clause, text=f"Autres mots, {clause} ;", **facts)
    for rank, row in enumerate(text.amendments.order_by("number")[:2], 1):
        row.accept(by=secretary, base=rank)
    due = {"due_on": clock.today() + timedelta(days=9), "sort": "opinion"}
    Review.objects.refer(text, by=secretary, department="DVD", **due)
    given = Review.objects.refer(text, by=secretary, department="DPE", **due)
    given.answer(by=secretary, opinion="favourable", words="Rien à redire.")
    text.reviews.filter(department="DVD").update(due_on=clock.today() - timedelta(days=1))
    return text


def test_the_board_says_what_waits_around_a_text(client, written, secretary):
    client.force_login(secretary)

    page = client.get(reverse("deliberations:proposal_board"))

    assertContains(page, "1 amendement auquel répondre")
    assertContains(page, "1 avis en retard")


def test_the_timeline_tells_amendments_in_number_and_opinions_with_their_words(written):
    told = journey(written, ballots=[], measures=[], mandates=[], notebook=None)

    sentences = [str(row.sentence) for row in told]
    assert sum("2 amendements acceptés" in sentence for sentence in sentences) == 1
    assert sum("Avis demandé" in sentence for sentence in sentences) == 2
    assert [row.reason for row in told if "Avis rendu" in row.sentence] == ["Rien à redire."]


def test_the_timeline_tells_the_words_members_obtained(mandate, member, executive):
    row = wording(mandate, member)
    row.decline(by=executive, reason="Trop large.")
    text = ProposalFactory(workshop=mandate.workshop)

    told = journey(text, ballots=[], measures=[], mandates=[mandate], notebook=None)

    assert {"La rue est à tous les âges.", "Trop large."} <= {row.reason for row in told}
