"""The pages of mandates, texts, votes and measures."""

from deliberations.views.ballots import BallotDetail, OpenBallot, OpenPlenaryBallot
from deliberations.views.drafting import (
    AmendmentDetail,
    AmendmentFound,
    ClauseRemarkFound,
    ProposalAmendments,
    ReviewDetail,
    ReviewFound,
)
from deliberations.views.exchange import ProposalAkoma, ProposalWord
from deliberations.views.mandates import (
    WorkingMandateDetail,
    WorkingMandateEdit,
    WorkingMandateFound,
    WorkingMandateList,
)
from deliberations.views.measures import MeasureDetail, MeasureList, ReachMilestone
from deliberations.views.proposals import (
    ProposalBoard,
    ProposalDetail,
    ProposalEdit,
    ProposalFound,
    ProposalList,
)
from deliberations.views.recommendations import RecommendationFound, RecommendationList
from deliberations.views.reports import (
    YearlyReportDetail,
    YearlyReportEdit,
    YearlyReportFound,
    YearlyReportList,
)
from deliberations.views.versions import ProposalTexts, ProposalVersions, in_one_order
from deliberations.views.writing import ProposalWrite

__all__ = [
    "AmendmentDetail",
    "AmendmentFound",
    "BallotDetail",
    "ClauseRemarkFound",
    "MeasureDetail",
    "MeasureList",
    "OpenBallot",
    "OpenPlenaryBallot",
    "ProposalAkoma",
    "ProposalAmendments",
    "ProposalBoard",
    "ProposalDetail",
    "ProposalEdit",
    "ProposalFound",
    "ProposalList",
    "ProposalTexts",
    "ProposalVersions",
    "ProposalWord",
    "ProposalWrite",
    "ReachMilestone",
    "RecommendationFound",
    "RecommendationList",
    "ReviewDetail",
    "ReviewFound",
    "WorkingMandateDetail",
    "WorkingMandateEdit",
    "WorkingMandateFound",
    "WorkingMandateList",
    "YearlyReportDetail",
    "YearlyReportEdit",
    "YearlyReportFound",
    "YearlyReportList",
    "in_one_order",
]
