"""Feeds, read by a library: names that last, dates, nothing that is not public."""

from datetime import timedelta

import feedparser
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar
from pytest_django.asserts import assertContains

from assembly import clock
from assembly.models import Document
from deliberations.factories import ProposalFactory, ReturnFactory
from deliberations.feeds import FEEDS
from workshops.factories import MeetingFactory

pytestmark = pytest.mark.django_db


def read(address, **headers):
    response = Client().get(address, headers=headers)
    feed = feedparser.parse(response.content)
    assert not feed.bozo, feed.bozo_exception
    return response, feed


@pytest.fixture
def text():
    return ProposalFactory(
        transmitted=True, title="Des bancs <partout> & de l’ombre", plain_summary="Un\x0cdeux"
    )


def publish(text, number=1):
    for _row in range(number):
        ProposalFactory(transmitted=True, workshop=text.workshop)
        ReturnFactory(measure__proposal=text)
        Document.objects.create(kind="minutes", title="Compte rendu", content={}, cycle=text.cycle)
        MeetingFactory(workshop=text.workshop, called=True)


def test_each_feed_is_read_by_a_library_and_costs_the_same_for_one_row_and_for_ten(text):
    publish(text)
    read(reverse("deliberations:feed_meeting"))
    costs = []
    for number in (9, 0):
        for kind in FEEDS:
            with CaptureQueriesContext(connection) as captured:
                _response, feed = read(
                    reverse(f"deliberations:cycle_feed_{kind.key}", args=[text.cycle.number]),
                    Authorization="made afresh",
                )
            costs.append(len(captured))
            assert feed.version == "atom10"
            assert feed.feed.id.startswith("tag:")
            assert all(entry.id.startswith("tag:") and entry.updated_parsed for entry in feed.entries)
            assert kind.key == "press" or feed.entries
        publish(text, number)
    assert costs[: len(FEEDS)] == costs[len(FEEDS) :]
    assert max(costs) <= 6


def test_an_entry_keeps_its_name_while_its_text_moves_on(text, secretary):
    ProposalFactory(title="Pas encore public", workshop=text.workshop)
    address = reverse("deliberations:feed_text")
    _first, before = read(address)
    assert [(entry.title, entry.title_detail.type) for entry in before.entries] == [
        (text.title, "text/plain")
    ]
    with clock.at(clock.now() + timedelta(days=1)):
        text.carry(by=secretary, carrier="L’adjointe")
    _again, after = read(address)
    assert after.entries[0].id == before.entries[0].id
    assert after.entries[0].updated > before.entries[0].updated
    _english, english = read(f"/en{address}")
    assert english.feed.language == "en"
    assert "/en/" in english.entries[0].link


def test_a_feed_that_did_not_change_is_not_sent_again(text):
    address = reverse("deliberations:feed_text")
    first, _feed = read(address)
    assert Client().get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert Client().get(address, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304


def test_one_page_leads_to_every_feed_to_the_calendar_and_to_the_form(client, text):
    MeetingFactory(workshop=text.workshop, called=True)
    page = client.get(reverse("deliberations:follow"))
    for kind in FEEDS:
        address = reverse(f"deliberations:feed_{kind.key}")
        assertContains(page, f'type="application/atom+xml" title="{kind.name}" href="{address}"')
    calendar = reverse("workshops:public_calendar")
    assertContains(page, calendar)
    assert Calendar.from_ical(client.get(calendar).content).walk("VEVENT")
