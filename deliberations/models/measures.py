"""Measures adopted, and the returns the City owes on them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act
from assembly.models import Accountable
from deliberations.models.ground import Role, a_year_after, require
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

    def owned_by(self, user):
        """Those of the directorates this person answers for."""
        names = [
            held.organisation
            for held in user.current_appointments
            if held.role == Role.DEPARTMENT and held.organisation
        ]
        return self.filter(owner__in=names)


class Measure(Accountable):
    """One thing the Council adopted, and what the City says it does about it, year after year."""

    class State(models.TextChoices):
        NOT_STARTED = "not_started", _("not started")
        UNDER_STUDY = "under_study", _("under study")
        IN_PROGRESS = "in_progress", _("in progress")
        PARTLY_DONE = "partly_done", _("partly done")
        DONE = "done", pgettext_lazy("measure", "done")
        DROPPED = "dropped", _("dropped")

    ENDED = (State.DONE, State.DROPPED)

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="measures")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("measure"))
    owner = models.CharField(_("directorate in charge"), max_length=150, blank=True)
    state = models.CharField(_("progress"), max_length=20, choices=State, default=State.NOT_STARTED)
    due_on = models.DateField(_("return due on"), null=True, blank=True)

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
    def give_return(self, *, by, state, words, evidence="", department=""):
        """What was done this year, in words; a measure is dropped with its reasons only."""
        words = (words or "").strip()
        require(words, gettext("Say what was done, or why nothing was: this is what the public reads."))
        require(state in self.State.values, gettext("Choose how far the measure has come."))
        today = clock.today()
        self.state, self.due_on = state, None if state in self.ENDED else a_year_after(today)
        return Return.objects.create(
            measure=self,
            on=today,
            state=state,
            words=words,
            evidence=evidence,
            department=department or self.owner,
            by=by,
        )


class Return(models.Model):
    """A dated answer of the City on one measure; never changed, another one follows."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="returns")
    on = models.DateField()
    state = models.CharField(_("progress"), max_length=20, choices=Measure.State)
    words = models.TextField(_("what was done"))
    evidence = models.URLField(_("link to evidence"), blank=True)
    department = models.CharField(_("directorate"), max_length=150, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["on", "pk"]
        constraints = [models.CheckConstraint(name="a_return_says_something", condition=~Q(words=""))]

    def __str__(self):
        return f"{self.measure_id} {self.on}"
