"""What the guarantee committee notes."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act
from assembly.models.cycles import Cycle
from assembly.models.journal import Accountable


class ObservationQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.is_authenticated and user.current_appointments else self.published()

    def published(self):
        return self.filter(published_at__isnull=False)


class Observation(Accountable):
    """What the guarantee committee notes about the procedure; published by the guarantor alone."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="observations")
    title = models.CharField(_("title"), max_length=150)
    text = models.TextField(_("observation"))
    published_at = models.DateTimeField(null=True, editable=False)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("assembly:observation_list", args=[self.cycle.number])

    @act(label=_("observation published"))
    def publish(self, *, by):
        self.published_at = self.published_at or clock.now()
