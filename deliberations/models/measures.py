"""Measures adopted, and the returns the City owes on them."""

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act
from assembly.models import Accountable, ServingGoals
from deliberations.models.ground import a_year_after, directorates_of, require
from deliberations.models.proposals import Proposal


class MeasureQuerySet(models.QuerySet):
    def public(self):
        """Everything the City owes is public."""
        return self.filter(proposal__in=Proposal.objects.public().values("pk"))

    def visible_to(self, user):
        return self.public()

    def owing(self):
        """Not ended: a return is due every year."""
        return self.filter(due_on__isnull=False)

    def overdue(self):
        return self.filter(due_on__lt=clock.today())

    def with_progress(self):
        """Adds the milestones planned and reached, and the latest link that shows what was done."""
        proofs = Return.objects.filter(measure=OuterRef("pk")).exclude(evidence="").order_by("-on", "-pk")
        return self.annotate(
            planned=Count("milestones"),
            reached=Count("milestones", filter=Q(milestones__reached_on__isnull=False)),
            proof=Subquery(proofs.values("evidence")[:1]),
        )

    def owned_by(self, user):
        """Those of the directorates this person answers for."""
        return self.filter(owner__in=directorates_of(user))


class Measure(ServingGoals, Accountable):
    """One thing the Council adopted, and what the City says it does about it, year after year."""

    class State(models.TextChoices):
        NOT_STARTED = "not_started", _("not started")
        UNDER_STUDY = "under_study", _("under study")
        IN_PROGRESS = "in_progress", _("in progress")
        PARTLY_DONE = "partly_done", _("partly done")
        DONE = "done", pgettext_lazy("measure", "done")
        DROPPED = "dropped", _("dropped")

    ENDED = (State.DONE, State.DROPPED)
    SHARES = {
        State.NOT_STARTED: 0.0,
        State.UNDER_STUDY: 0.15,
        State.IN_PROGRESS: 0.5,
        State.PARTLY_DONE: 0.75,
        State.DONE: 1.0,
        State.DROPPED: 0.0,
    }

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="measures")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("measure"))
    owner = models.CharField(_("directorate in charge"), max_length=150, blank=True)
    state = models.CharField(_("progress"), max_length=20, choices=State, default=State.NOT_STARTED)
    due_on = models.DateField(_("return due on"), null=True, blank=True)
    clause = models.CharField(
        max_length=36, blank=True, editable=False, help_text="the clause of the adopted text it comes from"
    )

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["-proposal", "number"]
        indexes = [models.Index(fields=["state", "due_on"])]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="a_measure_has_its_number"),
            models.CheckConstraint(
                name="a_measure_owes_returns_until_it_ends",
                condition=Q(state__in=["done", "dropped"], due_on=None)
                | (~Q(state__in=["done", "dropped"]) & Q(due_on__isnull=False)),
            ),
        ]

    def __str__(self):
        return gettext("Measure %(number)s – %(text)s") % {"number": self.number, "text": self.text[:120]}

    def get_absolute_url(self):
        return reverse("deliberations:measure_detail", args=[self.pk])

    @property
    def cycle(self):
        return self.proposal.cycle

    @property
    def is_overdue(self):
        return self.due_on is not None and self.due_on < clock.today()

    @act(label=_("measure entrusted to a directorate"))
    def entrust(self, *, by, owner):
        self.owner = owner.strip()

    @act(
        source=[State.NOT_STARTED, State.UNDER_STUDY, State.IN_PROGRESS, State.PARTLY_DONE],
        label=_("return given"),
    )
    def give_return(self, *, by, state, words, evidence="", department="", cost=None, readings=None):
        """What was done this year, in words; a measure is dropped with its reasons only."""
        words = (words or "").strip()
        require(words, gettext("Say what was done, or why nothing was: this is what the public reads."))
        require(state in self.State.values, gettext("Choose how far the measure has come."))
        today = clock.today()
        self.state, self.due_on = state, None if state in self.ENDED else a_year_after(today)
        given = Return.objects.create(
            measure=self,
            on=today,
            state=state,
            words=words,
            evidence=evidence,
            department=department or self.owner,
            cost=cost,
            by=by,
        )
        for indicator in self.indicators.filter(pk__in=(readings or {})):
            indicator.readings.create(given=given, value=readings[indicator.pk])
        return given

    @act(
        source=[State.NOT_STARTED, State.UNDER_STUDY, State.IN_PROGRESS, State.PARTLY_DONE],
        label=_("indicator chosen"),
    )
    def choose_indicator(self, *, by, label, unit="", start=None, target=None):
        """What will be measured each year, from where and up to where."""
        label = (label or "").strip()
        require(label, gettext("Say what is measured."))
        require(
            not self.indicators.filter(label__iexact=label).exists(),
            gettext("This is measured already."),
        )
        return self.indicators.create(label=label, unit=unit.strip(), start=start, target=target)

    @act(
        source=[State.NOT_STARTED, State.UNDER_STUDY, State.IN_PROGRESS, State.PARTLY_DONE],
        label=_("milestone set"),
    )
    def set_milestone(self, *, by, label, due_on):
        label = (label or "").strip()
        require(label, gettext("Say what will be done by then."))
        return self.milestones.create(label=label, due_on=due_on)

    @act(label=_("milestone reached"))
    def reach_milestone(self, *, by, milestone, on=None):
        on = on or clock.today()
        require(milestone.measure_id == self.pk, gettext("This milestone is another measure’s."))
        require(milestone.reached_on is None, gettext("This milestone has been reached already."))
        require(on <= clock.today(), gettext("A milestone is not reached in advance."))
        milestone.reached_on = on
        milestone.save(update_fields=["reached_on"])

    @property
    def share_done(self):
        """How far it has come, as a share for a bar: by its milestones when it has some, else by its state."""
        planned, reached = self.milestone_counts
        if planned and self.state not in self.ENDED:
            return reached / planned
        return self.SHARES[self.state]

    @property
    def milestone_counts(self):
        """How many there are, how many are reached: known already after `with_progress`."""
        if hasattr(self, "planned"):
            return self.planned, self.reached
        rows = self.milestones.all()
        return len(rows), sum(row.reached_on is not None for row in rows)


