"""What a citizen, a journalist and a volunteer do here, what a keyboard does, and every page a visitor comes to."""

import re
from collections import deque
from urllib.parse import urlsplit

from django.test import Client
from django.urls import reverse
from django.utils import translation

from assembly.tests.test_crawl import Links, led_to, name_of
from deliberations.models import Return
from sortition.factories import InvitationFactory, RecruitingFactory
from sortition.models import Draw, Volunteer

NARROW, ZOOMED = (320, 700), (640, 450)
"""A phone; a desk of 1280 by 900 read at 200 %."""


def visited(site):
    """One address for each kind of page a visitor's links lead to, in the order they are met.

    Asked for by the name of the site: the page is kept, and the browser gets it without its being made again.
    """
    client, waiting, names = Client(headers={"host": urlsplit(site).netloc}), deque(["/"]), set()
    while waiting:
        address = waiting.popleft()
        name = name_of(address)
        if name is None or name in names:
            continue
        with translation.override("fr"):
            response = client.get(address)
        response.close()
        if response.status_code in (301, 302):
            waiting.append(response.url)
        elif response.headers.get("Content-Type", "").startswith("text/html"):
            names.add(name)
            yield address
            waiting.extend(led_to(Links(response.content.decode()), address))


def too_wide(page):
    """The widths at which one has to scroll sideways."""
    before, found = page.viewport_size, []
    for width, height in (NARROW, ZOOMED):
        page.set_viewport_size({"width": width, "height": height})
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
            found.append(f"{page.url} at {width} pixels")
    page.set_viewport_size(before)
    return found


# With a keyboard only


def tab_to(page, selector, most=80):
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{page.url}: the key does not come to {selector}")


def goes_by_keyboard(page, site):
    """The link over the menus, the menu, the search, the filters."""
    page.goto(site)
    tab_to(page, "a.skip", most=1)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    tab_to(page, "main input[type=search]")
    page.keyboard.type("rues")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert reverse("search") in page.url
    assert "q=rues" in page.url

    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    page.goto(site)
    tab_to(page, "details.menu summary")
    page.keyboard.press("Enter")
    tab_to(page, "details.menu a[href$='/voeux/']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith(reverse("deliberations:proposal_list"))
    tab_to(page, "form.filters select[name=kind]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "form.filters button[type=submit]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "kind=wish" in page.url


# Three people


def citizen_learns_what_came_of_a_text(page, site):
    answered = Return.objects.latest("pk")
    measure = answered.measure
    page.goto(site)
    page.click("main .hero a[href$='/voeux/']")
    page.select_option("select[name=stage]", label=stage_of(measure.proposal))
    page.click("form.filters button[type=submit]")
    page.click(f"main a[href$='{measure.proposal.get_absolute_url()}']")
    page.click(f"main a[href$='{measure.get_absolute_url()}']")
    assert answered.words.split("\n")[0][:60] in page.inner_text("main")


def stage_of(text):
    return next(str(label) for _key, label, states in text.STAGES if text.state in states)


def journalist_compares_and_takes_the_figures(page, site, text):
    """Search → text → three texts side by side; the sheet, then all the measures as a table."""
    page.goto(site + reverse("search"))
    page.fill("main input[name=q]", text.title)
    page.click("main form.filters button[type=submit]")
    page.click(f"main h2 a[href$='{text.get_absolute_url()}']")
    page.click(f"main a[href$='{reverse('deliberations:proposal_texts', args=[text.pk])}']")
    assert page.locator("main table th[scope=col]").count() >= 2
    page.goto(site + reverse("open_data_set", args=["measures"]))
    with page.expect_download() as taken:
        page.click("main a[href$='.csv']")
    assert taken.value.path().read_text().count("\n") > 1


def journalist_takes_a_sheet(page, site, document):
    page.goto(site + document.get_absolute_url())
    address = page.get_attribute(f"main a[href$='{document.pdf_url}']", "href")
    assert page.request.get(site + address).body().startswith(b"%PDF-")


def volunteer_answers(page, site):
    """The code of the letter, then yes with what the draw needs."""
    letter = InvitationFactory(sent=True, pool=RecruitingFactory(number=99).pools.get(key="roll"))
    page.goto(site + reverse("sortition:respond"))
    page.fill("main input[name=code]", letter.code)
    page.click("main form button[type=submit]")
    page.check("input[name=will][value=yes]")
    page.select_option("select[name=gender]", "F")
    page.fill("input[name=birth_date]", "1980-03-12")
    page.select_option("select[name=district]", index=1)
    page.fill("input[name=email]", "camille@exemple.invalid")
    page.fill("input[name=phone]", "0100000000")
    page.check("input[name=consent]")
    page.click("main form button[type=submit]:not([name])")
    letter.refresh_from_db()
    assert letter.state == "volunteered", page.inner_text("main")


def volunteer_finds_their_place(page, site):
    draws = Draw.objects.public().filter(published_at__isnull=False)
    volunteer = Volunteer.objects.filter(
        cycle__draws__in=draws, invitation__isnull=False, pool__key="roll"
    ).first()
    draw = draws.filter(cycle=volunteer.cycle).first()
    page.goto(site + draw.get_absolute_url())
    page.click(f"main a[href$='{reverse('sortition:my_place', args=[draw.pk])}']")
    page.fill("main input[name=code]", volunteer.invitation.code)
    page.click("main form button[type=submit]")
    page.wait_for_url(re.compile("/vue/$"))
    assert volunteer.pseudonym in page.inner_text("main")
