"""What mandates, texts, votes and measures keep."""

from deliberations.models.amendments import Amendment, ClauseRemark
from deliberations.models.ballots import Ballot, BallotPaper
from deliberations.models.council import CouncilAmendment, CouncilItem, GroupPosition
from deliberations.models.fiches import Fiche
from deliberations.models.followers import Follower, News
from deliberations.models.ground import PutToTheVote, Role
from deliberations.models.instruments import Instrument, InstrumentLimit, Request
from deliberations.models.mandates import WorkingMandate
from deliberations.models.measures import Indicator, Measure, Milestone, Reading, Return
from deliberations.models.pledges import Assessment, Pledge, PledgeMilestone, Proof
from deliberations.models.proposals import Proposal
from deliberations.models.recommendations import Recommendation, RecommendationSource
from deliberations.models.reports import YearlyReport
from deliberations.models.reviews import Review
from deliberations.models.versions import Version, VersionConflict
from deliberations.models.wordings import Wording

__all__ = [
    "Amendment",
    "Assessment",
    "Ballot",
    "BallotPaper",
    "ClauseRemark",
    "CouncilAmendment",
    "CouncilItem",
    "Fiche",
    "Follower",
    "GroupPosition",
    "Indicator",
    "Instrument",
    "InstrumentLimit",
    "Measure",
    "Milestone",
    "Pledge",
    "PledgeMilestone",
    "Proof",
    "News",
    "Proposal",
    "PutToTheVote",
    "Reading",
    "Recommendation",
    "RecommendationSource",
    "Request",
    "Return",
    "Review",
    "Role",
    "Version",
    "VersionConflict",
    "Wording",
    "WorkingMandate",
    "YearlyReport",
]
