"""The addresses of the right of follow-up: measures, what they owe, the yearly reports."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from deliberations import views
from deliberations.addresses import act, page
from deliberations.forms import follow_up as forms
from deliberations.models import Measure, YearlyReport

urlpatterns = [
    page("suivi/", views.MeasureList, "measure_list"),
    page("suivi/<int:pk>/", views.MeasureDetail, "measure_detail"),
    act("suivi/<int:pk>/direction/", Measure, "entrust", _("Change the directorate"), form=forms.EntrustForm),
    act("suivi/<int:pk>/retour/", Measure, "give_return", _("Give a return"), form=forms.ReturnForm),
    act(
        "suivi/<int:pk>/indicateur/",
        Measure,
        "choose_indicator",
        _("Choose an indicator"),
        form=forms.IndicatorForm,
        help_text=_("Each return then asks for its value."),
    ),
    act("suivi/<int:pk>/etape/", Measure, "set_milestone", _("Set a milestone"), form=forms.MilestoneForm),
    act(
        "suivi/<int:pk>/etape-franchie/",
        Measure,
        "reach_milestone",
        _("Tick a milestone reached"),
        view=views.ReachMilestone,
    ),
    page("suivi/rapports/", views.YearlyReportList, "yearlyreport_list"),
    path("suivi/rapports/nouveau/", views.YearlyReportFound.as_view(), name="yearlyreport_add"),
    page("suivi/rapports/<int:pk>/", views.YearlyReportDetail, "yearlyreport_detail"),
    path("suivi/rapports/<int:pk>/preface/", views.YearlyReportEdit.as_view(), name="yearlyreport_edit"),
    act(
        "suivi/rapports/<int:pk>/publication/",
        YearlyReport,
        "publish",
        _("Publish the report"),
        help_text=_("From now on not a figure moves: a later return is for the next report."),
    ),
]
