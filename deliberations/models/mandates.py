"""Working mandates."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act, transition
from assembly.models import Accountable, Document, Versioned
from deliberations import sheet
from deliberations.models.ground import PutToTheVote, Role, require
from workshops.models import Notebook, Workshop, in_cycles_of, seated_cycles


class WorkingMandateQuerySet(models.QuerySet):
    def propose(self, *, by, workshop, **fields):
        """The executive's office proposes a mandate; the plenary will vote on it."""
        mandate = self.model(workshop=workshop, **fields)
        mandate.full_clean()
        mandate.save()
        mandate.record("create", by=by)
        return mandate

    def public(self):
        """Once the plenary has voted, whatever it said."""
        return self.exclude(state=WorkingMandate.State.PROPOSED)

    def visible_to(self, user):
        """A proposed mandate is for the members of the cycle and those who work with them."""
        if not user.is_authenticated:
            return self.public()
        return self.filter(
            ~Q(state=WorkingMandate.State.PROPOSED)
            | in_cycles_of(user, Role.values, "workshop__cycle")
            | Q(workshop__cycle__in=seated_cycles(user))
        )


class WorkingMandate(PutToTheVote, Accountable, Versioned):
    """What the executive asks a workshop to work on, adopted by the plenary."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        ADOPTED = "adopted", _("adopted")
        REJECTED = "rejected", _("rejected")
        CLOSED = "closed", _("closed")

    editable_states = (State.PROPOSED,)
    words_kept = ("sentence", "context", "expected_product", "limits")

    workshop = models.ForeignKey(
        Workshop, models.PROTECT, related_name="mandates", verbose_name=_("workshop")
    )
    notebook = models.ForeignKey(
        Notebook,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mandates",
        verbose_name=_("notebook it answers"),
    )
    sentence = models.CharField(
        _("mandate, in one sentence"),
        max_length=400,
        help_text=_("Starts with a verb: “Propose measures that…”."),
    )
    context = models.TextField(_("context"))
    expected_product = models.TextField(_("what is expected"))
    limits = models.TextField(_("limits"), blank=True)
    deputy_mayor = models.CharField(_("deputy mayor in charge"), max_length=150)
    directorate = models.CharField(_("directorate in charge"), max_length=150)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PROPOSED)
    voted_at = models.DateTimeField(null=True, blank=True, editable=False)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = WorkingMandateQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_mandate_is_dated_once_voted",
                condition=Q(state="proposed", voted_at=None)
                | (~Q(state="proposed") & Q(voted_at__isnull=False)),
            )
        ]

    def __str__(self):
        return self.sentence

    def get_absolute_url(self):
        return reverse("deliberations:workingmandate_detail", args=[self.pk])

    @property
    def cycle(self):
        return self.workshop.cycle

    def electors(self, body=""):
        """The whole Assembly, whoever opens the vote."""
        return self.cycle.members.seated()

    @act(source=State.PROPOSED, label=_("mandate reworded"))
    def reword(self, *, by, sentence, expected_product, limits):
        """Follows from a counter-proposal the executive accepted: see `Wording.accept`."""
        require(
            not self.ballots.open().exists(),
            gettext("The plenary is voting, or has voted: the mandate no longer changes."),
        )
        self.sentence, self.expected_product, self.limits = sentence, expected_product, limits
        self.version += 1

    @act(source=State.PROPOSED, label=_("vote of the plenary opened"))
    def open_ballot(self, *, by, **how):
        return self.ballots.open_about(self, by=by, body="plenary", **how)

    @transition(source=State.PROPOSED, target=State.ADOPTED, label=_("mandate adopted"))
    def adopt(self, *, by, ballot):
        """Follows from a ballot that was closed: see `Ballot.close`."""
        require(ballot.decides_for(self), gettext("The plenary has not adopted this mandate."))
        self.voted_at = clock.now()
        self.document = Document.objects.issue(
            Document.Kind.MANDATE, str(self), sheet.mandate_content(self, ballot), cycle=self.cycle
        )

    @transition(source=State.PROPOSED, target=State.REJECTED, label=_("mandate rejected"))
    def reject(self, *, by, ballot):
        require(ballot.decides_against(self), gettext("The plenary has not rejected this mandate."))
        self.voted_at = clock.now()

    @transition(source=State.ADOPTED, target=State.CLOSED, label=_("mandate closed"))
    def close(self, *, by):
        """The workshop has delivered what was expected."""