class Return(models.Model):
    """A dated answer of the City on one measure; never changed, another one follows."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="returns")
    on = models.DateField()
    state = models.CharField(_("progress"), max_length=20, choices=Measure.State)
    words = models.TextField(_("what was done"))
    evidence = models.URLField(_("link to evidence"), blank=True)
    department = models.CharField(_("directorate"), max_length=150, blank=True)
    cost = models.DecimalField(
        _("cost this year, in euros, if known"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["on", "pk"]
        constraints = [models.CheckConstraint(name="a_return_says_something", condition=~Q(words=""))]

    def __str__(self):
        return f"{self.measure_id} {self.on}"


class Indicator(models.Model):
    """What is measured to know whether a measure works."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="indicators")
    label = models.CharField(_("what is measured"), max_length=200)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    start = models.DecimalField(_("at the start"), max_digits=14, decimal_places=2, null=True, blank=True)
    target = models.DecimalField(_("target"), max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.label


class Reading(models.Model):
    """The value of an indicator, as a return gives it."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="readings")
    given = models.ForeignKey(Return, models.PROTECT, related_name="readings")
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "given"], name="an_indicator_is_read_once_a_return")
        ]

    def __str__(self):
        return f"{self.value} {self.indicator.unit}".strip()


class Milestone(models.Model):
    """Something promised by a day."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="milestones")
    label = models.CharField(_("milestone"), max_length=200)
    due_on = models.DateField(_("by"))
    reached_on = models.DateField(_("reached on"), null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self):
        return self.label

    @property
    def is_overdue(self):
        return self.reached_on is None and self.due_on < clock.today()
