"""Search: everything public, by the stems of its words, and nothing else."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from assembly.models import Document, SearchEntry
from assembly.search import finding, index
from assembly.search.stems import stems
from deliberations.factories import ProposalFactory

ALIKE = [
    ("végétalisée", "vegetaliser"),
    ("Écoles", "ecole"),
    ("cœur", "coeur"),
    ("jardins", "Jardin"),
    ("vélos", "velo"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_words_are_found_whatever_their_ending_and_accents(one, other):
    assert stems(one) == stems(other)


@pytest.fixture
def wish(db):
    found = ProposalFactory(
        transmitted=True, title="Des cours d’école végétalisées", plain_summary="À l’ombre."
    )
    index.rebuild()
    cache.clear()
    return found


def titles(words):
    return [entry.title for entry in finding.find(words)]


def test_all_the_words_must_be_there_in_any_order(wish):
    assert titles("vegetalise ECOLES") == [wish.title]
    assert titles("école tramway") == []
    assert titles("le de la") == []


def test_a_beginning_of_a_word_is_enough(wish):
    assert titles("végét") == [wish.title]


def test_what_holds_the_words_in_its_title_comes_first(wish):
    other = ProposalFactory(transmitted=True, title="Des bancs", plain_summary="Devant chaque école.")
    index.rebuild()
    assert titles("école") == [wish.title, other.title]


def test_a_draft_is_not_found(client, db):
    ProposalFactory(title="Un brouillon confidentiel")
    index.rebuild()
    assertNotContains(client.get(reverse("search"), {"q": "confidentiel"}), "Un brouillon")


def test_an_act_changes_what_is_found_at_once(wish, django_capture_on_commit_callbacks):
    type(wish).objects.filter(pk=wish.pk).update(title="Des préaux ombragés")
    with django_capture_on_commit_callbacks(execute=True):
        wish.record("edit", by=None)
    assert titles("préau") == ["Des préaux ombragés"]
    assert titles("végétalisées") == []


def test_a_sheet_that_stops_being_public_leaves_the_index(cycle_sheet):
    assert titles("passerelle") == [cycle_sheet.title]
    Document.objects.filter(pk=cycle_sheet.pk).update(audience="staff")
    index.refresh(Document, cycle_sheet.pk)
    assert titles("passerelle") == []


@pytest.fixture
def cycle_sheet(wish):
    return Document.objects.create(
        kind="minutes",
        title="Compte rendu",
        cycle=wish.cycle,
        content={"text": ["On parle d’une passerelle."]},
    )


def test_a_word_mistyped_is_proposed_as_it_should_be(client, wish):
    page = client.get(reverse("search"), {"q": "vegetalizees"})
    assertContains(page, "végétalisées")


def test_the_excerpt_marks_the_words_and_lets_no_tag_through():
    shown = finding.excerpt("Un <b>mot</b> avant les écoles du quartier", "ecole")
    assert shown == "Un &lt;b&gt;mot&lt;/b&gt; avant les <mark>écoles</mark> du quartier"


def test_a_page_of_results_costs_the_same_however_many(client, wish, django_assert_max_num_queries):
    for number in range(25):
        ProposalFactory(transmitted=True, title=f"École numéro {number}", cycle=wish.cycle)
    index.rebuild()
    assert SearchEntry.objects.count() > 20
    with django_assert_max_num_queries(6):
        page = client.get(reverse("search"), {"q": "école"})
    assertContains(page, "<mark>", count=0)
    assertContains(page, "École numéro 24")


def test_in_english_the_addresses_are_english(client, wish):
    page = client.get("/en/recherche/", {"q": "école"})
    assertContains(page, f'href="/en/voeux/{wish.pk}/"')


@pytest.mark.parametrize("words", ["' OR 1=1 --", "& | ! :*", "\0", "%", "_", "x" * 100, "🦉"])
def test_whatever_is_typed_gets_a_page(client, wish, words):
    assert client.get(reverse("search"), {"q": words}).status_code == 200
