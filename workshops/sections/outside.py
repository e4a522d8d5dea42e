"""What a workshop reads, chooses, visits, and does with others."""

from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from assembly.views import entitled_to_add
from workshops.forms.outside import WatchFilter
from workshops.models import (
    Meeting,
    Outing,
    PartnerInvitation,
    PressReview,
    Referral,
    WatchItem,
)
from workshops.sections import section
from workshops.views.outings import OUTINGS
from workshops.views.priorities import priorities_of

A_PAGE = 12


@section("veille", _("Citizen watch"), position=40)
def watch(request, workshop):
    """What members share, for those inside; the press reviews, for all."""
    user, filters = request.user, WatchFilter(request.GET or None, workshop=workshop)
    items = WatchItem.objects.visible_to(user).shared().filter(workshop=workshop)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    for name in ("kind", "subject"):
        if wanted.get(name):
            items = items.filter(**{name: wanted[name]})
    if words := (wanted.get("q") or "").strip():
        items = items.filter(title__icontains=words)
    items = items.select_related("workshop", "cycle", "subject", "shared_by__user")
    reviews = PressReview.objects.visible_to(user).filter(workshop=workshop)
    return "workshops/_watch_of_workshop.html", {
        "filters": filters,
        "page_obj": Paginator(items, A_PAGE).get_page(request.GET.get("page")),
        "reviews": reviews.select_related("workshop", "cycle"),
        "can_share": entitled_to_add(user, WatchItem, workshop),
        "can_review": entitled_to_add(user, PressReview, workshop),
    }


@section("sujets", _("Priorities"), position=45)
def priorities(request, workshop):
    return "workshops/_priorities.html", priorities_of(request.user, workshop, workshop=workshop)


@section("sorties", _("Visits and training"), position=50, inside=True)
def outings(request, workshop):
    """Those of the workshop, and those of everybody."""
    user = request.user
    rows = Outing.objects.visible_to(user).filter(meeting__cycle=workshop.cycle_id)
    own = rows.filter(meeting__workshop=workshop) | rows.filter(meeting__workshop=None)
    bare = Meeting.objects.visible_to(user).filter(
        workshop=workshop, kind__in=OUTINGS, outing=None, state__in=["planned", "called"]
    )
    return "workshops/_outings_of_workshop.html", {
        "outings": own.coming().with_places(user).select_related("meeting__workshop", "meeting__cycle"),
        "bare": bare,
        "can_open": entitled_to_add(user, Outing, workshop),
    }


@section("partenaires", _("Partners"), position=60)
def partners(request, workshop):
    """Joint meetings for all; referrals for those inside."""
    user = request.user
    joint = PartnerInvitation.objects.visible_to(user).filter(meeting__workshop=workshop)
    referrals = Referral.objects.visible_to(user).filter(workshop=workshop)
    return "workshops/_partners_of_workshop.html", {
        "joint": joint.select_related("partner", "meeting").order_by("-meeting__starts_at"),
        "referrals": referrals.select_related("partner", "workshop", "cycle"),
        "can_refer": entitled_to_add(user, Referral, workshop),
    }
