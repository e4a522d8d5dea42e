"""How a person wants to be told: at once or once a week, and the address of their calendar."""

from uuid import uuid4

from django.conf import settings
from django.core import signing
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act
from assembly.models import Accountable

SIGNER = signing.Signer(salt="workshops.calendar", sep=".")


class SubscriptionQuerySet(models.QuerySet):
    def of(self, user):
        """Their choice; the usual one, not yet kept, when they never chose."""
        return self.filter(user=user).first() or Subscription(user=user)

    def behind(self, secret):
        """The person whose calendar this secret opens; None when it is wrong or was revoked."""
        try:
            key = SIGNER.unsign(secret)
        except signing.BadSignature:
            return None
        return self.filter(calendar_key=key, user__is_active=True).select_related("user").first()


class Subscription(Accountable):
    """What a person chose for their e-mails and their calendar."""

    class Rhythm(models.TextChoices):
        AT_ONCE = "at_once", pgettext_lazy("e-mails", "at once")
        WEEKLY = "weekly", pgettext_lazy("e-mails", "once a week, on Monday morning")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="subscription")
    rhythm = models.CharField(_("e-mails"), max_length=10, choices=Rhythm, default=Rhythm.AT_ONCE)
    calendar_key = models.UUIDField(null=True, unique=True, editable=False)

    objects = SubscriptionQuerySet.as_manager()

    def __str__(self):
        return gettext("E-mails and calendar")

    def get_absolute_url(self):
        return reverse("workshops:subscription")

    @property
    def calendar_url(self):
        """The secret address, without the site; only the key in the database makes it valid."""
        if not self.calendar_key:
            return ""
        return reverse("workshops:calendar", args=[SIGNER.sign(str(self.calendar_key))])

    @act(label=_("rhythm of e-mails chosen"))
    def choose(self, *, by, rhythm):
        self.rhythm = rhythm

    @act(label=_("calendar address made"))
    def renew(self, *, by):
        """A new address; the former one opens nothing any more."""
        self.calendar_key = uuid4()

    @act(label=_("calendar address revoked"))
    def revoke(self, *, by):
        self.calendar_key = None


class Reminder(models.Model):
    """One thing one person is to be told, once: the key says what makes it the same thing."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders")
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=250)
    url = models.CharField(max_length=300)
    made_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="a_person_is_reminded_once")]
        indexes = [models.Index(fields=["sent_at", "user"])]

    def __str__(self):
        return self.title
