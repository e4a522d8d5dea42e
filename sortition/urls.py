from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.utils.translation import gettext_lazy as _

from assembly.forms import ReasonForm
from assembly.views import ActView
from sortition import forms, place, views
from sortition.answering_urls import answering
from sortition.letter_urls import letters
from sortition.models import Register, Volunteer
from sortition.views import reserve
from sortition.views.explained import DrawExplained

app_name = "sortition"

below = "cycles/<int:number>/"
draw, seat, paper = "tirages/<int:pk>/", "sieges/<int:pk>/", "autorisations/<int:pk>/"
open_to_all = login_not_required


def volunteer_act(act, **more):
    return ActView.as_view(model=Volunteer, act=act, form_class=ReasonForm, **more)


def draw_act(act, **more):
    return views.DrawAct.as_view(act=act, **more)


def seat_act(act, **more):
    return views.SeatAct.as_view(act=act, **more)


def seat_refused(act, **more):
    return views.SeatReplace.as_view(act=act, form_class=forms.RefusalForm, **more)


FREEZE = _("People, quotas and parameters can no longer change; their fingerprint is published at once.")
AGAIN = _("Type what you read yourself, without looking at the first typing: it must be the same.")
DERIVED = _("It was laid down before the freeze that the seed designates the panel.")
CANCEL = _("Nothing was drawn yet: the pool opens again, and another draw can be prepared.")
VALID = _("Signed by whoever holds parental authority, for this person and for this cycle.")
AGAIN_BY_MAIL = _("The same letter, to the same address: it opens no other account.")
ISSUE = _("The result, the files and the official record become public.")
LETTERS = _("From now on their codes open the answer page.")

