"""The addresses of the meetings: calendar, programme, attendance, tables, the year."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.utils.translation import gettext_lazy as _

from assembly.forms import ReasonForm
from assembly.views import ActView
from workshops import views
from workshops.forms import meetings as forms
from workshops.forms import tables as table_forms
from workshops.models import AgendaItem, Meeting, Outreach, TablePlan
from workshops.views import attendance, calendar, tables, year
from workshops.views.meetings import CallMeeting, CopyMeeting, DropFromMeeting
from workshops.views.proceedings import GuestFound, PaperFound, paper_file

CYCLE = "cycles/<int:number>/"
ONE = "rencontres/<int:pk>/"


def act(address, model, name, title, view=ActView, **options):
    made = view.as_view(model=model, act=name, title=title, **options)
    return path(address, made, name=f"{model._meta.model_name}_{name}")


planning = [
    path("rencontres/", login_not_required(views.MeetingList.as_view()), name="meeting_list"),
    path(
        "rencontres/calendrier/",
        login_not_required(calendar.MeetingCalendar.as_view()),
        name="meeting_calendar",
    ),
    path(f"{CYCLE}rencontres/nouvelle/", views.MeetingFound.as_view(), name="meeting_add"),
    path(f"{CYCLE}rencontres/reprendre/", calendar.CopyMonth.as_view(), name="meeting_copy_month"),
    path(ONE, login_not_required(views.MeetingDetail.as_view()), name="meeting_detail"),
    path(f"{ONE}modifier/", views.MeetingEdit.as_view(), name="meeting_edit"),
    path(f"{ONE}copier/", CopyMeeting.as_view(), name="meeting_copy"),
    act(
        f"{ONE}ouvrir/",
        Meeting,
        "open",
        _("Put on the agenda"),
        help_text=_("Everybody will see this meeting. Nothing is mailed before you send the notice."),
    ),
    path(f"{ONE}convoquer/", CallMeeting.as_view(), name="meeting_call"),
    act(
        f"{ONE}deplacer/",
        Meeting,
        "move",
        _("Change the date or the place"),
        form_class=forms.MoveForm,
        help_text=_("Everybody invited gets a new notice that says what changed; excuses are asked again."),
    ),
    act(f"{ONE}tenir/", Meeting, "hold", _("Close: the meeting was held")),
    act(f"{ONE}annuler/", Meeting, "cancel", _("Cancel the meeting"), form_class=ReasonForm, danger=True),
    act(
        f"{ONE}compte-rendu/ouvrir/", Meeting, "write_minutes", _("Open the minutes"), then="get_minutes_url"
    ),
]
programme = [
    path(f"{ONE}programme/ajouter/", views.AgendaItemFound.as_view(), name="agendaitem_add"),
    path("programme/<int:pk>/modifier/", views.AgendaItemEdit.as_view(), name="agendaitem_edit"),
    act(
        "programme/<int:pk>/deplacer/",
        AgendaItem,
        "shift",
        _("Move in the programme"),
        form_class=forms.StepForm,
    ),
    act(
        f"{ONE}programme/retirer/",
        Meeting,
        "drop_item",
        _("Take a point off the programme"),
        view=DropFromMeeting,
        form_class=forms.DropItemForm,
    ),
    path(f"{ONE}documents/ajouter/", PaperFound.as_view(), name="paper_add"),
    path("documents-de-seance/<int:pk>/", login_not_required(paper_file), name="paper_file"),
    act(
        f"{ONE}documents/retirer/",
        Meeting,
        "drop_paper",
        _("Remove a paper"),
        view=DropFromMeeting,
        form_class=forms.DropPaperForm,
    ),
    path(f"{ONE}personnes/ajouter/", views.PersonHeardFound.as_view(), name="personheard_add"),
    path("personnes-entendues/<int:pk>/modifier/", views.PersonHeardEdit.as_view(), name="personheard_edit"),
    path(f"{ONE}decisions/ajouter/", views.DecisionFound.as_view(), name="decision_add"),
    path("decisions/<int:pk>/modifier/", views.DecisionEdit.as_view(), name="decision_edit"),
]
coming = [
    path(f"{ONE}presences/", attendance.TakeAttendance.as_view(), name="meeting_take_attendance"),
    path(f"{ONE}ecran/", attendance.RoomScreen.as_view(), name="meeting_renew_code"),
    path(f"{ONE}pointer/", attendance.CheckIn.as_view(), name="meeting_check_in"),
    path(f"{ONE}presences/membre/", attendance.WelcomeGuest.as_view(), name="meeting_welcome"),
    path(f"{ONE}presences/invite/", GuestFound.as_view(), name="guest_add"),
    act(
        f"{ONE}emargement/",
        Meeting,
        "print_sign_in",
        _("Print the sign-in sheet"),
        then="get_sign_in_url",
    ),
    act(
        f"{ONE}s-excuser/",
        Meeting,
        "excuse",
        _("I cannot come"),
        form_class=forms.ExcuseForm,
        submit_label=_("Tell my facilitator"),
    ),
    act(f"{ONE}venir/", Meeting, "come_after_all", _("I will come after all")),
]
seating = [
    path(f"{ONE}tables/nouveau/", tables.TablePlanFound.as_view(), name="tableplan_add"),
    path("tables/<int:pk>/", tables.TablePlanDetail.as_view(), name="tableplan_detail"),
    act("tables/<int:pk>/refaire/", TablePlan, "rerun", _("Compute again"), view=tables.OfPlan),
    act(
        "tables/<int:pk>/lier/",
        TablePlan,
        "bind",
        _("Together or apart"),
        view=tables.PlanAct,
        form_class=table_forms.BindForm,
    ),
    act(
        "tables/<int:pk>/epingler/",
        TablePlan,
        "pin",
        _("Place somebody by hand"),
        view=tables.PlanAct,
        form_class=table_forms.PinForm,
        help_text=_("They keep this place when the tables are computed again."),
    ),
    act(
        "tables/<int:pk>/liberer/",
        TablePlan,
        "unpin",
        _("Free a pinned place"),
        view=tables.PlanAct,
        form_class=table_forms.SeatedForm,
    ),
    act(
        "tables/<int:pk>/montrer/",
        TablePlan,
        "show",
        _("Show the tables"),
        view=tables.OfPlan,
        help_text=_("Everybody finds their table on their own page."),
    ),
    act(
        "tables/<int:pk>/reprendre/", TablePlan, "take_back", _("Take back to change it"), view=tables.OfPlan
    ),
]
following = [
    path("ateliers/<int:pk>/annee/", year.WorkshopYear.as_view(), name="workshop_year"),
    path("ateliers/<int:pk>/contacts/nouveau/", year.OutreachFound.as_view(), name="outreach_add"),
    act("contacts/<int:pk>/clore/", Outreach, "settle", _("Nothing more to do")),
]

meetings = planning + programme + coming + seating + following
