"""Whether a panel can be drawn from the answers that came in, computed beforehand."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.models import RECORDED, Cycle

RECORDED |= {"remind": _("file of reminder letters taken out")}


class Forecast(models.Model):
    """The last look at a campaign: figures by pool and category, nobody's. Stale once answers or targets have changed."""

    cycle = models.OneToOneField(Cycle, models.CASCADE, related_name="forecast")
    fingerprint = models.CharField(max_length=64)
    result = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=clock.now)

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
