"""Members come of age; and what their page says of their seat."""

from assembly.journal import purge
from assembly.models import Member
from assembly.panels import panel
from sortition.models import SeatOffer


@purge
def members_come_of_age():
    """From their eighteenth birthday on, the rules of adults hold; nothing of the date of birth is written."""
    minors = SeatOffer.objects.filter(member__is_minor=True, member__state__in=Member.SEATED)
    for offer in minors.select_related("member__user", "volunteer__contact", "draw__cycle"):
        if not offer.is_minor:
            offer.member.come_of_age(by=None)


@panel("assembly.member")
def seat_of_member(request, member):
    """The way to the seat, and to filling it again."""
    if not request.user.has_perm("sortition.view_seatoffer", member):
        return None
    rows = SeatOffer.objects.filter(member=member).select_related("member__user", "draw__cycle", "volunteer")
    offer = rows.first()
    return offer and ("sortition/_seat_of_member.html", {"offer": offer, "member": member})
