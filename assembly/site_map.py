"""Under the roof: what search engines may read, and where it is."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpResponse
from django.urls import reverse

from assembly.models import Cycle, Document
from deliberations.models import Measure, Proposal, Request, WorkingMandate
from sortition.models import Draw
from workshops.models import Meeting, Notebook, Workshop

PAGES = [
    "home",
    "assembly:cycle_list",
    "deliberations:proposal_list",
    "deliberations:measure_list",
    "deliberations:request_list",
    "deliberations:workingmandate_list",
    "deliberations:yearlyreport_list",
    "sortition:draw_list",
    "sortition:draw_explained",
    "workshops:meeting_list",
    "workshops:notebook_list",
    "workshops:minutes_list",
    "workshops:hearing_list",
    "workshops:question_list",
    "assembly:document_list",
    "open_data",
    "glossary",
    "accessibility",
    "legal",
    "privacy",
]
PRIVATE = ["mon-espace", "compte", "tableau", "recherche", "repondre", "composants"]


class InBothLanguages(Sitemap):
    i18n = alternates = x_default = True
    limit = 5000
    protocol = urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc


class Pages(InBothLanguages):
    def items(self):
        return PAGES

    def location(self, item):
        return reverse(item)


def of(rows, *fields):
    """The pages of these rows: what their addresses need, and nothing more."""

    class Rows(InBothLanguages):
        def items(self):
            return rows().only("pk", *fields).order_by("pk")

    return Rows


MAPS = {
    "pages": Pages,
    "cycles": of(lambda: Cycle.objects.public(), "number"),
    "texts": of(lambda: Proposal.objects.public()),
    "measures": of(lambda: Measure.objects.public()),
    "mandates": of(lambda: WorkingMandate.objects.public()),
    "requests": of(lambda: Request.objects.public()),
    "draws": of(lambda: Draw.objects.public()),
    "workshops": of(lambda: Workshop.objects.filter(cycle__in=Cycle.objects.public())),
    "meetings": of(lambda: Meeting.objects.public()),
    "notebooks": of(lambda: Notebook.objects.public()),
    "documents": of(lambda: Document.objects.public()),
}


def robots(request):
    """Everything public may be found; a demonstration, where all is fictional, may not."""
    closed = [""] if settings.DEMO else [f"{word}/" for word in PRIVATE]
    lines = ["User-agent: *", *(f"Disallow: {start}{word}" for word in closed for start in ("/", "/en/"))]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
