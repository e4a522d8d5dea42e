"""The journey of a text: every public act on it, on what it came from and on what came of it, in the order of time."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.models import JournalEntry
from assembly.templatetags.house import day
from deliberations.models import (
    Amendment,
    Ballot,
    CouncilAmendment,
    Measure,
    Proposal,
    Recommendation,
    Review,
    Wording,
    WorkingMandate,
)
from workshops.models import Meeting, Notebook

TOLD = {
    Meeting: ["hold"],
    Notebook: ["deposit"],
    WorkingMandate: ["create", "adopt", "reject"],
    Ballot: ["close"],
    Measure: ["give_return"],
    Wording: ["create", "accept", "decline"],
    Review: ["create", "answer"],
    Amendment: ["accept", "refuse", "merge"],
    Recommendation: ["hand_over"],
}
IN_NUMBER = ["deliberations.amendment", "deliberations.recommendation"]
UNTOLD = ["deliberations.proposal.vote", "deliberations.proposal.locate"]


@dataclass(frozen=True)
class Milestone:
    at: datetime
    sentence: str
    role_label: str
    reason: str


def journey(proposal, *, ballots, measures, mandates, notebook):
    """One query, whatever the length of the journey."""
    notebooks = [notebook] if notebook else []
    entries = JournalEntry.objects.filter(
        about(Proposal, [proposal])
        | told(Ballot, ballots)
        | told(Measure, measures)
        | told(WorkingMandate, mandates)
        | told(Notebook, notebooks)
        | told(Meeting, hearings_of(proposal.workshop_id))
        | told(Wording, Wording.objects.filter(mandate__workshop=proposal.workshop_id))
        | told(Review, proposal.reviews.all())
        | told(Amendment, proposal.amendments.all())
        | told(Recommendation, proposal.recommendations.all())
    ).exclude(act__in=UNTOLD)
    known = {(type(row), row.pk): row for row in [*ballots, *measures, *notebooks, proposal]}
    return [milestone(run, known) for run in runs(filter(says_something, entries.order_by("at", "pk")))]


def hearings_of(workshop):
    """Where the text comes from: those the workshop heard."""
    return Meeting.objects.public().held().filter(workshop=workshop, kind=Meeting.Kind.HEARING)


def says_something(entry):
    """A title or a summary that was rewritten is told with the words it had."""
    return not entry.act.endswith(".edit") or "was" in entry.facts


def runs(entries):
    """The entries, those that are told in number put together: one run a day and an act."""
    found = {}
    for entry in entries:
        model = entry.act.rpartition(".")[0]
        alike = (localdate(entry.at), entry.act) if model in IN_NUMBER else entry.pk
        found.setdefault(alike, []).append(entry)
    return found.values()


def about(model, rows):
    kind = ContentType.objects.get_for_model(model)
    numbers = rows.values("pk") if isinstance(rows, QuerySet) else [row.pk for row in rows]
    return Q(target_type=kind, target_id__in=numbers)


def told(model, rows):
    return about(model, rows) & Q(act__in=[f"{model._meta.label_lower}.{act}" for act in TOLD[model]])


def milestone(run, known):
    entry = run[-1]
    model = ContentType.objects.get_for_id(entry.target_type_id).model_class()
    if model._meta.label_lower in IN_NUMBER:
        return Milestone(entry.at, in_number(entry.act, len(run)), entry.role_label, "")
    sentence, reason = SAY.get(model, of_text)(entry, known.get((model, entry.target_id)))
    return Milestone(entry.at, sentence, entry.role_label, reason)


def in_number(act, number):
    """What is done many times in a row is told once, with how many."""
    sentences = {
        "deliberations.amendment.accept": ngettext(
            "%(number)s amendment accepted", "%(number)s amendments accepted", number
        ),
        "deliberations.amendment.refuse": ngettext(
            "%(number)s amendment refused", "%(number)s amendments refused", number
        ),
        "deliberations.amendment.merge": ngettext(
            "%(number)s amendment merged into another", "%(number)s amendments merged into others", number
        ),
        "deliberations.recommendation.hand_over": ngettext(
            "%(number)s recommendation handed over in plenary",
            "%(number)s recommendations handed over in plenary",
            number,
        ),
    }
    return sentences[act] % {"number": number}


def link(row, words):
    return format_html('<a href="{}">{}</a>', row.get_absolute_url(), words)


def capital(words):
    words = str(words)
    return words[:1].upper() + words[1:]


def of_notebook(entry, notebook):
    return link(notebook, capital(entry.sentence)), str(notebook)


def of_hearing(entry, _row):
    """`label` is its title, as the journal kept it."""
    address = reverse("workshops:meeting_detail", args=[entry.target_id])
    words = _("Hearing held by the workshop")
    return format_html('<a href="{}">{}</a>', address, words), entry.label


def of_wording(entry, _row):
    words = {
        "create": _("Members propose other words for the mandate"),
        "accept": _("The executive accepts the words of the members"),
        "decline": _("The executive declines the words of the members"),
    }
    facts = entry.facts
    return words[entry.act.rpartition(".")[2]], facts.get("reason") or facts.get("answer", "")


def of_review(entry, _row):
    """`label` is the name of the directorate, as the journal kept it."""
    address = reverse("deliberations:review_detail", args=[entry.target_id])
    if entry.act.endswith(".create"):
        words, reason = _("Opinion asked: %s") % entry.label, ""
    else:
        opinion = Review.Opinion(entry.facts["opinion"]).label
        words = _("Opinion given: %(who)s (%(opinion)s)") % {"who": entry.label, "opinion": opinion}
        reason = entry.facts.get("words", "")
    return format_html('<a href="{}">{}</a>', address, words), reason


def of_mandate(entry, _row):
    address = reverse("deliberations:workingmandate_detail", args=[entry.target_id])
    proposed = entry.act.endswith(".create")
    words = capital(_("mandate proposed") if proposed else entry.sentence)
    return format_html('<a href="{}">{}</a>', address, words), entry.label if proposed else ""


def of_ballot(entry, ballot):
    plenary = ballot.body == Ballot.Body.PLENARY
    words = _("Vote of the plenary closed") if plenary else _("Vote of the workshop closed")
    return link(ballot, words), ballot.result.sentence if ballot.result else ""


def of_measure(entry, measure):
    state = Measure.State(entry.facts["state"]).label
    words = _("Return on measure %(number)s: %(state)s") % {"number": measure.number, "state": state}
    return link(measure, words), entry.facts.get("words", "")


def of_text(entry, proposal):
    facts = entry.facts
    if entry.act.endswith(".save_version"):
        number = int(facts.get("base") or 0) + 1
        words = _("Version %s saved") % number
        return format_html('<a href="{}?a={}">{}</a>', proposal.get_versions_url(), number, words), facts.get(
            "note", ""
        )
    if entry.act.endswith(".create"):
        return _("Text begun by the workshop"), ""
    if entry.act.endswith(".edit"):
        return _("Title or summary reworded"), _("Before: %s") % " – ".join(
            filter(None, facts["was"].values())
        )
    if entry.act.endswith(".put_on_agenda"):
        return capital(entry.sentence), _("Session of %s") % day(facts["session_on"])
    if entry.act.endswith(".move_in_session"):
        outcome = CouncilAmendment.Outcome(facts["outcome"]).label
        return capital(entry.sentence), _("%(number)s, %(mover)s: %(outcome)s") % (
            facts | {"outcome": outcome}
        )
    return capital(entry.sentence), detail(facts)


def detail(facts):
    """What the journal kept that the public should read beside the act."""
    return (
        facts.get("reason") or facts.get("reference") or facts.get("carrier") or facts.get("committee") or ""
    )


SAY = {
    Meeting: of_hearing,
    Notebook: of_notebook,
    Wording: of_wording,
    WorkingMandate: of_mandate,
    Ballot: of_ballot,
    Measure: of_measure,
    Review: of_review,
}
