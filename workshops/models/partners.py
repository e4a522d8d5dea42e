"""The City's other participative bodies: who they are, meetings held together, referrals both ways."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import transition
from assembly.models import Accountable, Versioned
from workshops.models.inside import InWorkshop
from workshops.models.priorities import PrioritySubject
from workshops.models.proceedings import PartOfMeeting, PartQuerySet


class PartnerQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.is_authenticated and user.current_appointments else self.public()

    def public(self):
        return self.filter(is_active=True)


class Partner(Accountable, Versioned):
    """A body of the City in which inhabitants take part."""

    class Kind(models.TextChoices):
        YOUTH = "youth", _("youth council")
        DISTRICT = "district", _("neighbourhood council")
        BUDGET = "budget", _("participatory budget")
        STUDENTS = "students", _("students’ council")
        NIGHT = "night", _("night council")
        ASSOCIATIONS = "associations", _("associations")
        OTHER = "other", pgettext_lazy("partner", "other body")

    name = models.CharField(_("name"), max_length=150, unique=True)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind, default=Kind.OTHER)
    district = models.CharField(_("district"), max_length=2, blank=True)
    mission = models.TextField(_("what it does"), max_length=3000)
    website = models.URLField(_("website"), blank=True)
    contact = models.CharField(
        _("contact"), max_length=200, blank=True, help_text=_("Shown to those who prepare meetings only.")
    )
    is_active = models.BooleanField(_("still exists"), default=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("workshops:partner_detail", args=[self.pk])


class PartnerInvitation(PartOfMeeting, Versioned):
    """A partner takes part in a meeting: a joint meeting."""

    meeting = models.ForeignKey(
        "workshops.Meeting", models.PROTECT, related_name="partner_invitations", editable=False
    )
    partner = models.ForeignKey(
        Partner, models.PROTECT, related_name="invitations", verbose_name=_("partner")
    )
    people = models.PositiveSmallIntegerField(_("people who come"), default=1)
    note = models.CharField(
        _("what we do together"), max_length=300, blank=True, help_text=_("One sentence, public.")
    )

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["partner__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "partner"], name="a_partner_is_invited_once")
        ]

    def __str__(self):
        return str(self.partner)

    def clean(self):
        others = PartnerInvitation.objects.filter(meeting=self.meeting_id, partner=self.partner_id)
        if others.exclude(pk=self.pk).exists():
            raise ValidationError({"partner": gettext("This partner takes part already.")})


class Referral(InWorkshop, Versioned):
    """A subject the Assembly submits to a partner, or a partner to the Assembly; an answer is due."""

    class Direction(models.TextChoices):
        SENT = "sent", pgettext_lazy("referral", "sent to the partner")
        RECEIVED = "received", pgettext_lazy("referral", "received from the partner")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("referral", "answer awaited")
        ANSWERED = "answered", pgettext_lazy("referral", "answered")
        CLOSED = "closed", pgettext_lazy("referral", "closed without answer")

    editable_states = (State.OPEN,)

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="referrals", verbose_name=_("partner"))
    direction = models.CharField(_("direction"), max_length=10, choices=Direction, default=Direction.SENT)
    title = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("what is asked"), max_length=10_000)
    subject = models.ForeignKey(
        PrioritySubject,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="referrals",
        verbose_name=_("priority subject"),
    )
    sent_on = models.DateField(_("sent on"), default=clock.today)
    due_on = models.DateField(_("answer due on"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN, editable=False)
    answer = models.TextField(_("answer"), blank=True, editable=False)
    answered_on = models.DateField(null=True, editable=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)

    class Meta:
        ordering = ["-sent_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_referral_answered_is_dated",
                condition=(Q(state="answered", answered_on__isnull=False) & ~Q(answer=""))
                | (~Q(state="answered") & Q(answered_on=None)),
            ),
            models.CheckConstraint(
                name="a_referral_closed_says_why", condition=~Q(state="closed") | ~Q(reason="")
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("workshops:referral_detail", args=[self.pk])

    def clean(self):
        if self.due_on and self.sent_on and self.due_on < self.sent_on:
            raise ValidationError({"due_on": gettext("The answer comes after the referral.")})

    @property
    def is_ours(self):
        return self.direction == self.Direction.SENT

    @property
    def is_overdue(self):
        return self.state == self.State.OPEN and self.due_on < clock.today()

    @property
    def days_late(self):
        return (clock.today() - self.due_on).days if self.is_overdue else 0

    @transition(source=State.OPEN, target=State.ANSWERED, label=_("referral answered"))
    def reply(self, *, by, answer, answered_on):
        """Theirs, when the Assembly asked; ours, when they did."""
        if answered_on > clock.today() or answered_on < self.sent_on:
            raise ValidationError(gettext("The answer came between the day it was sent and today."))
        self.answer, self.answered_on = answer, answered_on

    @transition(source=State.OPEN, target=State.CLOSED, label=_("referral closed without answer"))
    def close(self, *, by, reason):
        self.reason = reason
