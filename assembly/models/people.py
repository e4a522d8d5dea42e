"""Accounts, and the roles given to them for a time."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act
from assembly.models.journal import Accountable
from assembly.models.roles import Role


class UserQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Oneself; the secretariat knows every account."""
        if not user.is_authenticated:
            return self.none()
        return self if user.holds(Role.SECRETARIAT) else self.filter(pk=user.pk)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    @classmethod
    def normalize_email(cls, email):
        return (email or "").strip().lower()

    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser, Accountable):
    of_a_person = True

    username = first_name = last_name = None
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name shown to others"), max_length=100)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fr")
    sessions_closed = models.PositiveIntegerField(default=0, editable=False, help_text="how many times")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="an_email_is_one_account")]

    def __str__(self):
        return self.name

    @property
    def written_as(self):
        """How the journal calls them for ever."""
        return f"{self._meta.verbose_name} {self.pk}"

    def get_absolute_url(self):
        return reverse("mfa_index")

    def get_appointments_url(self):
        return reverse("assembly:appointment_list")

    def get_session_auth_hash(self):
        """A session lasts as long as the password it was opened with, and until all are closed."""
        return f"{super().get_session_auth_hash()}{self.sessions_closed}"

    @act(label=_("logged out everywhere"))
    def close_sessions(self, *, by):
        self.sessions_closed += 1

    @act(label=_("devices of the login forgotten"))
    def forget_devices(self, *, by, reason):
        """Lost or stolen: none of them opens the account any more, and every session ends."""
        self.authenticator_set.all().delete()
        self.sessions_closed += 1

    @cached_property
    def current_appointments(self):
        return list(self.appointments.current()) if self.is_active else []

    def holds(self, role, cycle=None):
        """Appointed to `role` for all cycles, or for this one."""
        return any(
            held.role == role and (held.cycle_id is None or cycle is None or held.cycle_id == cycle.pk)
            for held in self.current_appointments
        )

    @property
    def main_role(self):
        return next((held.role for held in self.current_appointments), "") or (
            Role.MEMBER if self.seats else ""
        )

    @property
    def role_label(self):
        return Role(self.main_role).label if self.main_role else ""

    @cached_property
    def seats(self):
        """Where this person sits or sat: one query a request."""
        return list(self.members.select_related("cycle", "pool")) if self.pk else []

    @property
    def seat(self):
        """Their seat today, if any."""
        return next((seat for seat in self.seats if seat.is_seated), None)


class AppointmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        return self if user.holds(Role.SECRETARIAT) else self.filter(user=user)

    def current(self):
        today = clock.today()
        return self.filter(Q(until=None) | Q(until__gte=today), since__lte=today)


class Appointment(Accountable):
    """A role given to a person, for one cycle or all, and for a time."""

    of_a_person = True

    Role = Role
    GIVEN = [choice for choice in Role.choices if choice[0] != "member"]

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=20, choices=GIVEN)
    cycle = models.ForeignKey(
        "Cycle", models.PROTECT, null=True, blank=True, related_name="appointments", verbose_name=_("cycle")
    )
    organisation = models.CharField(_("organisation"), max_length=150, blank=True)
    since = models.DateField(_("from"), default=clock.today)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="an_appointment_ends_after_it_starts", condition=Q(until=None) | Q(until__gte=F("since"))
            )
        ]

    def __str__(self):
        return f"{self.user} – {self.get_role_display()}"

    def get_absolute_url(self):
        return reverse("assembly:appointment_list")

    @act(label=_("appointment ended"))
    def end(self, *, by):
        self.until = max(self.since, clock.today() - timedelta(days=1))
