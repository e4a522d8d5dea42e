"""Who called the drawn, and what they answered. For the secretariat alone."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly import clock


class Call(models.Model):
    """One call about a seat. Its note goes with the contact of the person."""

    class Outcome(models.TextChoices):
        NO_ANSWER = "no_answer", _("no answer")
        MESSAGE = "message", _("left a message")
        THINKING = "thinking", _("will think about it")
        YES = "yes", _("said yes")
        NO = "no", _("said no")

    offer = models.ForeignKey("SeatOffer", models.CASCADE, related_name="calls")
    at = models.DateTimeField(_("called at"), default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.get_outcome_display()} ({self.at:%d/%m/%Y})"
