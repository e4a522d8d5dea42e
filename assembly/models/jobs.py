"""Long work, as rows."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.models.people import User
from assembly.models.roles import Role


class JobQuerySet(models.QuerySet):
    def claimable(self):
        """Waiting, or running under a lease that has run out (its worker died)."""
        return self.filter(
            Q(state=Job.State.WAITING) | Q(state=Job.State.RUNNING, leased_until__lt=timezone.now())
        )

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        return self if user.holds(Role.SECRETARIAT) else self.filter(by=user)


class Job(models.Model):
    """A piece of long work. It belongs to the database, not to the broker: see assembly/jobs.py."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("finished")
        FAILED = "failed", _("failed")

    kind = models.CharField(max_length=50)
    key = models.CharField(max_length=150, unique=True)
    about = models.PositiveBigIntegerField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    message = models.CharField(max_length=500, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "leased_until"])]

    def __str__(self):
        return f"{self.kind} {self.about}"

    def get_absolute_url(self):
        return reverse("assembly:job_detail", args=[self.pk])

    @property
    def is_active(self):
        return self.state in (Job.State.WAITING, Job.State.RUNNING)

    @property
    def percent(self):
        if self.state == Job.State.DONE:
            return 100
        return min(99, 100 * self.done // self.total) if self.total else 0


def new_lease():
    return uuid4()
