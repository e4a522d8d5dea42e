"""What can be found of the workshops; minutes, notebooks, hearing sheets and press reviews are documents."""

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from assembly.search import Found, searchable
from workshops.models import Commitment, Meeting, Partner, Workshop


@searchable("workshop", _("Workshops"), Workshop, related=("cycle",))
def workshop(workshop):
    return Found(workshop.title, workshop.purpose, cycle=workshop.cycle_id, day=workshop.cycle.starts_on)


@searchable("meeting", _("Meetings"), Meeting)
def meeting(meeting):
    text = f"{meeting.purpose} {meeting.place}"
    return Found(meeting.title, text, cycle=meeting.cycle_id, day=localdate(meeting.starts_at))


@searchable("commitment", _("Commitments"), Commitment, related=("meeting",))
def commitment(commitment):
    text = f"{commitment.who} – {commitment.outcome}"
    return Found(commitment.text, text, cycle=commitment.meeting.cycle_id, day=commitment.due_on)


@searchable("partner", _("Partners"), Partner)
def partner(partner):
    return Found(partner.name, partner.mission)
