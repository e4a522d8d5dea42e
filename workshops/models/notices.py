"""Every notice of a meeting that went out: when, how long before, and what it changed."""

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.models import Document
from workshops.models.parts import PartOfMeeting, PartQuerySet
from workshops.sittings import clear_days


class Notice(PartOfMeeting):
    """One sending to all those invited. Kept as it was: the delay of the day, the reason, the sheet."""

    class Kind(models.TextChoices):
        FIRST = "first", _("notice of meeting")
        CHANGED = "changed", _("change of date or place")
        CANCELLED = "cancelled", _("cancellation")

    meeting = models.ForeignKey("workshops.Meeting", models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=10, choices=Kind)
    sent_at = models.DateTimeField(default=clock.now)
    days = models.PositiveSmallIntegerField(_("clear days before the meeting"))
    needed = models.PositiveSmallIntegerField(_("clear days the cycle asks for"))
    urgency = models.CharField(_("why it is urgent"), max_length=300, blank=True)
    changes = models.JSONField(default=dict, help_text="field → [before, after]")
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_late_notice_says_why",
                condition=Q(kind="cancelled") | Q(days__gte=F("needed")) | ~Q(urgency=""),
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} – {self.meeting}"

    @property
    def is_late(self):
        return self.kind != Notice.Kind.CANCELLED and self.days < self.needed


def days_before(starts_at):
    """Clear days between today and the day of a meeting."""
    return clear_days(clock.today(), localdate(starts_at))
