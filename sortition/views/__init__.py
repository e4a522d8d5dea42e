"""The pages of recruitment, of the draw room and of the seats."""

from sortition.views.draws import DrawAct, DrawArchive, DrawDetail, DrawFile, DrawList
from sortition.views.letters import (
    RegisterAdd,
    RegisterDetail,
    RegisterExport,
    RegisterFile,
)
from sortition.views.preparing import DrawAdd, DrawAdjust
from sortition.views.recruitment import Recruitment, Reminders, ResponseRates
from sortition.views.respond import Respond, RespondAnswer, RespondDone
from sortition.views.screen import DrawScreen
from sortition.views.seats import (
    AuthorisationFile,
    ComplementAdd,
    PaperAct,
    SeatAct,
    SeatConfirm,
    SeatDetail,
    SeatList,
    SeatReceive,
    SeatReplace,
)
from sortition.views.volunteers import VolunteerList
from sortition.views.weighing import DrawQuotas, DrawRelax, DrawRoom, DrawTry

__all__ = [
    "AuthorisationFile",
    "ComplementAdd",
    "DrawAct",
    "DrawAdd",
    "DrawAdjust",
    "DrawArchive",
    "DrawDetail",
    "DrawFile",
    "DrawList",
    "DrawQuotas",
    "DrawRelax",
    "DrawRoom",
    "DrawScreen",
    "DrawTry",
    "Recruitment",
    "PaperAct",
    "RegisterAdd",
    "RegisterDetail",
    "RegisterExport",
    "RegisterFile",
    "Reminders",
    "Respond",
    "RespondAnswer",
    "RespondDone",
    "ResponseRates",
    "SeatAct",
    "SeatConfirm",
    "SeatDetail",
    "SeatList",
    "SeatReceive",
    "SeatReplace",
    "VolunteerList",
]
