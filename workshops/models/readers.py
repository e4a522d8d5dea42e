"""Who reads what."""

from django.db.models import Q

from assembly.models import Appointment, Member

OVERSEERS = (Appointment.Role.SECRETARIAT, Appointment.Role.GUARANTOR)
MAY_READ = (*Member.SEATED, Member.State.TERM_ENDED)
ANSWERERS = (Appointment.Role.EXECUTIVE, Appointment.Role.DEPARTMENT)


def in_cycles_of(user, roles, path):
    """The rows of the cycles in which this person holds one of `roles`; `path` leads from a row to its cycle."""
    held = [held for held in user.current_appointments if held.role in roles]
    if any(appointment.cycle_id is None for appointment in held):
        return Q(pk__isnull=False)
    return Q(**{f"{path}__in": [appointment.cycle_id for appointment in held]})


def facilitated_by(user):
    """The workshops this person leads, as numbers: one query a request."""
    if not any(held.role == Appointment.Role.FACILITATOR for held in user.current_appointments):
        return frozenset()
    if not hasattr(user, "_facilitated"):
        user._facilitated = frozenset(user.facilitated_workshops.values_list("pk", flat=True))
    return user._facilitated


def seated_cycles(user):
    return [seat.cycle_id for seat in user.seats if seat.state in MAY_READ]
