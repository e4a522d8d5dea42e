"""What mandates, texts, votes and measures keep."""

from deliberations.models.ballots import Ballot, BallotPaper
from deliberations.models.council import CouncilItem
from deliberations.models.ground import PutToTheVote, Role
from deliberations.models.mandates import WorkingMandate
from deliberations.models.measures import Measure, Return
from deliberations.models.proposals import Proposal
from deliberations.models.recommendations import Recommendation
from deliberations.models.versions import Version, VersionConflict

__all__ = [
    "Ballot",
    "BallotPaper",
    "CouncilItem",
    "Measure",
    "Proposal",
    "PutToTheVote",
    "Recommendation",
    "Return",
    "Role",
    "Version",
    "VersionConflict",
    "WorkingMandate",
]
