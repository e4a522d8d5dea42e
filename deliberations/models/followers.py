"""Whoever follows from outside, without an account: an address, what it follows, and what it was told."""

from datetime import timedelta
from secrets import token_urlsafe

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock, jobs
from assembly.models import Cycle
from deliberations.models.proposals import Proposal
from workshops.models import Subscription, Workshop

TIME_TO_CONFIRM = timedelta(hours=48)


class FollowerQuerySet(models.QuerySet):
    def ask(self, *, email, language, rhythm, **subject):
        """Nothing is sent to an address but one letter, until whoever reads it says yes."""
        follower = self.create(email=email.lower(), language=language, rhythm=rhythm, **subject)
        jobs.enqueue("ask_to_confirm", key=f"ask_to_confirm:{follower.pk}", about=follower.pk)
        return follower

    def confirmed(self):
        return self.filter(confirmed_at__isnull=False)

    def waiting(self):
        """Asked for, not yet confirmed, and still in time."""
        return self.filter(confirmed_at=None, asked_at__gte=clock.now() - TIME_TO_CONFIRM)

    def expired(self):
        return self.filter(confirmed_at=None, asked_at__lt=clock.now() - TIME_TO_CONFIRM)

    def behind(self, token):
        """Whom a link of ours was sent to; None when it is wrong, too old, or when they have stopped."""
        return (self.confirmed() | self.waiting()).filter(token=token).first()

    def of_everything(self):
        return self.confirmed().filter(text=None, workshop=None, cycle=None)

    def of_text(self, text):
        """Those who follow it, its workshop, its cycle or everything; the narrowest first."""
        rows = self.confirmed().filter(
            Q(text=text)
            | Q(workshop=text.workshop_id)
            | Q(cycle=text.cycle_id)
            | Q(text=None, workshop=None, cycle=None)
        )
        return rows.order_by(*(F(name).asc(nulls_last=True) for name in Follower.SUBJECTS), "pk")


class Follower(models.Model):
    """One address and the one thing it follows; known by its token alone, deleted the moment it stops."""

    SUBJECTS = ("text", "workshop", "cycle")
    Rhythm = Subscription.Rhythm

    email = models.EmailField(_("e-mail"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fr")
    rhythm = models.CharField(_("e-mails"), max_length=10, choices=Rhythm, default=Rhythm.AT_ONCE)
    token = models.CharField(max_length=43, unique=True, default=token_urlsafe, editable=False)
    text = models.ForeignKey(Proposal, models.PROTECT, null=True, related_name="followers")
    workshop = models.ForeignKey(Workshop, models.PROTECT, null=True, related_name="followers")
    cycle = models.ForeignKey(Cycle, models.PROTECT, null=True, related_name="followers")
    asked_at = models.DateTimeField(_("asked on"), default=clock.now)
    confirmed_at = models.DateTimeField(_("confirmed on"), null=True)

    objects = FollowerQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["email"]), models.Index(fields=["confirmed_at", "asked_at"])]
        constraints = [
            models.CheckConstraint(
                name="one_thing_is_followed_at_a_time",
                condition=Q(workshop=None, cycle=None)
                | Q(text=None, cycle=None)
                | Q(text=None, workshop=None),
            )
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def subject(self):
        return self.text or self.workshop or self.cycle

    @property
    def follows(self):
        """What they follow, in words."""
        return str(self.subject) if self.subject else gettext("everything the Assembly publishes")

    @property
    def same(self):
        """Everything this address asked for about the same thing."""
        subject = {f"{name}_id": getattr(self, f"{name}_id") for name in self.SUBJECTS}
        return Follower.objects.filter(email=self.email, **subject)

    @transaction.atomic
    def confirm(self):
        """Said by whoever reads the letters of this address; what was confirmed before gives way."""
        self.same.exclude(pk=self.pk).delete()
        Follower.objects.filter(pk=self.pk, confirmed_at=None).update(confirmed_at=clock.now())

    def stop(self, everything=False):
        rows = Follower.objects.filter(email=self.email) if everything else self.same
        rows.delete()


class NewsQuerySet(models.QuerySet):
    def unsent(self):
        return self.filter(sent_at=None)


class News(models.Model):
    """One thing told to one follower, once: the key says what makes it the same thing."""

    follower = models.ForeignKey(Follower, models.CASCADE, related_name="news")
    key = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    url = models.CharField(max_length=300)
    made_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)

    objects = NewsQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["follower", "key"], name="a_follower_is_told_once")]
        indexes = [models.Index(fields=["sent_at", "follower"])]

    def __str__(self):
        return self.title
