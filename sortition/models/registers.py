"""The electoral roll, read once."""

import os
import shutil
from collections import Counter
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock, jobs
from assembly.lifecycle import act, transition
from assembly.models import Accountable, Cycle, Pool
from sortition.models.invitations import Invitation
from sortition.models.objections import Objection
from sortition.models.readers import Role, followed_by
from sortition.words import sentence


class RegisterQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(followed_by(user, Role.SECRETARIAT, Role.OPERATOR, Role.GUARANTOR, Role.BAILIFF))

    def hand_over(self, pool, path, *, name, seed, by, letters=None):
        """Take a roll in and have it read. The file at `path` stays the caller's; ours lives until it is read."""
        cycle = pool.cycle
        if cycle.state != Cycle.State.RECRUITMENT:
            raise ValidationError(gettext("Rolls are read while the cycle is recruiting."))
        register = self.model(
            cycle=cycle, pool=pool, name=name[:200], seed=seed.strip(), letters=letters or cycle.letters
        )
        register.size = os.stat(path).st_size
        register.full_clean(exclude=["strata", "refused", "refusal"])
        with transaction.atomic():
            register.save(force_insert=True)
            register.record(
                "create", by=by, seed=register.seed, letters=register.letters, bytes=register.size
            )
            lay_aside(path, register.path)
            jobs.enqueue("draw_letters", key=register.job_key, about=register.pk, by=by)
        return register


def lay_aside(path, place):
    """A second name for the same bytes where the disk allows it, else a copy."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    try:
        os.link(path, place)
    except OSError:
        shutil.copyfile(path, place)


class Register(Accountable):
    """An electoral roll, read once: its fingerprint, its counts, its refusals. Its lines are never stored."""

    class State(models.TextChoices):
        RECEIVED = "received", _("being read")
        DRAWN = "drawn", _("letters drawn")
        SENT = "sent", _("letters sent")
        REFUSED = "refused", _("refused")

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="registers")
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="registers")
    name = models.CharField(_("name of the file"), max_length=200)
    size = models.PositiveBigIntegerField(default=0)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RECEIVED)
    received_at = models.DateTimeField(default=clock.now)
    seed = models.CharField(_("seed"), max_length=300)
    letters = models.PositiveIntegerField(_("letters"))
    fingerprint = models.CharField(max_length=64, blank=True)
    format = models.CharField(max_length=10, blank=True)
    encoding = models.CharField(max_length=20, blank=True)
    rows = models.PositiveIntegerField(default=0)
    usable = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)
    refused = models.JSONField(default=dict, help_text="unusable lines by reason")
    strata = models.JSONField(default=list, help_text="district, age band, sex, electors, letters, threshold")
    refusals = models.BinaryField(
        default=bytes, help_text="gzipped CSV: line, column, reason; nothing personal"
    )
    refusal = models.JSONField(default=dict, help_text="why the file as a whole was refused")

    objects = RegisterQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pool"],
                condition=Q(state__in=["received", "drawn", "sent"]),
                name="a_pool_has_one_register",
                violation_error_message=_("A roll was already handed over for this pool."),
            ),
            models.CheckConstraint(
                name="a_drawn_register_has_a_fingerprint",
                condition=Q(state__in=["received", "refused"]) | ~Q(fingerprint=""),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("sortition:register_detail", args=[self.pk])

    @property
    def path(self) -> Path:
        """Where the file waits while it is read; nowhere else, and not for long."""
        return settings.INCOMING / f"register-{self.pk}"

    @property
    def job_key(self):
        return f"draw_letters:{self.pk}"

    @cached_property
    def job(self):
        return jobs.Job.objects.filter(key=self.job_key).first()

    @property
    def refused_lines(self):
        return sum(self.refused.values())

    @property
    def drawn_count(self):
        return sum(row[4] for row in self.strata)

    @transition(
        source=State.RECEIVED, target=State.DRAWN, label=_("letters drawn"), private=("outcome", "refusals")
    )
    def draw_letters(self, *, by, outcome, refusals, fingerprint, rows, usable, letters):
        """What the reading found: the counts stay, the drawn receive a code, the other lines are forgotten.

        Whoever objected to an earlier letter is passed over: no letter, and nobody in their place.
        """
        self.fingerprint, self.rows, self.usable, self.refusals = fingerprint, rows, usable, refusals
        self.format, self.encoding, self.seconds = outcome.format, outcome.encoding, round(outcome.seconds, 2)
        self.refused = dict(outcome.refused)
        spared = Objection.objects.spared(drawn.elector for drawn in outcome.drawn)
        kept = [drawn for drawn in outcome.drawn if drawn.elector.line not in spared]
        if spared:
            self.refused["objected"] = len(spared)
        written = Counter(drawn.stratum for drawn in kept)
        self.strata = [
            [*count.stratum, count.population, written[count.stratum], count.threshold]
            for count in outcome.strata
        ]
        Invitation.objects.write_to(self, [drawn.elector for drawn in kept])

    @transition(source=State.RECEIVED, target=State.REFUSED, label=_("file refused"))
    def turn_away(self, *, by, template, facts):
        self.refusal = {"template": template, "facts": facts}

    @property
    def refusal_sentence(self):
        return sentence(self.refusal["template"], self.refusal["facts"]) if self.refusal else ""

    @act(source=(State.DRAWN, State.SENT), label=_("file for the printer taken out"))
    def export(self, *, by):
        """Names and addresses leave the house: who took them is written down."""

    @transition(source=State.DRAWN, target=State.SENT, label=_("letters sent"))
    def send(self, *, by):
        self.invitations.filter(state=Invitation.State.DRAWN).update(
            state=Invitation.State.SENT, sent_on=clock.today(), expires_on=self.cycle.response_until
        )
