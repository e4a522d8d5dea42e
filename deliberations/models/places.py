"""Where a text would change something: some districts, or all of Paris."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.districts import areas
from assembly.lifecycle import act
from deliberations.models.ground import require


def codes():
    """The twenty districts, two digits each."""
    return [area["code"] for area in areas(joined=False)]


class PlacedQuerySet(models.QuerySet):
    def concerning(self, district):
        """Those of this district; those of all Paris are not its own."""
        return self.filter(districts__contains=district)


class Placed(models.Model):
    """What may concern some districts only."""

    districts = models.CharField(
        _("districts concerned"),
        max_length=60,
        blank=True,
        editable=False,
        help_text="two digits each, apart by spaces; none is all of Paris",
    )

    class Meta:
        abstract = True

    @property
    def district_codes(self):
        return self.districts.split()

    @act(label=_("districts concerned said"))
    def locate(self, *, by, districts):
        """A help to readers, not a word of the text: it may be said at any stage."""
        require(set(districts) <= set(codes()), gettext("Choose among the districts of Paris."))
        self.districts = " ".join(sorted(districts))
