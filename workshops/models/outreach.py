"""Somebody drifts away: who took the time to call them, and what comes of it. Never public."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from assembly import clock
from assembly.lifecycle import act
from assembly.models import Accountable, Appointment, Member, User
from workshops.models.readers import facilitated_by, in_cycles_of


class OutreachQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            in_cycles_of(user, [Appointment.Role.SECRETARIAT], "workshop__cycle")
            | Q(workshop__in=facilitated_by(user))
        )

    def pending(self):
        return self.filter(closed_at=None)


class Outreach(Accountable):
    """A contact made with a member whom nobody sees any more: it stops the alert until they miss again."""

    of_a_person = True

    class Means(models.TextChoices):
        CALL = "call", pgettext_lazy("contact", "telephone call")
        MAIL = "mail", pgettext_lazy("contact", "e-mail or letter")
        TALK = "talk", pgettext_lazy("contact", "conversation")

    workshop = models.ForeignKey("workshops.Workshop", models.PROTECT, related_name="outreach")
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="outreach", verbose_name=_("member concerned")
    )
    means = models.CharField(_("how"), max_length=10, choices=Means, default=Means.CALL)
    made_on = models.DateField(_("contacted on"), default=clock.today)
    note = models.TextField(
        _("what was said"), help_text=_("Never public; no word on health."), max_length=2000
    )
    next_step = models.CharField(_("what follows"), max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = OutreachQuerySet.as_manager()

    class Meta:
        ordering = ["-made_on", "-pk"]

    def __str__(self):
        return str(self.workshop)

    def get_absolute_url(self):
        return reverse("workshops:workshop_year", args=[self.workshop_id])

    def get_state_display(self):
        return pgettext("contact", "settled") if self.closed_at else pgettext("contact", "to follow")

    @property
    def cycle(self):
        return self.workshop.cycle

    @act(label=_("contact settled"))
    def settle(self, *, by):
        self.closed_at = self.closed_at or clock.now()
