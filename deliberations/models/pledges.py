"""What the City committed itself to before the Open Government Partnership, and what proves each step of it.

A pledge is kept in the words of the form of the partnership: a problem, an action, milestones in five statuses.
"""

from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act
from assembly.models import Accountable, Cycle, Document, Versioned
from deliberations import pledged
from deliberations.models.ground import require, required_reason


class PledgeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A public commitment is public from its first day."""
        return self

    def with_progress(self):
        finished = Q(milestones__state=PledgeMilestone.State.FINISHED)
        return self.annotate(
            milestone_count=Count("milestones"), finished_count=Count("milestones", filter=finished)
        )


class Pledge(Accountable, Versioned):
    """A public commitment of the City about the Assembly, as the Open Government Partnership registers it."""

    reference = models.CharField(
        _("identifier"), max_length=20, unique=True, help_text=_("As the partnership gives it: FRPA0001.")
    )
    title = models.CharField(_("title"), max_length=200)
    plan = models.CharField(_("action plan"), max_length=200, blank=True)
    problem = models.TextField(_("problem to be solved"), max_length=5000)
    action = models.TextField(_("what the City commits itself to"), max_length=5000)
    contribution = models.TextField(
        _("how this answers the problem"),
        max_length=5000,
        blank=True,
    )
    lead = models.CharField(_("institution in charge"), max_length=200)
    supporting = models.TextField(
        _("institutions that take part"), blank=True, max_length=2000, help_text=_("One a line.")
    )
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    link = models.URLField(_("page of the partnership"), blank=True)
    sheet = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = PledgeQuerySet.as_manager()
    words_kept = ("title", "problem", "action", "contribution", "supporting")

    class Meta:
        ordering = ["-starts_on", "reference"]
        constraints = [
            models.CheckConstraint(
                name="a_pledge_ends_after_it_starts", condition=Q(ends_on__gt=F("starts_on"))
            )
        ]

    def __str__(self):
        return f"{self.title} ({self.reference})"

    def get_absolute_url(self):
        return reverse("deliberations:pledge_detail", args=[self.pk])

    @property
    def institutions(self):
        return [line.strip() for line in self.supporting.splitlines() if line.strip()]

    @act(label=_("progress assessed"))
    def assess(self, *, by, year, words):
        """Once a year, in the City’s own words; never changed, the next year follows."""
        words = (words or "").strip()
        require(words, gettext("Say what was done, or why nothing was: this is what the public reads."))
        require(year <= clock.today().year, gettext("A year is not assessed in advance."))
        require(year >= self.starts_on.year, gettext("The commitment had not begun that year."))
        require(
            not self.assessments.filter(year=year).exists(),
            gettext("This year has been assessed already."),
        )
        return self.assessments.create(year=year, words=words, on=clock.today(), by=by)

    @act(label=_("sheet printed"))
    def print_sheet(self, *, by):
        """As it stands today, page and PDF; what comes later is for the next one."""
        cycle = Cycle.objects.assemblies().order_by("number").last()
        require(cycle, gettext("There is no cycle yet: documents are kept with one."))
        content = pledged.content(self)
        self.sheet = Document.objects.issue(Document.Kind.PLEDGE, str(self), content, cycle=cycle)


class PledgeMilestone(Accountable, Versioned):
    """One step of a pledge, in one of the five statuses of the form."""

    class State(models.TextChoices):
        NOT_STARTED = "not_started", pgettext_lazy("milestone", "not started")
        IN_PROGRESS = "in_progress", pgettext_lazy("milestone", "in progress")
        STUCK = "stuck", pgettext_lazy("milestone", "stuck")
        FINISHED = "finished", pgettext_lazy("milestone", "finished")
        INCOMPLETE = "incomplete", pgettext_lazy("milestone", "incomplete")

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="milestones")
    number = models.PositiveSmallIntegerField(editable=False)
    title = models.CharField(_("milestone"), max_length=300)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    state = models.CharField(
        _("status"), max_length=20, choices=State, default=State.NOT_STARTED, editable=False
    )
    reason = models.TextField(_("reasons"), blank=True, editable=False)
    moved_on = models.DateField(null=True, editable=False)

    objects = PledgeQuerySet.as_manager()

    class Meta:
        ordering = ["pledge", "number"]
        constraints = [
            models.UniqueConstraint(fields=["pledge", "number"], name="a_pledged_milestone_has_its_number"),
            models.CheckConstraint(
                name="a_pledged_milestone_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="a_moved_milestone_gives_its_reasons",
                condition=Q(state="not_started") | (~Q(reason="") & Q(moved_on__isnull=False)),
            ),
        ]

    def __str__(self):
        return gettext("Milestone %(number)s – %(title)s") % {"number": self.number, "title": self.title}

    def get_absolute_url(self):
        return f"{reverse('deliberations:pledge_detail', args=[self.pledge_id])}#jalon-{self.number}"

    @property
    def is_late(self):
        return self.state != self.State.FINISHED and self.ends_on < clock.today()

    @act(label=_("status of a milestone changed"))
    def move(self, *, by, state, reason):
        """The status changes with its reasons; the journal keeps the former ones."""
        require(state in self.State.values, gettext("Choose one of the five statuses."))
        require(state != self.state, gettext("This is its status already."))
        self.state, self.reason, self.moved_on = state, required_reason(reason), clock.today()

    @act(label=_("proof attached"))
    def prove(self, *, by, title, address):
        """What anybody may go and read: a page of this site, or an address elsewhere."""
        require(
            not self.proofs.standing().filter(address=address).exists(),
            gettext("This proof is attached already."),
        )
        return self.proofs.create(title=title.strip()[:300], address=address, on=clock.today())

    @act(label=_("proof withdrawn"))
    def withdraw_proof(self, *, by, proof, reason):
        require(
            proof.milestone_id == self.pk and proof.withdrawn_on is None,
            gettext("This proof is no longer attached to this milestone."),
        )
        proof.withdrawn_on, proof.reason = clock.today(), required_reason(reason)
        proof.save(update_fields=["withdrawn_on", "reason"])


class ProofQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(withdrawn_on=None)


class Proof(models.Model):
    """Where a milestone can be checked; an address of this site is kept in French, without its name."""

    milestone = models.ForeignKey(PledgeMilestone, models.PROTECT, related_name="proofs")
    title = models.CharField(_("title"), max_length=300)
    address = models.CharField(_("address"), max_length=500)
    on = models.DateField()
    withdrawn_on = models.DateField(null=True)
    reason = models.TextField(blank=True)

    objects = ProofQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.title

    @property
    def is_here(self):
        return self.address.startswith("/")


class Assessment(models.Model):
    """What the City says, once a year, of its own progress."""

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="assessments")
    year = models.PositiveSmallIntegerField(_("year"))
    words = models.TextField(_("what was done"))
    on = models.DateField()
    by = models.ForeignKey("assembly.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["pledge", "year"], name="a_year_is_assessed_once"),
            models.CheckConstraint(name="an_assessment_says_something", condition=~Q(words="")),
        ]

    def __str__(self):
        return f"{self.pledge_id} {self.year}"
