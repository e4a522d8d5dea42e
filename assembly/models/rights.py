"""What people may ask about their own data, and what they are handed."""

from calendar import monthrange

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act, transition
from assembly.models.documents import Document
from assembly.models.jobs import Job
from assembly.models.journal import Accountable
from assembly.models.people import User
from assembly.models.roles import Role


class Person(models.Model):
    """Whose data: an account, or somebody a room knows by a number; asked for, never a name."""

    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    room = models.SlugField(max_length=20, blank=True, help_text="who knows this number")
    number = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_person_is_known_one_way",
                condition=Q(user__isnull=False, room="", number=None)
                | (Q(user=None, number__isnull=False) & ~Q(room="")),
            ),
            models.UniqueConstraint(fields=["user"], name="a_person_with_an_account_is_one"),
            models.UniqueConstraint(fields=["room", "number"], name="a_person_without_account_is_one"),
        ]

    def __str__(self):
        return gettext("person no. %(number)s") % {"number": self.pk}


class RightsRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The secretariat alone: who asks is nobody else’s business."""
        return self if user.is_authenticated and user.holds(Role.SECRETARIAT) else self.none()

    def open(self):
        return self.filter(state__in=RightsRequest.OPEN)

    def overdue(self):
        return self.open().filter(due_on__lt=clock.today())


def months_after(day, months):
    """The same day of a later month, or its last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1]))


class RightsRequest(Accountable):
    """Somebody asks to see, correct, erase or limit what is kept of them: answered within a month."""

    class Kind(models.TextChoices):
        ACCESS = "access", _("see my data")
        RECTIFICATION = "rectification", _("have my data corrected")
        ERASURE = "erasure", _("have my data erased")
        RESTRICTION = "restriction", _("have the use of my data limited")
        OBJECTION = "objection", _("object to the use of my data")

    class State(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("request", "received")
        CHECKED = "checked", _("identity checked")
        ANSWERED = "answered", pgettext_lazy("request", "answered")
        REFUSED = "refused", pgettext_lazy("request", "refused")

    OPEN = (State.RECEIVED, State.CHECKED)

    of_a_person = True

    kind = models.CharField(_("what is asked"), max_length=15, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="requests")
    asked_by = models.CharField(_("who asks, and how to answer them"), max_length=300, blank=True)
    words = models.TextField(_("what they write"), blank=True)
    received_on = models.DateField(_("received on"), default=clock.today)
    due_on = models.DateField(_("answer due on"))
    extended = models.CharField(_("why more time is needed"), max_length=300, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    closed_on = models.DateField(null=True)
    restricts = models.BooleanField(default=False)

    objects = RightsRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("rights request")
        ordering = ["due_on", "pk"]

    def __str__(self):
        return gettext("Request no. %(number)s") % {"number": self.pk}

    def get_absolute_url(self):
        return reverse("assembly:rightsrequest_detail", args=[self.pk])

    @property
    def is_late(self):
        return self.state in self.OPEN and self.due_on < clock.today()

    @transition(source=State.RECEIVED, target=State.CHECKED, label=_("identity checked"))
    def check_identity(self, *, by, how):
        """How it was checked; a copy of an identity card is never kept."""

    @act(source=OPEN, label=_("person found"), private=("person",))
    def name_person(self, *, by, person):
        """Whose data it is about, among those known here."""
        self.person = person

    @act(source=OPEN, label=_("delay extended by two months"), private=("reason",))
    def extend(self, *, by, reason):
        """Once, for a request that is complex: the person is told why within the first month."""
        if self.extended:
            raise ValidationError(gettext("The delay has been extended once already."))
        if self.is_late:
            raise ValidationError(gettext("The month is over: it can no longer be extended."))
        self.extended, self.due_on = reason, months_after(self.received_on, 3)

    @transition(
        source=State.CHECKED, target=State.ANSWERED, label=_("rights request answered"), private=("answer",)
    )
    def give_answer(self, *, by, answer):
        """A limitation begins with its answer, and lasts until it is lifted."""
        if self.kind == self.Kind.RESTRICTION:
            if self.person is None:
                raise ValidationError(gettext("Say first which person here it is about."))
            self.restricts = True
        self.answer, self.closed_on = answer, clock.today()

    @transition(source=OPEN, target=State.REFUSED, label=_("rights request refused"), private=("reason",))
    def refuse(self, *, by, reason):
        self.answer, self.closed_on = reason, clock.today()

    @act(source=State.ANSWERED, label=_("limitation lifted"))
    def lift(self, *, by, reason):
        if not self.restricts:
            raise ValidationError(gettext("Nothing is limited by this request."))
        self.restricts = False


class PersonalExportQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        return self if user.holds(Role.SECRETARIAT) else self.filter(person__user=user, asked_by=user)


class PersonalExport(Accountable):
    """Everything held on one person, gathered by a job and kept a few weeks."""

    of_a_person = True

    person = models.ForeignKey(Person, models.PROTECT, related_name="exports")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    document = models.OneToOneField(Document, models.PROTECT, null=True, related_name="+")

    objects = PersonalExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export of everything held on a person")
        ordering = ["-pk"]

    def __str__(self):
        return gettext("Export no. %(number)s") % {"number": self.pk}

    def get_absolute_url(self):
        return reverse("assembly:export_detail", args=[self.pk])

    @cached_property
    def job(self):
        return Job.objects.filter(key=f"export_person:{self.pk}").first()
