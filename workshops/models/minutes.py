"""The minutes of a meeting."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import transition
from assembly.models import Accountable, Document, Versioned
from workshops.minutes import minutes_content
from workshops.models.enrolments import joined_by
from workshops.models.readers import OVERSEERS, facilitated_by, in_cycles_of, seated_cycles


class MinutesQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Drafts for who writes them; in review for those the meeting was for; published for all."""
        if not user.is_authenticated:
            return self.published()
        invited = Q(meeting__workshop__in=joined_by(user)) | Q(
            meeting__workshop=None, meeting__cycle__in=seated_cycles(user)
        )
        return self.filter(
            Q(state=Minutes.State.PUBLISHED)
            | in_cycles_of(user, OVERSEERS, "meeting__cycle")
            | Q(meeting__workshop__in=facilitated_by(user))
            | (Q(meeting__workshop__rapporteur=user) & Q(meeting__workshop__in=joined_by(user)))
            | (invited & ~Q(state=Minutes.State.DRAFT))
        )

    def published(self):
        return self.filter(state=Minutes.State.PUBLISHED)

    def in_review(self):
        return self.filter(state=Minutes.State.IN_REVIEW)


class Minutes(Accountable, Versioned):
    """The minutes of one meeting: written, read again, approved, published once and for all."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("minutes", "draft")
        IN_REVIEW = "in_review", pgettext_lazy("minutes", "in review")
        APPROVED = "approved", pgettext_lazy("minutes", "approved")
        PUBLISHED = "published", pgettext_lazy("minutes", "published")

    editable_states = (State.DRAFT, State.IN_REVIEW)

    meeting = models.OneToOneField("workshops.Meeting", models.PROTECT, related_name="minutes")
    narrative = models.TextField(_("narrative"), blank=True, max_length=100_000)
    counts = models.JSONField(default=dict, editable=False)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    approved_at = models.DateTimeField(null=True, editable=False)
    document = models.OneToOneField(
        Document, models.PROTECT, null=True, blank=True, related_name="minutes", editable=False
    )

    objects = MinutesQuerySet.as_manager()

    class Meta:
        ordering = ["-meeting__starts_at", "-pk"]
        verbose_name_plural = "minutes"
        constraints = [
            models.CheckConstraint(
                name="minutes_are_published_with_their_sheet",
                condition=Q(state="published", document__isnull=False)
                | (~Q(state="published") & Q(document=None)),
            ),
            models.CheckConstraint(
                name="minutes_are_dated_once_approved",
                condition=Q(state__in=["draft", "in_review"], approved_at=None)
                | Q(state__in=["approved", "published"], approved_at__isnull=False),
            ),
        ]

    def __str__(self):
        return gettext("Minutes – %(meeting)s") % {"meeting": self.meeting.title}

    def get_absolute_url(self):
        return reverse("workshops:minutes_detail", args=[self.pk])

    @property
    def cycle(self):
        return self.meeting.cycle

    @property
    def workshop(self):
        return self.meeting.workshop

    @property
    def content(self):
        """What the page shows: the frozen sheet once published, the live text before."""
        return self.document.content if self.document_id else minutes_content(self)

    @transition(source=State.DRAFT, target=State.IN_REVIEW, label=_("minutes sent for review"))
    def submit(self, *, by):
        """Those who attended read them again; attendance is counted for the last time."""
        if not self.narrative.strip():
            raise ValidationError(gettext("The minutes are empty."))
        self.counts = self.meeting.counts

    @transition(source=State.IN_REVIEW, target=State.DRAFT, label=_("minutes sent back"))
    def send_back(self, *, by, reason):
        """Something has to be corrected first."""

    @transition(source=State.IN_REVIEW, target=State.APPROVED, label=_("minutes approved"))
    def approve(self, *, by):
        self.approved_at = clock.now()

    @transition(source=State.APPROVED, target=State.PUBLISHED, label=_("minutes published"))
    def publish(self, *, by):
        with translation.override("fr"):
            self.document = Document.objects.issue(
                Document.Kind.MINUTES, str(self), minutes_content(self), cycle=self.meeting.cycle
            )
