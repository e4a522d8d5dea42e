"""The addresses of hearings and questions."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.utils.translation import gettext_lazy as _

from assembly.forms import ReasonForm
from assembly.views import ActView
from workshops.forms import hearings as forms
from workshops.forms.spaces import ReplyForm
from workshops.models import Hearing, PersonHeard, Piece, Question
from workshops.views import hearings as pages
from workshops.views import questions as asked

CONSENT = _(
    "Their name and their words leave the public pages at once, and every sheet already printed is replaced "
    "by one without them. What they said stays in the record, for those who keep it."
)


def public(address, view, name):
    return path(address, login_not_required(view.as_view()), name=name)


def act(address, model, name, title, **options):
    view = ActView.as_view(model=model, act=name, title=title, **options)
    return path(address, view, name=f"{model._meta.model_name}_{name}")


WORKING = {"then": "get_working_url", "back": "get_working_url"}

hearings = [
    public("auditions/", pages.HearingList, "hearing_list"),
    public("auditions/<int:pk>/", pages.HearingDetail, "hearing_detail"),
    path("rencontres/<int:pk>/audition/", pages.HearingFound.as_view(), name="hearing_add"),
    path("auditions/<int:pk>/modifier/", pages.HearingEdit.as_view(), name="hearing_edit"),
    act(
        "auditions/<int:pk>/questions/",
        Hearing,
        "arrange",
        _("Order, join and put the questions"),
        form_class=forms.ArrangeForm,
        template_name="workshops/hearing_arrange.html",
    ),
    act("auditions/<int:pk>/publier/", Hearing, "publish", _("Publish the sheet")),
    path("auditions/<int:pk>/pieces/ajouter/", pages.HearingPieceFound.as_view(), name="hearing_piece_add"),
    path("saisines/<int:pk>/pieces/ajouter/", pages.ReferralPieceFound.as_view(), name="referral_piece_add"),
    public("pieces/<int:pk>/fichier/", pages.PieceFile, "piece_file"),
    act(
        "pieces/<int:pk>/retirer/",
        Piece,
        "remove",
        _("Remove this paper"),
        form_class=ReasonForm,
        danger=True,
    ),
    act(
        "personnes-entendues/<int:pk>/retrait-du-consentement/",
        PersonHeard,
        "withdraw",
        _("Record the withdrawal of consent"),
        help_text=CONSENT,
        danger=True,
    ),
    public("questions/", asked.QuestionList, "question_list"),
    path(
        "rencontres/<int:pk>/questions/nouvelle/",
        asked.MeetingQuestionFound.as_view(),
        name="meeting_question_add",
    ),
    path(
        "rencontres/<int:pk>/questions/coller/",
        asked.MeetingQuestionsPasted.as_view(),
        name="meeting_questions_paste",
    ),
    path(
        "ateliers/<int:pk>/questions/nouvelle/",
        asked.WorkshopQuestionFound.as_view(),
        name="workshop_question_add",
    ),
    path(
        "ateliers/<int:pk>/questions/coller/",
        asked.WorkshopQuestionsPasted.as_view(),
        name="workshop_questions_paste",
    ),
    path("questions/<int:pk>/modifier/", asked.QuestionEdit.as_view(), name="question_edit"),
    act("questions/<int:pk>/soutenir/", Question, "support", _("Support this question"), **WORKING),
    act(
        "questions/<int:pk>/ne-plus-soutenir/",
        Question,
        "withdraw_support",
        _("Withdraw my support"),
        **WORKING,
    ),
    act(
        "questions/<int:pk>/poser/",
        Question,
        "put",
        _("Put the question"),
        form_class=forms.PutForm,
        **WORKING,
    ),
    act(
        "questions/<int:pk>/joindre/",
        Question,
        "merge",
        _("Join to another question"),
        form_class=forms.MergeForm,
        **WORKING,
    ),
    act(
        "questions/<int:pk>/ecarter/",
        Question,
        "set_aside",
        _("Set the question aside"),
        form_class=ReasonForm,
        **WORKING,
    ),
    act(
        "questions/<int:pk>/transmettre/",
        Question,
        "forward",
        _("Send to a department"),
        form_class=forms.ForwardForm,
        **WORKING,
    ),
    act("questions/<int:pk>/repondre/", Question, "reply", _("Record the answer"), form_class=ReplyForm),
]
