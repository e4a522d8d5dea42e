"""The privacy desk: how long things are kept, what is erased with the visa of the archives, requests of people."""

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act, transition
from assembly.models.cycles import Cycle
from assembly.models.documents import Document
from assembly.models.jobs import Job
from assembly.models.journal import Accountable
from assembly.models.people import Appointment, User
from assembly.models.roles import Role


class DeskQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The secretariat; the guarantors read."""
        if not user.is_authenticated:
            return self.none()
        return self if user.holds(Role.SECRETARIAT) or user.holds(Role.GUARANTOR) else self.none()


class Retention(Accountable):
    """How long a category is kept here, where it is not what the house proposes."""

    key = models.SlugField(_("category"), max_length=40, unique=True)
    days = models.PositiveIntegerField(_("days"))
    reason = models.CharField(_("reason"), max_length=300)

    objects = DeskQuerySet.as_manager()

    class Meta:
        verbose_name = _("retention delay")
        ordering = ["key"]

    def __str__(self):
        return self.key

    def get_absolute_url(self):
        return reverse("assembly:privacy_register")

    @act(label=_("retention delay changed"))
    def set_days(self, *, by, days, reason):
        self.days, self.reason = days, reason


class Elimination(Accountable):
    """What is to be erased of a cycle: told to the archives, erased on their visa, proved."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("waits for the visa of the archives")
        APPROVED = "approved", _("erasure under way")
        DONE = "done", pgettext_lazy("elimination", "carried out")
        CANCELLED = "cancelled", pgettext_lazy("elimination", "cancelled")

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="eliminations", verbose_name=_("cycle"))
    on = models.DateField(_("due on or before"))
    state = models.CharField(max_length=10, choices=State, default=State.SUBMITTED)
    lines = models.JSONField(default=list, help_text="one dictionary a category: counts and dates, no names")
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(default=clock.now)
    schedule = models.OneToOneField(Document, models.PROTECT, null=True, related_name="+")
    visa = models.CharField(_("visa number"), max_length=60, blank=True)
    visa_on = models.DateField(_("date of the visa"), null=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    proof = models.OneToOneField(Document, models.PROTECT, null=True, related_name="+")

    objects = DeskQuerySet.as_manager()

    class Meta:
        verbose_name = _("elimination schedule")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="nothing_is_erased_without_a_visa",
                condition=Q(state__in=["submitted", "cancelled"]) | (~Q(visa="") & Q(visa_on__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["cycle"],
                condition=Q(state__in=["submitted", "approved"]),
                name="one_elimination_at_a_time_in_a_cycle",
            ),
        ]

    def __str__(self):
        return gettext("Elimination schedule no. %(number)s – %(cycle)s") % {
            "number": self.pk,
            "cycle": self.cycle,
        }

    def get_absolute_url(self):
        return reverse("assembly:elimination_detail", args=[self.pk])

    @property
    def total(self):
        return sum(line["rows"] for line in self.lines)

    @cached_property
    def job(self):
        return Job.objects.filter(key=f"eliminate:{self.pk}").first()

    @transition(source=State.SUBMITTED, target=State.APPROVED, label=_("visa of the archives entered"))
    def approve(self, *, by, visa, visa_on):
        """By somebody else than whoever drew up the schedule, as soon as the secretariat counts two people."""
        if not visa.strip():
            raise ValidationError(gettext("Nothing is erased without the number of the visa."))
        if visa_on > clock.today():
            raise ValidationError(gettext("The visa cannot be of a day to come."))
        others = Appointment.objects.current().filter(role=Role.SECRETARIAT, user__is_active=True)
        if by == self.prepared_by and others.exclude(user=by).exists():
            raise ValidationError(
                gettext("You drew up this schedule: another person of the secretariat enters the visa.")
            )
        self.visa, self.visa_on, self.approved_by = visa.strip(), visa_on, by

    @transition(source=State.SUBMITTED, target=State.CANCELLED, label=_("elimination cancelled"))
    def cancel(self, *, by, reason):
        """The archives refused, or the schedule has to be drawn up again."""
        self.steps.all().delete()

    @transition(
        source=State.APPROVED, target=State.DONE, label=_("elimination carried out"), private=("content",)
    )
    def finish(self, *, by, content):
        """Everything on the schedule is gone, files included; the proof tells what, how many, by which visa."""
        if self.steps.filter(done_at=None).exists() or LeftFile.objects.exists():
            raise ValidationError(gettext("Something on the schedule has not been erased yet."))
        self.done_at = clock.now()
        title = gettext("Proof of elimination no. %(number)s") % {"number": self.pk}
        self.proof = Document.objects.issue("proof", title, content, cycle=self.cycle, audience="staff")


class EliminationStep(models.Model):
    """A handful of rows erased in one transaction: done or not done, never half done."""

    elimination = models.ForeignKey(Elimination, models.CASCADE, related_name="steps")
    key = models.SlugField(max_length=40)
    rows = models.JSONField(default=list)
    done_at = models.DateTimeField(null=True)
    erased = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.key} {self.pk}"


class LeftFile(models.Model):
    """A file whose row is gone: removed after the commit, or when the work is taken up again."""

    field = models.CharField(max_length=100, default="assembly.Document.file", help_text="which storage")
    name = models.CharField(max_length=300)

    def __str__(self):
        return str(self.pk)

    @property
    def storage(self):
        model, _dot, name = self.field.rpartition(".")
        return apps.get_model(model)._meta.get_field(name).storage


class Deadline(models.Model):
    """How many rows of a category go after which day: counted every hour, so that the desk need not count."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="+")
    key = models.SlugField(max_length=40)
    last_day = models.DateField(db_index=True)
    rows = models.PositiveIntegerField()
    counted_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["last_day", "cycle", "key"]

    def __str__(self):
        return f"{self.key} {self.last_day}"

    @property
    def is_late(self):
        return self.last_day < clock.today()
