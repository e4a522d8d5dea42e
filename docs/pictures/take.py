"""The pictures of the README, taken from a running demonstration.

./run, then in another terminal: .venv/bin/python docs/pictures/take.py http://localhost:8000
(needs requirements-dev.txt and a Chromium: $CHROMIUM, or the chromium of this machine)
"""

import os
import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
DESK, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
PHRASE = "une-place-au-soleil"
PUBLIC = {"home": "/", "text": "/voeux/1/", "composition": "/cycles/4/composition/"}
"""name of the picture: address."""


def main(site):
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        citizen = browser.new_context(viewport=DESK, locale="fr-FR").new_page()
        for name, address in PUBLIC.items():
            take(citizen, site + address, name)
        citizen.goto(site + "/tirages/")
        take(citizen, site + citizen.locator("main h2 a, main h3 a").first.get_attribute("href"), "draw")
        member = log_in(browser, site, "membre", PHONE)
        take(member, site + "/mon-espace/", "member-phone")
        secretary = log_in(browser, site, "secretariat", DESK)
        take(secretary, site + "/cycles/4/recrutement/", "recruitment")
        browser.close()


def log_in(browser, site, login, viewport):
    page = browser.new_context(viewport=viewport, locale="fr-FR").new_page()
    page.goto(site + "/compte/login/")
    page.fill("input[name=login]", f"{login}@exemple.invalid")
    page.fill("input[name=password]", PHRASE)
    page.click("main form button[type=submit]")
    page.wait_for_load_state()
    return page


def take(page, address, name):
    """A screenful, in 128 colours: light enough to be kept with the code."""
    page.goto(address, wait_until="networkidle")
    picture = Image.open(BytesIO(page.screenshot()))
    picture.convert("RGB").quantize(128).save(HERE / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
