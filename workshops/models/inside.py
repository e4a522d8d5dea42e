"""What belongs to a workshop, or to everybody: the same readers for all of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.models import Accountable, Cycle
from workshops.models.enrolments import own_workshops
from workshops.models.readers import OVERSEERS, in_cycles_of, seated_cycles
from workshops.models.workshops import Workshop


def inside(user):
    """Members of the workshop (of the cycle, when it is everybody’s), its facilitators, those who oversee."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    return (
        in_cycles_of(user, OVERSEERS, "cycle")
        | Q(workshop__in=own_workshops(user))
        | Q(workshop=None, cycle__in=seated_cycles(user))
    )


class InsideQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(inside(user))


class InWorkshop(Accountable):
    """Something of one workshop; of the whole Assembly when no workshop is named."""

    cycle = models.ForeignKey(
        Cycle, models.PROTECT, related_name="%(class)ss", editable=False, verbose_name=_("cycle")
    )
    workshop = models.ForeignKey(
        Workshop,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        editable=False,
        verbose_name=_("workshop"),
    )

    objects = InsideQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def home(self):
        """The space it belongs to."""
        return self.workshop or self.cycle

    def members(self):
        """Those who sit today and whom it is for."""
        return self.workshop.members if self.workshop_id else self.cycle.members.seated()

    def seat_of(self, user):
        """The seat of this person among them, or None."""
        return self.members().filter(user=user).first()
