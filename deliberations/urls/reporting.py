"""The addresses of public commitments, of the sheets of cycles and of the goals they serve."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.utils.translation import gettext_lazy as _

from assembly.goals import GoalsForm
from deliberations.addresses import act, page
from deliberations.forms import reporting as forms
from deliberations.models import Fiche, Measure, Pledge, PledgeMilestone, Proposal
from deliberations.views import reporting as views

PLEDGES, MILESTONES = "engagements-publics/", "engagements-publics/jalons/<int:pk>/"
FICHE = "cycles/<int:number>/fiche/"
AS_IT_STANDS = _("It is frozen as it stands today, page and PDF; what comes later is for the next one.")


def table(file, vocabulary):
    view = login_not_required(views.CycleFicheTable.as_view(vocabulary=vocabulary))
    return path(f"{FICHE}{file}", view, name=f"cycle_fiche_{vocabulary}")


urlpatterns = [
    page(PLEDGES, views.PledgeList, "pledge_list"),
    path(f"{PLEDGES}nouveau/", views.PledgeFound.as_view(), name="pledge_add"),
    page(f"{PLEDGES}<int:pk>/", views.PledgeDetail, "pledge_detail"),
    path(f"{PLEDGES}<int:pk>/modifier/", views.PledgeEdit.as_view(), name="pledge_edit"),
    act(
        f"{PLEDGES}<int:pk>/bilan/",
        Pledge,
        "assess",
        _("Assess the progress of the year"),
        form=forms.AssessForm,
    ),
    act(
        f"{PLEDGES}<int:pk>/impression/",
        Pledge,
        "print_sheet",
        _("Print the sheet"),
        help_text=AS_IT_STANDS,
    ),
    path(f"{PLEDGES}<int:pk>/jalon/", views.PledgeMilestoneFound.as_view(), name="pledgemilestone_add"),
    path(f"{MILESTONES}modifier/", views.PledgeMilestoneEdit.as_view(), name="pledgemilestone_edit"),
    act(f"{MILESTONES}statut/", PledgeMilestone, "move", _("Change the status"), form=forms.MoveForm),
    act(f"{MILESTONES}preuve/", PledgeMilestone, "prove", _("Attach a proof"), view=views.Prove),
    act(
        f"{MILESTONES}preuve-retiree/",
        PledgeMilestone,
        "withdraw_proof",
        _("Withdraw a proof"),
        form=forms.WithdrawForm,
        danger=True,
    ),
    page(FICHE, views.CycleFiche, "cycle_fiche"),
    table("oidp.csv", "oidp"),
    table("ocde.csv", "oecd"),
    act(
        f"{FICHE}complement/",
        Fiche,
        "complete",
        _("Complete the sheet"),
        view=views.FicheAct,
        form=forms.FicheForm,
        help_text=_("Everything else on the sheet is worked out from what the site knows."),
    ),
    act(
        f"{FICHE}impression/",
        Fiche,
        "print_sheet",
        _("Print the sheet"),
        view=views.FicheAct,
        help_text=AS_IT_STANDS,
    ),
    page("objectifs-durables/", views.GoalList, "goal_list"),
    act("voeux/<int:pk>/objectifs-durables/", Proposal, "name_goals", _("Name the goals"), form=GoalsForm),
    act("suivi/<int:pk>/objectifs-durables/", Measure, "name_goals", _("Name the goals"), form=GoalsForm),
]
