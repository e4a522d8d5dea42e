"""The journey of a text: every public act on it, on what it came from and on what came of it, in the order of time."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext as _

from assembly.models import JournalEntry
from deliberations.models import Ballot, Measure, Proposal, WorkingMandate
from workshops.models import Notebook

TOLD = {
    Notebook: ["deposit"],
    WorkingMandate: ["create", "adopt", "reject"],
    Ballot: ["close"],
    Measure: ["give_return"],
}
UNTOLD = ["deliberations.proposal.edit", "deliberations.proposal.vote"]


@dataclass(frozen=True)
class Milestone:
    at: datetime
    sentence: str
    role_label: str
    reason: str


def journey(proposal, *, ballots, measures, mandates, notebook):
    """One query, whatever the length of the journey."""
    entries = JournalEntry.objects.filter(
        about(Proposal, [proposal])
        | told(Ballot, ballots)
        | told(Measure, measures)
        | told(WorkingMandate, mandates)
        | told(Notebook, [notebook] if notebook else [])
    ).exclude(act__in=UNTOLD)
    known = {(type(row), row.pk): row for row in [*ballots, *measures, *mandates, notebook, proposal] if row}
    return [milestone(entry, known) for entry in entries.order_by("at", "pk")]


def about(model, rows):
    kind = ContentType.objects.get_for_model(model)
    return Q(target_type=kind, target_id__in=[row.pk for row in rows])


def told(model, rows):
    return about(model, rows) & Q(act__in=[f"{model._meta.label_lower}.{act}" for act in TOLD[model]])


def milestone(entry, known):
    model = ContentType.objects.get_for_id(entry.target_type_id).model_class()
    row = known.get((model, entry.target_id))
    say = {Notebook: of_notebook, WorkingMandate: of_mandate, Ballot: of_ballot, Measure: of_measure}.get(
        model, of_text
    )
    sentence, reason = say(entry, row)
    return Milestone(entry.at, sentence, entry.role_label, reason)


def link(row, words):
    return format_html('<a href="{}">{}</a>', row.get_absolute_url(), words)


def capital(words):
    words = str(words)
    return words[:1].upper() + words[1:]


def of_notebook(entry, notebook):
    return link(notebook, capital(entry.sentence)), str(notebook)


def of_mandate(entry, mandate):
    if entry.act.endswith(".create"):
        return link(mandate, capital(_("mandate proposed"))), str(mandate)
    return link(mandate, capital(entry.sentence)), ""


def of_ballot(entry, ballot):
    return link(ballot, capital(entry.sentence)), ballot.result.sentence if ballot.result else ""


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
    return capital(entry.sentence), detail(facts)


def detail(facts):
    """What the journal kept that the public should read beside the act."""
    return (
        facts.get("reason") or facts.get("reference") or facts.get("carrier") or facts.get("committee") or ""
    )
