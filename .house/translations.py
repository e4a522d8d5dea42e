"""Translations without gettext's tools: `compile` makes the .mo files, `check` compares them with the sources."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

BASE = Path(__file__).resolve().parent.parent
CATALOGUES = "locale/*/LC_MESSAGES/*.po"
NOT_OURS = (".git", ".venv", "node_modules", "var", "__pycache__", "*.mo", ".pytest_cache", ".ruff_cache")


def compile_catalogues():
    for source in BASE.glob(CATALOGUES):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        unfinished = target.with_suffix(f".{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(unfinished))
        unfinished.replace(target)


def faults():
    """What a reader would find untranslated, one sentence each."""
    for source in BASE.glob(CATALOGUES):
        for entry in polib.pofile(str(source)):
            if not entry.obsolete and not entry.translated():
                word = "is fuzzy" if entry.fuzzy else "has no translation"
                yield f"{source.relative_to(BASE)}: {entry.msgid!r} {word}"
    if shutil.which("xgettext"):
        yield from broken_placeholders()
        yield from missing_from_catalogues()


def broken_placeholders():
    """A placeholder lost in translation would break the page it stands on."""
    for source in BASE.glob(CATALOGUES):
        checking = ["msgfmt", "--check-format", "--output-file", os.devnull, source]
        done = subprocess.run(
            checking, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"}
        )
        if done.returncode:
            yield done.stderr.strip()


def missing_from_catalogues():
    """Gather the messages afresh in a copy of the sources and say which ones the catalogues lack."""
    with tempfile.TemporaryDirectory(prefix="assembly-messages-") as folder:
        copy = Path(folder) / "sources"
        shutil.copytree(BASE, copy, ignore=shutil.ignore_patterns(*NOT_OURS), symlinks=True)
        gathering = [sys.executable, "manage.py", "makemessages", "--all", "--no-obsolete", "--no-location"]
        done = subprocess.run(gathering, cwd=copy, capture_output=True, text=True)
        if done.returncode:
            yield f"makemessages failed: {done.stderr.strip()}"
            return
        for source in BASE.glob(CATALOGUES):
            known = messages(source)
            for message in sorted(messages(copy / source.relative_to(BASE)) - known):
                yield f"{source.relative_to(BASE)}: {message[1]!r} is in the sources but not in this file"


def messages(source):
    entries = polib.pofile(str(source))
    return {(entry.msgctxt or "", entry.msgid, entry.msgid_plural) for entry in entries if not entry.obsolete}


def check():
    found = list(faults())
    print("\n".join(found))
    sys.exit(f"{len(found)} messages to translate." if found else 0)


if __name__ == "__main__":
    {"compile": compile_catalogues, "check": check}[sys.argv[1]]()
