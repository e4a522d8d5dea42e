"""In which words a value is written: in JSON, in a table, and in the three languages that describe them."""

from datetime import UTC, date, datetime
from decimal import Decimal

from django.utils.functional import Promise

JSON_TYPES = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "uri": {"type": "string", "format": "uri"},
    "reference": {"type": "string", "format": "uri"},
    "list": {"type": "array", "items": {"type": "string"}},
}
TABLE_TYPES = {
    "uri": {"type": "string", "format": "uri"},
    "reference": {"type": "string", "format": "uri"},
    "list": {"type": "array"},
}


def follow(row, path):
    """The value at the end of a way: "workshop.title", through objects and dictionaries; None where it stops."""
    for name in path.split("."):
        row = row.get(name) if isinstance(row, dict) else getattr(row, name, None)
        if row is None:
            return None
    return row


def plain(value):
    """As JSON knows it; nothing said is null, moments are in universal time."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, Promise):
        value = str(value)
    return None if value == "" else value


def json_schema(field):
    """Of one field, in JSON Schema 2020-12."""
    said = dict(JSON_TYPES[field.kind], description=str(field.description))
    if field.codes:
        said["enum"] = [code for code, _words in field.codes]
        said["description"] += f" ({glossary(field)})"
    if field.name == "id":
        return said
    said["type"] = [said["type"], "null"]
    if field.codes:
        said["enum"].append(None)
    return said


def table_schema(field):
    """Of one column, in Table Schema (Frictionless Data)."""
    said = {"name": field.name, **TABLE_TYPES.get(field.kind, {"type": field.kind})}
    said["description"] = str(field.description)
    if field.codes:
        said["constraints"] = {"enum": [code for code, _words in field.codes]}
        said["description"] += f" ({glossary(field)})"
    return said


def glossary(field):
    return " ; ".join(f"{code} = {words}" for code, words in field.codes)
