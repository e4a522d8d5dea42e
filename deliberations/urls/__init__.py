from django.urls import path
from django.utils.translation import gettext_lazy as _

from assembly.forms import ReasonForm
from deliberations import views
from deliberations.addresses import act, page
from deliberations.forms import texts as forms
from deliberations.models import Ballot, Proposal, Recommendation, WorkingMandate
from deliberations.urls import council as council_urls
from deliberations.urls import drafting as drafting_urls
from deliberations.urls import follow_up as follow_up_urls
from deliberations.urls import following as following_urls
from deliberations.urls import reporting as reporting_urls
from deliberations.urls import requests as request_urls

app_name = "deliberations"

FROZEN = _("The text no longer moves until the vote.")
PUBLIC = _("From now on everybody can read the text and its journey.")
COUNTED = _("Papers are sealed and counted; the result is published and cannot be changed.")


urlpatterns = [
    # texts
    page("voeux/", views.ProposalList, "proposal_list"),
    path("voeux/tableau/", views.ProposalBoard.as_view(), name="proposal_board"),
    path("ateliers/<int:pk>/voeux/nouveau/", views.ProposalFound.as_view(), name="proposal_add"),
    page("voeux/<int:pk>/", views.ProposalDetail, "proposal_detail"),
    page("voeux/<int:pk>/versions/", views.ProposalVersions, "proposal_versions"),
    page("voeux/<int:pk>/trois-textes/", views.ProposalTexts, "proposal_texts"),
    path("voeux/<int:pk>/modifier/", views.ProposalEdit.as_view(), name="proposal_edit"),
    path("voeux/<int:pk>/texte/", views.ProposalWrite.as_view(), name="proposal_save_version"),
    act("voeux/<int:pk>/relecture/", Proposal, "send_to_review", _("Send it to the departments")),
    act("voeux/<int:pk>/co-redaction/", Proposal, "co_draft", _("Open the co-drafting")),
    act("voeux/<int:pk>/arret/", Proposal, "settle", _("Settle the text"), help_text=FROZEN),
    act("voeux/<int:pk>/reprise/", Proposal, "take_up_again", _("Take it up again"), form=ReasonForm),
    act("voeux/<int:pk>/scrutin/", Proposal, "open_ballot", _("Open the vote"), view=views.OpenBallot),
    act(
        "voeux/<int:pk>/scrutin-pleniere/",
        Proposal,
        "open_plenary_ballot",
        _("Open the vote of the plenary"),
        view=views.OpenPlenaryBallot,
    ),
    act(
        "voeux/<int:pk>/transmission/",
        Proposal,
        "transmit",
        _("Transmit it to the executive"),
        help_text=PUBLIC,
    ),
    act("voeux/<int:pk>/portage/", Proposal, "carry", _("Carry it"), form=forms.CarryForm),
    act(
        "voeux/<int:pk>/refus/",
        Proposal,
        "refuse",
        _("Refuse it, with reasons"),
        form=forms.ReasonsForm,
        danger=True,
    ),
    act("voeux/<int:pk>/depot/", Proposal, "file", _("File it with the Council"), form=forms.FileForm),
    act(
        "voeux/<int:pk>/ordre-du-jour/",
        Proposal,
        "put_on_agenda",
        _("Put it on the agenda"),
        form=forms.AgendaForm,
    ),
    act("voeux/<int:pk>/decision/", Proposal, "decide", _("Enter the decision"), form=forms.DecideForm),
    act(
        "voeux/<int:pk>/retrait/", Proposal, "withdraw", _("Withdraw it"), form=forms.ReasonsForm, danger=True
    ),
    act(
        "voeux/<int:pk>/suivi/", Proposal, "open_follow_up", _("Open the follow-up"), form=forms.FollowUpForm
    ),
    act("voeux/<int:pk>/cloture/", Proposal, "close", _("Close the follow-up")),
    # mandates
    page("mandats/", views.WorkingMandateList, "workingmandate_list"),
    path("ateliers/<int:pk>/mandat/nouveau/", views.WorkingMandateFound.as_view(), name="workingmandate_add"),
    page("mandats/<int:pk>/", views.WorkingMandateDetail, "workingmandate_detail"),
    path("mandats/<int:pk>/modifier/", views.WorkingMandateEdit.as_view(), name="workingmandate_edit"),
    act(
        "mandats/<int:pk>/scrutin/",
        WorkingMandate,
        "open_ballot",
        _("Open the vote of the plenary"),
        view=views.OpenBallot,
    ),
    act("mandats/<int:pk>/cloture/", WorkingMandate, "close", _("Close the mandate")),
    # votes
    page("scrutins/<int:pk>/", views.BallotDetail, "ballot_detail"),
    act("scrutins/<int:pk>/voter/", Ballot, "cast", _("Your vote"), form=forms.CastForm),
    act(
        "scrutins/<int:pk>/depouillement/",
        Ballot,
        "count",
        _("Enter the first count"),
        form=forms.CountForm,
        help_text=_("Nobody sees it until a second person has counted the same."),
    ),
    act(
        "scrutins/<int:pk>/note-de-minorite/",
        Ballot,
        "attach_minority_note",
        _("Attach the note of the minority"),
        form=forms.MinorityNoteForm,
    ),
    act(
        "scrutins/<int:pk>/cloture/",
        Ballot,
        "close",
        _("Close the vote"),
        form=forms.CloseBallotForm,
        help_text=COUNTED,
    ),
    # recommendations
    page("ateliers/<int:pk>/recommandations/", views.RecommendationList, "recommendation_list"),
    path(
        "ateliers/<int:pk>/recommandations/nouvelle/",
        views.RecommendationFound.as_view(),
        name="recommendation_add",
    ),
    act(
        "recommandations/<int:pk>/reformulation/",
        Recommendation,
        "reword",
        _("Reword the recommendation"),
        form=forms.RewordForm,
    ),
    act("recommandations/<int:pk>/remise/", Recommendation, "hand_over", _("Hand over")),
    act(
        "recommandations/<int:pk>/reprise/",
        Recommendation,
        "trace",
        _("Trace it to a text"),
        form=forms.TraceForm,
    ),
    act(
        "recommandations/<int:pk>/ecart/",
        Recommendation,
        "set_aside",
        _("Not taken up"),
        form=forms.ReasonsForm,
    ),
    *drafting_urls.urlpatterns,
    *council_urls.urlpatterns,
    *follow_up_urls.urlpatterns,
    *following_urls.urlpatterns,
    *reporting_urls.urlpatterns,
    *request_urls.urlpatterns,
]
