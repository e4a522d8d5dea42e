"""Who is entitled to act. Whether it is the moment is the transition's business."""

import rules

from assembly.models import Appointment

Role = Appointment.Role


def holder(role):
    """The predicate of a role: held for every cycle, or for the cycle of the object."""

    @rules.predicate(f"is_{role.value}")
    def holds(user, obj=None):
        return user.is_authenticated and user.holds(role, getattr(obj, "cycle", None))

    return holds


is_secretariat = holder(Role.SECRETARIAT)
is_operator = holder(Role.OPERATOR)
is_guarantor = holder(Role.GUARANTOR)
is_bailiff = holder(Role.BAILIFF)
is_executive = holder(Role.EXECUTIVE)
is_department = holder(Role.DEPARTMENT)
is_support = holder(Role.SUPPORT)


@rules.predicate
def is_staff(user, obj=None):
    """Holds any appointment in this cycle."""
    if not user.is_authenticated:
        return False
    cycle = getattr(obj, "cycle", None)
    return any(
        held.cycle_id is None or cycle is None or held.cycle_id == cycle.pk
        for held in user.current_appointments
    )


@rules.predicate
def is_oneself(user, obj=None):
    return user == obj


@rules.predicate
def sits(user, obj=None):
    """Holds a seat in the cycle of the object."""
    cycle = getattr(obj, "cycle", None)
    return user.is_authenticated and any(
        seat.state in seat.SEATED and (cycle is None or seat.cycle_id == cycle.pk) for seat in user.seats
    )


@rules.predicate
def sat(user, obj=None):
    """Holds or held a seat in the cycle of the object."""
    cycle = getattr(obj, "cycle", None)
    return user.is_authenticated and any(seat.cycle_id == cycle.pk for seat in user.seats)


@rules.predicate
def is_own_seat(user, member=None):
    return user.is_authenticated and member is not None and member.user_id == user.pk


def permission_for(act, obj):
    """`obj` is an object or a model: "deliberations.transmit_proposal"."""
    meta = obj._meta
    return f"{meta.app_label}.{act}_{meta.model_name}"


def is_moment(act, obj):
    if act in getattr(obj, "at_any_time", ()):
        return True
    door = getattr(type(obj), act, None)
    sources = getattr(door, "sources", None) or getattr(obj, "editable_states", None)
    return not sources or obj.state in sources


def entitled(user, act, obj):
    return user.is_authenticated and user.has_perm(permission_for(act, obj), obj)


def may(user, act, obj):
    """Permissions say who, transitions say when; a button asks both."""
    return is_moment(act, obj) and entitled(user, act, obj)


for name in ["add", "edit", "propose_targets", "set_pools", "set_targets", "set_phases", "name_goals"]:
    rules.add_perm(f"assembly.{name}_cycle", is_secretariat)
for name in ["open_recruitment", "begin", "deepen", "go_to_council", "follow_up"]:
    rules.add_perm(f"assembly.{name}_cycle", is_secretariat)
for name in ["sit", "leave", "return_", "resign", "remove", "end_term", "come_of_age"]:
    rules.add_perm(f"assembly.{name}_member", is_secretariat)
rules.add_perm("assembly.add_appointment", is_secretariat)
rules.add_perm("assembly.end_appointment", is_secretariat)
rules.add_perm("assembly.close_sessions_user", is_oneself)
rules.add_perm("assembly.forget_devices_user", is_secretariat & ~is_oneself)
rules.add_perm("assembly.add_observation", is_guarantor)
rules.add_perm("assembly.publish_observation", is_guarantor)
rules.add_perm("assembly.view_member", is_secretariat | is_own_seat)
rules.add_perm("assembly.view_members", is_secretariat | sat)
rules.add_perm("assembly.view_journal", is_secretariat | is_guarantor)
rules.add_perm("assembly.view_board", is_staff)
rules.add_perm("assembly.add_snapshot", is_secretariat)
rules.add_perm("assembly.view_composition", is_secretariat | is_guarantor)
rules.add_perm("assembly.view_privacy", is_secretariat | is_guarantor)
rules.add_perm("assembly.view_people", is_secretariat)
rules.add_perm("assembly.set_days_retention", is_secretariat)
for name in ["add", "approve", "cancel", "finish"]:
    rules.add_perm(f"assembly.{name}_elimination", is_secretariat)
for name in ["add", "name_person", "check_identity", "extend", "give_answer", "refuse", "lift"]:
    rules.add_perm(f"assembly.{name}_rightsrequest", is_secretariat)
