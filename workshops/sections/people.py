"""Who belongs to a workshop, under the names they chose; minors by their first name."""

from django.utils.translation import gettext_lazy as _

from workshops.sections import section


@section("participants", _("People"), position=10)
def people(request, workshop):
    """Names of members are for the workshop; those who lead it are known to all."""
    inside = workshop.is_open_to(request.user)
    rows = workshop.enrolments.filter(member__state__in=["sitting", "on_leave", "term_ended"])
    found = list(rows.select_related("member__user")) if inside else []
    return "workshops/_people.html", {
        "people": found,
        "mine": next((row for row in found if row.member.user_id == request.user.pk), None),
        "allotment": workshop.cycle.allotments.filter(state="published").defer("outcome").first(),
        "facilitators": workshop.facilitators.all(),
        "rapporteur": next(
            (row.member for row in found if row.member.user_id == workshop.rapporteur_id), None
        ),
    }
