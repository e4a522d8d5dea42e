"""The addresses of the watch, priorities, visits and training, partners."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from assembly.forms import ReasonForm
from workshops.forms import outside as forms
from workshops.models import Outing, PressReview, PrioritySubject, PriorityVote, Referral, WatchItem
from workshops.urls.hearings import act, public
from workshops.views import outings, partners, priorities, watch

CYCLE = "cycles/<int:number>/"

the_watch = [
    path("ateliers/<int:pk>/veille/article/", watch.ArticleFound.as_view(), name="article_add"),
    path("ateliers/<int:pk>/veille/observation/", watch.ObservationFound.as_view(), name="observation_add"),
    path("veille/<int:pk>/", watch.WatchItemDetail.as_view(), name="watchitem_detail"),
    path("veille/<int:pk>/image/", watch.WatchPicture.as_view(), name="watchitem_picture"),
    path("veille/<int:pk>/modifier/", watch.WatchItemEdit.as_view(), name="watchitem_edit"),
    act(
        "veille/<int:pk>/retirer/",
        WatchItem,
        "remove",
        _("Remove from the watch"),
        form_class=ReasonForm,
        then="get_list_url",
        danger=True,
    ),
    public("revues-de-presse/", watch.PressReviewList, "pressreview_list"),
    public("revues-de-presse/<int:pk>/", watch.PressReviewDetail, "pressreview_detail"),
    path(
        "ateliers/<int:pk>/revues-de-presse/nouvelle/",
        watch.PressReviewFound.as_view(),
        name="pressreview_add",
    ),
    path("revues-de-presse/<int:pk>/modifier/", watch.PressReviewEdit.as_view(), name="pressreview_edit"),
    act("revues-de-presse/<int:pk>/publier/", PressReview, "publish", _("Publish the press review")),
]
the_priorities = [
    public(f"{CYCLE}priorites/", priorities.CyclePriorities, "cycle_priorities"),
    public("sujets/<int:pk>/", priorities.SubjectDetail, "prioritysubject_detail"),
    path(
        "ateliers/<int:pk>/sujets/nouveau/",
        priorities.WorkshopSubjectFound.as_view(),
        name="workshop_subject_add",
    ),
    path(f"{CYCLE}sujets/nouveau/", priorities.CycleSubjectFound.as_view(), name="cycle_subject_add"),
    path("sujets/<int:pk>/modifier/", priorities.SubjectEdit.as_view(), name="prioritysubject_edit"),
    act(
        "sujets/<int:pk>/soutenir/",
        PrioritySubject,
        "support",
        _("Support this subject"),
        then="get_list_url",
    ),
    act(
        "sujets/<int:pk>/ne-plus-soutenir/",
        PrioritySubject,
        "withdraw_support",
        _("Withdraw my support"),
        then="get_list_url",
    ),
    act(
        "sujets/<int:pk>/retirer/",
        PrioritySubject,
        "withdraw",
        _("Withdraw the subject"),
        form_class=ReasonForm,
        then="get_list_url",
    ),
    public("votes-de-priorites/<int:pk>/", priorities.VoteDetail, "priorityvote_detail"),
    path(
        "ateliers/<int:pk>/votes-de-priorites/nouveau/",
        priorities.WorkshopVoteFound.as_view(),
        name="workshop_vote_add",
    ),
    path(f"{CYCLE}votes-de-priorites/nouveau/", priorities.CycleVoteFound.as_view(), name="cycle_vote_add"),
    path("votes-de-priorites/<int:pk>/modifier/", priorities.VoteEdit.as_view(), name="priorityvote_edit"),
    act("votes-de-priorites/<int:pk>/ouvrir/", PriorityVote, "open", _("Open the vote")),
    path("votes-de-priorites/<int:pk>/voter/", priorities.CastVote.as_view(), name="priorityvote_cast"),
    act(
        "votes-de-priorites/<int:pk>/compter/",
        PriorityVote,
        "count_hands",
        _("Count the hands"),
        form_class=forms.CountForm,
    ),
    act("votes-de-priorites/<int:pk>/clore/", PriorityVote, "close", _("Fix the result")),
]
the_outings = [
    path("visites-et-formations/", outings.OutingList.as_view(), name="outing_list"),
    path("visites-et-formations/<int:pk>/", outings.OutingDetail.as_view(), name="outing_detail"),
    path("rencontres/<int:pk>/places/", outings.OutingFound.as_view(), name="outing_add"),
    path("visites-et-formations/<int:pk>/modifier/", outings.OutingEdit.as_view(), name="outing_edit"),
    act("visites-et-formations/<int:pk>/ouvrir/", Outing, "open", _("Open registration")),
    act("visites-et-formations/<int:pk>/s-inscrire/", Outing, "register", _("Register")),
    act("visites-et-formations/<int:pk>/se-desister/", Outing, "give_up", _("Give up my place")),
    act(
        "visites-et-formations/<int:pk>/places/",
        Outing,
        "resize",
        _("Change the number of places"),
        form_class=forms.ResizeForm,
    ),
    path("mon-parcours/", outings.OwnRecord.as_view(), name="own_record"),
]
the_partners = [
    public("partenaires/", partners.PartnerList, "partner_list"),
    public("partenaires/<int:pk>/", partners.PartnerDetail, "partner_detail"),
    path("partenaires/nouveau/", partners.PartnerFound.as_view(), name="partner_add"),
    path("partenaires/<int:pk>/modifier/", partners.PartnerEdit.as_view(), name="partner_edit"),
    path(
        "rencontres/<int:pk>/partenaires/ajouter/",
        partners.InvitationFound.as_view(),
        name="partnerinvitation_add",
    ),
    path(
        "rencontres/partenaires/<int:pk>/modifier/",
        partners.InvitationEdit.as_view(),
        name="partnerinvitation_edit",
    ),
    path("saisines/", partners.ReferralList.as_view(), name="referral_list"),
    path("saisines/<int:pk>/", partners.ReferralDetail.as_view(), name="referral_detail"),
    path(
        "ateliers/<int:pk>/saisines/nouvelle/",
        partners.WorkshopReferralFound.as_view(),
        name="workshop_referral_add",
    ),
    path(f"{CYCLE}saisines/nouvelle/", partners.CycleReferralFound.as_view(), name="cycle_referral_add"),
    path("saisines/<int:pk>/modifier/", partners.ReferralEdit.as_view(), name="referral_edit"),
    act(
        "saisines/<int:pk>/repondre/",
        Referral,
        "reply",
        _("Record the answer"),
        form_class=forms.AnswerForm,
    ),
    act(
        "saisines/<int:pk>/clore/",
        Referral,
        "close",
        _("Close without an answer"),
        form_class=ReasonForm,
    ),
]

outside = the_watch + the_priorities + the_outings + the_partners