urlpatterns = [
    *answering,
    *letters,
    path(f"{below}recrutement/", views.Recruitment.as_view(), name="recruitment"),
    path(f"{below}recrutement/reponses/", views.ResponseRates.as_view(), name="response_rates"),
    path(f"{below}recrutement/relances/", views.Reminders.as_view(), name="reminders"),
    path(f"{below}recrutement/liste/", views.RegisterAdd.as_view(), name="register_add"),
    path("registres/<int:pk>/", views.RegisterDetail.as_view(), name="register_detail"),
    path("registres/<int:pk>/refus.csv", views.RegisterFile.as_view(), name="register_refusals"),
    path("registres/<int:pk>/courriers/", views.RegisterExport.as_view(), name="register_export"),
    path(
        "registres/<int:pk>/envoi/",
        ActView.as_view(model=Register, act="send", title=_("Letters are sent"), help_text=LETTERS),
        name="register_send",
    ),
    path(f"{below}volontaires/", views.VolunteerList.as_view(), name="volunteer_list"),
    path(f"{below}volontaires/reserve/", reserve.ReserveIn.as_view(), name="reserve_in"),
    path(
        "volontaires/<int:pk>/ecarter/",
        volunteer_act("set_aside", title=_("Set aside")),
        name="volunteer_set_aside",
    ),
    path(
        "volontaires/<int:pk>/readmettre/",
        volunteer_act("readmit", title=_("Readmit")),
        name="volunteer_readmit",
    ),
    path(
        "volontaires/<int:pk>/retirer/",
        volunteer_act("withdraw", title=_("Record a withdrawal")),
        name="volunteer_withdraw",
    ),
    path("tirages/", open_to_all(views.DrawList.as_view()), name="draw_list"),
    path("tirages/en-images/", open_to_all(DrawExplained.as_view()), name="draw_explained"),
    path(f"{below}tirage/", views.DrawAdd.as_view(), name="draw_add"),
    path(draw, open_to_all(views.DrawDetail.as_view()), name="draw_detail"),
    path(f"{draw}fichiers/<str:name>", open_to_all(views.DrawFile.as_view()), name="draw_file"),
    path(f"{draw}ma-place/", open_to_all(place.MyPlace.as_view()), name="my_place"),
    path(f"{draw}ma-place/vue/", open_to_all(place.MyPlaceShown.as_view()), name="my_place_shown"),
    path(f"{draw}ma-place/preuve.json", open_to_all(place.MyProof.as_view()), name="my_proof"),
    path(f"{draw}verifier.zip", open_to_all(views.DrawArchive.as_view()), name="draw_archive"),
    path(f"{draw}preparation/", views.DrawRoom.as_view(), name="draw_room"),
    path(f"{draw}reglages/", views.DrawAdjust.as_view(), name="draw_adjust"),
    path(f"{draw}quotas/", views.DrawQuotas.as_view(), name="draw_set_quotas"),
    path(f"{draw}quotas/essai/", views.DrawTry.as_view(), name="draw_try"),
    path(f"{draw}quotas/assouplir/", views.DrawRelax.as_view(), name="draw_relax"),
    path(
        f"{draw}annoncer/",
        draw_act("announce", form_class=forms.AnnounceForm, title=_("Announce the draw")),
        name="draw_announce",
    ),
    path(
        f"{draw}geler/", draw_act("freeze", title=_("Freeze the pool"), help_text=FREEZE), name="draw_freeze"
    ),
    path(
        f"{draw}graine/",
        draw_act("enter_seed", form_class=forms.SeedForm, title=_("Enter the seed before the witnesses")),
        name="draw_enter_seed",
    ),
    path(
        f"{draw}graine/confirmer/",
        draw_act(
            "confirm_seed", form_class=forms.SeedAgainForm, title=_("Confirm the seed"), help_text=AGAIN
        ),
        name="draw_confirm_seed",
    ),
    path(f"{draw}ecran/", views.DrawScreen.as_view(), name="draw_enter_number"),
    path(
        f"{draw}numero/confirmer/",
        draw_act(
            "confirm_number", form_class=forms.NumberForm, title=_("Confirm the number"), help_text=AGAIN
        ),
        name="draw_confirm_number",
    ),
    path(
        f"{draw}numero/graine/",
        draw_act("derive_number", title=_("Derive the number from the seed"), help_text=DERIVED),
        name="draw_derive_number",
    ),
    path(f"{draw}relancer/", draw_act("relaunch", title=_("Start the lottery again")), name="draw_relaunch"),
    path(
        f"{draw}certifier/",
        draw_act("certify", form_class=forms.StatementForm, title=_("Certify the draw")),
        name="draw_certify",
    ),
    path(
        f"{draw}publier/",
        draw_act("publish", title=_("Publish the draw"), help_text=ISSUE),
        name="draw_publish",
    ),
    path(
        f"{draw}suspendre/",
        draw_act("suspend", form_class=ReasonForm, title=_("Suspend the draw")),
        name="draw_suspend",
    ),
    path(
        f"{draw}reprendre/",
        draw_act("resume", form_class=ReasonForm, title=_("Resume the draw")),
        name="draw_resume",
    ),
    path(
        f"{draw}annuler/",
        draw_act("cancel", form_class=ReasonForm, title=_("Cancel the draw"), help_text=CANCEL, danger=True),
        name="draw_cancel",
    ),
    path(f"{below}sieges/", views.SeatList.as_view(), name="seat_list"),
    path(seat, views.SeatDetail.as_view(), name="seatoffer_detail"),
    path(
        f"{seat}appel/",
        seat_act("log_call", form_class=forms.CallForm, title=_("Note a call")),
        name="seatoffer_log_call",
    ),
    path(
        f"{seat}delai/",
        seat_act("wait", form_class=forms.WaitForm, title=_("Give more time to answer")),
        name="seatoffer_wait",
    ),
    path(f"{seat}autorisation/", views.SeatReceive.as_view(), name="seatoffer_receive"),
    path(f"{seat}confirmer/", views.SeatConfirm.as_view(), name="seatoffer_confirm"),
    path(
        f"{seat}invitation/",
        seat_act("invite_again", title=_("Send the invitation again"), help_text=AGAIN_BY_MAIL),
        name="seatoffer_invite_again",
    ),
    path(
        f"{seat}decliner/",
        seat_refused("decline", title=_("Record a refusal")),
        name="seatoffer_decline",
    ),
    path(
        f"{seat}liberer/",
        seat_refused("vacate", title=_("Fill this seat again")),
        name="seatoffer_vacate",
    ),
    path(
        f"{seat}remplacer/",
        views.SeatReplace.as_view(act="replace", title=_("Call the next of the reserve")),
        name="seatoffer_replace",
    ),
    path(
        f"{below}viviers/<slug:key>/tirage-complementaire/",
        views.ComplementAdd.as_view(),
        name="complement_add",
    ),
    path(f"{paper}fichier/", views.AuthorisationFile.as_view(), name="authorisation_file"),
    path(
        f"{paper}valider/",
        views.PaperAct.as_view(act="accept", title=_("The authorisation is valid"), help_text=VALID),
        name="authorisation_accept",
    ),
    path(
        f"{paper}refuser/",
        views.PaperAct.as_view(
            act="turn_down", title=_("The authorisation is not valid"), form_class=ReasonForm
        ),
        name="authorisation_turn_down",
    ),
]
