"""What a citizen, a search engine and a neighbour find at the door."""

import json
import re

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from assembly.factories import CycleFactory
from assembly.glossary import TERMS
from deliberations.factories import MeasureFactory, ProposalFactory
from deliberations.tests.test_pages import cost
from workshops.factories import MeetingFactory

pytestmark = pytest.mark.django_db


def data_of(response):
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', response.content.decode())
    return json.loads(found[1])


def test_the_home_page_tells_what_each_past_cycle_obtained(client):
    for number in (1, 2):
        cycle = CycleFactory(number=number, state="follow_up", title=f"Promotion {number}")
        MeasureFactory(proposal=ProposalFactory(in_follow_up=True, workshop__cycle=cycle), done=True)
    CycleFactory(number=3, state="deepening")
    MeasureFactory.create_batch(2, proposal=ProposalFactory(in_follow_up=True, workshop__cycle=cycle))

    page = client.get(reverse("home"))

    assertContains(page, "Promotion 1")
    assertContains(page, 'name="q"')
    assert [one.measure_count for one in page.context["past"]] == [3, 1]
    assert page.context["measures"]["done"] == 2
    assert cost(client, f"{reverse('home')}?q=") <= 15
    assert cost(client, f"{cycle.get_absolute_url()}?q=") <= 12
    assert data_of(page)["@type"] == "GovernmentOrganization"


def test_the_map_of_the_site_holds_what_is_public_in_both_languages(client):
    public, draft = ProposalFactory(transmitted=True), ProposalFactory()

    words = client.get("/sitemap.xml").content.decode()

    assert f"/en/voeux/{public.pk}/</loc>" in words
    assert f"voeux/{draft.pk}/" not in words
    assert "/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_a_text_says_of_itself_what_machines_and_neighbours_read(client, settings):
    text = ProposalFactory(transmitted=True, title="Un vœu </script> & des bancs")

    page = client.get(text.get_absolute_url())
    picture = client.get(text.get_card_url())

    assert (data_of(page)["@type"], data_of(page)["name"]) == ("Legislation", text.title)
    assertContains(
        page, f'<link rel="alternate" hreflang="en" href="{settings.SITE_URL}/en/voeux/{text.pk}/">'
    )
    assertContains(page, f'content="{settings.SITE_URL}{text.get_card_url()}"')
    assert picture.content.startswith(b"\x89PNG")
    assert len(picture.content) < 60_000
    assert client.get(ProposalFactory().get_card_url()).status_code == 404


def test_a_meeting_is_an_event(client):
    meeting = MeetingFactory(called=True)

    found = data_of(client.get(meeting.get_absolute_url()))

    assert (found["@type"], found["name"]) == ("Event", meeting.title)


def test_a_difficult_word_opens_its_meaning_and_leads_to_the_glossary(client):
    text = client.get(ProposalFactory(transmitted=True).get_absolute_url())
    glossary = client.get(reverse("glossary"))

    assertContains(text, 'popovertarget="word-wish"')
    assertContains(text, f"{reverse('glossary')}#wish")
    for key in TERMS:
        assertContains(glossary, f'id="{key}"')


def test_the_draw_is_explained_before_any_was_held(client):
    assertContains(client.get(reverse("sortition:draw_explained")), "<pattern")
    assertNotContains(client.get(reverse("sortition:draw_explained")), "t-verify")
