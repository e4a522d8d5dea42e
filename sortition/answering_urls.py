"""The addresses of answers: the response page, what the secretariat types, takes in and decides."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.utils.translation import gettext_lazy as _

from assembly.forms import ReasonForm
from assembly.views import ActView
from sortition import forms
from sortition.models import SecondAnswer
from sortition.views import deciding, importing, respond

open_to_all = login_not_required
below = "cycles/<int:number>/"
file = f"{below}volontaires/fichier/<str:token>/"
pair, second = "ressemblances/<int:pk>/", "reponses/<int:pk>/"


def likeness_act(act, form_class, title):
    return deciding.LikenessAct.as_view(act=act, form_class=form_class, title=title)


def second_act(act, title):
    return ActView.as_view(model=SecondAnswer, act=act, form_class=ReasonForm, title=title)


answering = [
    path("repondre/", open_to_all(respond.Respond.as_view()), name="respond"),
    path("repondre/formulaire/", open_to_all(respond.RespondAnswer.as_view()), name="respond_form"),
    path("repondre/brouillon/", open_to_all(respond.RespondDraft.as_view()), name="respond_draft"),
    path("repondre/fin/", open_to_all(respond.RespondLeave.as_view()), name="respond_leave"),
    path("repondre/merci/", open_to_all(respond.RespondDone.as_view()), name="respond_done"),
    path(f"{below}recrutement/essai/", deciding.AnswerTrial.as_view(), name="answer_trial"),
    path(f"{below}volontaires/saisir/", deciding.AnswerType.as_view(), name="answer_type"),
    path(f"{below}volontaires/fichier/", importing.AnswersUpload.as_view(), name="answers_upload"),
    path(file, importing.AnswersPreview.as_view(), name="answers_preview"),
    path(f"{file}colonnes/", importing.AnswersColumns.as_view(), name="answers_columns"),
    path(f"{file}refus.csv", importing.AnswersRefusals.as_view(), name="answers_refusals"),
    path(f"{below}volontaires/a-decider/", deciding.ToDecide.as_view(), name="to_decide"),
    path("volontaires/<int:pk>/corriger/", deciding.VolunteerCorrect.as_view(), name="volunteer_correct"),
    path(
        f"{second}garder/",
        second_act("keep", _("The earlier answer stands")),
        name="secondanswer_keep",
    ),
    path(f"{second}prendre/", second_act("take", _("This answer stands")), name="secondanswer_take"),
    path(
        f"{pair}meme-personne/",
        likeness_act("merge", forms.MergeForm, _("Same person")),
        name="likeness_merge",
    ),
    path(
        f"{pair}personnes-differentes/",
        likeness_act("tell_apart", ReasonForm, _("Different people")),
        name="likeness_tell_apart",
    ),
    path(
        f"{pair}meme-foyer/",
        likeness_act("share_home", ReasonForm, _("One household")),
        name="likeness_share_home",
    ),
]
