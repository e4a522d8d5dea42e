"""Who really takes part: half-days of presence, and the workshops as groups. See assembly/stages.py."""

from collections import defaultdict
from datetime import timedelta
from fractions import Fraction

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate
from django.utils.translation import pgettext_lazy

from assembly.composition.stages import Fact, group, member_ref, stage
from workshops.models import Attendance, Enrolment, Meeting

THREE_MONTHS = timedelta(days=91)


@stage("attending", pgettext_lazy("stage", "attending"), position=60, half_days=True, seated=True)
def attending(cycle):
    """Half-days of presence at the meetings of the three months up to that day."""
    rows = Attendance.objects.came().filter(meeting__cycle=cycle, meeting__state=Meeting.State.HELD)
    rows = rows.annotate(half_days=Coalesce(F("attended"), F("meeting__half_days")))
    for pk, pool, profile, at, half_days in rows.order_by().values_list(
        "member", "member__pool", "member__profile", "meeting__starts_at", "half_days"
    ):
        day = localdate(at)
        yield Fact(member_ref(pk), pool, profile, day, day + THREE_MONTHS, Fraction(str(half_days)))


@group
def workshops(cycle):
    """{number: (title, its members)}."""
    rows = Enrolment.objects.allotted().filter(member__cycle=cycle).order_by("workshop__position")
    titles, refs = {}, defaultdict(set)
    for workshop, title, member in rows.values_list("workshop", "workshop__title", "member"):
        titles[str(workshop)] = title
        refs[str(workshop)].add(member_ref(member))
    return {key: (title, refs[key]) for key, title in titles.items()}
