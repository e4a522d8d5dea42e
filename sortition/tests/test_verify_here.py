import os
import re
import shutil

import pytest
from django.conf import settings

from sortition.models import Exhibit
from sortition.tests.test_draw import drawn

SOURCE = (settings.BASE_DIR / "static" / "js" / "verify.js").read_text(encoding="utf-8")


def published(operators, appointed):
    draw = drawn(operators)
    draw.certify(by=appointed("bailiff"), statement="Conforme.")
    draw.publish(by=operators[0])
    return draw


@pytest.mark.django_db
def test_the_page_of_a_published_draw_names_its_files_for_the_browser_to_verify(operators, appointed, client):
    draw = published(operators, appointed)

    page = client.get(f"/en/tirages/{draw.pk}/").content.decode()

    named = re.findall(r'data-file="([^"]+)" data-url="([^"]+)"', page)
    assert {name for name, _ in named} == {
        file.name for file in draw.exhibits.filter(is_public=True) if file.name != "verify.py"
    }
    assert all(client.get(address).status_code == 200 for _, address in named)
    assert "people.csv" not in page


@pytest.mark.django_db
def test_the_page_says_the_sentences_of_the_program(operators, appointed, client):
    draw = published(operators, appointed)

    page = client.get(f"/en/tirages/{draw.pk}/").content.decode()

    sentences = dict(re.findall(r'<p data-say="(\w+)">(.*?)</p>', page))
    table = SOURCE[SOURCE.index("export const SENTENCES") : SOURCE.index("\n};")]
    program = dict(re.findall(r'^  (\w+): "(.*)",$', table, re.MULTILINE))
    assert len(program) > 40
    assert program == {code: sentences[code] for code in program}
    assert sentences.keys() - program.keys() == {"working", "holds", "fails"}


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_browser_verifies_the_draw_and_sees_what_was_altered(
    operators, appointed, live_server, monkeypatch
):
    from playwright.sync_api import sync_playwright

    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    draw = published(operators, appointed)
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page()
        troubles = []
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda line: "Security" in line.text and troubles.append(line.text))

        page.goto(f"{live_server.url}/en/tirages/{draw.pk}/")
        page.click("[data-verify] button")
        verdict = page.locator("[data-verdict]")
        verdict.filter(has_text="The draw is").wait_for()
        honest = verdict.inner_text(), page.locator("[data-said] li").all_inner_texts()

        altered = draw.exhibits.get(name="chances.csv")
        text = altered.text.replace(",0.", ",1.", 1)
        Exhibit.objects.filter(pk=altered.pk).update(text=text)
        page.click("[data-verify] button")
        verdict.filter(has_text="The draw is NOT verified.").wait_for()
        last = page.locator("[data-said] li").last.inner_text()
        browser.close()

    assert honest[0] == "The draw is verified."
    assert len(honest[1]) == 6
    assert all(line.startswith("✓ ") for line in honest[1])
    assert last.startswith("✗ ")
    assert last.endswith("which is not the chance published.")
    assert troubles == []
