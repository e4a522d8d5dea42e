"""The texts as open data: from mandates and recommendations to measures and what became of them."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from assembly.open_data.registry import Dataset, Field, Length, last_act, register
from deliberations.models import (
    Ballot,
    CouncilItem,
    GroupPosition,
    Measure,
    Milestone,
    Proposal,
    Recommendation,
    Request,
    Return,
    Version,
    WorkingMandate,
    YearlyReport,
)

NOBODY = AnonymousUser()


def standing_versions():
    """The words of each public text as they stand: the Council’s once it has adopted it, until then the latest."""
    latest = Version.objects.filter(proposal=OuterRef("proposal")).order_by("-number").values("pk")[:1]
    standing = Coalesce("proposal__council_item__adopted_version", Subquery(latest))
    rows = Version.objects.filter(proposal__in=Proposal.objects.public())
    return rows.alias(standing=standing).filter(pk=F("standing")).select_related("proposal__cycle")


def clauses(version):
    return [
        (clause["id"], clause | {"position": place}) for place, clause in enumerate(version.clauses, start=1)
    ]


def of_text(row):
    return row.proposal.get_absolute_url()


def of_measure(row):
    return row.measure.get_absolute_url()


register(
    Dataset(
        "mandates",
        _("Working mandates"),
        _("What the executive asked each workshop to work on, once the plenary has voted."),
        lambda: WorkingMandate.objects.public().select_related("workshop__cycle"),
        (
            Field("workshop", "reference", _("workshop"), "workshop_id", "workshops"),
            Field("name", "string", _("mandate, in one sentence"), "sentence"),
            Field("state", "string", _("where it stands"), "state", choices=WorkingMandate.State),
            Field("context", "string", _("context"), "context"),
            Field("expectedProduct", "string", _("what is expected"), "expected_product"),
            Field("limits", "string", _("limits"), "limits"),
            Field("directorate", "string", _("directorate in charge"), "directorate"),
            Field("voted", "datetime", _("when the plenary voted"), "voted_at"),
            Field("mainFile", "reference", _("the mandate as printed"), "document_id", "documents"),
        ),
        cycle="workshop__cycle",
        oparl="Paper",
    ),
    Dataset(
        "recommendations",
        _("Recommendations"),
        _("What each workshop recommended, once handed over, and the text that carries it."),
        lambda: Recommendation.objects.public().select_related("workshop__cycle"),
        (
            Field("workshop", "reference", _("workshop"), "workshop_id", "workshops"),
            Field("number", "integer", _("number in its workshop"), "number"),
            Field("text", "string", _("recommendation"), "text"),
            Field("handedOver", "datetime", _("when it was handed over"), "handed_over_at"),
            Field("carriedBy", "reference", _("text that carries it"), "carried_by_id", "texts"),
            Field("notTakenUp", "string", _("why it was not taken up"), "not_taken_up"),
        ),
        cycle="workshop__cycle",
    ),
    Dataset(
        "texts",
        _("Wishes and deliberations"),
        _("Each text since it was transmitted to the executive: what it is, where it stands."),
        lambda: Proposal.objects.public().select_related("cycle"),
        (
            Field("name", "string", _("title"), "title"),
            Field("paperType", "string", _("kind"), "kind", choices=Proposal.Kind),
            Field("state", "string", _("where it stands"), "state", choices=Proposal.State),
            Field("summary", "string", _("summary in plain words"), "plain_summary"),
            Field("districts", "string", _("districts concerned"), "districts"),
            Field("originator", "reference", _("workshop that wrote it"), "workshop_id", "workshops"),
            Field(
                "origin", "reference", _("for a counter-proposal: the text it answers"), "origin_id", "texts"
            ),
            Field("carrier", "string", _("who carries it before the Council"), "carrier"),
            Field("date", "datetime", _("when it was transmitted to the executive"), "transmitted_at"),
            Field("refusal", "string", _("reasons of the executive, if it refused"), "refusal"),
            Field(
                "mainFile",
                "reference",
                _("the text as voted by the citizens, printed"),
                "document_id",
                "documents",
            ),
        ),
        cycle="cycle",
        oparl="Paper",
    ),
    Dataset(
        "clauses",
        _("Clauses of the texts"),
        _("The words of each public text, piece by piece, as they stand."),
        standing_versions,
        (
            Field("text", "reference", _("text it belongs to"), "whole.proposal_id", "texts"),
            Field("version", "integer", _("version it is read in"), "whole.number"),
            Field("order", "integer", _("place in the text"), "said.position"),
            Field("kind", "string", _("kind of clause"), "said.kind", choices=Version.ClauseKind),
            Field("content", "string", _("its words"), "said.text"),
        ),
        cycle="proposal__cycle",
        modified=F("at"),
        parts=clauses,
        size=Length("clauses"),
        web=lambda part: part.whole.proposal.get_absolute_url(),
    ),
    Dataset(
        "votes",
        _("Votes"),
        _(
            "The result of each vote that is closed, on a text or a mandate: totals only, never who voted what."
        ),
        lambda: Ballot.objects.visible_to(NOBODY).select_related(
            "proposal__cycle", "mandate__workshop__cycle"
        ),
        (
            Field("text", "reference", _("text voted on"), "proposal_id", "texts"),
            Field("mandate", "reference", _("mandate voted on"), "mandate_id", "mandates"),
            Field("name", "string", _("question"), "question"),
            Field("body", "string", _("who voted"), "body", choices=Ballot.Body),
            Field("mode", "string", _("how they voted"), "mode", choices=Ballot.Mode),
            Field("majority", "string", _("majority needed"), "majority", choices=Ballot.Majority),
            Field("quorumPercent", "integer", _("quorum, in per cent"), "quorum_percent"),
            Field("date", "datetime", _("when it was closed"), "closed_at"),
            Field("electorate", "integer", _("how many could vote"), "electorate"),
            Field("for", "integer", _("voices for"), "votes_for"),
            Field("against", "integer", _("voices against"), "votes_against"),
            Field("abstention", "integer", _("abstentions"), "abstentions"),
            Field("notVoting", "integer", _("did not vote"), "not_voting"),
            Field("adopted", "boolean", _("whether it was adopted"), "adopted"),
        ),
        cycle=("proposal__cycle", "mandate__workshop__cycle"),
    ),
    Dataset(
        "council-items",
        _("Before the Paris Council"),
        _("Each text filed with the Council: committee, session, opinion of the executive, outcome."),
        lambda: CouncilItem.objects.filter(proposal__in=Proposal.objects.public()).select_related(
            "proposal__cycle"
        ),
        (
            Field("paper", "reference", _("text"), "proposal_id", "texts"),
            Field("attachedTo", "string", _("draft it is attached to"), "attached_to"),
            Field("committee", "string", _("committee"), "committee"),
            Field("number", "string", _("number of the item"), "number"),
            Field("filed", "datetime", _("when it was filed"), "filed_at"),
            Field("session", "date", _("session of the Council"), "session_on"),
            Field("opinion", "string", _("opinion of the executive"), "opinion", choices=CouncilItem.Opinion),
            Field("result", "string", _("outcome"), "outcome", choices=Proposal.OUTCOMES),
            Field("reference", "string", _("reference of the decision"), "reference"),
            Field("resolutionUrl", "uri", _("official record"), "link"),
            Field(
                "resolutionFile", "reference", _("the text as adopted, printed"), "document_id", "documents"
            ),
        ),
        cycle="proposal__cycle",
        oparl="Consultation",
        modified=last_act(Proposal, "proposal_id"),
        web=of_text,
    ),
    Dataset(
        "council-positions",
        _("Positions of the political groups"),
        _("How each political group of the Council voted on a text; voices where they are known."),
        lambda: GroupPosition.objects.filter(item__proposal__in=Proposal.objects.public()).select_related(
            "item__proposal__cycle"
        ),
        (
            Field("item", "reference", _("item before the Council"), "item_id", "council-items"),
            Field("group", "string", _("political group"), "group"),
            Field("position", "string", _("how it voted"), "position", choices=GroupPosition.Position),
            Field("voices", "integer", _("voices, if known"), "voices"),
        ),
        cycle="item__proposal__cycle",
        modified=last_act(Proposal, "item__proposal_id"),
        web=lambda row: of_text(row.item),
    ),
    Dataset(
        "measures",
        _("Measures"),
        _("Each measure the Council adopted, its progress and when the next return is due."),
        lambda: Measure.objects.public().select_related("proposal__cycle"),
        (
            Field("text", "reference", _("text it comes from"), "proposal_id", "texts"),
            Field("number", "integer", _("number in the text"), "number"),
            Field("name", "string", _("measure"), "text"),
            Field("directorate", "string", _("directorate in charge"), "owner"),
            Field("state", "string", _("progress"), "state", choices=Measure.State),
            Field("dueDate", "date", _("when the next return is due; empty once it has ended"), "due_on"),
        ),
        cycle="proposal__cycle",
    ),
    Dataset(
        "milestones",
        _("Milestones of the measures"),
        _("What was promised by a day, and when it was reached."),
        lambda: Milestone.objects.filter(measure__in=Measure.objects.public()).select_related(
            "measure__proposal__cycle"
        ),
        (
            Field("measure", "reference", _("measure"), "measure_id", "measures"),
            Field("name", "string", _("what was promised"), "label"),
            Field("dueDate", "date", _("by when"), "due_on"),
            Field("reached", "date", _("when it was reached"), "reached_on"),
        ),
        cycle="measure__proposal__cycle",
        modified=last_act(Measure, "measure_id"),
        web=of_measure,
    ),
    Dataset(
        "returns",
        _("Returns of the City"),
        _("What the City said it did about each measure, year after year."),
        lambda: Return.objects.filter(measure__in=Measure.objects.public()).select_related(
            "measure__proposal__cycle"
        ),
        (
            Field("measure", "reference", _("measure"), "measure_id", "measures"),
            Field("date", "date", _("day of the return"), "on"),
            Field("state", "string", _("progress"), "state", choices=Measure.State),
            Field("text", "string", _("what was done"), "words"),
            Field("evidence", "uri", _("link to evidence"), "evidence"),
            Field("directorate", "string", _("directorate that answered"), "department"),
            Field("cost", "number", _("cost this year, in euros, if known"), "cost"),
        ),
        cycle="measure__proposal__cycle",
        modified=last_act(Measure, "measure_id"),
        web=of_measure,
    ),
    Dataset(
        "requests",
        _("Requests"),
        _(
            "The other instruments: questions, subjects for the agenda, missions, juries, and what came of them."
        ),
        lambda: Request.objects.public().select_related("cycle", "jury"),
        (
            Field(
                "workshop", "reference", _("workshop; empty: the whole Assembly"), "workshop_id", "workshops"
            ),
            Field("kind", "string", _("instrument"), "kind", choices=Request.Kind),
            Field("name", "string", _("title"), "title"),
            Field("text", "string", _("what is asked, and why"), "text"),
            Field("state", "string", _("where it stands"), "state", choices=Request.State),
            Field("sent", "datetime", _("when it was sent to the executive"), "sent_at"),
            Field("answer", "string", _("answer of the executive"), "answer"),
            Field("dueDate", "date", _("expected by"), "due_on"),
            Field("jury", "reference", _("citizens’ jury it convened"), "jury.number", "cycles"),
            Field("outcome", "string", _("what came out"), "outcome"),
            Field("mainFile", "reference", _("the outcome as printed"), "document_id", "documents"),
        ),
        cycle="cycle",
    ),
    Dataset(
        "reports",
        _("Yearly reports"),
        _("The follow-up reports that were published, one a year."),
        lambda: YearlyReport.objects.public(),
        (
            Field("year", "integer", _("year"), "year"),
            Field("name", "string", _("title"), str),
            Field("foreword", "string", _("foreword"), "foreword"),
            Field("published", "datetime", _("when it was published"), "published_at"),
            Field("mainFile", "reference", _("the report as printed"), "document_id", "documents"),
        ),
        oparl="Paper",
    ),
)
