"""Who was invited, and whether they came."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assembly import clock
from assembly.models import Appointment, Member
from workshops.models.parts import PartOfMeeting, PartQuerySet
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
    unplanned = models.BooleanField(_("came without being invited"), default=False)
    attended = models.DecimalField(
        max_digits=3, decimal_places=1, null=True, editable=False, help_text="half-days; empty: not taken yet"
    )
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
        """For whoever came: the half-days attended; all of the meeting where they were not told apart."""
        return self.meeting.half_days if self.attended is None else self.attended

    @property
    def by_half_day(self):
        """{number of the half-day: status}, from what was prefetched."""
        return {presence.half_day: presence.status for presence in self.presences.all()}

    def status_at(self, half_day):
        """As ticked for that half-day; for the whole meeting while no half-day was."""
        ticked = self.by_half_day
        return ticked.get(half_day, self.Status.EXPECTED) if ticked else self.status

    def summed_up(self, ticked):
        """The meeting in one word and in half-days, from its half-days."""
        came = sum(status in Presence.CAME for status in ticked.values())
        found = {Presence.Status.EXCUSED, Presence.Status.ABSENT} & set(ticked.values())
        self.status = (
            self.Status.PRESENT
            if came
            else self.Status.EXCUSED
            if Presence.Status.EXCUSED in found
            else self.Status.ABSENT
        )
        share = Decimal(came) / len(self.meeting.sittings)
        self.attended = (self.meeting.half_days * share).quantize(Decimal("0.1"))
        return self

    def mark(self, half_days, status):
        """Tick these half-days, under the lock of the meeting."""
        ticked = self.by_half_day
        for half_day in half_days:
            Presence.objects.update_or_create(attendance=self, half_day=half_day, defaults={"status": status})
            ticked[half_day] = status
        self.summed_up(ticked).save(update_fields=["status", "attended"])


class Presence(models.Model):
    """One half-day of one person."""

    class Status(models.TextChoices):
        PRESENT = "present", pgettext_lazy("attendance", "present")
        LEFT = "left", pgettext_lazy("attendance", "left early")
        EXCUSED = "excused", pgettext_lazy("attendance", "excused")
        ABSENT = "absent", pgettext_lazy("attendance", "absent")

    CAME = (Status.PRESENT, Status.LEFT)

    attendance = models.ForeignKey(Attendance, models.CASCADE, related_name="presences")
    half_day = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status)
    ticked_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["half_day"]
        verbose_name_plural = "presences"
        constraints = [
            models.UniqueConstraint(fields=["attendance", "half_day"], name="a_half_day_is_ticked_once"),
            models.CheckConstraint(
                name="a_presence_is_one_of_four",
                condition=Q(status__in=["present", "left", "excused", "absent"]),
            ),
        ]

    def __str__(self):
        return f"{self.half_day}: {self.get_status_display()}"


class Guest(PartOfMeeting):
    """Somebody from outside who came: an expert, a relative, a trainee. Never public."""

    editable_states = ("opened", "called", "held")

    meeting = models.ForeignKey("workshops.Meeting", models.PROTECT, related_name="guests")
    name = models.CharField(_("name"), max_length=120)
    capacity = models.CharField(_("in what capacity"), max_length=200, blank=True)
    added_at = models.DateTimeField(default=clock.now, editable=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return str(self.meeting)
