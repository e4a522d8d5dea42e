"""The draw of the panel, from its preparation to its publication."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock, jobs
from assembly.lifecycle import act, transition
from assembly.models import RECORDED, Accountable, Cycle, Document, Pool, User
from sortition import ceremony
from sortition.engine.lottery import pick
from sortition.models.preparing import Preparation
from sortition.models.readers import Role, followed_by

RECORDED |= {"audit": _("file with profiles taken out"), "conclude": _("panel drawn")}


class DrawQuerySet(models.QuerySet):
    def visible_to(self, user):
        staff = (Role.SECRETARIAT, Role.OPERATOR, Role.GUARANTOR, Role.BAILIFF)
        return self.filter(followed_by(user, *staff) | Q(announced_at__isnull=False))

    def public(self):
        """Announced, whatever came next."""
        return self.filter(announced_at__isnull=False)

    def of_the_panel(self):
        """Without the draws that fill seats left empty since."""
        return self.filter(kind=Draw.Kind.PANEL)

    def closing(self, cycle):
        """The draws of a cycle after whose freezing nobody enters the pool."""
        return self.filter(cycle=cycle, frozen_at__isnull=False).exclude(state=Draw.State.CANCELLED)

    def complementing(self, pool):
        """The complementary draw of a pool that is frozen and not over."""
        return self.filter(pool=pool, frozen_at__isnull=False, drawn_at=None).exclude(
            state=Draw.State.CANCELLED
        )

    def to_follow(self, cycle):
        """The cancelled draw that the next one of this cycle would follow, if there is one."""
        return self.filter(
            cycle=cycle, kind=Draw.Kind.PANEL, state=Draw.State.CANCELLED, followed_by=None
        ).first()

    def complement(self, pool, *, by, **settings):
        """A draw among the reserve of one pool, for its empty seats and what is left of its quotas."""
        under_way = self.filter(pool=pool, drawn_at=None).exclude(state=Draw.State.CANCELLED)
        if under_way.exists():
            raise ValidationError(gettext("A complementary draw of this pool is under way already."))
        if not pool.offers.empty(pool).exists():
            raise ValidationError(gettext("No seat of this pool is empty."))
        return self.prepare(pool.cycle, by=by, kind=Draw.Kind.COMPLEMENT, pool=pool, **settings)

    def prepare(self, cycle, *, by, rule="leximin", panels=1000, follow_reason="", **more):
        """`more`: seed_sources, and how many dice, where the number comes from, the time for objections."""
        former = None if more.get("pool") else self.to_follow(cycle)
        if former and not follow_reason.strip():
            raise ValidationError(
                gettext(
                    "An earlier draw was cancelled: say why another one is held, it will stand beside it."
                )
            )
        draw = self.create(
            cycle=cycle,
            rule=rule,
            panels=panels,
            prepared_by=by,
            follows=former,
            follow_reason=follow_reason if former else "",
            **more,
        )
        draw.record("create", by=by, rule=rule, panels=panels)
        return draw


class Draw(Preparation, Accountable):
    """The draw of the panel among the volunteers, before witnesses: frozen, seeded, recomputable by anybody."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("prepared")
        ANNOUNCED = "announced", _("announced")
        FROZEN = "frozen", _("frozen")
        COMPOSED = "composed", _("lottery published")
        DRAWN = "drawn", _("drawn")
        CERTIFIED = "certified", _("certified")
        PUBLISHED = "published", _("published")
        SUSPENDED = "suspended", _("suspended")
        CANCELLED = "cancelled", _("cancelled")

    class Kind(models.TextChoices):
        PANEL = "panel", _("panel draw")
        COMPLEMENT = "complement", _("complementary draw")

    class Rule(models.TextChoices):
        LEXIMIN = "leximin", _("the most equal chances (leximin)")
        CAPPED = "capped", _("the most equal chances, with the largest held down")
        MAXIMIN = "maximin", _("the largest smallest chance (maximin)")
        NASH = "nash", _("the largest product of chances (Nash)")

    class NumberFrom(models.TextChoices):
        DICE = "dice", _("dice thrown once the lottery is published")
        SEED = "seed", _("the seed itself, without a second throw")

    class Beacon(models.TextChoices):
        """Public sources nobody here controls, known at a day and hour fixed beforehand."""

        LOTO = "loto", _("the Loto draw of the Française des Jeux")
        EUROMILLIONS = "euro", _("the EuroMillions draw")
        DRAND = "drand", _("the drand beacon (League of Entropy), first round from that second")
        NIST = "nist", _("the randomness beacon of the NIST, first pulse from that minute")
        OTHER = "other", _("another public source, named above")

    BEFORE_THE_NUMBER = (State.PREPARED, State.ANNOUNCED, State.FROZEN, State.COMPOSED)
    OPEN = (*BEFORE_THE_NUMBER, State.DRAWN)

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="draws")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PANEL)
    pool = models.ForeignKey(Pool, models.PROTECT, null=True, related_name="complements")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREPARED)
    rule = models.CharField(_("rule"), max_length=10, choices=Rule, default=Rule.LEXIMIN)
    panels = models.PositiveIntegerField(_("panels in the lottery"), default=1000)
    households = models.BooleanField(_("at most one person an address"), default=False)
    sacred = models.JSONField(default=dict, blank=True, help_text="criterion key → last or never")
    seed_sources = models.TextField(_("where the seed will come from"))
    beacon = models.CharField(_("public source"), max_length=10, choices=Beacon, blank=True)
    beacon_at = models.DateTimeField(_("when the public source is known"), null=True)
    seed_dice = models.PositiveSmallIntegerField(_("dice thrown for the seed"), null=True, default=20)
    number_from = models.CharField(
        _("what designates the panel"), max_length=4, choices=NumberFrom, default=NumberFrom.DICE
    )
    objection_hours = models.PositiveSmallIntegerField(_("hours for objections"), default=0)
    follows = models.OneToOneField("self", models.PROTECT, null=True, related_name="followed_by")
    follow_reason = models.CharField(_("why it is held again"), max_length=500, blank=True)
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
    seed_entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    seed_confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    seeded_at = models.DateTimeField(null=True)
    composed_at = models.DateTimeField(null=True)
    number_entered = models.CharField(_("number thrown"), max_length=6, blank=True)
    number_entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    number_confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
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
                name="who_confirms_the_seed_is_not_who_entered_it",
                condition=Q(seed_confirmed_by=None) | ~Q(seed_confirmed_by=F("seed_entered_by")),
            ),
            models.CheckConstraint(
                name="who_confirms_the_number_is_not_who_entered_it",
                condition=Q(number_confirmed_by=None) | ~Q(number_confirmed_by=F("number_entered_by")),
            ),
            models.CheckConstraint(
                name="a_frozen_draw_has_its_commitment", condition=Q(frozen_at=None) | ~Q(commitment="")
            ),
            models.CheckConstraint(
                name="a_complementary_draw_is_about_one_pool",
                condition=Q(kind="panel", pool=None) | Q(kind="complement", pool__isnull=False),
            ),
        ]

    def __str__(self):
        return " – ".join(map(str, filter(None, [self.title, self.pool, self.cycle])))

    @property
    def title(self):
        return capfirst(self.get_kind_display())

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

    @property
    def shows_lottery(self):
        """Its panels are public before one is designated (draws of old showed all at once)."""
        return self.is_published or bool(self.composed_at and self.composed_at != self.drawn_at)

    @act(source=State.FROZEN, label=_("seed entered before witnesses"))
    def enter_seed(self, *, by, dice, source_text, witnesses):
        """Typed by one operator; until another has typed the same it may be corrected, and the journal keeps both."""
        self.require_no_seed()
        if clock.now() < self.announced_for:
            raise ValidationError(
                gettext("The seed is entered at the hour announced, not before: %(moment)s."),
                params={"moment": date_format(timezone.localtime(self.announced_for), "d/m/Y H:i")},
            )
        if self.beacon_at and clock.now() < self.beacon_at:
            raise ValidationError(
                gettext("The public source named at the freeze is not known before %(moment)s."),
                params={"moment": date_format(timezone.localtime(self.beacon_at), "d/m/Y H:i")},
            )
        if not witnesses.strip():
            raise ValidationError(gettext("The witnesses are missing: nobody draws alone."))
        self.dice, self.source_text = ceremony.dice_of(dice, self.seed_dice), ceremony.source_of(source_text)
        self.witnesses, self.seed_entered_by = witnesses, by

    @act(source=State.FROZEN, label=_("seed confirmed by another operator"))
    def confirm_seed(self, *, by, dice, source_text):
        """The same, typed by a second operator: the seed exists, and the lottery is being made."""
        self.require_no_seed()
        if not self.dice:
            raise ValidationError(gettext("The seed was not entered yet."))
        ceremony.another(by, self.seed_entered_by)
        ceremony.same(ceremony.bare(dice), self.dice, gettext("The dice"))
        ceremony.same(" ".join(source_text.split()), self.source_text, gettext("The public source"))
        self.seed, self.seed_confirmed_by = f"{self.dice}|{self.source_text}", by
        self.seeded_at = clock.now()
        jobs.enqueue("draw_panel", key=self.job_key, about=self.pk, by=by)

    def require_no_seed(self):
        if self.seed:
            raise ValidationError(gettext("The seed was already confirmed: it never changes."))

    @act(source=State.FROZEN, label=_("lottery started again"))
    def relaunch(self, *, by):
        """After a failure of the machine: the same seed, so the same result."""
        if not self.seed:
            raise ValidationError(gettext("The seed was not entered yet."))
        jobs.enqueue("draw_panel", key=self.job_key, about=self.pk, by=by)

    @transition(
        source=State.FROZEN, target=State.COMPOSED, label=_("lottery published"), private=("lottery",)
    )
    def compose(self, *, by, lottery):
        """All its panels are public before one of them is designated."""
        from sortition import drawing

        self.composed_at = clock.now()
        drawing.compose(self, lottery)

    @property
    def objections_until(self):
        """When the number may be drawn at the earliest."""
        return self.composed_at and self.composed_at + timedelta(hours=self.objection_hours)

    def require_the_number_may_come(self, source):
        if self.number_from != source:
            raise ValidationError(
                gettext("It was laid down before the freeze what designates the panel: %(source)s."),
                params={"source": self.get_number_from_display()},
            )
        if clock.now() < self.objections_until:
            raise ValidationError(
                gettext("The time for objections runs until %(moment)s: the number is drawn after it."),
                params={"moment": date_format(timezone.localtime(self.objections_until), "d/m/Y H:i")},
            )

    @act(source=State.COMPOSED, label=_("number of the panel thrown and entered"))
    def enter_number(self, *, by, digits):
        """The second throw, typed before the bailiff; it may be corrected until somebody else confirms it."""
        self.require_the_number_may_come(self.NumberFrom.DICE)
        self.number_entered, self.number_entered_by = ceremony.number_of(digits, self.panels), by

    @transition(
        source=State.COMPOSED, target=State.DRAWN, label=_("number confirmed by a second person: panel drawn")
    )
    def confirm_number(self, *, by, digits):
        """Seats are offered to the panel of that number; everybody else waits in reserve, in the order of the seed."""
        self.require_the_number_may_come(self.NumberFrom.DICE)
        if not self.number_entered:
            raise ValidationError(gettext("The number was not entered yet."))
        ceremony.another(by, self.number_entered_by)
        ceremony.same(ceremony.bare(digits), self.number_entered, gettext("The number"))
        self.number_confirmed_by = by
        self.designate(int(self.number_entered), by)

    @transition(
        source=State.COMPOSED, target=State.DRAWN, label=_("number derived from the seed: panel drawn")
    )
    def derive_number(self, *, by):
        """Without a second throw, when that was laid down before the freeze."""
        self.require_the_number_may_come(self.NumberFrom.SEED)
        self.designate(pick(self.panels, self.seed), by)

    def designate(self, number, by):
        from sortition import drawing

        self.drawn_at = clock.now()
        drawing.designate(self, number, by=by)

    @property
    def number_label(self):
        """As the dice show it: 007."""
        number = self.outcome.get("number")
        return "" if number is None else f"{number:0{self.dice_for_the_number}}"

    @property
    def dice_for_the_number(self):
        return ceremony.width(self.panels)

    @property
    def dice_colours(self):
        """The colours of the dice of the number, in the order they are read; none if the seed says it."""
        return (
            ceremony.COLOURS[: self.dice_for_the_number] if self.number_from == self.NumberFrom.DICE else ()
        )

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

    @transition(source=(*BEFORE_THE_NUMBER, State.SUSPENDED), target=State.CANCELLED, label=_("cancelled"))
    def cancel(self, *, by, reason):
        """Nothing is offered any more; the pool opens again for another draw."""
        if self.drawn_at:
            raise ValidationError(
                gettext("Seats were already offered: this draw can no longer be cancelled.")
            )
        self.reason = reason

    @property
    def dice_in_fives(self):
        return ceremony.groups(self.dice, 5)

    @property
    def commitment_in_eights(self):
        return ceremony.groups(self.commitment, 8)

    def exhibit(self, name):
        return self.exhibits.get(name=name)


class Exhibit(models.Model):
    """A file of a draw, byte for byte: what was frozen, what came out. Profiles are never public."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="exhibits")
    name = models.CharField(max_length=40)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(default=0)
    is_public = models.BooleanField(default=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["draw", "name"], name="an_exhibit_is_filed_once")]

    def __str__(self):
        return self.name
