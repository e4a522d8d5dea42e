"""Public pages kept whole: for everybody the same, for nobody who is known, never older than the last act."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from assembly.kept_pages import may_be_kept
from deliberations.factories import MeasureFactory, ProposalFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def wish():
    return ProposalFactory(carried=True, title="Des bancs partout")


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    return response, len(captured)


def test_the_second_visitor_costs_one_question(wish):
    first, dear = queries(Client(), wish.get_absolute_url())
    second, cheap = queries(Client(), wish.get_absolute_url())
    assert (cheap, dear > 5) == (1, True)
    assert first.content == second.content


def test_a_new_return_shows_at_the_next_request(secretary):
    measure = MeasureFactory(text="Poser cent bancs")
    assertNotContains(Client().get(measure.get_absolute_url()), "Trente bancs posés")
    measure.give_return(by=secretary, state="in_progress", words="Trente bancs posés.")
    assertContains(Client().get(measure.get_absolute_url()), "Trente bancs posés")


def test_each_language_has_its_page(wish):
    address = wish.get_absolute_url()
    assertContains(Client().get(address), '<html lang="fr"')
    assertContains(Client().get(f"/en{address}"), '<html lang="en"')
    assertContains(Client().get(address), '<html lang="fr"')


def test_who_is_logged_in_neither_leaves_nor_finds_a_kept_page(wish, secretary):
    known = Client()
    known.force_login(secretary)
    address = wish.get_absolute_url()
    assertContains(known.get(address), reverse("my_space"))
    assertNotContains(Client().get(address), reverse("my_space"))
    assertContains(known.get(address), reverse("my_space"))


def test_a_page_read_already_is_not_sent_again(wish):
    first = Client().get(wish.get_absolute_url())
    again = Client().get(wish.get_absolute_url(), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["account_login", "sortition:respond"])
def test_a_page_with_a_form_is_made_for_each(name):
    tokens = {Client().get(reverse(name)).cookies["csrftoken"].value for _ in range(2)}
    assert len(tokens) == 2


def test_what_is_asked_in_words_is_answered_afresh(rf):
    assert not may_be_kept(rf.get("/recherche/", {"q": "banc"}))
    assert may_be_kept(rf.get("/voeux/", {"page": "2"}))
    assert not may_be_kept(rf.post("/voeux/"))
