"""Every role follows the links it is shown, in both languages: each of them opens, at a fair price."""

from collections import deque
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve
from django.utils import translation

from assembly.demo.story import tell
from assembly.models import Appointment, Cycle, Member
from assembly.tests.spoken import french, unmarked

pytestmark = pytest.mark.django_db
ROLES = [role for role, _label in Appointment.GIVEN]
DEAREST = 15
APART = ("/static/", "/media/", "/sante/")
"""Addresses that are no pages."""
ALIKE = {"components", "accessibility", "legal", "privacy"}
"""The same words for everybody: a visitor's walk is enough."""


class Links(HTMLParser):
    """The title of a page and where it leads, in its own language."""

    def __init__(self, page):
        super().__init__()
        self.found, self.title, self.in_title = [], "", False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.in_title = tag == "title" and not self.title
        if tag == "a" and attributes.get("href") and "hreflang" not in attributes:
            self.found.append(attributes["href"])

    def handle_endtag(self, tag):
        self.in_title = False

    def handle_data(self, words):
        if self.in_title:
            self.title += words.strip()


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """The small story, told once for all."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield tell(small=True)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def people(told):
    """{name: user}, None for a visitor."""
    everybody = {"visitor": None}
    for role in ROLES:
        everybody[role] = Appointment.objects.current().filter(role=role).select_related("user").last().user
    running = Cycle.objects.under_way().latest("number")
    seated = Member.objects.seated().filter(cycle=running)
    everybody["member"] = seated.filter(is_minor=False).first().user
    everybody["minor"] = seated.filter(is_minor=True).first().user
    everybody["rapporteur"] = running.workshops.exclude(rapporteur=None).first().rapporteur
    everybody["past member"] = Member.objects.exclude(cycle=running).first().user
    return everybody


def name_of(address):
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return None


def led_to(page, address):
    """The addresses of the house a page leads to."""
    links = [urldefrag(urljoin(address, link)).url for link in page.found if not link.startswith("#")]
    return [link for link in links if link.startswith("/") and not link.startswith(APART)]


def walk(client, start, known=(), foreign=None):
    """Follow one link of each name that is not `known`, from page to page; yield what is wrong.

    `foreign`: words of another language, which a page marks as such.
    """
    waiting, names = deque((address, "") for address in start), set(known)
    while waiting:
        address, source = waiting.popleft()
        name = name_of(address)
        if name is None:
            yield "leads nowhere", address, source
        if name in names or name is None:
            continue
        names.add(name)
        with CaptureQueriesContext(connection) as queries, translation.override(translation.get_language()):
            response = client.get(address)
        if response.status_code >= 400:
            yield response.status_code, address, source
        asked = sum(
            query["sql"].startswith("SELECT") for query in queries
        )  # a message read is a session saved
        if asked > DEAREST:
            yield f"{asked} queries", address, source
        if response.status_code in (301, 302):
            waiting.append((urljoin(address, response.url), address))
        elif response.status_code == 200 and "text/html" in response.headers.get("Content-Type", ""):
            page = Links(response.content.decode())
            if not page.title:
                yield "no title", address, source
            if foreign and (words := unmarked(response.content.decode(), foreign)):
                yield f"not marked as French: {words}", address, source
            waiting.extend((link, address) for link in led_to(page, address))


BOTH = ["visitor", "secretariat", "member"]
OTHERS = [role for role in ROLES if role not in BOTH] + ["minor", "rapporteur", "past member"]
WALKS = [(who, "fr") for who in BOTH]
WALKS += [pytest.param(who, "fr", marks=pytest.mark.once) for who in OTHERS]
WALKS += [pytest.param(who, "en", marks=pytest.mark.once) for who in BOTH]
"""In French everybody; in English, and on both engines, those who between them see every page."""


@pytest.mark.parametrize(("who", "language"), WALKS)
def test_every_link_shown_is_open_and_cheap(people, who, language):
    client, user = Client(raise_request_exception=False), people[who]
    if user:
        client.force_login(user)
    with translation.override(language), transaction.atomic():
        home, foreign = ("/", None) if language == "fr" else ("/en/", french())
        start, known = ([home, f"{home}mon-espace/"], ALIKE) if user else ([home], ())
        wrong = list(walk(client, start, known, foreign))
        transaction.set_rollback(True)
    assert wrong == []
