"""What a meeting does with those who come: excuses, ticks by half-day, the code of the room."""

from collections import Counter
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext

from assembly import clock
from assembly.models import Member
from workshops.models.attendance import Attendance, Presence

DOORS = timedelta(minutes=30)  # before a half-day, those who arrive check in for it


class Coming:
    """The attending half of `Meeting`."""

    def get_sheet_url(self):
        return reverse("workshops:meeting_take_attendance", args=[self.pk])

    def get_screen_url(self):
        return reverse("workshops:meeting_renew_code", args=[self.pk])

    def numbers(self, half_day=None):
        """The half-days concerned: that one, or all."""
        known = [sitting.number for sitting in self.sittings]
        if half_day is not None and half_day not in known:
            raise ValidationError(gettext("This meeting has no such half-day."))
        return known if half_day is None else [half_day]

    def sheet(self):
        """Its lines, locked, with the half-days already ticked."""
        rows = self.attendances.select_for_update(of=("self",)).select_related("member__user")
        return {row.member_id: row for row in rows.prefetch_related("presences")}

    def tick(self, marks, reasons, seen, half_day):
        self.expect()
        rows, numbers, left = self.sheet(), self.numbers(half_day), []
        for member, status in marks.items():
            row, was = rows.get(member), seen.get(member)
            if row is None:
                continue
            now = row.status if half_day is None else row.status_at(half_day)
            if status != was and was is not None and now not in (was, status):
                left.append(row)
                continue
            if member in reasons:
                row.reason = reasons[member]
                row.save(update_fields=["reason"])
            if status != was and status in Presence.Status.values:
                row.meeting = self
                row.mark(numbers, status)
        return left

    def close_the_sheet(self):
        """Complete every line; refused while a half-day of a meeting was forgotten."""
        rows, numbers = self.sheet().values(), self.numbers()
        ticked = {half_day for row in rows for half_day in row.by_half_day}
        if missing := [str(number) for number in numbers if ticked and number not in ticked]:
            raise ValidationError(
                gettext("Attendance of half-day %(number)s is not taken yet: take it first.")
                % {"number": ", ".join(missing)}
            )
        added = []
        for row in rows:
            row.meeting, known = self, row.by_half_day
            for number in numbers:
                if number not in known:
                    status = row.status_at(number)
                    known[number] = "absent" if status == "expected" else status
                    added.append(Presence(attendance=row, half_day=number, status=known[number]))
            row.summed_up(known)
        Presence.objects.bulk_create(added)
        Attendance.objects.bulk_update(rows, ["status", "attended"])

    def there_at(self, half_day):
        """How many are where at a half-day, those who came unplanned apart; and the quorum of that half-day."""
        from workshops.models.meetings import counted

        rows = list(self.attendances.prefetch_related("presences"))
        by_status = Counter(row.status_at(half_day) for row in rows if not row.unplanned)
        unplanned = sum(row.status_at(half_day) == "present" for row in rows if row.unplanned)
        found = counted(by_status, self.cycle.quorum_percent)
        return found | {"left": by_status["left"], "expected": by_status["expected"], "unplanned": unplanned}

    # the person themselves

    def set_excuse(self, user, status, reason):
        if self.ends_at <= clock.now():
            raise ValidationError(gettext("This meeting is over: tell your facilitator."))
        row = self.attendances.filter(member__user=user).prefetch_related("presences").first()
        if row is None:
            raise ValidationError(gettext("You are not invited to this meeting."))
        if row.by_half_day:
            raise ValidationError(gettext("Your attendance is recorded already: tell your facilitator."))
        row.status, row.reason = status, reason
        row.save(update_fields=["status", "reason"])

    def excuses_no_longer_hold(self):
        """They were for another day: those people are awaited again, and the new notice tells them."""
        rows = self.attendances.filter(status=Attendance.Status.EXCUSED, presences=None)
        rows.update(status=Attendance.Status.EXPECTED, reason="")

    # the code of the room

    @property
    def sitting_now(self):
        """The half-day for which one checks in at this moment, if any."""
        now = clock.now()
        running = [sitting for sitting in self.sittings if now in sitting]
        soon = [sitting for sitting in self.sittings if sitting.starts_at - DOORS <= now < sitting.starts_at]
        return next(iter(running + soon), None)

    def code_of(self, half_day):
        """Four figures, another for each half-day; kept nowhere."""
        secret = salted_hmac(
            "workshops.check_in", f"{self.pk}/{half_day}/{self.code_turn}", algorithm="sha256"
        )
        return f"{int(secret.hexdigest()[:12], 16) % 10_000:04}"

    def let_in(self, user, code):
        sitting = self.sitting_now
        if sitting is None:
            raise ValidationError(
                gettext("One checks in during the meeting, and half an hour before each half-day.")
            )
        if not constant_time_compare(code.strip(), self.code_of(sitting.number)):
            raise ValidationError(
                gettext("This is not the code of this half-day: read it again."), code="code"
            )
        seat = Member.objects.seated().get(user=user, cycle=self.cycle_id)
        row, _new = self.attendances.get_or_create(member=seat, defaults={"unplanned": True})
        row.meeting = self
        if row.status_at(sitting.number) != "present":
            row.mark([sitting.number], "present")
