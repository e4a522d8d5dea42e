"""Figures of the papers: `manage.py measure notebook`."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings

from assembly.measuring import Figure, measure
from sortition.measures import in_turn
from workshops.measures_samples import notebook

#: Both start the clock once everything is imported, and end with the bytes of the sheet.
OURS = """
import json, sys, time
import django
django.setup()
import weasyprint
from assembly import documents
from assembly.models import Document
sheet = Document(language="fr", **json.load(open(sys.argv[1])))
started = time.process_time()
documents.to_pdf(documents.to_html(sheet))
"""
BARE = """
import sys, time
from pathlib import Path
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
page, fonts = Path(sys.argv[1]), FontConfiguration()
base = page.parent.as_uri() + "/static/"
started = time.process_time()
paper = CSS(string='@import "print/paper.css";', base_url=base, font_config=fonts)
HTML(string=page.read_text(), base_url=base).write_pdf(stylesheets=[paper], font_config=fonts, pdf_variant="pdf/ua-1")
"""
PAGES = """
import sys
from pathlib import Path
from weasyprint import CSS, HTML
page = Path(sys.argv[1])
base = page.parent.as_uri() + "/static/"
paper = CSS(string='@import "print/paper.css";', base_url=base)
print(len(HTML(string=page.read_text(), base_url=base).render(stylesheets=[paper]).pages))
"""


@measure("notebook")
def notebook_figures():
    """A notebook of 30 pages against WeasyPrint alone on the same page, then from the click to the sheet."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        content, page = here / "notebook.json", here / "notebook.html"
        content.write_text(json.dumps({"kind": "notebook", **notebook()}))
        pages = prepare(here, content, page)
        (ours, _memory), (bare, _same) = in_turn((OURS, content), (BARE, page))
        yield Figure("notebook, pages", pages, "pages", 30)
        yield Figure("notebook, our renderer", ours, "s of processor")
        yield Figure("notebook, bare WeasyPrint", bare, "s of processor")
        yield Figure("notebook, ours to bare", ours / bare, "×", 1.10, at_least=False)
        yield from clicks(here, content)


def prepare(here, content, page):
    """The same page for both, beside the same style sheets and fonts; the number of its pages."""
    from assembly import documents
    from assembly.models import Document

    (here / "static").mkdir()
    for name in ("print", "img"):
        (here / "static" / name).symlink_to(settings.BASE_DIR / "static" / name)
    (here / "static" / "vendor").symlink_to(settings.VENDOR)
    html = documents.to_html(Document(language="fr", **json.loads(content.read_text())))
    page.write_text(html)
    command = [sys.executable, "-c", PAGES, str(page)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def clicks(here, content):
    """From the POST that publishes to the file being there, through the broker and the worker."""
    house = here / "house"
    house.mkdir()
    (house / "vendor").symlink_to(settings.VENDOR)
    environment = os.environ | {
        "EMBEDDED": "1",
        "VAR": str(house),
        "DATABASE_URL": f"sqlite:///{house}/clicks.sqlite3",
        "DJANGO_SETTINGS_MODULE": "assembly.settings",
        "REDIS_URL": "",
    }
    command = [sys.executable, "-m", "workshops.measures_clicks", str(content)]
    run = subprocess.run(
        command, env=environment, cwd=settings.BASE_DIR, check=True, stdout=subprocess.PIPE, text=True
    )
    short, long, letters = json.loads(run.stdout.splitlines()[-1])
    yield Figure("one page, from the click to the sheet (slowest of 10)", short, "s", 0.5, at_least=False)
    yield Figure("30 pages, from the click to the sheet (slowest of 5)", long, "s", 2.5, at_least=False)
    yield Figure("100 notices, from the click to the last letter", letters, "s", 10, at_least=False)
