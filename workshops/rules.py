"""Who is entitled to act in the workshops. Whether it is the moment is the transition's business."""

import rules

from assembly.models import Appointment, Member
from assembly.rules import is_executive, is_guarantor, is_secretariat, is_support, sits
from workshops.models import ANSWERERS, Workshop, facilitated_by, joined_by, seated_cycles
from workshops.models.readers import OVERSEERS


def workshop_of(obj):
    """The number of the workshop an object belongs to; None for a plenary's."""
    if isinstance(obj, Workshop):
        return obj.pk
    if hasattr(obj, "workshop_id"):
        return obj.workshop_id
    workshop = getattr(obj, "workshop", None)
    return workshop and workshop.pk


@rules.predicate
def facilitates(user, obj=None):
    """Leads the workshop of the object."""
    return user.is_authenticated and workshop_of(obj) in facilitated_by(user)


@rules.predicate
def is_facilitator(user, obj=None):
    """Leads a workshop of the cycle of the object."""
    return user.is_authenticated and user.holds(Appointment.Role.FACILITATOR, getattr(obj, "cycle", None))


@rules.predicate
def belongs(user, obj=None):
    """Sits today, and in the workshop of the object."""
    if not user.is_authenticated or workshop_of(obj) not in joined_by(user):
        return False
    return any(seat.state in Member.SEATED and seat.cycle_id == obj.cycle.pk for seat in user.seats)


@rules.predicate
def is_invited(user, obj=None):
    """Sits today, and the meeting or question is for them: their workshop's, or everybody's."""
    if not user.is_authenticated:
        return False
    mine = workshop_of(obj)
    seated = {seat.cycle_id for seat in user.seats if seat.state in Member.SEATED}
    return obj.cycle.pk in seated and (mine is None or mine in joined_by(user))


@rules.predicate
def is_there(user, minutes=None):
    """Attended the meeting of these minutes."""
    return minutes is not None and minutes.is_attended_by(user)


@rules.predicate
def is_rapporteur(user, obj=None):
    """Writes for the workshop of the object."""
    if not belongs(user, obj):
        return False
    workshop = obj if isinstance(obj, Workshop) else obj.workshop
    return workshop.rapporteur_id == user.pk


@rules.predicate
def is_oneself(user, enrolment=None):
    return user.is_authenticated and enrolment is not None and enrolment.member.user_id == user.pk


@rules.predicate
def is_inside(user, obj=None):
    """May read what is not public yet of a workshop, or of a whole cycle."""
    if not user.is_authenticated or obj is None:
        return False
    if isinstance(obj, Workshop):
        return obj.is_open_to(user)
    cycle = obj.cycle
    return cycle.pk in seated_cycles(user) or any(user.holds(role, cycle) for role in OVERSEERS)


@rules.predicate
def is_author(user, message=None):
    return user.is_authenticated and message is not None and message.author_id == user.pk


@rules.predicate
def is_owner(user, obj=None):
    return user.is_authenticated and obj is not None and obj.user_id == user.pk


def is_theirs(field):
    """The member who wrote it, still sitting."""

    @rules.predicate(f"is_theirs_{field}")
    def own(user, obj=None):
        seat = getattr(obj, field, None)
        return user.is_authenticated and seat is not None and seat.user_id == user.pk

    return own & is_invited


@rules.predicate
def is_still_proposed(user, obj=None):
    """Nobody was asked yet: the words are still those of the member who proposes them."""
    return obj is not None and obj.state == "proposed"


@rules.predicate
def answers_for(user, question=None):
    """Holds the department or the office the question was put to."""
    if not user.is_authenticated or question is None:
        return False
    names = [
        held.organisation.casefold()
        for held in user.current_appointments
        if held.role in ANSWERERS and held.cycle_id in (None, question.cycle_id)
    ]
    asked = (question.forwarded_to or question.addressed_to).casefold()
    return any(name and name in asked for name in names)


runs = is_secretariat | facilitates

