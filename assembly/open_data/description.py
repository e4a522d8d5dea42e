"""The API in OpenAPI 3.1, written from the registry: it cannot say anything else than what the API does."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.open_data import licences
from assembly.open_data.registry import REGISTRY, address
from assembly.open_data.shapes import json_schema

title = gettext_lazy("Open data of the Paris Citizens’ Assembly")
VERSION = "1.0.0"
LARGEST = 2**31 - 1
WEB = {"type": "string", "format": "uri"}
NUMBER = {"type": "integer", "minimum": 0}


def openapi():
    return {
        "openapi": "3.1.0",
        "info": {
            "title": str(title),
            "version": VERSION,
            "description": _(
                "Read only, without a key. Names follow OParl 1.1 where it knows them (Meeting, AgendaItem, Paper, "
                "File, LegislativeTerm). Each line has a permanent address, its “id”."
            ),
            "license": {"name": licences.DATA.title, "url": licences.DATA.url},
        },
        "servers": [{"url": settings.SITE_URL or "/"}],
        "paths": paths(),
        "components": {"schemas": schemas(), "responses": refusals()},
    }


def path_of(name, *args):
    return address(name, *args).removeprefix(settings.SITE_URL)


def paths():
    found = {
        path_of("root"): {"get": operation("root", _("Where to begin"), {"type": "object"})},
        path_of("catalogue"): {
            "get": operation(
                "catalogue",
                _("Catalogue of the datasets (DCAT-AP)"),
                {"type": "object"},
                "application/ld+json",
            )
        },
    }
    for dataset in REGISTRY.values():
        found |= paths_of(dataset)
    return found


def paths_of(dataset):
    name, title = dataset.name, str(dataset.title)
    line = {"$ref": f"#/components/schemas/{name}"}
    return {
        path_of("list", name): {
            "get": operation(
                f"{name}-list", title, page_of(line), parameters=parameters(dataset), tag=name, no=[400]
            )
        },
        path_of("object", name, "KEY").replace("KEY", "{key}"): {
            "get": operation(
                f"{name}-one", _("%s: one line") % title, line, parameters=[KEY], tag=name, no=[404]
            )
        },
        path_of("csv", name): {
            "get": operation(
                f"{name}-csv", _("%s: the whole table") % title, {"type": "string"}, "text/csv", tag=name
            )
        },
        path_of("json", name): {
            "get": operation(f"{name}-json", _("%s: everything") % title, whole_of(line), tag=name)
        },
    }


def operation(name, summary, schema, content_type="application/json", *, parameters=(), tag="", no=()):
    refusals = {str(status): {"$ref": f"#/components/responses/{status}"} for status in (304, 405, *no)}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": list(parameters),
        "tags": [tag] if tag else [],
        "responses": {
            "200": {"description": summary, "content": {content_type: {"schema": schema}}},
            **refusals,
        },
    }


KEY = {
    "name": "key",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^[0-9]{1,18}([.][A-Za-z0-9._-]+)?$"},
}


def parameters(dataset):
    found = [
        parameter(
            "page", _("which page"), {"type": "integer", "minimum": 1, "maximum": 1_000_000, "default": 1}
        ),
        parameter(
            "limit", _("lines a page"), {"type": "integer", "minimum": 1, "maximum": 500, "default": 100}
        ),
        parameter(
            "modified_since",
            _("only what was acted upon since that moment"),
            {"type": "string", "format": "date-time"},
        ),
    ]
    if dataset.cycle:
        schema = {"type": "integer", "minimum": 1, "maximum": LARGEST}
        found.append(parameter("cycle", _("only the cycle of that number"), schema))
    return found


def parameter(name, words, schema):
    return {"name": name, "in": "query", "description": words, "schema": schema}


def page_of(line):
    pagination = ("totalElements", "elementsPerPage", "currentPage", "totalPages")
    return {
        "type": "object",
        "required": ["data", "pagination", "links"],
        "properties": {
            "data": {"type": "array", "items": line},
            "pagination": {
                "type": "object",
                "required": pagination,
                "properties": dict.fromkeys(pagination, NUMBER),
            },
            "links": {
                "type": "object",
                "required": ["self", "first", "last"],
                "properties": dict.fromkeys(("self", "first", "last", "prev", "next"), WEB),
            },
        },
    }


def whole_of(line):
    return {
        "type": "object",
        "required": ["name", "licence", "data"],
        "properties": {
            "name": {"type": "string"},
            "licence": WEB,
            "publisher": {"type": "string"},
            "data": {"type": "array", "items": line},
        },
    }


def schemas():
    return {dataset.name: schema_of(dataset) for dataset in REGISTRY.values()} | {
        "problem": {
            "type": "object",
            "required": ["status", "title"],
            "properties": {"status": {"type": "integer"}, "title": {"type": "string"}},
        }
    }


def schema_of(dataset):
    properties = {"type": {"const": dataset.type}}
    properties |= {field.name: json_schema(field) for field in dataset.columns}
    return {
        "title": str(dataset.title),
        "description": str(dataset.description),
        "type": "object",
        "required": list(properties),
        "additionalProperties": False,
        "properties": properties,
    }


def refusals():
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}}
    return {
        "304": {"description": _("Nothing has changed since the ETag that was sent.")},
        "400": {"description": _("A parameter is wrong: the sentence says which."), "content": problem},
        "404": {"description": _("Nothing there, or nothing public."), "content": problem},
        "405": {"description": _("This API is read only."), "content": problem},
    }
