"""Rows of several models in the same four columns, so that one query brings them all."""

from django.db.models import CharField, F, TextField, Value
from django.db.models.functions import Cast
from django.urls import reverse

from deliberations.models import Ballot, Proposal, WorkingMandate

PAGES = {"mandate": WorkingMandate, "text": Proposal, "ballot": Ballot}


def plain(kind, rows, *, said="", standing=""):
    """{what, key, words, standing}: what it is, its number, its words, its state or its rank."""

    def column(name):
        return Cast(name, TextField()) if name else Value("", output_field=TextField())

    what = Value(kind, output_field=CharField())
    rows = rows.order_by().annotate(what=what, key=F("pk"))
    return rows.annotate(words=column(said), standing=column(standing)).values(
        "what", "key", "words", "standing"
    )


def brought(*parts):
    """All of them, kind by kind, each with its state in words and its address."""
    rows = parts[0].union(*parts[1:], all=True)
    return [described(row) for row in sorted(rows, key=lambda row: (row["what"], row["key"]))]


def described(row):
    if row["what"] not in PAGES:
        return row
    model = PAGES[row["what"]]
    url = reverse(f"deliberations:{model._meta.model_name}_detail", args=[row["key"]])
    return row | {"label": model.State(row["standing"]).label, "url": url}