TABLE = {
    "workshop": {
        is_secretariat: ["add", "edit", "name_facilitator", "relieve_facilitator"],
        runs: ["name_rapporteur", "open_notebook"],
    },
    "enrolment": {is_oneself: ["choose"], is_secretariat: ["move", "pin", "unpin"]},
    "needssheet": {is_oneself: ["tell"]},
    "subscription": {is_owner: ["choose", "renew", "revoke"]},
    "thread": {runs | belongs: ["add", "say"], runs: ["close", "reopen"]},
    "message": {
        runs | belongs: ["add"],
        is_author: ["edit", "withdraw"],
        runs: ["hide", "show", "let_stand"],
        belongs: ["flag"],
    },
    "allotment": {is_secretariat: ["add", "publish"]},
    "meeting": {
        is_secretariat | is_facilitator: ["add"],
        runs: [
            *["edit", "open", "call", "move", "hold", "cancel", "copy", "write_minutes"],
            *["take_attendance", "welcome", "renew_code", "print_sign_in", "drop_item", "drop_paper"],
        ],
        is_invited: ["excuse", "come_after_all"],
        is_support: ["provide"],
        sits: ["check_in"],
    },
    "agendaitem": {runs: ["add", "edit", "shift"]},
    "paper": {runs: ["add"]},
    "guest": {runs: ["add"]},
    "tableplan": {runs: ["add", "rerun", "bind", "pin", "unpin", "show", "take_back"]},
    "outreach": {runs: ["add", "settle"]},
    "personheard": {runs: ["add", "edit", "withdraw"]},
    "decision": {runs: ["add", "edit"]},
    "question": {
        runs | is_invited: ["add"],
        is_invited: ["support", "withdraw_support"],
        runs | (is_theirs("asked_by") & is_still_proposed): ["edit"],
        runs: ["put", "merge", "set_aside", "forward"],
        runs | answers_for: ["reply"],
    },
    "hearing": {runs: ["add", "edit", "arrange", "publish"]},
    "piece": {runs: ["add", "remove"]},
    "watchitem": {
        runs | is_invited: ["add"],
        runs | is_theirs("shared_by"): ["edit", "remove"],
    },
    "pressreview": {runs | is_rapporteur: ["add", "edit"], runs: ["publish"]},
    "prioritysubject": {
        runs | is_invited: ["add"],
        is_invited: ["support", "withdraw_support"],
        runs | is_theirs("proposed_by"): ["edit", "withdraw"],
        runs: ["retain"],
    },
    "priorityvote": {runs: ["add", "edit", "open", "count_hands", "close"], is_invited: ["cast"]},
    "outing": {runs: ["add", "edit", "open", "resize"], is_invited: ["register", "give_up"]},
    "partner": {is_secretariat: ["add", "edit"]},
    "partnerinvitation": {runs: ["add", "edit"]},
    "referral": {runs: ["add", "edit", "reply", "close"]},
    "minutes": {
        runs | is_rapporteur: ["edit", "submit"],
        runs: ["send_back"],
        is_secretariat: ["approve", "publish", "correct"],
    },
    "correction": {is_there: ["add"], runs | is_rapporteur: ["accept", "refuse"]},
    "commitment": {runs: ["add", "edit", "keep", "drop", "postpone"]},
    "notebook": {
        runs: ["edit", "send_back", "approve"],
        runs | is_rapporteur: ["submit", "deposit"],
        runs | belongs: ["take_out"],
    },
    "notebooksection": {runs | belongs: ["edit", "write"], runs | is_rapporteur: ["add"]},
    "notebookquestion": {runs | belongs: ["add", "edit", "take_out"], is_executive: ["reply"]},
    "finding": {runs | belongs: ["add", "edit", "take_out"]},
    "evidence": {runs | belongs: ["add", "take_out"]},
    "picture": {runs | belongs: ["add", "take_out"]},
    "remark": {runs | belongs: ["add", "resolve"]},
    "allowancerun": {is_secretariat: ["add", "reckon", "check_over", "send_back", "close"]},
    "survey": {is_secretariat: ["add", "edit", "open", "close", "publish"], sits: ["answer"]},
    "surveyquestion": {is_secretariat: ["add", "edit"]},
    "freeanswer": {is_secretariat: ["publish", "withhold"]},
}

for model, entitlements in TABLE.items():
    for who, acts in entitlements.items():
        for act in acts:
            rules.add_perm(f"workshops.{act}_{model}", who)
rules.add_perm("workshops.view_enrolments", is_secretariat)
rules.add_perm("workshops.view_allowances", is_secretariat)
rules.add_perm("workshops.view_personheard", runs | is_guarantor)
rules.add_perm("workshops.view_watch", is_inside)
rules.add_perm("workshops.view_year", runs)
