"""The addresses of a text being written."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from assembly.forms import ReasonForm
from deliberations import views
from deliberations.addresses import act, page
from deliberations.forms import drafting as drafting_forms
from deliberations.forms import texts as forms
from deliberations.forms.lists import LocateForm
from deliberations.models import Amendment, ClauseRemark, Proposal, Review
from deliberations.views.cards import ProposalCard

urlpatterns = [
    act(
        "voeux/<int:pk>/arrondissements/",
        Proposal,
        "locate",
        _("Say which districts it concerns"),
        form=LocateForm,
    ),
    page("voeux/<int:pk>/amendements/", views.ProposalAmendments, "proposal_amendments"),
    page("voeux/<int:pk>/carte.png", ProposalCard, "proposal_card"),
    page("voeux/<int:pk>/texte.docx", views.ProposalWord, "proposal_word"),
    page("voeux/<int:pk>/texte.xml", views.ProposalAkoma, "proposal_akoma"),
    act(
        "voeux/<int:pk>/contre-proposition/",
        Proposal,
        "counter_propose",
        _("Propose another text"),
        form=drafting_forms.CounterProposalForm,
        help_text=_(
            "The workshop compares it with its own, word by word, and votes on it or upholds its text."
        ),
    ),
    act("voeux/<int:pk>/maintien/", Proposal, "uphold", _("Uphold our text"), form=forms.ReasonsForm),
    act(
        "voeux/<int:pk>/abandon/",
        Proposal,
        "set_aside",
        _("Abandon this text"),
        form=forms.ReasonsForm,
        danger=True,
    ),
    path("voeux/<int:pk>/amendements/nouveau/", views.AmendmentFound.as_view(), name="amendment_add"),
    page("amendements/<int:pk>/", views.AmendmentDetail, "amendment_detail"),
    act(
        "amendements/<int:pk>/acceptation/",
        Amendment,
        "accept",
        _("Accept the amendment"),
        form=drafting_forms.AcceptForm,
    ),
    act(
        "amendements/<int:pk>/refus/",
        Amendment,
        "refuse",
        _("Refuse the amendment"),
        form=forms.ReasonsForm,
        danger=True,
    ),
    act("amendements/<int:pk>/fusion/", Amendment, "merge", _("Merge it"), form=drafting_forms.MergeForm),
    act("amendements/<int:pk>/retrait/", Amendment, "withdraw", _("Withdraw my amendment")),
    path("voeux/<int:pk>/remarques/nouvelle/", views.ClauseRemarkFound.as_view(), name="clauseremark_add"),
    act(
        "remarques/<int:pk>/suite/",
        ClauseRemark,
        "settle",
        _("Deal with the remark"),
        form=drafting_forms.SettleRemarkForm,
        then="get_list_url",
        back="get_list_url",
    ),
    path("voeux/<int:pk>/avis/nouveau/", views.ReviewFound.as_view(), name="review_add"),
    page("avis/<int:pk>/", views.ReviewDetail, "review_detail"),
    act("avis/<int:pk>/reponse/", Review, "answer", _("Give the opinion"), form=drafting_forms.AnswerForm),
    act("avis/<int:pk>/delai/", Review, "extend", _("Give more time"), form=drafting_forms.ExtendForm),
    act("avis/<int:pk>/annulation/", Review, "cancel", _("No longer needed"), form=ReasonForm, danger=True),
    act("avis/<int:pk>/reprise/", Review, "take_up", _("Take up its words"), form=drafting_forms.TakeUpForm),
]
