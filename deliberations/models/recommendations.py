"""Recommendations, each traced to the end."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act
from assembly.models import Accountable
from deliberations.models.ground import READERS, next_number, require, required_reason
from deliberations.models.proposals import Proposal
from workshops.models import Workshop, in_cycles_of, own_workshops


class RecommendationQuerySet(models.QuerySet):
    def write(self, *, by, workshop, text):
        number = next_number(self.filter(workshop=workshop))
        recommendation = self.create(workshop=workshop, number=number, text=text)
        recommendation.record("create", by=by, text=text)
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

    @act(label=_("recommendation reworded"))
    def reword(self, *, by, text):
        """Until it is handed over; the journal keeps the words it had."""
        text = (text or "").strip()
        require(not self.handed_over_at, gettext("It was handed over: its words no longer change."))
        require(text, gettext("Write the recommendation."))
        self.text = text

    @act(label=_("evidence given"))
    def rest_on(self, *, by, title="", url="", note="", source=None):
        """What it rests on: something the house keeps (`source`), or a title and an address from outside."""
        require(not self.handed_over_at, gettext("It was handed over: what it rests on no longer changes."))
        title = (title or (str(source) if source else "")).strip()[:300]
        require(title, gettext("Name the source."))
        kind = source and ContentType.objects.get_for_model(source)
        key = source and source.pk
        require(
            not (source and self.sources.filter(source_type=kind, source_id=key).exists()),
            gettext("It rests on this already."),
        )
        return self.sources.create(title=title, url=url, note=note, source_type=kind, source_id=key)

    @act(label=_("evidence taken away"))
    def rest_no_longer_on(self, *, by, evidence):
        require(not self.handed_over_at, gettext("It was handed over: what it rests on no longer changes."))
        self.sources.filter(pk=evidence.pk).delete()

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


class RecommendationSource(models.Model):
    """What a recommendation rests on: something the house keeps, or a source from outside."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="sources")
    source_type = models.ForeignKey(ContentType, models.PROTECT, null=True, related_name="+")
    source_id = models.PositiveBigIntegerField(null=True)
    source = GenericForeignKey("source_type", "source_id")
    title = models.CharField(_("title"), max_length=300)
    url = models.URLField(_("address on the web"), max_length=500, blank=True)
    note = models.CharField(_("what it shows"), max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.title

    @property
    def address(self):
        """Where it can be read."""
        return self.url or (self.source.get_absolute_url() if self.source else "")
