"""The draw of the panel, from its preparation to its publication."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock, jobs
from assembly.lifecycle import act, transition
from assembly.models import RECORDED, Accountable, Cycle, Document, User
from sortition.models.readers import Role, followed_by

RECORDED |= {"audit": _("file with profiles taken out")}


class DrawQuerySet(models.QuerySet):
    def visible_to(self, user):
        staff = (Role.SECRETARIAT, Role.OPERATOR, Role.GUARANTOR, Role.BAILIFF)
        return self.filter(followed_by(user, *staff) | Q(announced_at__isnull=False))

    def public(self):
        """Announced, whatever came next."""
        return self.filter(announced_at__isnull=False)

    def closing(self, cycle):
        """The draws of a cycle after whose freezing nobody enters the pool."""
        return self.filter(cycle=cycle, frozen_at__isnull=False).exclude(state=Draw.State.CANCELLED)

    def prepare(self, cycle, *, by, rule="leximin", panels=1000, seed_sources):
        draw = self.create(cycle=cycle, rule=rule, panels=panels, seed_sources=seed_sources, prepared_by=by)
        draw.record("create", by=by, rule=rule, panels=panels)
        return draw


class Draw(Accountable):
    """The draw of the panel among the volunteers, before witnesses: frozen, seeded, recomputable by anybody."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("prepared")
        ANNOUNCED = "announced", _("announced")
        FROZEN = "frozen", _("frozen")
        DRAWN = "drawn", _("drawn")
        CERTIFIED = "certified", _("certified")
        PUBLISHED = "published", _("published")
        SUSPENDED = "suspended", _("suspended")
        CANCELLED = "cancelled", _("cancelled")

    class Kind(models.TextChoices):
        PANEL = "panel", _("panel draw")

    class Rule(models.TextChoices):
        LEXIMIN = "leximin", _("the most equal chances (leximin)")
        CAPPED = "capped", _("the most equal chances, with the largest held down")
        MAXIMIN = "maximin", _("the largest smallest chance (maximin)")

    OPEN = (State.PREPARED, State.ANNOUNCED, State.FROZEN, State.DRAWN)

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="draws")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PANEL)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREPARED)
    rule = models.CharField(_("rule"), max_length=10, choices=Rule, default=Rule.LEXIMIN)
    panels = models.PositiveIntegerField(_("panels in the lottery"), default=1000)
    seed_sources = models.TextField(_("where the seed will come from"))
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    announced_at = models.DateTimeField(null=True)
    announced_for = models.DateTimeField(_("day and hour of the draw"), null=True)
    frozen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    frozen_at = models.DateTimeField(null=True)
    commitment = models.CharField(_("fingerprint of what was frozen"), max_length=64, blank=True)
    seats = models.PositiveIntegerField(null=True)
    counts = models.JSONField(default=dict, help_text="registered, excluded by reason, taken part; by pool")
    dice = models.CharField(_("dice"), max_length=60, blank=True)
    source_text = models.CharField(_("public source"), max_length=300, blank=True)
    seed = models.CharField(_("seed"), max_length=400, blank=True)
    witnesses = models.TextField(_("witnesses"), blank=True)
    seeded_at = models.DateTimeField(null=True)
    drawn_at = models.DateTimeField(null=True)
    outcome = models.JSONField(default=dict)
    certified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    certified_at = models.DateTimeField(null=True)
    statement = models.TextField(_("what the bailiff states"), blank=True)
    published_at = models.DateTimeField(null=True)
    document = models.OneToOneField(Document, models.PROTECT, null=True, related_name="draw")
    suspended_from = models.CharField(max_length=10, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = DrawQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "kind"],
                condition=~Q(state="cancelled"),
                name="a_cycle_has_one_panel_draw",
                violation_error_message=_("This cycle already has its panel draw."),
            ),
            models.CheckConstraint(
                name="who_froze_is_not_who_prepared",
                condition=Q(frozen_by=None) | ~Q(frozen_by=F("prepared_by")),
            ),
            models.CheckConstraint(
                name="a_frozen_draw_has_its_commitment", condition=Q(frozen_at=None) | ~Q(commitment="")
            ),
        ]

    def __str__(self):
        return f"{capfirst(self.get_kind_display())} – {self.cycle}"

    def get_absolute_url(self):
        return reverse("sortition:draw_detail", args=[self.pk])

    @property
    def job_key(self):
        return f"draw_panel:{self.pk}"

    @cached_property
    def job(self):
        return jobs.Job.objects.filter(key=self.job_key).first()

    @property
    def is_published(self):
        return self.published_at is not None

    def earliest_day(self):
        """Ten clear days by default: neither the day it is announced nor the day it is held count."""
        return clock.today() + timedelta(days=self.cycle.clear_days + 1)

    @transition(source=State.PREPARED, target=State.ANNOUNCED, label=_("announced"))
    def announce(self, *, by, announced_for):
        if timezone.localdate(announced_for) < self.earliest_day():
            raise ValidationError(
                gettext("The draw must be announced %(days)s clear days ahead: on %(day)s at the earliest."),
                params={"days": self.cycle.clear_days, "day": self.earliest_day().strftime("%d/%m/%Y")},
            )
        self.announced_for, self.announced_at = announced_for, clock.now()

    @transition(source=State.ANNOUNCED, target=State.FROZEN, label=_("pool frozen"))
    def freeze(self, *, by):
        """People, quotas and parameters are fixed as bytes, and their fingerprint made public, before any seed."""
        from sortition import drawing, quotas

        Cycle.objects.select_for_update().get(pk=self.cycle_id)
        if by == self.prepared_by:
            raise ValidationError(gettext("Four eyes: who prepared the draw may not freeze it."))
        conflicts = quotas.conflicts(self.cycle)
        if conflicts:
            raise ValidationError(conflicts)
        self.frozen_by, self.frozen_at = by, clock.now()
        drawing.freeze(self)

    @act(source=State.FROZEN, label=_("seed entered before witnesses"))
    def enter_seed(self, *, by, dice, source_text, witnesses):
        if self.seed:
            raise ValidationError(gettext("The seed was already entered: it never changes."))
        if clock.today() < timezone.localdate(self.announced_for):
            raise ValidationError(gettext("The seed is entered on the day announced, not before."))
        self.dice, self.source_text, self.witnesses = dice, source_text, witnesses
        self.seed, self.seeded_at = f"{dice}|{source_text}", clock.now()
        jobs.enqueue("draw_panel", key=self.job_key, about=self.pk, by=by)

    @act(source=State.FROZEN, label=_("lottery started again"))
    def relaunch(self, *, by):
        """After a failure of the machine: the same seed, so the same result."""
        if not self.seed:
            raise ValidationError(gettext("The seed was not entered yet."))
        jobs.enqueue("draw_panel", key=self.job_key, about=self.pk, by=by)

    @transition(source=State.FROZEN, target=State.DRAWN, label=_("panel drawn"), private=("lottery",))
    def conclude(self, *, by, lottery, number, fingerprint):
        """Seats are offered to the panel of that number; everybody else waits in reserve, in the order of the seed."""
        from sortition import drawing

        self.drawn_at = clock.now()
        drawing.conclude(self, lottery)

    @transition(source=State.DRAWN, target=State.CERTIFIED, label=_("certified"))
    def certify(self, *, by, statement):
        """The bailiff saw the fingerprint, the rule and the result."""
        self.certified_by, self.certified_at, self.statement = by, clock.now(), statement

    @transition(source=State.CERTIFIED, target=State.PUBLISHED, label=_("published"))
    def publish(self, *, by):
        from sortition.record import record_content

        self.published_at = clock.now()
        with translation.override("fr"):
            title = gettext("Official record – %(draw)s") % {"draw": self}
            content = record_content(self)
        self.document = Document.objects.issue("record", title, content, cycle=self.cycle)

    @transition(source=OPEN, target=State.SUSPENDED, label=_("suspended"))
    def suspend(self, *, by, reason):
        self.suspended_from, self.reason = self.state, reason

    @transition(source=State.SUSPENDED, target=lambda draw: draw.suspended_from, label=_("resumed"))
    def resume(self, *, by, reason):
        """It goes on from where it was."""
        self.reason = reason

    @transition(source=(*OPEN[:3], State.SUSPENDED), target=State.CANCELLED, label=_("cancelled"))
    def cancel(self, *, by, reason):
        """Nothing is offered any more; the pool opens again for another draw."""
        if self.drawn_at:
            raise ValidationError(
                gettext("Seats were already offered: this draw can no longer be cancelled.")
            )
        self.reason = reason

    def exhibit(self, name):
        return self.exhibits.get(name=name)


class Exhibit(models.Model):
    """A file of a draw, byte for byte: what was frozen, what came out. Profiles are never public."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="exhibits")
    name = models.CharField(max_length=40)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    is_public = models.BooleanField(default=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["draw", "name"], name="an_exhibit_is_filed_once")]

    def __str__(self):
        return self.name
