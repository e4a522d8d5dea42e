"""What is owed: half-days attended times the rate of the cycle, less what earlier runs have paid."""

from collections import defaultdict
from decimal import Decimal

from django.db.models import Sum
from django.utils.timezone import localdate

NOTHING = (Decimal(0), Decimal(0))


def owed_lines(run):
    """The lines of a run. A meeting paid rightly already gives none; a difference gives one, up or down."""
    due, paid = attended(run), paid_before(run)
    lines = []
    for member, meeting in sorted(due.keys() | paid.keys(), key=lambda key: (key[0].pk, key[1].pk)):
        half_days, amount = due.get((member, meeting), NOTHING)
        before = paid.get((member, meeting), NOTHING)
        if amount != before[1]:
            lines.append(
                {
                    "member": member,
                    "meeting": meeting,
                    "half_days": half_days - before[0],
                    "amount": amount - before[1],
                    "corrects": (member, meeting) in paid,
                }
            )
    return lines


def attended(run):
    """{(member, meeting): (half-days, amount)} of the meetings held until the day of the run."""
    from workshops.models import Attendance, Meeting

    rows = Attendance.objects.came().filter(meeting__cycle=run.cycle_id, meeting__state=Meeting.State.HELD)
    rows = rows.filter(meeting__starts_at__date__lte=run.until).select_related("meeting", "member__user")
    found = {}
    for row in rows:
        half_days = row.half_days_paid
        found[row.member, row.meeting] = (half_days, half_days * run.rate)
    return found


def paid_before(run):
    """{(member, meeting): (half-days, amount)} of the closed runs of the cycle."""
    from workshops.models import AllowanceLine, AllowanceRun

    rows = AllowanceLine.objects.filter(run__cycle=run.cycle_id, run__state=AllowanceRun.State.CLOSED)
    paid = defaultdict(lambda: NOTHING)
    for line in rows.exclude(run=run.pk).select_related("member__user", "meeting"):
        key = (line.member, line.meeting)
        paid[key] = (paid[key][0] + line.half_days, paid[key][1] + line.amount)
    return paid


def by_month(lines):
    """[(first day of the month, half-days, amount)] of lines, by the month of their meeting."""
    months = defaultdict(lambda: NOTHING)
    for line in lines:
        month = localdate(line.meeting.starts_at).replace(day=1)
        months[month] = (months[month][0] + line.half_days, months[month][1] + line.amount)
    return [(month, *months[month]) for month in sorted(months)]


def total(lines):
    sums = lines.aggregate(half_days=Sum("half_days"), amount=Sum("amount"))
    return {name: value or Decimal(0) for name, value in sums.items()}
