"""What was decided or promised at a meeting, followed until it is done."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act, transition
from assembly.models import Accountable, Versioned
from workshops.models.enrolments import own_workshops
from workshops.models.meetings import Meeting
from workshops.models.minutes import Minutes
from workshops.models.proceedings import Decision, PersonHeard
from workshops.models.readers import ANSWERERS, OVERSEERS, in_cycles_of, seated_cycles


class CommitmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.public()
        return self.filter(
            Q(meeting__minutes__state=Minutes.State.PUBLISHED)
            | in_cycles_of(user, [*OVERSEERS, *ANSWERERS], "meeting__cycle")
            | Q(meeting__workshop__in=own_workshops(user))
            | Q(meeting__workshop=None, meeting__cycle__in=seated_cycles(user))
        )

    def public(self):
        """Once the minutes of the meeting are."""
        return self.filter(meeting__minutes__state=Minutes.State.PUBLISHED)

    def waiting(self):
        return self.filter(state=Commitment.State.OPEN)

    def overdue(self):
        return self.waiting().filter(due_on__lt=clock.today())

    def soonest_first(self):
        return self.order_by(F("due_on").asc(nulls_last=True), "pk")


class Commitment(Accountable, Versioned):
    """Who does what, by when, and what became of it: promised by a person heard, or decided by the meeting."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("commitment", "open")
        KEPT = "kept", pgettext_lazy("commitment", "kept")
        DROPPED = "dropped", pgettext_lazy("commitment", "dropped")

    editable_states = (State.OPEN,)

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="commitments")
    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("decision it carries out"),
    )
    person = models.ForeignKey(
        PersonHeard,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("promised by"),
    )
    who = models.CharField(_("who does it"), max_length=200)
    text = models.TextField(_("what"), max_length=2000)
    due_on = models.DateField(_("by when"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN, editable=False)
    outcome = models.TextField(_("what became of it"), blank=True, max_length=2000, editable=False)
    settled_at = models.DateTimeField(null=True, editable=False)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_settled_commitment_says_how",
                condition=Q(state="open", settled_at=None)
                | (Q(state__in=["kept", "dropped"], settled_at__isnull=False) & ~Q(outcome="")),
            )
        ]

    def __str__(self):
        return Truncator(self.text).chars(100)

    def get_absolute_url(self):
        return reverse("workshops:commitment_detail", args=[self.pk])

    def clean(self):
        for part in (self.decision, self.person):
            if part and part.meeting_id != self.meeting_id:
                raise ValidationError(gettext("This belongs to another meeting."))

    @property
    def cycle(self):
        return self.meeting.cycle

    @property
    def workshop(self):
        return self.meeting.workshop

    @property
    def workshop_id(self):
        return self.meeting.workshop_id

    @property
    def is_overdue(self):
        return self.state == self.State.OPEN and self.due_on is not None and self.due_on < clock.today()

    @transition(source=State.OPEN, target=State.KEPT, label=_("commitment kept"))
    def keep(self, *, by, outcome):
        self.outcome, self.settled_at = outcome, clock.now()

    @transition(source=State.OPEN, target=State.DROPPED, label=_("commitment dropped"))
    def drop(self, *, by, outcome):
        self.outcome, self.settled_at = outcome, clock.now()

    @act(source=State.OPEN, label=_("commitment postponed"))
    def postpone(self, *, by, due_on, reason):
        """The journal keeps the reason."""
        self.due_on = due_on
