"""The addresses of the surveys."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from workshops.forms.surveys import FreeAnswerForm
from workshops.models import FreeAnswer, Survey
from workshops.urls.hearings import act, public
from workshops.views import surveys as views

CYCLE = "cycles/<int:number>/"
OPENED = _("Every member who sits is asked; the questions no longer change.")
CLOSED = _("Answers are counted and the sheets destroyed: nobody can find their own again.")

surveys = [
    public(f"{CYCLE}enquetes/", views.SurveyList, "survey_list"),
    path(f"{CYCLE}enquetes/nouvelle/", views.SurveyFound.as_view(), name="survey_add"),
    public("enquetes/<int:pk>/", views.SurveyDetail, "survey_detail"),
    path("enquetes/<int:pk>/modifier/", views.SurveyEdit.as_view(), name="survey_edit"),
    path("enquetes/<int:pk>/repondre/", views.SurveyAnswer.as_view(), name="survey_answer"),
    path("enquetes/<int:pk>/questions/nouvelle/", views.QuestionFound.as_view(), name="surveyquestion_add"),
    path("enquetes/questions/<int:pk>/modifier/", views.QuestionEdit.as_view(), name="surveyquestion_edit"),
    act("enquetes/<int:pk>/ouvrir/", Survey, "open", _("Open the survey"), help_text=OPENED),
    act("enquetes/<int:pk>/clore/", Survey, "close", _("Close the survey"), help_text=CLOSED, danger=True),
    act("enquetes/<int:pk>/publier/", Survey, "publish", _("Publish the results")),
    act(
        "enquetes/paroles/<int:pk>/publier/",
        FreeAnswer,
        "publish",
        _("Publish this answer"),
        form_class=FreeAnswerForm,
    ),
    act("enquetes/paroles/<int:pk>/retirer/", FreeAnswer, "withhold", _("No longer publish this answer")),
]
