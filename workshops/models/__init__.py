"""What the workshops keep."""

from workshops.models.allotments import Allotment, mixed_criteria
from workshops.models.allowances import AllowanceLine, AllowanceRun, AllowanceStatement
from workshops.models.attendance import Attendance, Guest, Presence
from workshops.models.commitments import Commitment
from workshops.models.discussions import Message, MessageFlag, Thread
from workshops.models.enrolments import Enrolment, Preference, joined_by, own_workshops, sentence
from workshops.models.findings import Evidence, Finding, Remark
from workshops.models.hearings import Hearing
from workshops.models.inside import inside
from workshops.models.letters import Reminder, Subscription
from workshops.models.meetings import Meeting
from workshops.models.minutes import Correction, EarlierMinutes, Minutes
from workshops.models.needs import Need, NeedsSheet, Provision
from workshops.models.notebooks import Notebook, NotebookQuestion, NotebookSection
from workshops.models.notices import Notice
from workshops.models.outings import Outing, Registration
from workshops.models.outreach import Outreach
from workshops.models.papers import Paper
from workshops.models.partners import Partner, PartnerInvitation, Referral
from workshops.models.pictures import Picture
from workshops.models.pieces import Piece
from workshops.models.priorities import PriorityBallot, PrioritySubject, PriorityVote, SubjectSupport
from workshops.models.proceedings import AgendaItem, Decision, PersonHeard
from workshops.models.questions import Question, QuestionSupport
from workshops.models.readers import ANSWERERS, facilitated_by, in_cycles_of, seated_cycles
from workshops.models.survey_papers import AnswerSheet, FreeAnswer, Participation
from workshops.models.surveys import Survey, SurveyQuestion
from workshops.models.tableplans import TablePlan, own_tables
from workshops.models.watch import PressReview, WatchItem
from workshops.models.workshops import Workshop

__all__ = [
    "own_tables",
    "TablePlan",
    "AnswerSheet",
    "FreeAnswer",
    "Participation",
    "Survey",
    "SurveyQuestion",
    "Presence",
    "Paper",
    "Outreach",
    "Notice",
    "Guest",
    "ANSWERERS",
    "AgendaItem",
    "Allotment",
    "AllowanceLine",
    "AllowanceRun",
    "AllowanceStatement",
    "Attendance",
    "Commitment",
    "Correction",
    "Decision",
    "EarlierMinutes",
    "Enrolment",
    "Evidence",
    "Finding",
    "Hearing",
    "Meeting",
    "Message",
    "MessageFlag",
    "Minutes",
    "Need",
    "NeedsSheet",
    "Notebook",
    "NotebookQuestion",
    "NotebookSection",
    "Outing",
    "Partner",
    "PartnerInvitation",
    "PersonHeard",
    "Picture",
    "Piece",
    "Preference",
    "PressReview",
    "PriorityBallot",
    "PrioritySubject",
    "PriorityVote",
    "Provision",
    "Question",
    "QuestionSupport",
    "Referral",
    "Registration",
    "Remark",
    "Reminder",
    "SubjectSupport",
    "Subscription",
    "Thread",
    "WatchItem",
    "Workshop",
    "facilitated_by",
    "in_cycles_of",
    "inside",
    "joined_by",
    "mixed_criteria",
    "own_workshops",
    "seated_cycles",
    "sentence",
]
