"""What the draws keep: letters, volunteers, draws, seats."""

from sortition.models.authorisations import Authorisation
from sortition.models.calls import Call
from sortition.models.contacts import DAYS_KEPT_AFTER_THE_TERM, DAYS_KEPT_WITHOUT_ANSWER, Contact
from sortition.models.draws import Draw, Exhibit
from sortition.models.forecasts import Forecast
from sortition.models.incoming import Draft, SecondAnswer, TrialAnswer
from sortition.models.invitations import Invitation
from sortition.models.layouts import Layout
from sortition.models.letters import LetterBatch, LetterPart, keep_until
from sortition.models.likenesses import Likeness
from sortition.models.objections import Objection
from sortition.models.registers import Register, lay_aside
from sortition.models.seats import SeatOffer
from sortition.models.volunteers import Volunteer, fresh_salt
from sortition.models.weighings import Weighing

__all__ = [
    "DAYS_KEPT_AFTER_THE_TERM",
    "DAYS_KEPT_WITHOUT_ANSWER",
    "Authorisation",
    "Call",
    "Contact",
    "Draft",
    "Draw",
    "Exhibit",
    "Forecast",
    "Invitation",
    "Layout",
    "LetterBatch",
    "LetterPart",
    "Likeness",
    "Objection",
    "Register",
    "SeatOffer",
    "SecondAnswer",
    "TrialAnswer",
    "Volunteer",
    "Weighing",
    "fresh_salt",
    "keep_until",
    "lay_aside",
]
