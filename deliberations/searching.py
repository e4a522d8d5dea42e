"""What can be found of the path of the texts; yearly reports and outcomes of requests are documents."""

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from assembly.search import Found, searchable
from deliberations.models import Measure, Pledge, Proposal, Recommendation, Request, WorkingMandate


def day_of(moment):
    return localdate(moment) if moment else None


@searchable("text", _("Wishes and deliberations"), Proposal)
def text(proposal):
    """Its words as they stand."""
    version = proposal.standing
    clauses = [clause["text"] for clause in version.clauses] if version else []
    text = " ".join([proposal.plain_summary, *clauses])
    return Found(proposal.title, text, cycle=proposal.cycle_id, day=day_of(proposal.transmitted_at))


@searchable("measure", _("Measures"), Measure, related=("proposal",))
def measure(measure):
    told = " ".join(measure.returns.values_list("words", flat=True))
    text = f"{measure.owner} – {told}"
    return Found(
        measure.text, text, cycle=measure.proposal.cycle_id, day=day_of(measure.proposal.transmitted_at)
    )


@searchable("mandate", _("Working mandates"), WorkingMandate, related=("workshop",))
def mandate(mandate):
    text = f"{mandate.context} {mandate.expected_product} {mandate.limits} {mandate.directorate}"
    return Found(mandate.sentence, text, cycle=mandate.workshop.cycle_id, day=day_of(mandate.voted_at))


@searchable("recommendation", _("Recommendations"), Recommendation, related=("workshop",))
def recommendation(recommendation):
    return Found(
        recommendation.text,
        recommendation.not_taken_up,
        cycle=recommendation.workshop.cycle_id,
        day=day_of(recommendation.handed_over_at),
    )


@searchable("request", _("Requests"), Request)
def request(request):
    text = f"{request.text} {request.answer} {request.outcome}"
    return Found(request.title, text, cycle=request.cycle_id, day=day_of(request.sent_at))


@searchable("pledge", _("Public commitments"), Pledge)
def pledge(pledge):
    milestones = " ".join(f"{row.title} {row.reason}" for row in pledge.milestones.all())
    text = f"{pledge.reference} {pledge.problem} {pledge.action} {pledge.contribution} {milestones}"
    return Found(pledge.title, text, day=pledge.starts_on)
