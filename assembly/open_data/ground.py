"""The datasets of the ground floor: cycles, their phases, who sits, what was published."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assembly.models import Cycle, Document, Phase, Snapshot
from assembly.open_data.registry import Dataset, Field, last_act, register

NOBODY = AnonymousUser()


def cells(snapshot):
    """[(key, cell)]: each category of each criterion at each stage, as the protected version has it."""
    return [
        (
            ".".join((stage, criterion["key"], category["key"] or "-")),
            {"stage": stage, "criterion": criterion, "category": category, "bounds": bounds},
        )
        for criterion in snapshot.public["criteria"]
        for stage, counted in criterion["cells"].items()
        for category in [*criterion["categories"], {"key": "", "title": ""}]
        if (bounds := counted.get(category["key"])) is not None
    ]


def day_of(cell):
    """Where a small change would point at somebody, the table of an earlier day is shown again."""
    origin = cell.said["criterion"].get("origins", {}).get(cell.said["stage"])
    return origin[0] if origin else cell.whole.public["day"]


def composition_page(cell):
    return reverse("assembly:cycle_composition", args=[cell.whole.cycle.number])


def document_file(document):
    return settings.SITE_URL + document.pdf_url if document.file else None


register(
    Dataset(
        "cycles",
        _("Cycles"),
        _("Each intake of the Assembly, and the citizens’ juries it convened: dates, state and rules."),
        lambda: Cycle.objects.public().select_related("parent").prefetch_related("pools"),
        (
            Field("number", "integer", _("number of the cycle"), "number"),
            Field("name", "string", _("name"), "title"),
            Field("description", "string", _("summary for the public"), "summary"),
            Field("startDate", "date", _("first day"), "starts_on"),
            Field("endDate", "date", _("last day"), "ends_on"),
            Field("state", "string", _("where it stands"), "state", choices=Cycle.State),
            Field(
                "parent",
                "reference",
                _("for a citizens’ jury: the cycle that convened it"),
                "parent.number",
                "cycles",
            ),
            Field("seats", "integer", _("seats"), lambda cycle: sum(p.seats for p in cycle.pools.all())),
            Field("letters", "integer", _("letters sent after the first draw"), "letters"),
            Field("quorumPercent", "integer", _("quorum, in per cent of members"), "quorum_percent"),
            Field("allowance", "number", _("allowance per half-day, in euros"), "allowance"),
        ),
        key="number",
        oparl="LegislativeTerm",
    ),
    Dataset(
        "phases",
        _("Phases"),
        _("The stretches of the year of each cycle."),
        lambda: Phase.objects.filter(cycle__in=Cycle.objects.public()).select_related("cycle"),
        (
            Field("name", "string", _("name"), "title"),
            Field("startDate", "date", _("first day"), "starts_on"),
            Field("endDate", "date", _("last day"), "ends_on"),
        ),
        cycle="cycle",
        modified=last_act(Cycle, "cycle_id"),
        web=lambda phase: phase.cycle.get_absolute_url(),
    ),
    Dataset(
        "compositions",
        _("Composition"),
        _(
            "Who sat, at set moments, criterion by criterion, beside the targets and the population. "
            "Small counts about people are protected: they are given between two bounds."
        ),
        lambda: (
            Snapshot.objects.visible_to(NOBODY)
            .select_related("cycle")
            .only("cycle", "moment", "day", "taken_at", "public")
        ),
        (
            Field("moment", "string", _("when it was frozen"), "whole.moment", choices=Snapshot.Moment),
            Field("date", "date", _("day the count is about"), day_of),
            Field("stage", "string", _("who is counted"), "said.stage"),
            Field("criterion", "string", _("criterion"), "said.criterion.key"),
            Field("category", "string", _("category; empty: not stated"), "said.category.key"),
            Field("name", "string", _("category, in words"), "said.category.title"),
            Field("atLeast", "number", _("how many, at least"), lambda cell: cell.said["bounds"][0]),
            Field(
                "atMost",
                "number",
                _("how many, at most (the same when known)"),
                lambda cell: cell.said["bounds"][1],
            ),
            Field("targetMinimum", "integer", _("seats aimed at, at least"), "said.category.minimum"),
            Field("targetMaximum", "integer", _("seats aimed at, at most"), "said.category.maximum"),
            Field("population", "integer", _("people of that category in Paris"), "said.category.population"),
        ),
        cycle="cycle",
        modified=F("taken_at"),
        parts=cells,
        web=composition_page,
    ),
    Dataset(
        "documents",
        _("Documents"),
        _(
            "What was published once and for all: minutes, hearing sheets, summary notebooks, mandates, "
            "records of draws, yearly reports; as a page and as a PDF."
        ),
        lambda: (
            Document.objects.public()
            .filter(cycle__in=Cycle.objects.public())
            .select_related("cycle")
            .defer("content", "html")
        ),
        (
            Field("name", "string", _("title"), "title"),
            Field("kind", "string", _("kind"), "kind", choices=Document.Kind),
            Field("date", "datetime", _("when it was issued"), "issued_at"),
            Field("language", "string", _("language"), "language"),
            Field("accessUrl", "uri", _("address of the PDF, once it is printed"), document_file),
        ),
        cycle="cycle",
        oparl="File",
        modified=F("issued_at"),
    ),
)
