"""The forms of recruitment, draws and seats."""

from sortition.forms.answering import NOT_KNOWN, AnswerForm, CodeForm
from sortition.forms.ceremony import NumberForm, SeedAgainForm, SeedForm, StatementForm
from sortition.forms.columns import ColumnsForm
from sortition.forms.deciding import CorrectForm, LikenessFilters, MergeForm, TrialForm, TypedAnswerForm
from sortition.forms.letters import RegisterForm
from sortition.forms.preparing import AnnounceForm, DrawForm, SettingsForm
from sortition.forms.reminding import RemindForm
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
    "ColumnsForm",
    "ConfirmForm",
    "CorrectForm",
    "DrawForm",
    "LikenessFilters",
    "MergeForm",
    "NumberForm",
    "RefusalForm",
    "RegisterForm",
    "RemindForm",
    "SeatFilters",
    "SeedAgainForm",
    "SeedForm",
    "SettingsForm",
    "TrialForm",
    "TypedAnswerForm",
    "StatementForm",
    "VolunteerFilters",
    "WaitForm",
]
