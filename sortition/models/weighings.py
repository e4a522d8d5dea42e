"""What a draw would give, computed beforehand."""

from django.db import models

from assembly import clock
from sortition.models.draws import Draw


class Weighing(models.Model):
    """The last computation for a draw: figures by category and rule, nobody's. Stale once its inputs have changed."""

    draw = models.OneToOneField(Draw, models.CASCADE, related_name="weighing")
    fingerprint = models.CharField(max_length=64)
    result = models.JSONField(default=dict)
    weighed_at = models.DateTimeField(default=clock.now)

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
