"""The pages on the open data: what there is, each dataset field by field, how programs ask."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime
from django.views.generic import TemplateView, View

from assembly.models import Release
from assembly.open_data import licences, release
from assembly.open_data.registry import REGISTRY
from assembly.pages import SecretariatOnly
from assembly.rules import is_secretariat

SAMPLE = 3
SHORT = 160


def told(dataset, known):
    """A dataset, with its count and its last change as the last archive has them."""
    changed = known.get("changed")
    return {"set": dataset, "count": known.get("count"), "changed": changed and parse_datetime(changed)}


class OpenData(TemplateView):
    template_name = "open_data/index.html"

    def get_context_data(self, **context):
        last = Release.objects.first()
        known = last.datasets if last else {}
        return super().get_context_data(
            datasets=[told(dataset, known.get(dataset.name, {})) for dataset in REGISTRY.values()],
            release=last if last and last.file else None,
            licence=licences.DATA,
            map_licence=licences.MAP,
            may_rebuild=is_secretariat(self.request.user),
            **context,
        )


class OneDataset(TemplateView):
    template_name = "open_data/dataset.html"

    def get_context_data(self, name, **context):
        if name not in REGISTRY:
            raise Http404
        dataset = REGISTRY[name]
        last = Release.objects.only("datasets").first()
        rows = dataset.all()
        return super().get_context_data(
            **told(dataset, last.datasets.get(name, {}) if last else {}) | {"count": dataset.count(rows)},
            sample=sample(dataset, rows),
            licence=licences.DATA,
            **context,
        )


def sample(dataset, rows):
    """[(field, its value in the last three lines)]: the newest say most."""
    found = dataset.records(dataset.split(rows.reverse()[:SAMPLE])[:SAMPLE])
    return (
        [(field, [short(record[field.name]) for record in found]) for field in dataset.columns]
        if found
        else []
    )


def short(value):
    if value is None or isinstance(value, bool | int | float):
        return value
    text = ", ".join(value) if isinstance(value, list) else value
    return text if len(text) <= SHORT else f"{text[:SHORT]}…"


class Programs(TemplateView):
    """How a program asks, with examples to paste."""

    template_name = "open_data/api.html"
    extra_context = {"site": settings.SITE_URL, "example": "measures"}

    def get_context_data(self, **context):
        return super().get_context_data(
            datasets=REGISTRY.values(),
            oparl=[dataset for dataset in REGISTRY.values() if dataset.oparl],
            licence=licences.DATA,
            **context,
        )


class Rebuild(SecretariatOnly, View):
    """The archive, now: the page of the job follows it."""

    http_method_names = ["post"]

    def post(self, request):
        return redirect(release.ask(request.user))
