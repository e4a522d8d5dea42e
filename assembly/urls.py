"""The front door. French addresses; the same pages in English below /en/."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from assembly import dashboard, front, library, member_pages, pages, setup
from assembly.composition import pages as composition_pages
from assembly.glossary import Glossary
from assembly.goals import GoalsForm
from assembly.health import health
from assembly.login_pages import CloseSessions, ForgetDevices
from assembly.models import Appointment, Cycle, Observation
from assembly.my_page import MyContact, MyPage, MyRequest
from assembly.my_space import MyName, MySpace
from assembly.open_data import pages as open_data
from assembly.privacy.urls import urlpatterns as privacy
from assembly.privacy.views import Notice
from assembly.search.pages import Search
from assembly.site_map import MAPS, robots
from assembly.views import ActView, Page

CYCLE = "cycles/<int:number>/"
CAUSE = _("For a breach of the charter, once the person has been heard. The seat can then be filled again.")
TERM = _("The person keeps the right to read what they took part in.")

BACK = {"then": "get_absolute_url", "back": "get_absolute_url"}


def cycle_act(address, act, title, **options):
    by_number = {"slug_field": "number", "slug_url_kwarg": "number"}
    board = {"then": "get_board_url", "back": "get_board_url"}
    view = ActView.as_view(model=Cycle, act=act, title=title, **by_number, **board | options)
    return path(f"{CYCLE}{address}/", view, name=f"cycle_{act}")


def member_act(address, act, title, **options):
    view = member_pages.MemberAct.as_view(act=act, title=title, **options)
    return path(f"membres/<int:pk>/{address}/", view, name=f"member_{act}")


cycles = [
    path("cycles/", login_not_required(front.CycleList.as_view()), name="cycle_list"),
    path("cycles/nouveau/", setup.CycleFound.as_view(), name="cycle_add"),
    path(CYCLE, login_not_required(front.CycleDetail.as_view()), name="cycle_detail"),
    path(
        f"{CYCLE}composition/",
        login_not_required(front.CycleComposition.as_view()),
        name="cycle_composition",
    ),
    path(
        f"{CYCLE}composition/un-jour/",
        composition_pages.CompositionOnADay.as_view(),
        name="composition_day",
    ),
    path(
        f"{CYCLE}composition/figer/",
        composition_pages.SnapshotFound.as_view(),
        name="snapshot_add",
    ),
    path(
        "composition/<int:pk>/",
        login_not_required(composition_pages.SnapshotDetail.as_view()),
        name="snapshot_detail",
    ),
    path(f"{CYCLE}preparation/", setup.CycleSetup.as_view(), name="cycle_setup"),
    path(f"{CYCLE}modifier/", setup.CycleEdit.as_view(), name="cycle_edit"),
    path(f"{CYCLE}phases/", setup.Phases.as_view(), name="cycle_set_phases"),
    path(f"{CYCLE}viviers/", setup.Pools.as_view(), name="cycle_set_pools"),
    path(f"{CYCLE}objectifs/", setup.TargetsProposed.as_view(), name="cycle_propose_targets"),
    path(f"{CYCLE}viviers/<slug:key>/", setup.PoolTargets.as_view(), name="cycle_set_targets"),
    cycle_act("objectifs-durables", "name_goals", _("Name the goals"), form_class=GoalsForm, **BACK),
    cycle_act("ouvrir-le-recrutement", "open_recruitment", _("Open the recruitment")),
    cycle_act("ouvrir-la-decouverte", "begin", _("Open the discovery phase")),
    cycle_act("ouvrir-l-approfondissement", "deepen", _("Open the deepening phase")),
    cycle_act("aller-au-conseil", "go_to_council", _("Go before the Council")),
    cycle_act("ouvrir-le-droit-de-suite", "follow_up", _("Open the right of follow-up")),
    path("tableau/", dashboard.Boards.as_view(), name="board_list"),
    path(f"{CYCLE}tableau/", dashboard.Board.as_view(), name="cycle_board"),
    path(f"{CYCLE}journal/", pages.CycleJournal.as_view(), name="cycle_journal"),
]
people = [
    path(f"{CYCLE}membres/", member_pages.MemberList.as_view(), name="member_list"),
    path("membres/<int:pk>/", member_pages.MemberDetail.as_view(), name="member_detail"),
    member_act("conge", "leave", _("Grant leave"), form_class=member_pages.LeaveForm),
    member_act("retour", "return_", _("Back from leave")),
    member_act("demission", "resign", _("Record a resignation"), danger=True),
    member_act("radiation", "remove", _("Remove from office"), danger=True, help_text=CAUSE),
    member_act("fin-de-mandat", "end_term", _("End the term"), danger=True, help_text=TERM),
    path(
        f"{CYCLE}observations/", login_not_required(pages.ObservationList.as_view()), name="observation_list"
    ),
    path(f"{CYCLE}observations/nouvelle/", pages.ObservationFound.as_view(), name="observation_add"),
    path(
        "observations/<int:pk>/publier/",
        ActView.as_view(model=Observation, act="publish", title=_("Publish the observation")),
        name="observation_publish",
    ),
    path("nominations/", pages.AppointmentList.as_view(), name="appointment_list"),
    path("nominations/nouvelle/", pages.AppointmentFound.as_view(), name="appointment_add"),
    path("nominations/comptes/<int:pk>/appareils/", ForgetDevices.as_view(), name="user_forget_devices"),
    path(
        "nominations/<int:pk>/terminer/",
        ActView.as_view(model=Appointment, act="end", title=_("End the appointment"), danger=True),
        name="appointment_end",
    ),
]
papers = [
    path("documents/", login_not_required(library.DocumentList.as_view()), name="document_list"),
    path("documents/<int:pk>/", login_not_required(pages.DocumentDetail.as_view()), name="document_detail"),
    path("documents/<int:pk>/<slug:slug>.pdf", login_not_required(pages.document_pdf), name="document_pdf"),
    path("travaux/<int:pk>/", pages.JobDetail.as_view(), name="job_detail"),
    path("travaux/<int:pk>/relancer/", pages.job_retry, name="job_retry"),
]


def public_page(address, template, name):
    page = Page.as_view(template_name=f"pages/{template}.html", extra_context={"legal": settings.LEGAL})
    return path(address, login_not_required(page), name=name)


data = [
    path("donnees-ouvertes/", login_not_required(open_data.OpenData.as_view()), name="open_data"),
    path("donnees-ouvertes/api/", login_not_required(open_data.Programs.as_view()), name="open_data_api"),
    path("donnees-ouvertes/archive/", open_data.Rebuild.as_view(), name="open_data_rebuild"),
    path(
        "donnees-ouvertes/<slug:name>/",
        login_not_required(open_data.OneDataset.as_view()),
        name="open_data_set",
    ),
]

urlpatterns = [
    path("sante/", health, name="health"),
    path("robots.txt", login_not_required(robots), name="robots"),
    path("sitemap.xml", login_not_required(sitemap), {"sitemaps": MAPS}, name="sitemap"),
    path("api/v1/", include("assembly.open_data.urls")),
]
urlpatterns += i18n_patterns(
    path("", login_not_required(front.Home.as_view()), name="home"),
    path("recherche/", login_not_required(Search.as_view()), name="search"),
    path("mon-espace/", MySpace.as_view(), name="my_space"),
    path("mon-espace/ma-page/", MyPage.as_view(), name="my_page"),
    path("mon-espace/coordonnees/", MyContact.as_view(), name="my_contact"),
    path("mon-espace/demande/", MyRequest.as_view(), name="my_request"),
    path("mon-espace/deconnexions/", CloseSessions.as_view(), name="close_sessions"),
    path("mon-espace/nom/", MyName.as_view(), name="my_name"),
    path("", include(([*cycles, *people, *papers, *privacy], "assembly"))),
    path("", include("sortition.urls")),
    path("", include("workshops.urls")),
    path("", include("deliberations.urls")),
    path("compte/", include("allauth.urls")),
    *data,
    public_page("accessibilite/", "accessibility", "accessibility"),
    public_page("mentions-legales/", "legal", "legal"),
    path("donnees-personnelles/", login_not_required(Notice.as_view()), name="privacy"),
    path("glossaire/", login_not_required(Glossary.as_view()), name="glossary"),
    public_page("composants/", "components", "components"),
    prefix_default_language=False,
)
