"""The engine's remarks, in the reader's language."""

from django.utils.translation import gettext, gettext_noop

#: What a file may look like when it is not a table.
KINDS = [
    gettext_noop("a PDF"),
    gettext_noop("a picture"),
    gettext_noop("a compressed file"),
    gettext_noop("a database"),
    gettext_noop("a program"),
    gettext_noop("a word-processor document"),
    gettext_noop("a web page or XML"),
]
LOST = gettext_noop("The file is no longer here: hand it over again.")
UNEXPECTED = gettext_noop("The file could not be read to its end: nothing was kept of it.")
NOBODY = gettext_noop("None of the %(rows)s lines can be used: see that this is the right file.")


class Facts(dict):
    def __missing__(self, name):
        return "…"


def sentence(template, facts):
    """A template filled in; a missing fact shows as “…” rather than failing."""
    known = Facts(facts)
    if known.get("kind") in KINDS:
        known["kind"] = gettext(known["kind"])
    return gettext(template) % known
