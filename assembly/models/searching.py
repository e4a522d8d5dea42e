"""What the public may find, in plain words."""

from django.contrib.contenttypes.models import ContentType
from django.db import models

from assembly.models.cycles import Cycle


class SearchEntry(models.Model):
    """A public object as the search knows it: its words, and the stems they are found by.

    Made from the object alone, hence made again at will: `assembly.search.index`. The address is the French
    one; the English one is the same below /en/.
    """

    target_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    target_id = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=30)
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    address = models.CharField(max_length=300)
    cycle = models.ForeignKey(Cycle, models.CASCADE, null=True, related_name="+")
    day = models.DateField(null=True)
    title_stems = models.TextField(blank=True)
    stems = models.TextField(blank=True, help_text="each after a blank: “ jardin quarti”")

    class Meta:
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["kind", "cycle"])]
        constraints = [
            models.UniqueConstraint(fields=["target_type", "target_id"], name="an_object_is_found_once")
        ]

    def __str__(self):
        return self.title
