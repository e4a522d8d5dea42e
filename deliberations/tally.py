"""From voices to a result. Pure: numbers in, a result and its sentence out.

The rule of the house: the quorum counts those who take part (for, against or abstaining) among all who may
vote; the majority is simple: more voices for than against. A tie does not adopt.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Tally:
    for_: int
    against: int
    abstention: int
    not_voting: int

    @property
    def taking_part(self) -> int:
        return self.for_ + self.against + self.abstention

    @property
    def electorate(self) -> int:
        return self.taking_part + self.not_voting


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


def decide(count: Tally, *, quorum_percent: int) -> Result:
    quorum_reached = count.taking_part > 0 and count.taking_part >= needed(count.electorate, quorum_percent)
    adopted = quorum_reached and count.for_ > count.against
    return Result(quorum_reached, adopted, _sentence(count, quorum_percent, quorum_reached, adopted))


def _sentence(count: Tally, quorum_percent: int, quorum_reached: bool, adopted: bool) -> str:
    facts = {
        "for": count.for_,
        "against": count.against,
        "abstention": count.abstention,
        "taking_part": count.taking_part,
        "electorate": count.electorate,
        "needed": max(1, needed(count.electorate, quorum_percent)),
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
    if adopted:
        return _("Adopted: %s.") % voices
    if count.for_ == count.against:
        return _("Not adopted: %s. A tie does not adopt.") % voices
    return _("Not adopted: %s.") % voices
