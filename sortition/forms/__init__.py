"""The forms of recruitment, draws and seats."""

from sortition.forms.answering import NOT_KNOWN, AnswerForm, CodeForm
from sortition.forms.ceremony import NumberForm, SeedAgainForm, SeedForm, StatementForm
from sortition.forms.letters import RegisterForm, ReturnedForm
from sortition.forms.preparing import AnnounceForm, DrawForm, SettingsForm
from sortition.forms.seats import (
    AuthorisationForm,
    CallForm,
    ConfirmForm,
    RefusalForm,
    SeatFilters,
    WaitForm,
)
from sortition.forms.volunteers import AnswersFileForm, VolunteerFilters

__all__ = [
    "NOT_KNOWN",
    "AnnounceForm",
    "AnswerForm",
    "AnswersFileForm",
    "AuthorisationForm",
    "CallForm",
    "CodeForm",
    "ConfirmForm",
    "DrawForm",
    "NumberForm",
    "RefusalForm",
    "RegisterForm",
    "ReturnedForm",
    "SeatFilters",
    "SeedAgainForm",
    "SeedForm",
    "SettingsForm",
    "StatementForm",
    "VolunteerFilters",
    "WaitForm",
]
