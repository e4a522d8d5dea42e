"""Who holds a seat, from the first day to the last."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import transition
from assembly.models.cycles import Cycle
from assembly.models.journal import Accountable
from assembly.models.people import User
from assembly.models.pools import Pool
from assembly.models.roles import Role


class MemberQuerySet(models.QuerySet):
    def seated(self):
        return self.filter(state__in=Member.SEATED)

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        if user.holds(Role.SECRETARIAT):
            return self
        return self.filter(cycle__in=[seat.cycle_id for seat in user.seats])


class Member(Accountable):
    """A seat in a cycle and the person who holds it."""

    class State(models.TextChoices):
        EXPECTED = "expected", _("expected")
        SITTING = "sitting", _("sitting")
        ON_LEAVE = "on_leave", _("on leave")
        RESIGNED = "resigned", _("resigned")
        REMOVED = "removed", _("removed")
        TERM_ENDED = "term_ended", _("term ended")

    SEATED = (State.SITTING, State.ON_LEAVE)

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="members")
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="members")
    user = models.ForeignKey(User, models.PROTECT, related_name="members")
    profile = models.JSONField(default=dict, help_text="criterion key → category key")
    is_minor = models.BooleanField(default=False)
    state = models.CharField(max_length=20, choices=State, default=State.EXPECTED)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["user__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "user"], name="a_person_sits_once_in_a_cycle"),
            models.CheckConstraint(
                name="a_member_is_dated_once_seated", condition=Q(state="expected") | Q(since__isnull=False)
            ),
        ]

    def __str__(self):
        return self.user.name

    def get_absolute_url(self):
        return reverse("assembly:member_list", args=[self.cycle.number])

    @property
    def is_seated(self):
        return self.state in self.SEATED

    @property
    def shown_name(self):
        """The name they chose; of a minor, the first name only."""
        return self.user.name.split()[0] if self.is_minor and self.user.name.strip() else self.user.name

    @transition(source=State.EXPECTED, target=State.SITTING, label=_("took their seat"))
    def sit(self, *, by):
        self.since = clock.today()

    @transition(source=State.SITTING, target=State.ON_LEAVE, label=_("went on leave"))
    def leave(self, *, by, reason):
        self.reason = reason

    @transition(source=State.ON_LEAVE, target=State.SITTING, label=_("came back"))
    def return_(self, *, by):
        self.reason = ""

    @transition(source=SEATED, target=State.RESIGNED, label=_("resigned"))
    def resign(self, *, by, reason):
        self.until, self.reason = clock.today(), reason

    @transition(source=SEATED, target=State.REMOVED, label=_("removed for cause"))
    def remove(self, *, by, reason):
        """A breach of the charter, once the person has been heard."""
        self.until, self.reason = clock.today(), reason

    @transition(source=SEATED, target=State.TERM_ENDED, label=_("term ended"))
    def end_term(self, *, by):
        self.until = clock.today()
