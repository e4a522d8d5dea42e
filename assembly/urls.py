"""The front door. French addresses; the same pages in English below /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from assembly import dashboard, pages
from assembly.views import Page

ground = (
    [
        path("cycles/", login_not_required(pages.CycleList.as_view()), name="cycle_list"),
        path("cycles/<int:number>/", login_not_required(pages.CycleDetail.as_view()), name="cycle_detail"),
        path("documents/", login_not_required(pages.DocumentList.as_view()), name="document_list"),
        path("documents/<int:pk>/", login_not_required(pages.DocumentDetail.as_view()), name="document_detail"),
        path("documents/<int:pk>/<slug:slug>.pdf", login_not_required(pages.document_pdf), name="document_pdf"),
        path("travaux/<int:pk>/", pages.JobDetail.as_view(), name="job_detail"),
    ],
    "assembly",
)


def public_page(address, template, name):
    return path(address, login_not_required(Page.as_view(template_name=f"pages/{template}.html")), name=name)


urlpatterns = i18n_patterns(
    path("", login_not_required(dashboard.Home.as_view()), name="home"),
    path("mon-espace/", dashboard.MySpace.as_view(), name="my_space"),
    path("", include(ground)),
    path("", include("sortition.urls")),
    path("", include("workshops.urls")),
    path("", include("deliberations.urls")),
    path("compte/", include("allauth.urls")),
    public_page("accessibilite/", "accessibility", "accessibility"),
    public_page("mentions-legales/", "legal", "legal"),
    public_page("donnees-personnelles/", "privacy", "privacy"),
    public_page("composants/", "components", "components"),
    prefix_default_language=False,
)
