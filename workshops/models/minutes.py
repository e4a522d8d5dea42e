"""The minutes of a meeting."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act, transition
from assembly.models import Accountable, Document, Versioned
from workshops.minutes import minutes_content
from workshops.models.enrolments import joined_by
from workshops.models.readers import OVERSEERS, facilitated_by, in_cycles_of, seated_cycles


class MinutesQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Drafts for who writes them; in review for those the meeting was for; published for all."""
        if not user.is_authenticated:
            return self.published()
        return self.filter(Q(state=Minutes.State.PUBLISHED) | self.inside(user))

    def inside(self, user):
        """Those this person reads before the public does."""
        invited = Q(meeting__workshop__in=joined_by(user)) | Q(
            meeting__workshop=None, meeting__cycle__in=seated_cycles(user)
        )
        return (
            in_cycles_of(user, OVERSEERS, "meeting__cycle")
            | Q(meeting__workshop__in=facilitated_by(user))
            | (Q(meeting__workshop__rapporteur=user) & Q(meeting__workshop__in=joined_by(user)))
            | (invited & ~Q(state=Minutes.State.DRAFT))
        )

    def published(self):
        return self.filter(state=Minutes.State.PUBLISHED)

    def to_approve(self):
        return self.filter(state__in=Minutes.editable_states)

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
    approved_in = models.ForeignKey(
        "workshops.Meeting", models.PROTECT, null=True, related_name="approved_minutes", editable=False
    )
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
    def approve(self, *, by, plenary=None):
        """As the first item of the next plenary; by the secretariat when no plenary follows."""
        if waiting := self.corrections.waiting().count():
            raise ValidationError(
                ngettext(
                    "%(number)s correction awaits an answer: accept or refuse it first.",
                    "%(number)s corrections await an answer: accept or refuse them first.",
                    waiting,
                )
                % {"number": waiting}
            )
        plenary = plenary or self.next_plenary
        if plenary and plenary.starts_at > clock.now():
            raise ValidationError(
                gettext("“%(plenary)s” approves them as its first item: it has not begun yet.")
                % {"plenary": plenary.title}
            )
        self.approved_in, self.approved_at = plenary, clock.now()

    @transition(source=State.APPROVED, target=State.PUBLISHED, label=_("minutes published"))
    def publish(self, *, by):
        self.seal()

    @act(source=State.PUBLISHED, label=_("corrected version published"), private=("narrative",))
    def correct(self, *, by, narrative, reason):
        """A new version beside the old one, which stays where it was."""
        if narrative.strip() == self.narrative.strip():
            raise ValidationError(gettext("Nothing is changed: there is nothing to publish anew."))
        EarlierMinutes.objects.create(
            minutes=self, number=self.edition, document=self.document, reason=reason, replaced_at=clock.now()
        )
        self.narrative, self.version = narrative, self.version + 1
        self.seal()

    def seal(self):
        with translation.override("fr"):
            self.document = Document.objects.issue(
                Document.Kind.MINUTES, str(self), minutes_content(self), cycle=self.meeting.cycle
            )

    @property
    def edition(self):
        """1 for what was published first, 2 for the first correction."""
        return len(self.versions_before) + 1

    @property
    def versions_before(self):
        """Those that were published and replaced, the latest first; none while nothing was published."""
        return self.earlier.for_list() if self.document_id else EarlierMinutes.objects.none()

    @property
    def next_plenary(self):
        """The first plenary after the meeting, of which these minutes are the first item."""
        return self.approved_in or self.meeting.next_plenary()

    def is_attended_by(self, user):
        came = self.meeting.attendances.came()
        return user.is_authenticated and came.filter(member__user=user).exists()


class EarlierMinutesQuerySet(models.QuerySet):
    def for_list(self):
        return self.select_related("document").defer("document__html", "document__content")


class EarlierMinutes(models.Model):
    """A version that was published, and that a corrected one replaces without hiding it."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="earlier")
    number = models.PositiveSmallIntegerField()
    document = models.OneToOneField(Document, models.PROTECT, related_name="earlier_minutes")
    reason = models.CharField(max_length=300)
    replaced_at = models.DateTimeField()

    objects = EarlierMinutesQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "number"], name="an_earlier_version_has_its_number")
        ]

    def __str__(self):
        return f"{self.document}, {self.number}"


class CorrectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Never public: what was asked to be changed stays between those who were there."""
        if not user.is_authenticated:
            return self.none()
        inside = Minutes.objects.filter(Minutes.objects.inside(user))
        return self.filter(Q(author=user) | Q(minutes__in=inside))

    def waiting(self):
        return self.filter(state=Correction.State.PROPOSED)


class Correction(Accountable):
    """What somebody who was there asks to change in the minutes, and the answer."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("correction", "proposed")
        ACCEPTED = "accepted", pgettext_lazy("correction", "accepted")
        REFUSED = "refused", pgettext_lazy("correction", "refused")

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="corrections")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    passage = models.TextField(
        _("words to correct"),
        blank=True,
        max_length=2000,
        help_text=_("Copy them from the minutes. Leave empty to add something."),
    )
    wording = models.TextField(
        _("what should be written"), max_length=4000, help_text=_("Your words, as they should be read.")
    )
    proposed_at = models.DateTimeField(default=clock.now, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED, editable=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    settled_at = models.DateTimeField(null=True, editable=False)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_refused_correction_says_why", condition=~Q(state="refused") | ~Q(reason="")
            )
        ]

    def __str__(self):
        return Truncator(self.wording).chars(100)

    def get_absolute_url(self):
        return f"{self.minutes.get_absolute_url()}#correction-{self.pk}"

    @property
    def cycle(self):
        return self.minutes.cycle

    @property
    def workshop(self):
        return self.minutes.workshop

    @property
    def finds_its_place(self):
        """The words to correct stand in the minutes, once: accepting puts the new ones in their place."""
        return bool(self.passage) and self.minutes.narrative.count(self.passage) == 1

    @transition(source=State.PROPOSED, target=State.ACCEPTED, label=_("correction accepted"))
    def accept(self, *, by):
        """The words are put in their place where it is plain; elsewhere the writer does it by hand."""
        minutes = self.written()
        if minutes.narrative.count(self.passage) == 1 and self.passage:
            minutes.narrative = minutes.narrative.replace(self.passage, self.wording)
            minutes.version += 1
            minutes.save(update_fields=["narrative", "version"])
        self.settled_at = clock.now()

    @transition(source=State.PROPOSED, target=State.REFUSED, label=_("correction refused"))
    def refuse(self, *, by, reason):
        self.written()
        self.reason, self.settled_at = reason, clock.now()

    def written(self):
        """The minutes, held, while they may still change."""
        minutes = Minutes.objects.select_for_update().get(pk=self.minutes_id)
        if minutes.state not in Minutes.editable_states:
            raise ValidationError(gettext("The minutes are approved: they no longer change."))
        return minutes
