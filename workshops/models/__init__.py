"""What the workshops keep."""

from workshops.models.allotments import Allotment, mixed_criteria
from workshops.models.allowances import AllowanceLine, AllowanceRun, AllowanceStatement
from workshops.models.attendance import Attendance
from workshops.models.commitments import Commitment
from workshops.models.enrolments import Enrolment, Preference, joined_by, own_workshops, sentence
from workshops.models.findings import Evidence, Finding, Remark
from workshops.models.meetings import Meeting
from workshops.models.minutes import Correction, EarlierMinutes, Minutes
from workshops.models.notebooks import Notebook, NotebookQuestion, NotebookSection
from workshops.models.pictures import Picture
from workshops.models.proceedings import AgendaItem, Decision, PersonHeard
from workshops.models.questions import Question
from workshops.models.readers import ANSWERERS, facilitated_by, in_cycles_of, seated_cycles
from workshops.models.workshops import Workshop

__all__ = [
    "Remark",
    "Picture",
    "Finding",
    "Evidence",
    "EarlierMinutes",
    "Correction",
    "Commitment",
    "AllowanceStatement",
    "AllowanceRun",
    "AllowanceLine",
    "ANSWERERS",
    "AgendaItem",
    "Allotment",
    "Attendance",
    "Decision",
    "Enrolment",
    "Meeting",
    "Minutes",
    "Notebook",
    "NotebookQuestion",
    "NotebookSection",
    "PersonHeard",
    "Preference",
    "Question",
    "Workshop",
    "facilitated_by",
    "in_cycles_of",
    "joined_by",
    "mixed_criteria",
    "own_workshops",
    "seated_cycles",
    "sentence",
]
