"""Who reads which rows."""

from django.db.models import Q

from assembly.models import Appointment

Role = Appointment.Role


def followed_by(user, *roles, path="cycle"):
    """The rows of the cycles in which this person holds one of these roles."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    held = [given for given in user.current_appointments if given.role in roles]
    if any(given.cycle_id is None for given in held):
        return ~Q(pk__in=[])
    return Q(**{f"{path}__in": [given.cycle_id for given in held]})
