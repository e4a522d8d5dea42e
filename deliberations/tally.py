"""From voices to a result. Pure: numbers in, a result and its sentence out.

The quorum counts those who take part (for, against or abstaining) among all who may vote. A majority is
simple (more voices for than against), absolute (more than half) or of two thirds; the last two are shares
of a base that the sentence names. A tie does not adopt.
"""

from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

SIMPLE, ABSOLUTE, TWO_THIRDS = MAJORITIES = ("simple", "absolute", "two_thirds")
CAST, TAKING_PART, ELECTORATE = BASES = ("cast", "taking_part", "electorate")


@dataclass(frozen=True)
class Tally:
    for_: int
    against: int
    abstention: int
    not_voting: int

    @property
    def cast(self) -> int:
        return self.for_ + self.against

    @property
    def taking_part(self) -> int:
        return self.cast + self.abstention

    @property
    def electorate(self) -> int:
        return self.taking_part + self.not_voting


@dataclass(frozen=True)
class Rule:
    """What it takes to adopt: a share of all who may vote taking part, and a majority of a base."""

    quorum_percent: int = 50
    majority: str = SIMPLE
    base: str = CAST

    def voices_needed(self, count: Tally) -> int:
        """How many voices for are enough."""
        if self.majority == SIMPLE:
            return count.against + 1
        whole = getattr(count, self.base)
        return whole // 2 + 1 if self.majority == ABSOLUTE else max(1, -(-2 * whole // 3))


@dataclass(frozen=True)
class Result:
    quorum_reached: bool
    adopted: bool
    sentence: str


def tally(choices: list[str | None]) -> Tally:
    """Count papers: "for", "against", "abstention"; a paper left blank is somebody who did not vote."""
    counted = [choices.count(voice) for voice in ("for", "against", "abstention")]
    return Tally(*counted, not_voting=len(choices) - sum(counted))


def needed(electorate: int, quorum_percent: int) -> int:
    """How many must take part: the share of the electorate, rounded up."""
    return -(-electorate * quorum_percent // 100)


def decide(count: Tally, rule: Rule) -> Result:
    quorum_reached = count.taking_part > 0 and count.taking_part >= needed(
        count.electorate, rule.quorum_percent
    )
    adopted = quorum_reached and count.for_ >= rule.voices_needed(count)
    return Result(quorum_reached, adopted, _sentence(count, rule, quorum_reached, adopted))


def share(count: Tally, base: str = CAST) -> Fraction:
    """The voices for, as a share of the base; nothing when nobody is in it."""
    whole = getattr(count, base)
    return Fraction(count.for_, whole) if whole else Fraction(0)


def _sentence(count: Tally, rule: Rule, quorum_reached: bool, adopted: bool) -> str:
    facts = {
        "for": count.for_,
        "against": count.against,
        "abstention": count.abstention,
        "taking_part": count.taking_part,
        "electorate": count.electorate,
        "needed": max(1, needed(count.electorate, rule.quorum_percent)),
    }
    if not quorum_reached:
        return (
            _(
                "No decision: %(taking_part)s of %(electorate)s took part, the quorum was %(needed)s. "
                "The vote may be held again."
            )
            % facts
        )
    voices = _("%(for)s for, %(against)s against, %(abstention)s abstaining") % facts
    said = (_("Adopted: %s.") if adopted else _("Not adopted: %s.")) % voices
    if rule.majority != SIMPLE:
        return f"{said} {majority_sentence(count, rule)}"
    if not adopted and count.for_ == count.against:
        return _("Not adopted: %s. A tie does not adopt.") % voices
    return said


def majority_sentence(count: Tally, rule: Rule) -> str:
    """How many voices it took, and of what."""
    facts = {"needed": rule.voices_needed(count), "whole": getattr(count, rule.base)}
    if rule.base == ELECTORATE:
        return _("It took %(needed)s voices for, of the %(whole)s people who may vote.") % facts
    if rule.base == TAKING_PART:
        return (
            _("It took %(needed)s voices for, of the %(whole)s who took part, abstentions included.") % facts
        )
    return (
        _("It took %(needed)s voices for, of the %(whole)s for or against; abstentions do not count.") % facts
    )
