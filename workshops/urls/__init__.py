"""The addresses of the workshops."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.utils.translation import gettext_lazy as _

from assembly.forms import ReasonForm
from assembly.views import ActView
from workshops import views
from workshops.forms import spaces as forms
from workshops.models import (
    Allotment,
    Enrolment,
    Minutes,
    Notebook,
    NotebookQuestion,
    Workshop,
)
from workshops.urls.hearings import hearings
from workshops.urls.meetings import meetings
from workshops.urls.members import members
from workshops.urls.outside import outside
from workshops.urls.papers import papers
from workshops.urls.surveys import surveys

app_name = "workshops"
CYCLE = "cycles/<int:number>/"


def public(address, view, name):
    return path(address, login_not_required(view.as_view()), name=name)


def act(address, model, name, title, **options):
    view = ActView.as_view(model=model, act=name, title=title, **options)
    return path(address, view, name=f"{model._meta.model_name}_{name}")


workshops = [
    public("ateliers/", views.WorkshopList, "workshop_list"),
    path("ateliers/choisir/", views.ChooseWorkshop.as_view(), name="enrolment_choose"),
    public("ateliers/<int:pk>/", views.WorkshopDetail, "workshop_detail"),
    public("ateliers/<int:pk>/espace/<slug:slug>/", views.WorkshopSection, "workshop_section"),
    path(f"{CYCLE}ateliers/nouveau/", views.WorkshopFound.as_view(), name="workshop_add"),
    path("ateliers/<int:pk>/modifier/", views.WorkshopEdit.as_view(), name="workshop_edit"),
    act(
        "ateliers/<int:pk>/animation/",
        Workshop,
        "name_facilitator",
        _("Name a facilitator"),
        form_class=forms.FacilitatorForm,
    ),
    act(
        "ateliers/<int:pk>/fin-d-animation/",
        Workshop,
        "relieve_facilitator",
        _("Relieve a facilitator"),
        form_class=forms.RelievedForm,
    ),
    act(
        "ateliers/<int:pk>/rapporteur/",
        Workshop,
        "name_rapporteur",
        _("Name the rapporteur"),
        form_class=forms.RapporteurForm,
    ),
    act(
        "ateliers/<int:pk>/carnet/ouvrir/",
        Workshop,
        "open_notebook",
        _("Open the notebook"),
        then="get_notebook_url",
    ),
]
allotment = [
    path(f"{CYCLE}inscriptions/", views.EnrolmentList.as_view(), name="enrolment_list"),
    act(
        "inscriptions/<int:pk>/deplacer/",
        Enrolment,
        "move",
        _("Move to another workshop"),
        form_class=forms.MoveMemberForm,
        then="get_people_url",
        back="get_people_url",
    ),
    path(f"{CYCLE}repartition/nouvelle/", views.AllotmentFound.as_view(), name="allotment_add"),
    public("repartitions/<int:pk>/", views.AllotmentDetail, "allotment_detail"),
    act("repartitions/<int:pk>/publier/", Allotment, "publish", _("Publish this allotment")),
]
minutes = [
    public("comptes-rendus/", views.MinutesList, "minutes_list"),
    public("comptes-rendus/<int:pk>/", views.MinutesDetail, "minutes_detail"),
    path("comptes-rendus/<int:pk>/modifier/", views.MinutesEdit.as_view(), name="minutes_edit"),
    act("comptes-rendus/<int:pk>/relecture/", Minutes, "submit", _("Send for review")),
    act(
        "comptes-rendus/<int:pk>/renvoyer/",
        Minutes,
        "send_back",
        _("Send back to the draft"),
        form_class=ReasonForm,
    ),
    act("comptes-rendus/<int:pk>/publier/", Minutes, "publish", _("Publish the minutes")),
]
notebooks = [
    public("carnets/", views.NotebookList, "notebook_list"),
    public("carnets/<int:pk>/", views.NotebookDetail, "notebook_detail"),
    path("carnets/<int:pk>/modifier/", views.NotebookEdit.as_view(), name="notebook_edit"),
    path("carnets/sections/<int:pk>/modifier/", views.SectionEdit.as_view(), name="notebooksection_edit"),
    path(
        "carnets/<int:pk>/questions/nouvelle/",
        views.NotebookQuestionFound.as_view(),
        name="notebookquestion_add",
    ),
    path(
        "carnets/questions/<int:pk>/modifier/",
        views.NotebookQuestionEdit.as_view(),
        name="notebookquestion_edit",
    ),
    act(
        "carnets/questions/<int:pk>/repondre/",
        NotebookQuestion,
        "reply",
        _("Answer for the executive"),
        form_class=forms.ReplyForm,
    ),
    act("carnets/<int:pk>/relecture/", Notebook, "submit", _("Send for review")),
    act(
        "carnets/<int:pk>/renvoyer/",
        Notebook,
        "send_back",
        _("Send back to the draft"),
        form_class=ReasonForm,
    ),
    act(
        "carnets/<int:pk>/approuver/",
        Notebook,
        "approve",
        _("Record the approval"),
        form_class=forms.HandsForm,
    ),
    act("carnets/<int:pk>/deposer/", Notebook, "deposit", _("Deposit the notebook")),
]

urlpatterns = (
    members + workshops + allotment + meetings + minutes + notebooks + papers + hearings + outside + surveys
)
