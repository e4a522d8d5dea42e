"""Letters that come back, by the pile: every line is recorded, or handed back with its reason."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from sortition import codes
from sortition.models import Invitation

S = Invitation.State
REACHED = {"come_back": S.UNDELIVERED, "oppose": S.OPPOSED}


@dataclass
class Outcome:
    """`known` were recorded earlier: scanned twice is scanned once. `refused`: (line, reason)."""

    done: int = 0
    known: int = 0
    refused: list = field(default_factory=list)


def understood(line):
    """What a line names, as a filter: the number seen through the window, or the code inside; None otherwise."""
    if number := codes.from_postal(line):
        return "pk", number
    if code := codes.normalised(line):
        return "code", code
    return None


def record(cycle, act, lines, *, by):
    """`act` is `come_back` or `oppose`; whatever is refused changes nothing."""
    outcome, named = Outcome(), {line: understood(line) for line in lines}
    with transaction.atomic():
        letters = letters_of(cycle, named.values())
        for line, name in named.items():
            try:
                outcome.done += record_one(letters, name, act, by)
            except ValidationError as refusal:
                outcome.refused.append((line, " ".join(refusal.messages)))
    outcome.known = len(named) - outcome.done - len(outcome.refused)
    return outcome


def letters_of(cycle, names):
    """{("pk" or "code", value): letter}, in two queries."""
    rows = Invitation.objects.filter(pool__cycle=cycle).select_related("pool__cycle", "contact")
    found = {}
    for field_name in ("pk", "code"):
        wanted = {name[1] for name in names if name and name[0] == field_name}
        for letter in rows.filter(**{f"{field_name}__in": wanted}) if wanted else ():
            found[field_name, getattr(letter, field_name)] = letter
    return found


def record_one(letters, name, act, by):
    """True when something changed."""
    if name is None:
        raise ValidationError(_("Neither the ten digits of an envelope nor the eight signs of a code."))
    if (letter := letters.get(name)) is None:
        raise ValidationError(_("No letter of this cycle bears this number or code."))
    if letter.state == REACHED[act]:
        return False
    getattr(letter, act)(by=by)
    return True
