"""The addresses of requests, of counter-proposals to a mandate, and of what recommendations rest on."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from deliberations.addresses import act, page
from deliberations.forms import requests as request_forms
from deliberations.models import Recommendation, Request, Wording
from deliberations.views import requests, wordings


def step(address, name, title, **options):
    """The page of one act on a request."""
    return act(f"demandes/<int:pk>/{address}/", Request, name, title, view=requests.RequestAct, **options)


urlpatterns = [
    # requests
    page("demandes/", requests.RequestList, "request_list"),
    path("cycles/<int:number>/demandes/nouvelle/", requests.RequestFound.as_view(), name="request_add"),
    path(
        "cycles/<int:number>/demandes/limites/",
        requests.InstrumentLimits.as_view(),
        name="instrument_limits",
    ),
    page("demandes/<int:pk>/", requests.RequestDetail, "request_detail"),
    path("demandes/<int:pk>/modifier/", requests.RequestEdit.as_view(), name="request_edit"),
    step("envoi", "send", _("Send it to the executive"), help_text=_("From now on everybody can read it.")),
    step("accord", "grant", _("Grant the request"), form=request_forms.GrantForm),
    step("refus", "refuse", _("Refuse it, with reasons"), form=request_forms.RefusalForm, danger=True),
    step("membres", "name_members", _("Name its members"), form=request_forms.MissionMembersForm),
    step("rencontre", "add_meeting", _("Link a meeting"), form=request_forms.HeldForForm),
    step(
        "rencontre-retiree",
        "remove_meeting",
        _("Unlink a meeting"),
        form=request_forms.NoLongerHeldForForm,
        help_text=_("The meeting itself stays as it is."),
    ),
    step(
        "convocation",
        "convene",
        _("Convene the jury"),
        form=request_forms.ConveneForm,
        help_text=_("The jury opens a small cycle of its own, with its draw, its meetings and its report."),
    ),
    step("suite", "report", _("Publish what came out of it"), form=request_forms.ReportForm),
    # counter-proposals to a mandate
    path("mandats/<int:pk>/contre-propositions/", wordings.WordingFound.as_view(), name="wording_add"),
    act(
        "contre-propositions/<int:pk>/acceptation/",
        Wording,
        "accept",
        _("Accept these words"),
        form=request_forms.AcceptWordingForm,
        help_text=_("The mandate takes them at once; the plenary votes on the mandate as it then stands."),
    ),
    act(
        "contre-propositions/<int:pk>/refus/",
        Wording,
        "decline",
        _("Decline these words"),
        form=request_forms.RefusalForm,
        danger=True,
    ),
    # what recommendations rest on
    act(
        "recommandations/<int:pk>/source/",
        Recommendation,
        "rest_on",
        _("Say what it rests on"),
        form=request_forms.SourceForm,
        help_text=_("A hearing, a visit, a document, a press item, or a source from outside."),
    ),
    act(
        "recommandations/<int:pk>/source-retiree/",
        Recommendation,
        "rest_no_longer_on",
        _("Take a source away"),
        form=request_forms.SourceTakenAwayForm,
    ),
]
