"""The pages of the workshops: their spaces, the agenda, minutes, notebooks."""

from workshops.views.enrolments import AllotmentDetail, AllotmentFound, ChooseWorkshop, EnrolmentList
from workshops.views.meetings import MeetingDetail, MeetingEdit, MeetingFound, MeetingList, TakeAttendance
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
from workshops.views.questions import MeetingQuestionFound, QuestionEdit, QuestionList, WorkshopQuestionFound
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
    "MeetingQuestionFound",
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
    "QuestionEdit",
    "QuestionList",
    "SectionEdit",
    "TakeAttendance",
    "WorkshopDetail",
    "WorkshopEdit",
    "WorkshopFound",
    "WorkshopList",
    "WorkshopQuestionFound",
    "WorkshopSection",
]
