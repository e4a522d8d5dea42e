"""What hangs on a meeting beyond its programme: its hearing, its registration, the partners who take part."""

from assembly.panels import panel
from assembly.views import entitled_to_add
from workshops.models import Hearing, Meeting, Outing, PartnerInvitation, PriorityVote
from workshops.views.outings import OUTINGS

OVER = (Meeting.State.HELD, Meeting.State.CANCELLED)


@panel("workshops.meeting")
def around(request, meeting):
    user = request.user
    hearing = Hearing.objects.visible_to(user).filter(meeting=meeting).first()
    outing = Outing.objects.visible_to(user).filter(meeting=meeting).with_places(user).first()
    going_on = meeting.state not in OVER
    hears = meeting.kind == Meeting.Kind.HEARING
    return "workshops/_around_meeting.html", {
        "meeting": meeting,
        "hearing": hearing,
        "may_hear": hears and not hearing and entitled_to_add(user, Hearing, meeting),
        "outing": outing,
        "may_open": going_on
        and meeting.kind in OUTINGS
        and not outing
        and entitled_to_add(user, Outing, meeting),
        "invitations": PartnerInvitation.objects.filter(meeting=meeting).select_related("partner"),
        "may_invite": entitled_to_add(user, PartnerInvitation, meeting),
        "votes": PriorityVote.objects.visible_to(user).filter(meeting=meeting),
    }
