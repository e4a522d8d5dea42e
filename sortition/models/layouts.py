"""How the files of a source are read, remembered for the next one."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly import clock


class Layout(models.Model):
    """Which column says what, and which word means which category, in the files of one source for one kind of pool."""

    pool_key = models.SlugField(max_length=30)
    source = models.CharField(_("source of the file"), max_length=80)
    columns = models.JSONField(default=dict, help_text="field → heading")
    words = models.JSONField(default=dict, help_text="field → {word of the file: category}")
    used_on = models.DateField(default=clock.today)

    class Meta:
        ordering = ["pool_key", "source"]
        constraints = [models.UniqueConstraint(fields=["pool_key", "source"], name="a_source_has_one_layout")]

    def __str__(self):
        return self.source
