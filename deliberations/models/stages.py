"""The states a text goes through, and what each waits for."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review by departments")
    CO_DRAFTED = "co_drafted", _("co-drafting")
    SETTLED = "settled", _("settled")
    VOTED = "voted", _("voted by the workshop")
    ENDORSED = "endorsed", _("voted by the plenary")
    TRANSMITTED = "transmitted", _("transmitted to the executive")
    CARRIED = "carried", _("carried by the executive")
    REFUSED = "refused", _("refused by the executive")
    COUNTERED = "countered", _("answered by a counter-proposal")
    FILED = "filed", _("filed with the Council")
    ON_AGENDA = "on_agenda", _("on the Council’s agenda")
    ADOPTED = "adopted", _("adopted")
    ADOPTED_AMENDED = "adopted_amended", _("adopted as amended")
    REJECTED = "rejected", _("rejected by the Council")
    ABANDONED = "abandoned", _("abandoned by the workshop")
    WITHDRAWN = "withdrawn", _("withdrawn")
    POSTPONED = "postponed", _("postponed")
    IN_FOLLOW_UP = "in_follow_up", _("in follow-up")
    CLOSED = "closed", _("follow-up closed")


BEFORE_THE_VOTE = (State.DRAFT, State.IN_REVIEW, State.CO_DRAFTED, State.SETTLED)
IN_HOUSE = (*BEFORE_THE_VOTE, State.VOTED, State.ENDORSED, State.ABANDONED)
ENDED = (State.ABANDONED, State.REFUSED, State.REJECTED, State.WITHDRAWN, State.IN_FOLLOW_UP, State.CLOSED)
VOTED_BY_COUNCIL = (State.ADOPTED, State.ADOPTED_AMENDED)
SAID_BY_COUNCIL = (*VOTED_BY_COUNCIL, State.REJECTED, State.IN_FOLLOW_UP, State.CLOSED)
IN_SESSION = (State.ON_AGENDA, *SAID_BY_COUNCIL)
BEFORE_COUNCIL = (State.CARRIED, State.FILED, State.ON_AGENDA, State.POSTPONED)
OUTCOMES = [
    (state, state.label) for state in (State.ADOPTED, State.ADOPTED_AMENDED, State.REJECTED, State.POSTPONED)
]
ENDINGS = [*OUTCOMES, (State.REFUSED, State.REFUSED.label), (State.WITHDRAWN, State.WITHDRAWN.label)]
WAITS_FOR = {
    State.DRAFT: _("the workshop to send it to the departments"),
    State.IN_REVIEW: _("the departments’ words"),
    State.CO_DRAFTED: _("the workshop to settle it"),
    State.SETTLED: _("the vote of the workshop"),
    State.VOTED: _("the secretariat to transmit it"),
    State.ENDORSED: _("the secretariat to transmit it"),
    State.TRANSMITTED: _("the executive to carry it, refuse it or propose another text"),
    State.COUNTERED: _("the workshop to vote on the other text, or to insist"),
    State.CARRIED: _("its filing with the Council"),
    State.FILED: _("a place on the agenda of a session"),
    State.ON_AGENDA: _("the vote of the Council"),
    State.POSTPONED: _("another session of the Council"),
    State.ADOPTED: _("its follow-up to be opened"),
    State.ADOPTED_AMENDED: _("its follow-up to be opened"),
    State.IN_FOLLOW_UP: _("the returns on its measures"),
}
STAGES = [
    ("writing", _("being written"), (State.DRAFT, State.IN_REVIEW, State.CO_DRAFTED)),
    ("voting", _("voted by the citizens"), (State.SETTLED, State.VOTED, State.ENDORSED)),
    ("executive", _("with the executive"), (State.TRANSMITTED, State.COUNTERED, State.CARRIED)),
    ("council", _("before the Council"), (State.FILED, State.ON_AGENDA, State.POSTPONED)),
    ("follow_up", _("adopted, followed up"), (*VOTED_BY_COUNCIL, State.IN_FOLLOW_UP, State.CLOSED)),
    ("stopped", _("stopped"), (State.ABANDONED, State.REFUSED, State.REJECTED, State.WITHDRAWN)),
]
