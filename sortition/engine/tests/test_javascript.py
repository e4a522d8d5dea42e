"""The verifier of the public page, written apart from the one in Python, finds the same on every folder."""

import base64
import json
import os
import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sortition.engine import canonical, publish, verify
from sortition.engine.tests import folders

SOURCE = Path(__file__).parents[3] / "static" / "js" / "verify.js"
NODE = shutil.which("node")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")

RUN = """
async ({ verify, sentence }, cases) => {
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const found = [];
  for (const { files, proof } of cases) {
    const opened = new Map(Object.entries(files).map(([name, data]) => [name, bytes(data)]));
    const { holds, said } = await verify(opened, { proof });
    found.push([holds, said.map(({ code, facts }) => sentence(code, facts))]);
  }
  return found;
}
"""


def in_node(cases, place):
    (place / "verify.mjs").write_bytes(SOURCE.read_bytes())
    (place / "cases.json").write_text(json.dumps(cases), encoding="utf-8")
    script = f"""
import {{ readFileSync }} from "node:fs";
import * as verifier from "./verify.mjs";
const found = await ({RUN})(verifier, JSON.parse(readFileSync("cases.json", "utf8")));
console.log(JSON.stringify(found));
"""
    (place / "run.mjs").write_text(script, encoding="utf-8")
    ran = subprocess.run([NODE, "run.mjs"], cwd=place, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr.decode()
    return json.loads(ran.stdout)


def in_chromium(cases):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        page = browser.new_page()
        kinds = {"/": ("text/html", b""), "/verify.js": ("text/javascript", SOURCE.read_bytes())}

        def answer(route):
            kind, body = kinds.get("/" + route.request.url.rpartition("/")[2], ("text/plain", b""))
            route.fulfill(content_type=kind, body=body)

        page.route("**/*", answer)
        page.goto("http://localhost/")
        found = page.evaluate(f"async (cases) => ({RUN})(await import('/verify.js'), cases)", cases)
        browser.close()
    return found


def in_javascript(cases, place):
    """[(holds, sentences)] of folders given as {files, proof}."""
    packed = [
        {
            "proof": case.get("proof"),
            "files": {name: base64.b64encode(data).decode() for name, data in case["files"].items()},
        }
        for case in cases
    ]
    if NODE:
        return in_node(packed, place)
    if CHROMIUM:
        return in_chromium(packed)
    pytest.skip("neither Node nor Chromium is here")
    return None


def test_both_verifiers_agree_on_every_folder_and_stop_at_the_same_check(tmp_path):
    cases = list(folders.cases())

    theirs = in_javascript([{"files": files} for _, files, _ in cases], tmp_path)

    for number, ((name, files, holds), (their_verdict, their_words)) in enumerate(
        zip(cases, theirs, strict=True)
    ):
        publish.write(tmp_path / str(number), files)
        verdict, words = verify.verify(tmp_path / str(number))
        assert verdict == their_verdict == holds, (name, words, their_words)
        assert len(words) == len(their_words), (name, words, their_words)
        assert all(re.search(r"[.)}\]'\"]$|damaged", line) for line in their_words), their_words


SIGNS = '0123456789,."\n-+ eéab|/\r'


def misspelt(text, chance):
    """One sign changed, lost or added, or two lines exchanged."""
    at, way = chance.randrange(len(text)), chance.random()
    if way < 0.9:
        sign = chance.choice(SIGNS) if way < 0.7 else ""
        return text[:at] + sign + text[at + (way < 0.5 or way >= 0.7) :]
    lines = text.splitlines(keepends=True)
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return "".join(lines)


def test_both_judge_alike_whatever_sign_is_changed(tmp_path):
    chance, cases = random.Random(75056), []
    for _ in range(90):
        files = chance.choice([dict, folders.public])(folders.honest(chance.choice(folders.HONEST)))
        name = chance.choice(sorted(files.keys() - {"verify.py", "record.json"}))
        cases.append(folders.forged({**files, name: misspelt(files[name].decode(), chance).encode()}))

    theirs = in_javascript([{"files": files} for files in cases], tmp_path)

    for number, (files, (their_verdict, their_words)) in enumerate(zip(cases, theirs, strict=True)):
        publish.write(tmp_path / str(number), files)
        verdict, words = verify.verify(tmp_path / str(number))
        assert verdict == their_verdict, (words[-1], their_words[-1])


def test_both_follow_a_volunteer_s_own_proof(tmp_path):
    files = folders.public(folders.honest("plain"))
    audited = folders.honest("plain")
    salts = dict(line.split(",") for line in audited["salts.csv"].decode().splitlines()[1:])
    proof = canonical.leaf_proof(audited["people.csv"], salts, "p07")
    lies = {
        "true": proof,
        "row": {**proof, "row": proof["row"].replace("F", "M")},
        "salt": {**proof, "salt": "0" * 32},
        "path": {**proof, "path": proof["path"][1:]},
        "side": {**proof, "path": [["left", proof["path"][0][1]], *proof["path"][1:]]}
        if proof["path"][0][0] == "right"
        else {**proof, "path": [["right", proof["path"][0][1]], *proof["path"][1:]]},
        "heading": {**proof, "heading": "id,sex,age"},
        "damaged": {"heading": "id"},
    }
    publish.write(tmp_path / "draw", files)

    theirs = in_javascript([{"files": files, "proof": lie} for lie in lies.values()], tmp_path)

    for (name, lie), (their_verdict, their_words) in zip(lies.items(), theirs, strict=True):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(lie), encoding="utf-8")
        verdict, words = verify.verify(tmp_path / "draw", path)
        assert verdict == their_verdict == (name == "true"), (name, words, their_words)
        assert len(words) == len(their_words)
    numbers = [str(n) for n, panel in folders.panels_of(files).items() if "p07" in panel]
    said = f"p07 is in the pool, once (age: between, sex: F). Panels: {', '.join(numbers)}."
    assert verify.verify(tmp_path / "draw", tmp_path / "true.json")[1][-1] == said == theirs[0][1][-1]


@pytest.mark.browser
def test_they_agree_in_a_browser_too():
    cases = [case for number, case in enumerate(folders.cases()) if number % 12 == 0]

    theirs = in_chromium(
        [
            {"files": {name: base64.b64encode(data).decode() for name, data in files.items()}}
            for _, files, _ in cases
        ]
    )

    assert [verdict for verdict, _ in theirs] == [holds for _, _, holds in cases]
