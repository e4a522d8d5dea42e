"""The addresses of the privacy desk, in the front door’s own space of names."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from assembly.forms import ReasonForm
from assembly.models import Elimination, RightsRequest
from assembly.privacy import asking, views
from assembly.privacy.forms import AnswerForm, HowForm, VisaForm
from assembly.views import ActView

ASKED = "demandes-de-droits/<int:pk>/"
LONGER = _(
    "Two months more, once, for a request that is complex: tell the person why within the first month."
)
LIMIT = _("For a limitation: from now on what is held of this person is neither used nor erased.")
FOR_EVER = _("As soon as the visa is entered the erasure begins; it cannot be undone.")


def request_act(address, act, title, **options):
    view = ActView.as_view(model=RightsRequest, act=act, title=title, **options)
    return path(f"{ASKED}{address}/", view, name=f"rightsrequest_{act}")


def elimination_act(address, act, title, **options):
    view = ActView.as_view(model=Elimination, act=act, title=title, **options)
    return path(f"eliminations/<int:pk>/{address}/", view, name=f"elimination_{act}")


urlpatterns = [
    path("vie-privee/", views.Desk.as_view(), name="privacy_desk"),
    path("vie-privee/registre/", views.Register.as_view(), name="privacy_register"),
    path("vie-privee/registre/imprimer/", views.RegisterPrint.as_view(), name="privacy_register_print"),
    path("vie-privee/registre/<slug:key>/", views.Delay.as_view(), name="retention_set_days"),
    path("vie-privee/lectures/", views.Openings.as_view(), name="privacy_openings"),
    path("vie-privee/personnes/", asking.PersonSearch.as_view(), name="person_search"),
    path("cycles/<int:number>/elimination/", views.EliminationFound.as_view(), name="elimination_add"),
    path("eliminations/<int:pk>/", views.EliminationDetail.as_view(), name="elimination_detail"),
    elimination_act(
        "visa",
        "approve",
        _("Enter the visa of the archives"),
        form_class=VisaForm,
        danger=True,
        help_text=FOR_EVER,
    ),
    elimination_act("annuler", "cancel", _("Cancel the schedule"), form_class=ReasonForm, danger=True),
    path("demandes-de-droits/", asking.RequestList.as_view(), name="rightsrequest_list"),
    path("demandes-de-droits/nouvelle/", asking.RequestFound.as_view(), name="rightsrequest_add"),
    path(ASKED, asking.RequestDetail.as_view(), name="rightsrequest_detail"),
    path(f"{ASKED}personne/", asking.PersonSearch.as_view(), name="rightsrequest_name_person"),
    path(f"{ASKED}export/", asking.RequestExport.as_view(), name="rightsrequest_export"),
    request_act("identite", "check_identity", _("Identity checked"), form_class=HowForm),
    request_act("prolonger", "extend", _("Extend by two months"), form_class=ReasonForm, help_text=LONGER),
    request_act("repondre", "give_answer", _("Record the answer"), form_class=AnswerForm, help_text=LIMIT),
    request_act("refuser", "refuse", _("Refuse with a reason"), form_class=ReasonForm),
    request_act("lever", "lift", _("Lift the limitation"), form_class=ReasonForm),
    path("mon-espace/export/", asking.OwnExport.as_view(), name="own_export"),
    path("exports/<int:pk>/", asking.ExportDetail.as_view(), name="export_detail"),
    path("exports/<int:pk>/donnees.json", asking.export_json, name="export_json"),
]
