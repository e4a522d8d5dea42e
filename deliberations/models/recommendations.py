"""Recommendations, each traced to the end."""

from django.db import models
from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act
from assembly.models import Accountable
from deliberations.models.ground import READERS, require, required_reason
from deliberations.models.proposals import Proposal
from workshops.models import Workshop, in_cycles_of, own_workshops


class RecommendationQuerySet(models.QuerySet):
    def write(self, *, by, workshop, text):
        last = self.filter(workshop=workshop).aggregate(last=Max("number"))["last"] or 0
        recommendation = self.create(workshop=workshop, number=last + 1, text=text)
        recommendation.record("create", by=by)
        return recommendation

    def public(self):
        return self.filter(handed_over_at__isnull=False)

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.public()
        return self.filter(
            Q(handed_over_at__isnull=False)
            | in_cycles_of(user, READERS, "workshop__cycle")
            | Q(workshop__in=own_workshops(user))
        )


class Recommendation(Accountable):
    """What a workshop recommends, before the text is written; each is traced to the end."""

    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="recommendations")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("recommendation"))
    handed_over_at = models.DateTimeField(null=True, blank=True, editable=False)
    carried_by = models.ForeignKey(
        Proposal, models.PROTECT, null=True, blank=True, related_name="recommendations"
    )
    not_taken_up = models.TextField(_("why it was not taken up"), blank=True)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering = ["workshop", "number"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "number"], name="a_recommendation_has_its_number"),
            models.CheckConstraint(
                name="a_recommendation_is_carried_or_set_aside",
                condition=Q(carried_by=None) | Q(not_taken_up=""),
            ),
        ]

    def __str__(self):
        return gettext("Recommendation %s") % self.number

    def get_absolute_url(self):
        return reverse("deliberations:recommendation_list", args=[self.workshop_id]) + f"#r{self.number}"

    @property
    def cycle(self):
        return self.workshop.cycle

    @act(label=_("recommendation handed over in plenary"))
    def hand_over(self, *, by):
        self.handed_over_at = self.handed_over_at or clock.now()

    @act(label=_("recommendation carried by a text"))
    def trace(self, *, by, proposal):
        require(proposal.workshop_id == self.workshop_id, gettext("This text is another workshop’s."))
        self.carried_by, self.not_taken_up = proposal, ""

    @act(label=_("recommendation not taken up"))
    def set_aside(self, *, by, reason):
        self.carried_by, self.not_taken_up = None, required_reason(reason)
