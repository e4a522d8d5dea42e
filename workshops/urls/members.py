"""The addresses of a member's own affairs: places by hand, needs, discussions, letters."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.utils.translation import gettext_lazy as _

from assembly.forms import ReasonForm
from assembly.views import ActView
from workshops.forms.members import FlagForm
from workshops.models import Enrolment, Message, Subscription, Thread
from workshops.views import discussions, enrolments, letters, needs

CYCLE = "cycles/<int:number>/"


def act(address, model, name, title, view=ActView, **options):
    view = view.as_view(model=model, act=name, title=title, **options)
    return path(address, view, name=f"{model._meta.model_name}_{name}")


by_hand = [
    path(f"{CYCLE}inscriptions/placer/", enrolments.MemberPin.as_view(), name="enrolment_pin"),
    act(
        "inscriptions/<int:pk>/ne-plus-placer/",
        Enrolment,
        "unpin",
        _("No longer place by hand"),
        then="get_people_url",
        back="get_people_url",
    ),
]
support = [
    path("mon-espace/besoins/", needs.NeedsTell.as_view(), name="needs_tell"),
    path("besoins/", needs.SupportList.as_view(), name="support_list"),
    path("rencontres/<int:pk>/besoins/", needs.Provide.as_view(), name="meeting_provide"),
]
talk = [
    path("ateliers/<int:pk>/sujets/nouveau/", discussions.ThreadFound.as_view(), name="thread_add"),
    path("discussions/<int:pk>/", discussions.ThreadDetail.as_view(), name="thread_detail"),
    path("discussions/<int:pk>/ecrire/", discussions.MessageFound.as_view(), name="message_add"),
    act("discussions/<int:pk>/fermer/", Thread, "close", _("Close the discussion"), form_class=ReasonForm),
    act("discussions/<int:pk>/rouvrir/", Thread, "reopen", _("Open it again")),
    path("messages/<int:pk>/modifier/", discussions.MessageEdit.as_view(), name="message_edit"),
    act("messages/<int:pk>/masquer/", Message, "hide", _("Hide this message"), form_class=ReasonForm),
    act(
        "messages/<int:pk>/signaler/",
        Message,
        "flag",
        _("Flag this message to the facilitator"),
        form_class=FlagForm,
        help_text=_("The facilitator reads it again. Nobody is told who flagged it."),
    ),
    act("messages/<int:pk>/laisser/", Message, "let_stand", _("Nothing against it: keep this message")),
    act("messages/<int:pk>/montrer/", Message, "show", _("Show this message again")),
    act("messages/<int:pk>/retirer/", Message, "withdraw", _("Withdraw my message"), danger=True),
]
told = [
    path("mon-espace/courriels-et-agenda/", letters.MySubscription.as_view(), name="subscription"),
    act(
        "mon-espace/agenda/adresse/",
        Subscription,
        "renew",
        _("Make a new address"),
        view=letters.OwnSubscription,
        help_text=_("If you had an address, it opens nothing any more: change it in your calendar too."),
    ),
    act(
        "mon-espace/agenda/fermer/",
        Subscription,
        "revoke",
        _("Close this address"),
        view=letters.OwnSubscription,
        danger=True,
    ),
    path("agenda/<str:secret>.ics", login_not_required(letters.own_calendar), name="calendar"),
    path("rencontres/agenda.ics", login_not_required(letters.public_calendar), name="public_calendar"),
]
members = by_hand + support + talk + told
