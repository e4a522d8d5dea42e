"""What the operators settle before the pool is frozen: rule, seats and quotas, day, sources of the seed."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock, preparation
from assembly.lifecycle import act, transition
from assembly.models import Cycle

PREPARED, ANNOUNCED, FROZEN = "prepared", "announced", "frozen"


def told(moment):
    return date_format(timezone.localtime(moment), "d/m/Y H:i")


class Preparation:
    """The acts of a draw until its pool is frozen; its fields are those of `Draw`."""

    SETTINGS = frozenset(
        [
            "rule",
            "panels",
            "households",
            "sacred",
            "beacon",
            "seed_sources",
            "seed_dice",
            "number_from",
            "objection_hours",
        ]
    )

    def get_room_url(self):
        return reverse("sortition:draw_room", args=[self.pk])

    @property
    def beacon_sentence(self):
        """The public source and its moment, as announced."""
        if not self.beacon:
            return ""
        if not self.beacon_at:
            return capfirst(self.get_beacon_display())
        facts = {"source": capfirst(self.get_beacon_display()), "moment": told(self.beacon_at)}
        return gettext("%(source)s, %(moment)s") % facts

    def earliest_day(self):
        """Ten clear days by default: neither the day it is announced nor the day it is held count."""
        return clock.today() + timedelta(days=self.cycle.clear_days + 1)

    @act(source=PREPARED, label=_("rule and settings changed"))
    def adjust(self, *, by, **settings):
        """Until it is announced: what was announced is held to."""
        for name in self.SETTINGS & settings.keys():
            setattr(self, name, settings[name])

    @act(source=(PREPARED, ANNOUNCED), label=_("seats and quotas changed"))
    def set_quotas(self, *, by, quotas, reason=""):
        """`quotas`: {pool key: {"seats": 80, "targets": {"gender/F": (43, 44), …}}}; a pool left out stays as it is."""
        self.require_own_quotas()
        if self.state == ANNOUNCED and not reason.strip():
            raise ValidationError(gettext("The draw is announced: say why its quotas change."))
        if not quotas:
            raise ValidationError(gettext("No figure was changed."))
        for pool in self.changing().filter(key__in=quotas):
            wanted = quotas[pool.key]
            pool.seats = wanted["seats"]
            if conflicts := preparation.conflicts(pool, wanted["targets"]):
                raise ValidationError([f"{pool} – {sentence}" for sentence in conflicts])
            pool.save()
            preparation.aim(pool, wanted["targets"])

    @act(source=(PREPARED, ANNOUNCED), label=_("quotas relaxed"))
    def relax(self, *, by, way, fingerprint):
        """Apply one of the proposals of the draw room, if they still are about today’s volunteers and quotas."""
        self.require_own_quotas()
        weighing = getattr(self, "weighing", None)
        ways = weighing.result["relaxations"] if weighing else []
        if not 0 <= way < len(ways) or weighing.fingerprint != fingerprint:
            raise ValidationError(
                gettext("Volunteers or quotas changed in the meantime: look at the proposals again.")
            )
        pools = {pool.key: pool for pool in self.changing()}
        for name, category, _old, (low, high) in ways[way]:
            pool, _slash, criterion = name.partition("/")
            found = pools[pool].targets.filter(category__criterion__key=criterion, category__key=category)
            found.update(minimum=low, maximum=high)

    def require_own_quotas(self):
        if self.pool_id:
            raise ValidationError(
                gettext(
                    "A complementary draw keeps the quotas of the panel: what is left of them is not changed."
                )
            )

    def changing(self):
        """The pools, while nobody else changes anything of the cycle."""
        return Cycle.objects.select_for_update().get(pk=self.cycle_id).pools.select_related("cycle")

    @transition(source=PREPARED, target=ANNOUNCED, label=_("announced"))
    def announce(self, *, by, announced_for, beacon_at=None):
        if timezone.localdate(announced_for) < self.earliest_day():
            raise ValidationError(
                gettext("The draw must be announced %(days)s clear days ahead: on %(day)s at the earliest."),
                params={"days": self.cycle.clear_days, "day": self.earliest_day().strftime("%d/%m/%Y")},
            )
        if self.beacon and beacon_at is None:
            raise ValidationError(gettext("Say the day and hour at which the public source will be known."))
        if beacon_at and beacon_at <= clock.now():
            raise ValidationError(
                gettext("The public source must still be unknown: choose a later day and hour.")
            )
        self.announced_for, self.announced_at, self.beacon_at = announced_for, clock.now(), beacon_at

    @transition(source=ANNOUNCED, target=FROZEN, label=_("pool frozen"))
    def freeze(self, *, by):
        """People, quotas and parameters are fixed as bytes, and their fingerprint made public, before any seed."""
        from sortition import drawing, quotas

        Cycle.objects.select_for_update().get(pk=self.cycle_id)
        if by == self.prepared_by:
            raise ValidationError(gettext("Four eyes: who prepared the draw may not freeze it."))
        if self.beacon_at and self.beacon_at <= clock.now():
            raise ValidationError(
                gettext(
                    "The public source is known since %(moment)s: nothing can be frozen after it. "
                    "Cancel this draw and prepare another."
                ),
                params={"moment": told(self.beacon_at)},
            )
        if obstacles := [*quotas.doubles(self), *quotas.conflicts(self)]:
            raise ValidationError(obstacles)
        self.frozen_by, self.frozen_at = by, clock.now()
        drawing.freeze(self)
