"""What hangs on a meeting beyond its programme: its hearing, its registration, the partners who take part."""

from assembly.panels import panel
from assembly.views import entitled_to_add
from workshops.models import Hearing, Meeting, Outing
from workshops.views.outings import OUTINGS

OVER = (Meeting.State.HELD, Meeting.State.CANCELLED)


@panel("workshops.meeting")
def around(request, meeting):
    user, inside = request.user, meeting.is_open_to(request.user)
    hearing, outing = getattr(meeting, "hearing", None), getattr(meeting, "outing", None)
    if hearing and not inside and hearing.state != Hearing.State.PUBLISHED:
        hearing = None
    runs_it = entitled_to_add(user, Outing, meeting)
    going_on = meeting.state not in OVER
    return "workshops/_around_meeting.html", {
        "meeting": meeting,
        "hearing": hearing,
        "may_hear": meeting.kind == Meeting.Kind.HEARING and not hearing and runs_it,
        "outing": outing if inside and (runs_it or outing and outing.state == Outing.State.OPEN) else None,
        "may_open": going_on and meeting.kind in OUTINGS and not outing and runs_it,
        "invitations": meeting.partner_invitations.select_related("partner")
        if meeting.has_partner_invitations
        else [],
        "may_invite": runs_it,
        "votes": meeting.priorityvotes.all() if inside and meeting.has_priorityvotes else [],
    }
