"""A cycle of the Assembly, its year and the rules it works by."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock, preparation
from assembly.lifecycle import act, transition
from assembly.models.goals import ServingGoals
from assembly.models.journal import Accountable, Versioned
from assembly.models.pools import Pool


class CycleQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.is_authenticated and user.current_appointments else self.public()

    def public(self):
        return self.exclude(state=Cycle.State.PREPARATION)

    def assemblies(self):
        """The intakes of the Assembly, without the juries they convened."""
        return self.filter(parent=None)

    def found_jury(self, *, by, parent, title, seats, starts_on, ends_on):
        """A small cycle of its own for a citizens’ jury: one pool, the criteria and targets of Paris."""
        number = parent.number * 100 + parent.juries.count() + 1
        jury = self.create(
            number=number,
            parent=parent,
            title=title[:120],
            starts_on=starts_on,
            ends_on=ends_on,
            allowance=parent.allowance,
        )
        jury.pools.create(key="jury", title=title[:80], source=Pool.Source.LIST, seats=seats)
        jury.record("create", by=by)
        preparation.fill(jury, parity=False)
        return jury

    def under_way(self):
        return self.exclude(state__in=[Cycle.State.PREPARATION, Cycle.State.FOLLOW_UP, Cycle.State.ARCHIVED])


class Cycle(ServingGoals, Accountable, Versioned):
    """One intake of the Assembly (a *promotion*), with the rules it works by."""

    class State(models.TextChoices):
        PREPARATION = "preparation", _("preparation")
        RECRUITMENT = "recruitment", _("recruitment")
        DISCOVERY = "discovery", _("discovery and learning")
        DEEPENING = "deepening", _("deepening and recommendations")
        COUNCIL = "council", _("before the Council")
        FOLLOW_UP = "follow_up", _("right of follow-up")
        ARCHIVED = "archived", _("archived")

    number = models.PositiveIntegerField(_("number"), unique=True)
    title = models.CharField(_("title"), max_length=120)
    summary = models.TextField(_("summary for the public"), blank=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PREPARATION)

    letters = models.PositiveIntegerField(_("letters sent after the first draw"), default=10_000)
    response_until = models.DateField(_("answers accepted until"), null=True, blank=True)
    clear_days = models.PositiveSmallIntegerField(_("clear days between announcing and drawing"), default=10)
    quorum_percent = models.PositiveSmallIntegerField(_("quorum, in per cent of members"), default=50)
    allowance = models.DecimalField(
        _("allowance per half-day, in euros"), max_digits=6, decimal_places=2, default=44
    )
    replace_within_days = models.PositiveSmallIntegerField(_("days to confirm a seat"), default=10)
    notice_days = models.PositiveSmallIntegerField(
        _("clear days between the notice and the meeting"), default=5
    )
    drift_after = models.PositiveSmallIntegerField(
        _("half-days missed in a row before a member is contacted"), default=3
    )
    plenary_votes_texts = models.BooleanField(
        _("the plenary votes on each text too, after its workshop"), default=False
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="juries",
        help_text="the cycle that convened this citizens’ jury",
    )
    minutes_days = models.PositiveSmallIntegerField(_("days to publish the minutes"), default=45)

    objects = CycleQuerySet.as_manager()
    editable_states = frozenset(State) - {State.ARCHIVED}

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                name="a_cycle_ends_after_it_starts", condition=Q(ends_on__gt=F("starts_on"))
            ),
            models.CheckConstraint(name="a_quorum_is_a_share", condition=Q(quorum_percent__lte=100)),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("assembly:cycle_detail", args=[self.number])

    def get_board_url(self):
        return reverse("assembly:cycle_board", args=[self.number])

    def get_setup_url(self):
        return reverse("assembly:cycle_setup", args=[self.number])

    @property
    def slug_in_address(self):
        return self.number

    @cached_property
    def seats(self):
        return self.pools.aggregate(total=Sum("seats"))["total"] or 0

    @property
    def cycle(self):
        return self

    @act(source=State.PREPARATION, label=_("targets filled from the population"))
    def propose_targets(self, *, by, parity=False):
        """Pools, criteria and targets from the figures of Paris; what was set by hand is replaced."""
        preparation.fill(self, parity=parity)

    @act(source=State.PREPARATION, label=_("pools set"))
    def set_pools(self, *, by, pools):
        """`pools`: key, title, source, seats."""
        preparation.rearrange(self.pools, pools, key="key")

    @act(source=State.PREPARATION, label=_("targets set"))
    def set_targets(self, *, by, pool, targets):
        """`targets`: {"gender/F": (43, 44), …}. They must be able to hold together."""
        if conflicts := preparation.conflicts(pool, targets):
            raise ValidationError(conflicts)
        preparation.aim(pool, targets)

    @act(label=_("phases set"))
    def set_phases(self, *, by, phases):
        """`phases`: title, starts_on, ends_on."""
        preparation.rearrange(self.phases, phases, key="title")

    @transition(source=State.PREPARATION, target=State.RECRUITMENT, label=_("recruitment opened"))
    def open_recruitment(self, *, by):
        conflicts = self.contradictions()
        if not self.pools.exists() or not self.criteria.exists():
            raise ValidationError(gettext("Set up at least one pool and one criterion first."))
        if conflicts:
            raise ValidationError(conflicts)

    @transition(source=State.RECRUITMENT, target=State.DISCOVERY, label=_("discovery phase opened"))
    def begin(self, *, by):
        if not self.members.seated().exists():
            raise ValidationError(gettext("Nobody is seated yet: the draw and the confirmations come first."))

    @transition(source=State.DISCOVERY, target=State.DEEPENING, label=_("deepening phase opened"))
    def deepen(self, *, by):
        """After the plenary adopted the working mandates."""

    @transition(source=State.DEEPENING, target=State.COUNCIL, label=_("texts before the Council"))
    def go_to_council(self, *, by):
        """The texts are written; the Council's turn."""

    @transition(source=State.COUNCIL, target=State.FOLLOW_UP, label=_("right of follow-up opened"))
    def follow_up(self, *, by):
        """Terms of office end; the City owes a return on each measure every year."""
        for member in self.members.seated():
            member.end_term(by=by, reason=gettext("The cycle came to its end."))

    def contradictions(self):
        """Sentences on targets that cannot hold together, pool by pool; empty when all is well."""
        sentences = []
        for pool in self.pools.prefetch_related("targets__category__criterion"):
            sentences += pool.contradictions()
        return sentences


class Phase(models.Model):
    """A stretch of a cycle's year, shown to all."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="phases")
    title = models.CharField(_("title"), max_length=120)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_phase_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            )
        ]

    def __str__(self):
        return self.title

    @property
    def moment(self):
        today = clock.today()
        return "past" if self.ends_on < today else "future" if self.starts_on > today else "current"
