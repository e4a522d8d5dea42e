"""What is owed: half-days attended times the rate of the cycle, less what earlier runs have paid."""

from collections import defaultdict
from decimal import Decimal

from django.utils.timezone import localdate

NOTHING = (Decimal(0), Decimal(0))


def owed_lines(attendances, paid_lines, rate):
    """What a run adds. A meeting paid rightly gives no line; a difference gives one, up or down."""
    due = {(row.member, row.meeting): row.half_days_paid for row in attendances}
    paid = summed(paid_lines, lambda line: (line.member, line.meeting))
    for key in sorted(due.keys() | paid.keys(), key=lambda key: (key[0].pk, key[1].pk)):
        half_days, (before, amount_before) = due.get(key, Decimal(0)), paid.get(key, NOTHING)
        difference = half_days * rate - amount_before
        if difference:
            yield {
                "member": key[0],
                "meeting": key[1],
                "half_days": half_days - before,
                "amount": difference,
                "corrects": key in paid,
            }


def summed(lines, key):
    """{key of the line: (half-days, amount)}."""
    sums = defaultdict(lambda: NOTHING)
    for line in lines:
        half_days, amount = sums[key(line)]
        sums[key(line)] = (half_days + line.half_days, amount + line.amount)
    return dict(sums)


def by_month(lines):
    """[{month, half_days, amount}], by the month of the meetings."""
    months = summed(lines, lambda line: localdate(line.meeting.starts_at).replace(day=1))
    return [
        {"month": month, "half_days": months[month][0], "amount": months[month][1]}
        for month in sorted(months)
    ]


def by_member(lines):
    """[{member, half_days, amount}], in the order of the lines."""
    people = summed(lines, lambda line: line.member)
    return [{"member": member, "half_days": sums[0], "amount": sums[1]} for member, sums in people.items()]


def statement_content(run, member, lines):
    """What the statement of one member says. Plain values, in the language of the sheet."""
    return {
        "cycle": run.cycle.title,
        "run": run.number,
        "member": member.user.name,
        "until": run.until.isoformat(),
        "closed_on": localdate(run.closed_at).isoformat(),
        "rate": str(run.rate),
        "lines": [
            {
                "date": localdate(line.meeting.starts_at).isoformat(),
                "meeting": line.meeting.title,
                "half_days": str(line.half_days),
                "amount": str(line.amount),
                "corrects": line.corrects,
            }
            for line in sorted(lines, key=lambda line: line.meeting.starts_at)
        ],
        "half_days": str(sum(line.half_days for line in lines)),
        "amount": str(sum(line.amount for line in lines)),
    }
