"""The pages of recruitment, of the draw room and of the seats."""

from sortition.views.draws import DrawAct, DrawArchive, DrawDetail, DrawFile, DrawList
from sortition.views.letters import (
    LettersReturned,
    Recruitment,
    RegisterAdd,
    RegisterDetail,
    RegisterExport,
    RegisterFile,
)
from sortition.views.preparing import DrawAdd
from sortition.views.respond import Respond, RespondAnswer, RespondDone
from sortition.views.screen import DrawScreen
from sortition.views.seats import SeatAct, SeatConfirm, SeatList
from sortition.views.volunteers import AnswersPreview, AnswersUpload, VolunteerList

__all__ = [
    "AnswersPreview",
    "AnswersUpload",
    "DrawAct",
    "DrawAdd",
    "DrawArchive",
    "DrawDetail",
    "DrawFile",
    "DrawList",
    "DrawScreen",
    "LettersReturned",
    "Recruitment",
    "RegisterAdd",
    "RegisterDetail",
    "RegisterExport",
    "RegisterFile",
    "Respond",
    "RespondAnswer",
    "RespondDone",
    "SeatAct",
    "SeatConfirm",
    "SeatList",
    "VolunteerList",
]
