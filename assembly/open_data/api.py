"""The read-only API: /api/v1/. Everything in it is public, so whoever asks gets the same answer.

Plain views over the registry: a list, a line, whole tables. Asking again costs a question ("has it changed?"), and
a page costs as many queries for one line as for five hundred.
"""

from datetime import UTC, datetime, time
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, conditional_page

from assembly.models import Release
from assembly.open_data import catalogue, description, licences
from assembly.open_data.registry import REGISTRY, address
from assembly.open_data.release import NAME, csv_lines, json_lines

PAGE, MOST, LAST_PAGE = 100, 500, 1_000_000
FIRST_DAY, LAST_DAY = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


class Refused(Exception):
    """A question that cannot be answered, with a sentence for whoever asked."""

    def __init__(self, sentence, status=400):
        self.sentence, self.status = sentence, status


def from_any_page(view):
    """Scripts of any site may read the answer (CORS), whatever it is; caches ask before they give it again."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
        response["Access-Control-Expose-Headers"] = "ETag, Content-Disposition"
        patch_cache_control(response, public=True, no_cache=True)
        return response

    return answer


@method_decorator([login_not_required, csrf_exempt, from_any_page, conditional_page], name="dispatch")
class OpenView(View):
    """Read by any program, with an ETag; wrong questions get a sentence (RFC 9457)."""

    http_method_names = ["get", "head", "options"]

    def dispatch(self, request, *args, **kwargs):
        try:
            response = super().dispatch(request, *args, **kwargs)
        except Refused as refusal:
            response = problem(refusal.status, refusal.sentence)
        except Http404 as missing:
            response = problem(404, str(missing) or _("There is nothing at this address."))
        if response.status_code == 405:
            response = problem(405, _("This API is read only."), Allow=response["Allow"])
        return response


@method_decorator(gzip_page, name="dispatch")
class OpenText(OpenView):
    """Words, which travel lighter when packed."""


def problem(status, sentence, **headers):
    said = {"status": status, "title": sentence}
    return JsonResponse(said, status=status, content_type="application/problem+json", headers=headers)


def written(said, content_type="application/json"):
    return JsonResponse(said, content_type=content_type, json_dumps_params={"ensure_ascii": False})


def known(name):
    if name not in REGISTRY:
        raise Http404(_("There is no dataset of this name."))
    return REGISTRY[name]


# The question


def asked(request, dataset):
    """(page, limit, filters) of a question; a word that is not known is refused rather than passed over."""
    words = request.GET.dict()
    page = whole_number(words, "page", 1, LAST_PAGE)
    limit = whole_number(words, "limit", PAGE, MOST)
    filters = {}
    if "modified_since" in words:
        filters["since"] = moment(words.pop("modified_since"))
    if "cycle" in words and dataset.cycle:
        filters["cycle"] = whole_number(words, "cycle", None, description.LARGEST)
    if words:
        raise Refused(_("This list knows no parameter “%s”.") % next(iter(words)))
    return page, limit, filters


def whole_number(words, name, default, most):
    value = words.pop(name, None)
    if value is None:
        return default
    if not (value.isascii() and value.isdigit() and 1 <= len(value) <= 10 and 1 <= int(value) <= most):
        raise Refused(_("“%(name)s” is a whole number from 1 to %(most)s.") % {"name": name, "most": most})
    return int(value)


def moment(value):
    """A day or a moment; beyond what a calendar holds, the nearest it holds."""
    try:
        found = parse_datetime(value) or parse_date(value)
    except ValueError:
        found = None
    if found is None:
        raise Refused(_("“modified_since” is a day (2026-11-22) or a moment (2026-11-22T08:00:00Z)."))
    if not FIRST_DAY.year <= found.year <= LAST_DAY.year - 1:
        return FIRST_DAY if found.year < FIRST_DAY.year else LAST_DAY
    found = found if isinstance(found, datetime) else datetime.combine(found, time.min)
    return found if timezone.is_aware(found) else timezone.make_aware(found)


# The answers


class Root(OpenText):
    """Where to begin."""

    def get(self, request):
        datasets = [
            {
                "name": dataset.name,
                "title": str(dataset.title),
                "description": str(dataset.description),
                "list": address("list", dataset.name),
                "csv": address("csv", dataset.name),
                "json": address("json", dataset.name),
            }
            for dataset in REGISTRY.values()
        ]
        return written(
            {
                "id": address("root"),
                "name": str(description.title),
                "publisher": licences.PUBLISHER,
                "license": licences.DATA.url,
                "description": address("openapi"),
                "catalogue": address("catalogue"),
                "archive": address("archive"),
                "datasets": datasets,
            }
        )


class Rows(OpenText):
    """A page of a dataset, in the shape of the lists of OParl."""

    def get(self, request, name):
        dataset = known(name)
        page, limit, filters = asked(request, dataset)
        rows = dataset.all(**filters)
        total = dataset.count(rows)
        start = (page - 1) * limit
        found = dataset.records(dataset.window(rows, start, start + limit)) if start < total else []
        return written(
            {
                "data": [{"type": dataset.type, **record} for record in found],
                "pagination": {
                    "totalElements": total,
                    "elementsPerPage": limit,
                    "currentPage": page,
                    "totalPages": -(-total // limit),
                },
                "links": links(request, dataset, page, -(-total // limit)),
            }
        )


def links(request, dataset, page, pages):
    """The neighbouring pages, with the same filters."""
    asked = {name: value for name, value in request.GET.items() if name != "page"}
    numbers = {"self": page, "first": 1, "last": max(pages, 1), "prev": page - 1, "next": page + 1}
    return {
        name: f"{address('list', dataset.name)}?{urlencode(asked | {'page': number})}"
        for name, number in numbers.items()
        if name in ("self", "first", "last") or 1 <= number <= pages
    }


class Row(OpenText):
    """One line, at its permanent address."""

    def get(self, request, name, key):
        dataset = known(name)
        found = dataset.find(key)
        if found is None:
            raise Http404(_("There is nothing at this address, or nothing public any more."))
        return written({"type": dataset.type, **dataset.records([found])[0]})


class Table(OpenText):
    """A whole dataset, sent as it is read."""

    lines, extension, content_type = None, "", ""

    def get(self, request, name):
        dataset = known(name)
        response = StreamingHttpResponse(type(self).lines(dataset), content_type=self.content_type)
        response["Content-Disposition"] = f'inline; filename="{dataset.name}.{self.extension}"'
        return response


class CsvTable(Table):
    lines, extension, content_type = csv_lines, "csv", "text/csv; charset=utf-8"


class JsonTable(Table):
    lines, extension, content_type = json_lines, "json", "application/json"


class Description(OpenText):
    def get(self, request):
        return written(description.openapi())


class Catalogue(OpenText):
    def get(self, request):
        return written(catalogue.json_ld(Release.objects.first()), "application/ld+json")


class CatalogueInXml(OpenText):
    def get(self, request):
        text = catalogue.rdf_xml(Release.objects.first())
        return HttpResponse(text, content_type="application/rdf+xml")


def latest():
    release = Release.objects.exclude(file="").first()
    if release is None or not release.file.storage.exists(release.file.name):
        raise Http404(_("The archive has not been made yet: it is, every night."))
    return release


def fingerprint(_request):
    return f'"{latest().fingerprint}"'


class ArchiveFile(OpenView):
    """Everything, in one file."""

    @method_decorator(condition(etag_func=fingerprint))
    def get(self, request):
        return FileResponse(latest().file.open("rb"), as_attachment=True, filename=NAME)
