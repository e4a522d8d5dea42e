"""The archive of the open data."""

from django.db import models

from assembly import clock


class Release(models.Model):
    """Everything the public may take away, in one archive: a new row when something changed since the last.

    Only the latest keeps its file; the others keep their fingerprint and their counts.
    """

    built_at = models.DateTimeField(default=clock.now)
    checked_at = models.DateTimeField(default=clock.now, help_text="when it was last found to be still true")
    fingerprint = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    datasets = models.JSONField(default=dict, help_text="{name: {count, fingerprint, changed}}")
    file = models.FileField(upload_to="open-data/", blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return self.fingerprint
