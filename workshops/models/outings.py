"""Visits and training: places, registrations, a waiting list that moves up by itself."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act, transition
from assembly.models import Accountable, Member, Versioned
from workshops.models.attendance import Attendance
from workshops.models.enrolments import own_workshops
from workshops.models.meetings import Meeting
from workshops.models.readers import OVERSEERS, facilitated_by, in_cycles_of, seated_cycles


class OutingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those it is for, once registration is open; before, those who prepare it."""
        if not user.is_authenticated:
            return self.none()
        prepared = in_cycles_of(user, OVERSEERS, "meeting__cycle") | Q(
            meeting__workshop__in=facilitated_by(user)
        )
        for_them = Q(meeting__workshop__in=own_workshops(user)) | Q(
            meeting__workshop=None, meeting__cycle__in=seated_cycles(user)
        )
        return self.filter(prepared | (for_them & ~Q(state=Outing.State.PREPARED)))

    def coming(self):
        return self.filter(meeting__ends_at__gte=clock.now()).exclude(meeting__state="cancelled")

    def with_places(self, user):
        """`taken`, `waiting`, and where this person stands: `own`."""
        own = Registration.objects.filter(outing=OuterRef("pk"), member__user=user.pk)
        return self.annotate(
            taken=Count("registrations", filter=Q(registrations__state="placed")),
            waiting=Count("registrations", filter=Q(registrations__state="waiting")),
            own=Subquery(own.values("state")[:1]),
        )


class Outing(Accountable, Versioned):
    """A visit or a training with a limited number of places."""

    class Theme(models.TextChoices):
        VISIT = "visit", _("site visit")
        SPEAKING = "speaking", _("public speaking")
        AFFAIRS = "affairs", _("understanding current affairs")
        CITY = "city", _("how the City works")
        OTHER = "other", _("another training")

    class State(models.TextChoices):
        PREPARED = "prepared", pgettext_lazy("outing", "being prepared")
        OPEN = "open", pgettext_lazy("outing", "registration open")

    editable_states = tuple(State)

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="outing", editable=False)
    theme = models.CharField(_("theme"), max_length=10, choices=Theme, default=Theme.VISIT)
    places = models.PositiveSmallIntegerField(
        _("places"), validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    closes_at = models.DateTimeField(
        _("registration until"), null=True, blank=True, help_text=_("Empty: until it begins.")
    )
    practical = models.TextField(
        _("practical"),
        blank=True,
        max_length=3000,
        help_text=_("Where to meet, what to bring, steps and lifts."),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREPARED, editable=False)

    objects = OutingQuerySet.as_manager()

    class Meta:
        ordering = ["meeting__starts_at", "pk"]

    def __str__(self):
        return self.meeting.title

    def get_absolute_url(self):
        return reverse("workshops:outing_detail", args=[self.pk])

    def clean(self):
        if self.closes_at and self.closes_at > self.meeting.starts_at:
            raise ValidationError({"closes_at": gettext("Registration ends before the meeting begins.")})

    @property
    def cycle(self):
        return self.meeting.cycle

    @property
    def workshop(self):
        return self.meeting.workshop

    @property
    def workshop_id(self):
        return self.meeting.workshop_id

    @property
    def until(self):
        return self.closes_at or self.meeting.starts_at

    @property
    def is_over(self):
        return self.meeting.state in (Meeting.State.HELD, Meeting.State.CANCELLED)

    @property
    def takes_registrations(self):
        return self.state == self.State.OPEN and not self.is_over and clock.now() < self.until

    def members(self):
        """Those who sit today and whom it is for."""
        return self.workshop.members if self.workshop_id else self.cycle.members.seated()

    def placed(self):
        return self.registrations.filter(state=Registration.State.PLACED)

    @transition(source=State.PREPARED, target=State.OPEN, label=_("registration opened"))
    def open(self, *, by):
        if self.is_over or self.until <= clock.now():
            raise ValidationError(gettext("Registration would be over already: change its date first."))

    @act(source=State.OPEN, label=_("registered"))
    def register(self, *, by):
        """A place if there is one, else the end of the waiting list."""
        if not self.takes_registrations:
            raise ValidationError(gettext("Registration is over."))
        seat = self.members().filter(user=by).first()
        if seat is None:
            raise ValidationError(gettext("This is for those who sit today."))
        row, _new = Registration.objects.get_or_create(
            outing=self, member=seat, defaults={"state": Registration.State.CANCELLED}
        )
        if row.state == Registration.State.CANCELLED:
            row.queue()
        self.move_up()

    @act(source=State.OPEN, label=_("registration cancelled"))
    def give_up(self, *, by):
        """The place goes to the first of the waiting list."""
        if self.is_over or clock.now() >= self.meeting.starts_at:
            raise ValidationError(gettext("It has begun: tell your facilitator."))
        for row in self.registrations.filter(member__user=by).exclude(state=Registration.State.CANCELLED):
            row.cancel()
        self.move_up()

    @act(source=State.OPEN, label=_("number of places changed"))
    def resize(self, *, by, places):
        """Nobody who has a place loses it."""
        if places < (held := self.placed().count()):
            raise ValidationError(
                gettext("%(number)s people have a place already: none can be taken back.") % {"number": held}
            )
        self.places = places
        self.move_up()

    def move_up(self):
        """Free places go to the waiting list, in the order of arrival."""
        free = self.places - self.placed().count()
        waiting = self.registrations.filter(state=Registration.State.WAITING)
        for row in list(waiting.order_by("at", "pk")[: max(0, free)]):
            row.place()
        if self.meeting.is_announced:
            self.meeting.expect()


class Registration(models.Model):
    """A member, and their place or their rank in the waiting list."""

    class State(models.TextChoices):
        PLACED = "placed", pgettext_lazy("registration", "place confirmed")
        WAITING = "waiting", pgettext_lazy("registration", "waiting list")
        CANCELLED = "cancelled", pgettext_lazy("registration", "cancelled")

    outing = models.ForeignKey(Outing, models.PROTECT, related_name="registrations")
    member = models.ForeignKey(Member, models.PROTECT, related_name="registrations")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    at = models.DateTimeField(default=clock.now)
    told_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["outing", "member"], name="a_member_registers_once"),
            models.CheckConstraint(
                name="a_registration_is_one_of_three",
                condition=Q(state__in=["placed", "waiting", "cancelled"]),
            ),
        ]

    def __str__(self):
        return f"{self.member}: {self.get_state_display()}"

    def queue(self):
        self._to(self.State.WAITING, at=clock.now(), told_at=None)

    def place(self):
        self._to(self.State.PLACED, told_at=None)

    def cancel(self):
        self._to(self.State.CANCELLED)
        Attendance.objects.filter(
            meeting=self.outing.meeting_id, member=self.member_id, status=Attendance.Status.EXPECTED
        ).delete()

    def _to(self, state, **fields):
        Registration.objects.filter(pk=self.pk).update(state=state, **fields)
        self.refresh_from_db()
