"""Versions of a text, compared."""

from django.utils.translation import gettext as _
from django.views.generic import DetailView

from deliberations import differences
from deliberations.models import (
    Version,
)
from deliberations.views.text_page import TextPage


def labelled(rows):
    """Differences with the words for the kind of each clause."""
    kinds = dict(Version.ClauseKind.choices)
    return [
        {"label": kinds[row.kind], "sort": row.sort, "moved": row.moved, "segments": row.segments}
        for row in rows
    ]


class ProposalVersions(TextPage, DetailView):
    """What changed between any two versions."""

    template_name = "deliberations/proposal_versions.html"

    def get_context_data(self, **context):
        versions = list(self.object.versions.select_related("meeting"))
        new = self.chosen(versions, "a", versions[-1] if versions else None)
        earlier = [version for version in versions if new and version.number < new.number]
        old = self.chosen(versions, "de", earlier[-1] if earlier else None)
        both = differences.compare_clauses(old.clauses if old else [], new.clauses) if new else []
        return super().get_context_data(
            versions=versions,
            old=old,
            new=new,
            differences=labelled(both),
            summary=differences.summary(both),
            **context,
        )

    def chosen(self, versions, name, default):
        wanted = self.request.GET.get(name, "")
        return next((version for version in versions if str(version.number) == wanted), default)


class ProposalTexts(TextPage, DetailView):
    """Three texts side by side: what the citizens voted, what was carried, what the Council adopted."""

    template_name = "deliberations/proposal_texts.html"

    def get_queryset(self):
        return super().get_queryset().select_related("carried_version", "council_item__adopted_version")

    def get_context_data(self, **context):
        item = self.object.council
        texts = [
            (_("Voted by the citizens"), self.object.voted_version),
            (_("Carried by the executive"), self.object.carried_version),
            (_("Adopted by the Council"), item.adopted_version if item else None),
        ]
        texts = [(label, version) for label, version in texts if version]
        return super().get_context_data(texts=texts, rows=side_by_side(texts), **context)


def side_by_side(columns):
    """One row for each clause: in each text, its words as changed since the text before."""
    labels = [label for label, _version in columns]
    texts = [{clause["id"]: clause["text"] for clause in version.clauses} for _label, version in columns]
    keys = in_one_order(texts)
    return [[cell(labels, texts, place, key) for place in range(len(texts))] for key in keys]


def in_one_order(texts):
    """The names of all clauses: each new one stands after the one it follows in its own text."""
    order = []
    for text in texts:
        place = 0
        for key in text:
            if key not in order:
                order.insert(place, key)
            place = order.index(key) + 1
    return order


def cell(labels, texts, place, key):
    words = texts[place].get(key, "")
    before = texts[place - 1].get(key, "") if place else words
    return {"label": labels[place], "segments": differences.compare(before, words)}
