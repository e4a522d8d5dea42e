"""The papers attached to a meeting or to a point of its programme."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import get_valid_filename
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock
from workshops import papers
from workshops.models.enrolments import own_workshops
from workshops.models.parts import PartOfMeeting, PartQuerySet
from workshops.models.readers import OVERSEERS, in_cycles_of, seated_cycles


class PaperQuerySet(PartQuerySet):
    def visible_to(self, user):
        """For those the meeting is for; for everybody when it is said to be public."""
        seen = super().visible_to(user)
        if not user.is_authenticated:
            return seen.filter(public=True)
        inside = Q(meeting__workshop__in=own_workshops(user))
        inside |= Q(meeting__workshop=None, meeting__cycle__in=seated_cycles(user))
        return seen.filter(Q(public=True) | inside | in_cycles_of(user, OVERSEERS, "meeting__cycle"))


class Paper(PartOfMeeting):
    """A file read before or during a meeting. What it is was read in its bytes, not in its name."""

    meeting = models.ForeignKey("workshops.Meeting", models.PROTECT, related_name="papers")
    item = models.ForeignKey(
        "workshops.AgendaItem",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="papers",
        verbose_name=_("point of the programme"),
    )
    title = models.CharField(_("title"), max_length=200)
    file = models.FileField(_("file"), upload_to="papers/%Y/%m/")
    kind = models.CharField(max_length=100, editable=False)
    size = models.PositiveIntegerField(editable=False)
    public = models.BooleanField(_("everybody may read it"), default=False)
    added_at = models.DateTimeField(default=clock.now, editable=False)

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.title

    @property
    def address(self):
        return reverse("workshops:paper_file", args=[self.pk])

    @property
    def name(self):
        """The name it is saved under: its title, with the ending of what it is."""
        return get_valid_filename(self.title[:80]) + papers.ENDINGS[self.kind]

    def clean(self):
        if self.item_id and self.item.meeting_id != self.meeting_id:
            raise ValidationError({"item": gettext("This point belongs to another meeting.")})
        if self.file and not self.file._committed:
            self.kind = papers.kind_of(self.file)
            self.size = self.file.size
            self.title = self.title or Path(self.file.name).stem[:200]
