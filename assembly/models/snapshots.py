"""The composition of the Assembly, frozen at set moments."""

import hashlib
import json

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock, journal
from assembly.models.cycles import Cycle
from assembly.models.documents import Document
from assembly.models.journal import Accountable


class SnapshotQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(cycle__in=Cycle.objects.visible_to(user))

    def update(self, **kwargs):
        raise TypeError("A snapshot is frozen.")

    def delete(self):
        raise TypeError("A snapshot is frozen.")


class Snapshot(Accountable):
    """Who was invited, drawn, seated and present at one moment: in full for those who run it, protected for all.

    What it says never changes; its fingerprint stands on the page and on the report.
    """

    class Moment(models.TextChoices):
        OPENING = "opening", _("opening of the recruitment")
        DRAW = "draw", _("after the draw")
        FIRST_SESSION = "first_session", _("first session")
        MID_TERM = "mid_term", _("mid-term")
        END = "end", _("end of the term")

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="snapshots", editable=False)
    moment = models.CharField(_("moment"), max_length=15, choices=Moment)
    day = models.DateField(_("day"), editable=False)
    taken_at = models.DateTimeField(default=clock.now, editable=False)
    figures = models.JSONField(encoder=journal.FactEncoder, editable=False, help_text="in full: never public")
    public = models.JSONField(encoder=journal.FactEncoder, editable=False, help_text="small counts protected")
    people = models.JSONField(default=dict, editable=False, help_text="rows counted by stage, as numbers")
    fingerprint = models.CharField(max_length=64, editable=False)
    report = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+", editable=False)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "moment"], name="a_moment_is_frozen_once"),
        ]

    def __str__(self):
        return f"{self.get_moment_display()} – {self.cycle}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise ValidationError(gettext("A snapshot is frozen: it never changes."))
        self.fingerprint = fingerprint_of(self.figures, self.public)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("assembly:snapshot_detail", args=[self.pk])

    @property
    def is_intact(self):
        """Still what was frozen."""
        return self.fingerprint == fingerprint_of(self.figures, self.public)


def fingerprint_of(*contents):
    text = json.dumps(contents, sort_keys=True, ensure_ascii=False, cls=journal.FactEncoder)
    return hashlib.sha256(text.encode()).hexdigest()
