"""Who is entitled to act on mandates, texts, votes and measures."""

import rules

from assembly.rules import is_department, is_executive, is_secretariat
from deliberations.models import Role
from workshops.rules import belongs, is_rapporteur, runs


@rules.predicate
def has_a_paper(user, ballot):
    """Was among the electors when the vote opened."""
    return (
        user.is_authenticated and ballot.papers.filter(member__in=[seat.pk for seat in user.seats]).exists()
    )


@rules.predicate
def answers_for(user, measure):
    """Holds the account of the directorate in charge of the measure."""
    return bool(measure.owner) and any(
        held.role == Role.DEPARTMENT and held.organisation.casefold() == measure.owner.casefold()
        for held in user.current_appointments
    )


TABLE = {
    "workingmandate": [
        (is_executive, ["add", "edit"]),
        (runs, ["open_ballot", "adopt", "reject"]),
        (is_secretariat, ["close"]),
    ],
    "proposal": [
        (runs | belongs, ["add", "edit"]),
        (runs | belongs | is_department | is_executive, ["save_version"]),
        (runs | is_rapporteur, ["send_to_review", "co_draft", "settle", "take_up_again"]),
        (runs, ["open_ballot", "vote"]),
        (is_secretariat, ["transmit", "put_on_agenda", "withdraw", "open_follow_up", "close"]),
        (is_secretariat, ["decide", "adopt", "adopt_amended", "reject", "postpone"]),
        (is_executive, ["carry", "refuse"]),
        (is_executive | is_secretariat, ["file"]),
    ],
    "recommendation": [
        (runs | belongs, ["add"]),
        (runs, ["hand_over", "trace", "set_aside"]),
    ],
    "ballot": [(runs, ["close"]), (has_a_paper, ["cast"])],
    "measure": [(is_secretariat, ["entrust"]), (is_secretariat | answers_for, ["give_return"])],
}

for model, entitlements in TABLE.items():
    for who, acts in entitlements:
        for act in acts:
            rules.add_perm(f"deliberations.{act}_{model}", who)
