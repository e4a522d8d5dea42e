"""Who holds a seat, from the first day to the last."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act, transition
from assembly.models.cycles import Cycle
from assembly.models.journal import Accountable
from assembly.models.people import User
from assembly.models.pools import Pool
from assembly.models.roles import Role


class MemberQuerySet(models.QuerySet):
    def seated(self):
        return self.filter(state__in=Member.SEATED)

    def sitting_on(self, day):
        """Those who sat that day, whatever became of them since; those on leave do not count."""
        return self.filter(pk__in=Spell.objects.on(day).filter(state=Member.State.SITTING).values("member"))

    def seated_on(self, day):
        """Those who held a seat that day, on leave or not."""
        return self.filter(pk__in=Spell.objects.on(day).filter(state__in=Member.SEATED).values("member"))

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

    of_a_person = True

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
        return reverse("assembly:member_detail", args=[self.pk])

    @property
    def is_seated(self):
        return self.state in self.SEATED

    @property
    def has_left(self):
        """Before the end: the seat can be filled again."""
        return self.state in (self.State.RESIGNED, self.State.REMOVED)

    @property
    def shown_name(self):
        """The name they chose; of a minor, the first name only."""
        return self.user.name.split()[0] if self.is_minor and self.user.name.strip() else self.user.name

    @transition(source=State.EXPECTED, target=State.SITTING, label=_("took their seat"))
    def sit(self, *, by):
        self.since = clock.today()
        self.turn(self.State.SITTING)

    @transition(
        source=State.SITTING, target=State.ON_LEAVE, label=_("went on leave"), private=("reason", "since")
    )
    def leave(self, *, by, reason, since=None, back_on=None):
        if back_on and back_on <= (since or clock.today()):
            raise ValidationError(
                {"back_on": gettext("The day of return comes after the first day of leave.")}
            )
        self.turn(self.State.ON_LEAVE, reason, since, back_on=back_on)

    @transition(
        source=State.ON_LEAVE, target=State.SITTING, label=_("came back"), private=("reason", "since")
    )
    def return_(self, *, by, reason, since=None):
        self.turn(self.State.SITTING, reason, since)

    @transition(source=SEATED, target=State.RESIGNED, label=_("resigned"), private=("reason", "since"))
    def resign(self, *, by, reason, since=None):
        self.until = self.turn(self.State.RESIGNED, reason, since)

    @transition(
        source=SEATED, target=State.REMOVED, label=_("removed for cause"), private=("reason", "since")
    )
    def remove(self, *, by, reason, since=None):
        """A breach of the charter, once the person has been heard."""
        self.until = self.turn(self.State.REMOVED, reason, since)

    @transition(source=SEATED, target=State.TERM_ENDED, label=_("term ended"), private=("reason", "since"))
    def end_term(self, *, by, reason, since=None):
        self.until = self.turn(self.State.TERM_ENDED, reason, since)

    @act(label=_("came of age"))
    def come_of_age(self, *, by):
        """The eighteenth birthday: no parent is asked any more, and the name shown is theirs to choose."""
        if not self.is_minor:
            raise ValidationError(gettext("This member is of age already."))
        self.is_minor = False

    def turn(self, state, reason=None, since=None, **more):
        """Close the spell under way and open the next one; a change of state owes its reason. Its first day."""
        today = clock.today()
        since, current = since or today, self.spells.filter(until=None).first()
        if reason is not None and not reason.strip():
            raise ValidationError(
                {"reason": gettext("Say why: every change of a member’s state owes its reason.")}
            )
        if since > today:
            raise ValidationError(
                {"since": gettext("This day is still to come: record it when it has come.")}
            )
        if current and since < current.since:
            day = date_format(current.since, "j F Y")
            sentence = gettext("This day comes before the state they are in, which began on %(day)s.")
            raise ValidationError({"since": sentence % {"day": day}})
        self.spells.filter(until=None).update(until=since)
        self.reason = "" if state == self.State.SITTING else reason.strip()
        self.spells.create(state=state, since=since, reason=(reason or "").strip(), **more)
        return since


class SpellQuerySet(models.QuerySet):
    def on(self, day):
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


class Spell(models.Model):
    """A stretch in one state: from its first day to the day the next one began. The reason is in no journal."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="spells")
    state = models.CharField(max_length=20, choices=Member.State)
    since = models.DateField()
    until = models.DateField(null=True)
    back_on = models.DateField(_("expected back on"), null=True)
    reason = models.CharField(max_length=300, blank=True)

    objects = SpellQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["since", "until"])]
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(until=None), name="a_member_is_in_one_state_at_a_time"
            ),
            models.CheckConstraint(
                name="a_spell_ends_after_it_starts", condition=Q(until=None) | Q(until__gte=F("since"))
            ),
        ]

    def __str__(self):
        return f"{self.get_state_display()}, {self.since}"
