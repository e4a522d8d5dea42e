"""The addresses of answers: the response page, what the secretariat types, takes in and decides."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from sortition.views import respond

open_to_all = login_not_required
below = "cycles/<int:number>/"

answering = [
    path("repondre/", open_to_all(respond.Respond.as_view()), name="respond"),
    path("repondre/formulaire/", open_to_all(respond.RespondAnswer.as_view()), name="respond_form"),
    path("repondre/brouillon/", open_to_all(respond.RespondDraft.as_view()), name="respond_draft"),
    path("repondre/fin/", open_to_all(respond.RespondLeave.as_view()), name="respond_leave"),
    path("repondre/merci/", open_to_all(respond.RespondDone.as_view()), name="respond_done"),
]
