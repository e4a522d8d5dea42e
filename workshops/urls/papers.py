"""The addresses of the papers: what hangs on minutes and notebooks, what is followed, allowances."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.utils.translation import gettext_lazy as _

from assembly.forms import ReasonForm
from assembly.views import ActView
from workshops.forms import papers as forms
from workshops.models import (
    AllowanceRun,
    Commitment,
    Correction,
    Evidence,
    Finding,
    Minutes,
    NotebookQuestion,
    Picture,
    Remark,
)
from workshops.views.allowances import (
    AllowanceRunDetail,
    AllowanceRunFound,
    AllowanceRunList,
    OwnAllowances,
    allowance_table,
)
from workshops.views.commitments import CommitmentDetail, CommitmentEdit, CommitmentFound, CommitmentList
from workshops.views.minutes import CorrectionFound, MinutesCorrect
from workshops.views.notebooks import (
    EvidenceFound,
    FindingEdit,
    FindingFound,
    PictureFound,
    RemarkFound,
    SectionDetail,
    SectionFound,
    TakenOut,
    picture_file,
)

CYCLE = "cycles/<int:number>/"


def public(address, view, name):
    return path(address, login_not_required(view.as_view()), name=name)


def page(address, view, name):
    return path(address, view.as_view(), name=name)


def act(address, model, name, title, **options):
    view = ActView.as_view(model=model, act=name, title=title, **options)
    return path(address, view, name=f"{model._meta.model_name}_{name}")


def taken_out(address, model):
    return path(address, TakenOut.as_view(model=model), name=f"{model._meta.model_name}_take_out")


minutes = [
    act(
        "comptes-rendus/<int:pk>/approuver/",
        Minutes,
        "approve",
        _("Approve the minutes"),
        form_class=forms.ApprovalForm,
    ),
    page("comptes-rendus/<int:pk>/corriger/", MinutesCorrect, "minutes_correct"),
    page("comptes-rendus/<int:pk>/corrections/proposer/", CorrectionFound, "correction_add"),
    act("corrections/<int:pk>/accepter/", Correction, "accept", _("Accept the correction")),
    act(
        "corrections/<int:pk>/refuser/",
        Correction,
        "refuse",
        _("Refuse the correction"),
        form_class=ReasonForm,
    ),
]
commitments = [
    public("engagements/", CommitmentList, "commitment_list"),
    public("engagements/<int:pk>/", CommitmentDetail, "commitment_detail"),
    page("rencontres/<int:pk>/engagements/ajouter/", CommitmentFound, "commitment_add"),
    page("engagements/<int:pk>/modifier/", CommitmentEdit, "commitment_edit"),
    act(
        "engagements/<int:pk>/tenu/",
        Commitment,
        "keep",
        _("It is done"),
        form_class=forms.OutcomeForm,
    ),
    act(
        "engagements/<int:pk>/abandonne/",
        Commitment,
        "drop",
        _("It will not be done"),
        form_class=forms.OutcomeForm,
    ),
    act(
        "engagements/<int:pk>/reporter/",
        Commitment,
        "postpone",
        _("Postpone it"),
        form_class=forms.PostponeForm,
    ),
]
notebooks = [
    page("carnets/<int:pk>/sections/ajouter/", SectionFound, "notebooksection_add"),
    page("carnets/sections/<int:pk>/", SectionDetail, "notebooksection_detail"),
    page("carnets/sections/<int:pk>/remarques/ajouter/", RemarkFound, "remark_add"),
    act("carnets/remarques/<int:pk>/traitee/", Remark, "resolve", _("It is dealt with")),
    page("carnets/<int:pk>/constats/ajouter/", FindingFound, "finding_add"),
    page("carnets/constats/<int:pk>/modifier/", FindingEdit, "finding_edit"),
    taken_out("carnets/constats/<int:pk>/retirer/", Finding),
    page("carnets/constats/<int:pk>/sources/ajouter/", EvidenceFound, "evidence_add"),
    taken_out("carnets/sources/<int:pk>/retirer/", Evidence),
    page("carnets/<int:pk>/images/ajouter/", PictureFound, "picture_add"),
    taken_out("carnets/images/<int:pk>/retirer/", Picture),
    taken_out("carnets/questions/<int:pk>/retirer/", NotebookQuestion),
    path("images/<str:name>", login_not_required(picture_file), name="picture_file"),
]
allowances = [
    page(f"{CYCLE}indemnites/", AllowanceRunList, "allowancerun_list"),
    page(f"{CYCLE}indemnites/nouvelle/", AllowanceRunFound, "allowancerun_add"),
    page("indemnites/<int:pk>/", AllowanceRunDetail, "allowancerun_detail"),
    path("indemnites/<int:pk>/tableur/", allowance_table, name="allowancerun_table"),
    act("indemnites/<int:pk>/recalculer/", AllowanceRun, "reckon", _("Reckon again")),
    act("indemnites/<int:pk>/verifier/", AllowanceRun, "check_over", _("I have checked it")),
    act(
        "indemnites/<int:pk>/renvoyer/",
        AllowanceRun,
        "send_back",
        _("Send back"),
        form_class=ReasonForm,
    ),
    act("indemnites/<int:pk>/cloturer/", AllowanceRun, "close", _("Close and issue the statements")),
    page("mes-indemnites/", OwnAllowances, "own_allowances"),
]
papers = minutes + commitments + notebooks + allowances
