"""The archive of everything: each dataset as CSV and JSON, what describes them, the licences.

Built at night and when the secretariat asks. The same data give the same bytes: nothing in it says when it was made.
"""

import csv
import hashlib
import io
import json
import zipfile
from datetime import timedelta
from functools import partial
from tempfile import TemporaryFile
from uuid import uuid4

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from assembly import clock, jobs
from assembly.models import Release
from assembly.open_data import licences
from assembly.open_data.registry import REGISTRY
from assembly.open_data.shapes import table_schema

NAME = "assemblee-citoyenne-de-paris.zip"
NIGHT_BEGINS = timedelta(hours=3)
EPOCH = (1980, 1, 1, 0, 0, 0)


def csv_lines(dataset, records=None):
    """The lines of a table, one by one, heading first; a list is written as JSON."""
    names = [field.name for field in dataset.columns]
    buffer = io.StringIO(newline="")
    table = csv.writer(buffer)
    table.writerow(names)
    yield buffer.getvalue()
    for record in dataset.stream() if records is None else records:
        buffer.seek(0)
        buffer.truncate()
        table.writerow([in_a_cell(record[name]) for name in names])
        yield buffer.getvalue()


def in_a_cell(value):
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def json_lines(dataset, records=None):
    """One JSON document, written line by line."""
    head = {"name": dataset.name, "licence": licences.DATA.url, "publisher": licences.PUBLISHER}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "data": ['
    between = "\n"
    for record in dataset.stream() if records is None else records:
        yield between + json.dumps({"type": dataset.type, **record}, ensure_ascii=False)
        between = ",\n"
    yield "\n]}\n"


# The archive


def datapackage():
    """The description of the tables, as Frictionless Data have it."""
    with translation.override("fr"):
        return {
            "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
            "name": "assemblee-citoyenne-de-paris",
            "title": "Assemblée citoyenne de Paris",
            "homepage": settings.SITE_URL,
            "licenses": [licences.DATA.described],
            "resources": [resource(dataset) for dataset in REGISTRY.values()],
        }


def resource(dataset):
    keys = [field for field in dataset.columns if field.kind == "reference"]
    return {
        "name": dataset.name,
        "title": str(dataset.title),
        "description": str(dataset.description),
        "path": f"csv/{dataset.name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [table_schema(field) for field in dataset.columns],
            "primaryKey": ["id"],
            "foreignKeys": [
                {
                    "fields": [field.name],
                    "reference": {"resource": "" if field.of == dataset.name else field.of, "fields": ["id"]},
                }
                for field in keys
            ],
        },
    }


class Archive:
    """A zip whose bytes depend on what is put in it alone."""

    def __init__(self, file):
        self.zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)

    def add(self, name, pieces):
        """Returns how many pieces were added, and the fingerprint of them all."""
        info = zipfile.ZipInfo(name, EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED
        digest, number = hashlib.sha256(), 0
        with self.zip.open(info, "w", force_zip64=True) as entry:
            for piece in pieces:
                number += 1
                digest.update(piece.encode())
                entry.write(piece.encode())
        return number, digest.hexdigest()


def write(file, *, progress=lambda done, total, message: None):
    """Everything, into `file`; returns {dataset: {count, fingerprint}}.

    What refers comes before what it refers to: a line added meanwhile is never missing from the other table.
    """
    archive, found = Archive(file), {}
    with archive.zip:
        for done, dataset in enumerate(reversed(REGISTRY.values())):
            progress(done, len(REGISTRY), str(dataset.title))
            lines, fingerprint = archive.add(f"csv/{dataset.name}.csv", csv_lines(dataset))
            archive.add(f"json/{dataset.name}.json", json_lines(dataset))
            found[dataset.name] = {"count": lines - 1, "fingerprint": fingerprint}
        for name, text in papers().items():
            archive.add(name, [text])
    return found


def papers():
    """What goes with the tables."""
    return {
        "datapackage.json": json.dumps(datapackage(), ensure_ascii=False, indent=1),
        "LISEZMOI.md": readme("fr"),
        "README.md": readme("en"),
        "carte/districts.json": (settings.BASE_DIR / "assembly" / "districts.json").read_text(),
        **{f"licences/{licence.key}.txt": licence.notice for licence in licences.ALL},
    }


def readme(language):
    with translation.override(language):
        return render_to_string(
            "open_data/readme.txt", {"datasets": REGISTRY.values(), "site": settings.SITE_URL}
        )


# The clock and the secretariat


def ask(by):
    """Now, because somebody wants it so."""
    return jobs.enqueue("publish_open_data", key=f"open_data:{uuid4()}", about=0, by=by)


def ask_for_the_night():
    """Once a night, however often it is called."""
    night = timezone.localdate(clock.now() - NIGHT_BEGINS)
    return jobs.enqueue("publish_open_data", key=f"open_data:{night}", about=0)


@jobs.job("publish_open_data")
def publish(job):
    with TemporaryFile(dir=settings.INCOMING) as file:
        found = write(file, progress=partial(jobs.advance, job))
        file.seek(0)
        fingerprint = hashlib.file_digest(file, "sha256").hexdigest()
        with jobs.finishing(job):
            keep(file, fingerprint, found)


def keep(file, fingerprint, found):
    """A new release, unless the last one says the same."""
    last, now = Release.objects.first(), clock.now()
    if last and last.fingerprint == fingerprint and last.file:
        Release.objects.filter(pk=last.pk).update(checked_at=now)
        return
    before = last.datasets if last else {}
    for name, said in found.items():
        same = before.get(name, {}).get("fingerprint") == said["fingerprint"]
        said["changed"] = before[name]["changed"] if same else now.isoformat()
    release = Release(fingerprint=fingerprint, size=file.seek(0, io.SEEK_END), datasets=found)
    release.file.save(f"{fingerprint[:16]}.zip", File(file))
    for old in Release.objects.exclude(pk=release.pk).exclude(file=""):
        transaction.on_commit(partial(old.file.storage.delete, old.file.name))
        Release.objects.filter(pk=old.pk).update(file="")
