"""What the workshops know of a member whom nobody sees any more, said on the pages of the ground floor."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.panels import panel, sign
from workshops.models import Enrolment
from workshops.year import adrift_in, drifting_in


@sign
def drift_signs(cycle):
    """{member: words} of those who missed the last half-days."""
    return {pk: said(**found) for pk, found in adrift_in(cycle).items()}


def said(missed, contacted, **_more):
    words = ngettext("%(number)s half-day missed in a row", "%(number)s half-days missed in a row", missed)
    then = _("contacted since") if contacted else _("to contact")
    return f"{words % {'number': missed}} – {then}"


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
