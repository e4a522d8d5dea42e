"""Who is entitled to act on mandates, texts, votes and measures."""

import rules

from assembly.rules import is_department, is_executive, is_guarantor, is_secretariat
from deliberations.models.ground import directorates_of
from workshops.rules import belongs, is_invited, is_rapporteur, runs


@rules.predicate
def has_a_paper(user, ballot):
    """Was among the electors when the vote opened."""
    return (
        user.is_authenticated and ballot.papers.filter(member__in=[seat.pk for seat in user.seats]).exists()
    )


def holds_account_of(user, directorate):
    return directorate.casefold() in [name.casefold() for name in directorates_of(user)]


@rules.predicate
def answers_for(user, measure):
    """Holds the account of the directorate in charge of the measure."""
    return holds_account_of(user, measure.owner)


@rules.predicate
def is_author(user, row):
    return user.is_authenticated and row.author_id == user.pk


@rules.predicate
def is_asked(user, review):
    """Holds the account of the directorate that was asked."""
    return holds_account_of(user, review.department)


TABLE = {
    "workingmandate": [
        (is_executive, ["add", "edit", "reword"]),
        (runs, ["open_ballot", "adopt", "reject"]),
        (is_secretariat, ["close"]),
    ],
    "wording": [(runs | belongs, ["add"]), (is_executive, ["accept", "decline"])],
    "proposal": [
        (runs | belongs, ["add", "edit", "locate"]),
        (runs | belongs | is_department | is_executive, ["save_version"]),
        (runs | is_rapporteur, ["send_to_review", "co_draft", "settle", "take_up_again"]),
        (runs | is_rapporteur, ["set_aside", "uphold"]),
        (runs, ["open_ballot", "vote"]),
        (is_secretariat, ["open_plenary_ballot", "endorse"]),
        (is_secretariat, ["transmit", "put_on_agenda", "withdraw", "open_follow_up", "close"]),
        (is_secretariat, ["decide", "adopt", "adopt_amended", "reject", "postpone"]),
        (is_secretariat, ["move_in_session", "enter_positions", "cite"]),
        (is_executive, ["carry", "refuse", "counter_propose"]),
        (is_executive | is_secretariat, ["file"]),
        (runs, ["name_goals"]),
    ],
    "recommendation": [
        (runs | belongs, ["add"]),
        (runs | belongs, ["reword", "rest_on", "rest_no_longer_on"]),
        (runs, ["hand_over", "trace", "set_aside"]),
    ],
    "amendment": [
        (runs | belongs, ["add"]),
        (runs | is_rapporteur, ["accept", "refuse", "merge"]),
        (is_author, ["withdraw"]),
    ],
    "clauseremark": [(runs | belongs, ["add"]), (runs | is_rapporteur | is_author, ["settle"])],
    "review": [
        (runs | is_rapporteur, ["add", "take_up"]),
        (runs, ["extend", "cancel"]),
        (is_asked, ["answer"]),
    ],
    "ballot": [
        (runs | is_rapporteur | is_guarantor, ["count"]),
        (runs, ["close"]),
        (runs | belongs, ["attach_minority_note"]),
        (has_a_paper, ["cast"]),
    ],
    "measure": [
        (is_secretariat, ["entrust"]),
        (is_secretariat | answers_for, ["name_goals"]),
        (
            is_secretariat | answers_for,
            ["give_return", "choose_indicator", "set_milestone", "reach_milestone"],
        ),
    ],
    "yearlyreport": [(is_secretariat, ["add", "edit", "publish"])],
    "pledge": [(is_secretariat, ["add", "edit", "assess", "print_sheet"])],
    "pledgemilestone": [(is_secretariat, ["add", "edit", "move", "prove", "withdraw_proof"])],
    "fiche": [(is_secretariat, ["complete", "print_sheet"])],
    "instrumentlimit": [(is_secretariat, ["edit"])],
    "request": [
        (is_secretariat | is_invited, ["add", "edit"]),
        (is_secretariat, ["send", "name_members", "add_meeting", "remove_meeting", "convene", "report"]),
        (is_executive, ["grant", "refuse"]),
    ],
}

for model, entitlements in TABLE.items():
    for who, acts in entitlements:
        for act in acts:
            rules.add_perm(f"deliberations.{act}_{model}", who)
