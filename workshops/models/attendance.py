"""Who was invited, and whether they came."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assembly.models import Appointment, Member
from workshops.models.readers import facilitated_by, in_cycles_of


class AttendanceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Attendance by name is for the person, for those who record it and for those who pay it."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            in_cycles_of(user, [Appointment.Role.SECRETARIAT], "meeting__cycle")
            | Q(meeting__workshop__in=facilitated_by(user))
            | Q(member__user=user)
        )

    def present(self):
        return self.filter(status=Attendance.Status.PRESENT)

    def came(self):
        """Were there, be it for a part of it."""
        awaited = [Attendance.Status.EXPECTED, Attendance.Status.EXCUSED, Attendance.Status.ABSENT]
        return self.exclude(status__in=awaited)


class Attendance(models.Model):
    """Who was invited, and whether they came. By name: never public."""

    class Status(models.TextChoices):
        EXPECTED = "expected", pgettext_lazy("attendance", "expected")
        PRESENT = "present", pgettext_lazy("attendance", "present")
        EXCUSED = "excused", pgettext_lazy("attendance", "excused")
        ABSENT = "absent", pgettext_lazy("attendance", "absent")

    meeting = models.ForeignKey("workshops.Meeting", models.PROTECT, related_name="attendances")
    member = models.ForeignKey(Member, models.PROTECT, related_name="attendances")
    status = models.CharField(_("attendance"), max_length=10, choices=Status, default=Status.EXPECTED)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    notified_at = models.DateTimeField(null=True, blank=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["member__user__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="a_member_attends_a_meeting_once"),
            models.CheckConstraint(
                name="attendance_is_one_of_four",
                condition=Q(status__in=["expected", "present", "excused", "absent"]),
            ),
        ]

    def __str__(self):
        return f"{self.member}: {self.get_status_display()}"

    @property
    def half_days_paid(self):
        """For whoever came: what the meeting counts for."""
        return self.meeting.half_days

    def mark(self, status, reason, *, changed):
        if changed:
            self.status = status
        if reason is not None:
            self.reason = reason
        self.save(update_fields=["status", "reason"])
