"""Public commitments and the sheets of cycles as open data."""

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from assembly.models import Cycle
from assembly.open_data.registry import Dataset, Field, last_act, register
from deliberations import fiche
from deliberations.counted import with_figures
from deliberations.models import Pledge, PledgeMilestone, Proof
from deliberations.pledged import whole

KINDS = {
    **dict.fromkeys(["population", "letters", "volunteers", "seats", "participants", "workshops"], "integer"),
    **dict.fromkeys(["meetings", "hearings", "recommendations", "texts", "adopted", "measures"], "integer"),
    **dict.fromkeys(["done", "documents"], "integer"),
    **dict.fromkeys(["remuneration", "half_days", "budget"], "number"),
    **dict.fromkeys(fiche.DAYS, "date"),
    **dict.fromkeys(fiche.ADDRESSES, "uri"),
    "goals": "list",
}


def milestones():
    standing = Prefetch("proofs", Proof.objects.standing(), to_attr="shown_proofs")
    return PledgeMilestone.objects.select_related("pledge").prefetch_related(standing)


def camel(key):
    first, *others = key.split("_")
    return first + "".join(word.capitalize() for word in others)


def read(line):
    """The goals as words, like every list here; what is not known is empty."""

    def value(cycle):
        found = line.read(cycle)
        return [str(number) for number in found] if line.key == "goals" else (None if found == "" else found)

    return value


register(
    Dataset(
        "pledges",
        _("Public commitments"),
        _("What the City committed itself to about the Assembly before the Open Government Partnership."),
        lambda: Pledge.objects.all(),
        (
            Field("reference", "string", _("identifier given by the partnership"), "reference"),
            Field("name", "string", _("title"), "title"),
            Field("actionPlan", "string", _("action plan"), "plan"),
            Field("problem", "string", _("problem to be solved"), "problem"),
            Field("action", "string", _("what the City commits itself to"), "action"),
            Field("contribution", "string", _("how this answers the problem"), "contribution"),
            Field("lead", "string", _("institution in charge"), "lead"),
            Field("supporting", "list", _("institutions that take part"), "institutions"),
            Field("startDate", "date", _("first day"), "starts_on"),
            Field("endDate", "date", _("last day"), "ends_on"),
            Field("link", "uri", _("page of the partnership"), "link"),
        ),
    ),
    Dataset(
        "pledge-milestones",
        _("Milestones of the public commitments"),
        _("Each milestone in one of the five statuses of the partnership, with what proves it."),
        milestones,
        (
            Field("pledge", "reference", _("public commitment"), "pledge_id", "pledges"),
            Field("number", "integer", _("number in the commitment"), "number"),
            Field("name", "string", _("milestone"), "title"),
            Field("startDate", "date", _("first day"), "starts_on"),
            Field("endDate", "date", _("last day"), "ends_on"),
            Field("state", "string", _("status"), "state", choices=PledgeMilestone.State),
            Field("reason", "string", _("reasons of the status"), "reason"),
            Field("since", "date", _("since when it has this status"), "moved_on"),
            Field(
                "proofs",
                "list",
                _("addresses of what proves it"),
                lambda row: [whole(proof.address) for proof in row.shown_proofs],
            ),
        ),
        web=lambda row: row.pledge.get_absolute_url(),
    ),
    Dataset(
        "cycle-sheets",
        _("Sheets of the cycles"),
        _("One line a cycle, with what the databases on citizen participation ask for."),
        lambda: with_figures(Cycle.objects.public()),
        tuple(
            Field(camel(line.key), KINDS.get(line.key, "string"), line.label, read(line))
            for line in fiche.LINES
        ),
        key="number",
        modified=last_act(Cycle),
        web=lambda cycle: f"{cycle.get_absolute_url()}fiche/",
    ),
)
