"""The pages of the workshops: their spaces, the agenda, minutes, notebooks."""

from workshops.views.enrolments import AllotmentDetail, AllotmentFound, ChooseWorkshop, EnrolmentList
from workshops.views.meetings import MeetingDetail, MeetingEdit, MeetingFound, MeetingList
from workshops.views.minutes import MinutesDetail, MinutesEdit, MinutesList
from workshops.views.notebooks import (
    NotebookDetail,
    NotebookEdit,
    NotebookList,
    NotebookQuestionEdit,
    NotebookQuestionFound,
    SectionEdit,
)
from workshops.views.proceedings import (
    AgendaItemEdit,
    AgendaItemFound,
    DecisionEdit,
    DecisionFound,
    PersonHeardEdit,
    PersonHeardFound,
)
from workshops.views.spaces import WorkshopSection
from workshops.views.workshops import WorkshopDetail, WorkshopEdit, WorkshopFound, WorkshopList

__all__ = [
    "AgendaItemEdit",
    "AgendaItemFound",
    "AllotmentDetail",
    "AllotmentFound",
    "ChooseWorkshop",
    "DecisionEdit",
    "DecisionFound",
    "EnrolmentList",
    "MeetingDetail",
    "MeetingEdit",
    "MeetingFound",
    "MeetingList",
    "MinutesDetail",
    "MinutesEdit",
    "MinutesList",
    "NotebookDetail",
    "NotebookEdit",
    "NotebookList",
    "NotebookQuestionEdit",
    "NotebookQuestionFound",
    "PersonHeardEdit",
    "PersonHeardFound",
    "SectionEdit",
    "WorkshopDetail",
    "WorkshopEdit",
    "WorkshopFound",
    "WorkshopList",
    "WorkshopSection",
]
