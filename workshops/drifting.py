"""What the workshops know of a member whom nobody sees any more, said on the pages of the ground floor."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.panels import panel, sign
from workshops.models import Enrolment
from workshops.year import drifting_in


@sign
def drift_signs(cycle):
    """{member: words} of those who missed the last half-days."""
    return {drift.member.pk: said(drift) for drift in drifting_in(cycle)}


def said(drift):
    words = ngettext(
        "%(number)s half-day missed in a row", "%(number)s half-days missed in a row", drift.missed
    )
    contacted = _("to contact") if drift.awaits else _("contacted since")
    return f"{words % {'number': drift.missed}} – {contacted}"


@panel("assembly.member")
def drift_of_member(request, member):
    """Their half-days, and who called them: for those who record attendance."""
    if not request.user.has_perm("assembly.leave_member", member):
        return None
    enrolment = Enrolment.objects.filter(member=member).select_related("workshop").first()
    drift = next((row for row in drifting_in(member.cycle) if row.member == member), None)
    workshop = enrolment.workshop if enrolment else None
    contacts = member.outreach.select_related("by", "workshop__cycle")[:5]
    return "workshops/_member.html", {
        "drift": drift,
        "workshop": workshop,
        "contacts": contacts,
        "member": member,
    }
