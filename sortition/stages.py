"""What the draws say of the way to a seat: see assembly/stages.py."""

from django.db.models import Count
from django.utils.timezone import localdate
from django.utils.translation import pgettext_lazy

from assembly import paris
from assembly.composition.stages import Fact, member_ref, stage
from sortition.models import Invitation, SeatOffer, Volunteer


def ref_of(volunteer, member):
    """A volunteer who took a seat is the same person there."""
    return member_ref(member) if member else f"v{volunteer}"


@stage("invited", pgettext_lazy("stage", "invited"), position=10)
def invited(cycle):
    """Letters sent: people known by their stratum only."""
    rows = Invitation.objects.filter(pool__cycle=cycle, sent_on__isnull=False).order_by()
    for pool, since, district, age, sex, number in rows.values_list(
        "pool", "sent_on", "district", "age_band", "sex"
    ).annotate(number=Count("pk")):
        profile = {
            "gender": "H" if sex == "M" else sex,
            "age": age,
            "district": paris.SECTORS.get(district, district),
        }
        yield Fact("", pool, profile, since, weight=number)


@stage("volunteers", pgettext_lazy("stage", "volunteers"), position=20)
def volunteers(cycle):
    """Whoever said yes and could be drawn, whatever became of them."""
    rows = Volunteer.objects.filter(cycle=cycle).exclude(state=Volunteer.State.INELIGIBLE)
    for pk, member, pool, profile, at in rows.values_list(
        "pk", "offer__member", "pool", "profile", "answered_at"
    ):
        yield Fact(ref_of(pk, member), pool, profile, localdate(at))


@stage("drawn", pgettext_lazy("stage", "drawn"), position=30)
def drawn(cycle):
    """The panel as the draw designated it, before anybody declined."""
    rows = SeatOffer.objects.filter(draw__cycle=cycle, replaces=None)
    for pk, member, pool, profile, since in rows.values_list(
        "volunteer", "member", "pool", "volunteer__profile", "offered_on"
    ):
        yield Fact(ref_of(pk, member), pool, profile, since)
