"""The house seen through a real Chromium: a citizen, a member and the secretariat, on a desk and on a phone."""

import os
import shutil

import pytest
from django.conf import settings
from django.urls import reverse

from assembly import jobs
from assembly.demo import cast
from assembly.demo.story import tell
from assembly.models import Cycle, Document
from assembly.tests.journeys import (
    citizen_learns_what_came_of_a_text,
    goes_by_keyboard,
    journalist_compares_and_takes_the_figures,
    journalist_takes_a_sheet,
    too_wide,
    visited,
    volunteer_answers,
    volunteer_finds_their_place,
)
from deliberations.models import Amendment, Proposal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 700}
WEIGHT, REQUESTS, PAGE = 100_000, 8, 50_000
"""Bytes and requests of a first visit; bytes of any page once its style and its fonts are known."""
SHIFTED = """() => new Promise(say => {
    let moved = 0
    const add = seen => seen.getEntries().forEach(one => { moved += one.value })
    new PerformanceObserver(add).observe({type: "layout-shift", buffered: true})
    setTimeout(() => say(moved), 100)
})"""


@pytest.fixture
def browser(monkeypatch):
    from playwright.sync_api import sync_playwright

    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def site(live_server, settings, monkeypatch):
    """The address of a house where the small story has been told, without waking the worker; a sheet printed."""
    from assembly.celery import app

    app.conf.task_always_eager = False
    settings.DEMO = True
    with monkeypatch.context() as asleep:
        asleep.setattr(jobs, "nudge", lambda pk: None)
        tell(small=True)
    jobs.run(Document.objects.public().first().job.pk)
    return live_server.url


def visit(browser, viewport=DESK, **options):
    page = browser.new_context(viewport=viewport, **options).new_page()
    page.troubles = []
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    page.on("console", lambda line: line.type == "error" and page.troubles.append(line.text))
    return page


def log_in(page, site, login):
    page.goto(site + reverse("account_login"))
    page.fill("input[name=login]", f"{login}@exemple.invalid")
    page.fill("input[name=password]", cast.PHRASE)
    page.click("main form button[type=submit]")
    page.wait_for_url(lambda address: "login" not in address)


EVERYTHING = {"iframes": False, "preload": False, "resultTypes": ["violations"]}
AGAIN = {"runOnly": ["color-contrast", "html-has-lang", "html-lang-valid", "valid-lang", "document-title"]}
"""What another language and other colours may change of a page that was looked at whole."""


def barriers(page, options=EVERYTHING):
    """What axe finds on the page, in a line each."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("async how => (await axe.run(document, how)).violations", options)
    return [f"{page.url}: {one['id']} {[node['target'] for node in one['nodes']][:3]}" for one in found]


def overflows(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")


def first_visit(browser, address):
    """(bytes as a compressing server sends them, requests, hosts, what moved) of a page opened for the first time."""
    page, answers = visit(browser), []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address, wait_until="networkidle")
    weight = sum(
        len(answer.body()) if answer.url.endswith((".woff2", ".png")) else compressed(answer)
        for answer in answers
    )
    return weight, len(answers), {answer.url.split("/")[2] for answer in answers}, page.evaluate(SHIFTED)


def compressed(answer):
    import brotli

    return len(brotli.compress(answer.body(), quality=6))


def test_the_house_in_a_browser(browser, site):
    weight, requests, hosts, moved = first_visit(browser, site + "/")
    assert (weight <= WEIGHT, requests <= REQUESTS, len(hosts)) == (True, True, 1), (weight, requests, hosts)
    assert moved < 0.01

    citizen, found = visit(browser), []
    for address in visited(site):
        for scheme, prefix, options in (("light", "", EVERYTHING), ("dark", "/en", EVERYTHING | AGAIN)):
            citizen.emulate_media(color_scheme=scheme)
            answer = citizen.goto(site + prefix + address)
            assert (answer.status, compressed(answer) <= PAGE) == (200, True), address
            found += barriers(citizen, options)
        found += too_wide(citizen)
    assert found == []

    three_people(browser, site)
    goes_by_keyboard(visit(browser), site)

    member = visit(browser, PHONE)
    log_in(member, site, "membre")
    assert member.url.endswith(reverse("my_space"))
    assert not overflows(member)
    found = barriers(member)
    amendment = Amendment.objects.filter(state=Amendment.State.OPEN).first()
    for address in (amendment.get_absolute_url(), amendment.get_list_url()):
        assert member.goto(site + address).status == 200
        assert not overflows(member), address
        found += barriers(member)
    assert found == []

    secretary = visit(browser)
    log_in(secretary, site, "secretariat")
    for name in ("cycle_board", "cycle_setup", "member_list", "cycle_journal"):
        secretary.goto(site + reverse(f"assembly:{name}", args=[Cycle.objects.latest("number").number]))
        found += barriers(secretary)
    for name in ("recruitment", "volunteer_list", "seat_list"):
        secretary.goto(site + reverse(f"sortition:{name}", args=[Cycle.objects.latest("number").number]))
        found += barriers(secretary)
    assert found == []
    assert citizen.troubles + member.troubles + secretary.troubles == []


def three_people(browser, site):
    """A citizen, a journalist, a volunteer; each on a screen of their own."""
    citizen, journalist, volunteer = (visit(browser) for _ in range(3))
    sheet = Document.objects.public().exclude(file="").first()
    citizen_learns_what_came_of_a_text(citizen, site)
    journalist_compares_and_takes_the_figures(
        journalist, site, Proposal.objects.public().exclude(voted_version=None).last()
    )
    journalist_takes_a_sheet(journalist, site, sheet)
    volunteer_finds_their_place(volunteer, site)
    volunteer_answers(volunteer, site)
    assert citizen.troubles + journalist.troubles + volunteer.troubles == []


def test_a_page_is_read_without_javascript(browser, live_server):
    plain = visit(browser, java_script_enabled=False)

    plain.goto(live_server.url)
    plain.click("nav a[href$='/voeux/']")

    assert plain.url.endswith("/voeux/")
