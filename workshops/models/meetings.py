"""Meetings, from the notice to the attendance sheet."""

from math import ceil

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act, transition
from assembly.models import Accountable, Cycle, Document, Versioned
from workshops import sittings
from workshops.minutes import outline
from workshops.models.attendance import Attendance
from workshops.models.coming import Coming
from workshops.models.minutes import Minutes
from workshops.models.needs import Supported
from workshops.models.notices import Notice
from workshops.models.preparing import Preparing
from workshops.models.readers import OVERSEERS, facilitated_by, in_cycles_of, seated_cycles
from workshops.models.workshops import Workshop

ON_THE_AGENDA = Q(opened_at__isnull=False) | Q(called_at__isnull=False)


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The agenda is public once a notice has gone out; before, it is the business of those who prepare it."""
        if not user.is_authenticated:
            return self.public()
        prepared = in_cycles_of(user, OVERSEERS, "cycle") | Q(workshop__in=facilitated_by(user))
        return self.filter(prepared | ON_THE_AGENDA)

    def public(self):
        return self.filter(ON_THE_AGENDA)

    def upcoming(self):
        rows = self.filter(state__in=[Meeting.State.OPENED, Meeting.State.CALLED])
        return rows.filter(ends_at__gte=clock.now()).order_by("starts_at")

    def held(self):
        return self.filter(state=Meeting.State.HELD)

    def for_member(self, member):
        """Those this member is invited to."""
        return self.filter(attendances__member=member)

    def with_status_of(self, user):
        """`own_status`: whether this person is expected, came, was excused."""
        own = Attendance.objects.filter(meeting=OuterRef("pk"), member__user=user.pk)
        return self.annotate(own_status=Subquery(own.values("status")[:1]))

    def with_parts(self):
        """Which of its lists have something in them: the page asks for no empty one."""
        names = ("papers", "people_heard", "decisions", "questions", "priorityvotes", "partner_invitations")
        rows = {name: self.model._meta.get_field(name) for name in names}
        return self.annotate(
            **{
                f"has_{name}": Exists(
                    field.related_model._base_manager.filter(**{field.field.name: OuterRef("pk")})
                )
                for name, field in rows.items()
            }
        )

    def with_counts(self):
        invited = Q(attendances__unplanned=False)
        return self.annotate(
            invited_count=Count("attendances", filter=invited, distinct=True),
            present=Count("attendances", filter=invited & Q(attendances__status="present"), distinct=True),
        )


class Meeting(Preparing, Coming, Supported, Accountable, Versioned):
    """A plenary, a workshop session, a hearing, a visit, a training."""

    class Kind(models.TextChoices):
        PLENARY = "plenary", _("plenary")
        WORKSHOP = "workshop", _("workshop session")
        HEARING = "hearing", _("hearing")
        VISIT = "visit", _("site visit")
        TRAINING = "training", _("training")
        CODRAFTING = "codrafting", _("co-drafting session")

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("meeting", "planned")
        OPENED = "opened", pgettext_lazy("meeting", "opened")
        CALLED = "called", pgettext_lazy("meeting", "called")
        HELD = "held", pgettext_lazy("meeting", "held")
        CANCELLED = "cancelled", pgettext_lazy("meeting", "cancelled")

    editable_states = (State.PLANNED, State.OPENED)

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="meetings", verbose_name=_("cycle"))
    workshop = models.ForeignKey(
        Workshop,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("workshop"),
        help_text=_("Leave empty when the whole Assembly is invited."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.WORKSHOP)
    title = models.CharField(_("title"), max_length=200)
    purpose = models.TextField(_("purpose"), blank=True)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    place = models.CharField(_("place"), max_length=200)
    half_days = models.DecimalField(
        _("half-days"),
        max_digits=3,
        decimal_places=1,
        default=1,
        validators=[MinValueValidator(0), MaxValueValidator(6)],
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PLANNED)
    opened_at = models.DateTimeField(null=True, editable=False)
    called_at = models.DateTimeField(null=True, editable=False)
    moved_at = models.DateTimeField(null=True, editable=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    code_turn = models.PositiveSmallIntegerField(default=0, editable=False)
    sign_in_sheet = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+", editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_meeting_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="a_plenary_is_for_all", condition=~Q(kind="plenary") | Q(workshop=None)
            ),
            models.CheckConstraint(
                name="a_workshop_session_has_its_workshop",
                condition=~Q(kind="workshop") | Q(workshop__isnull=False),
            ),
            models.CheckConstraint(
                name="a_meeting_is_held_after_a_notice",
                condition=Q(state__in=["planned", "opened"], called_at=None)
                | Q(state="cancelled")
                | Q(state__in=["called", "held"], called_at__isnull=False),
            ),
            models.CheckConstraint(
                name="an_open_meeting_is_dated", condition=~Q(state="opened") | Q(opened_at__isnull=False)
            ),
            models.CheckConstraint(
                name="a_cancelled_meeting_says_why", condition=~Q(state="cancelled") | ~Q(reason="")
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("workshops:meeting_detail", args=[self.pk])

    def get_minutes_url(self):
        return self.minutes.get_absolute_url()

    def clean(self):
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": gettext("The end comes after the start.")})
        if self.kind == self.Kind.PLENARY and self.workshop_id:
            raise ValidationError({"workshop": gettext("A plenary is for all: leave the workshop empty.")})
        if self.kind == self.Kind.WORKSHOP and not self.workshop_id:
            raise ValidationError({"workshop": gettext("Say which workshop meets.")})
        if self.workshop_id and self.cycle_id and self.workshop.cycle_id != self.cycle_id:
            raise ValidationError({"workshop": gettext("This workshop belongs to another cycle.")})

    @property
    def is_announced(self):
        return self.state in (self.State.OPENED, self.State.CALLED, self.State.HELD)

    @property
    def sittings(self):
        """Its half-days, by the clock of Paris."""
        zone = timezone.get_current_timezone()
        return sittings.sittings(self.starts_at, self.ends_at, self.half_days, zone)

    @property
    def counts(self):
        """Attendance of those invited as numbers, and the quorum of the cycle."""
        rows = self.attendances.filter(unplanned=False).order_by()
        return counted(dict(rows.values_list("status").annotate(Count("pk"))), self.cycle.quorum_percent)

    def invited(self):
        """The members this meeting is for, today."""
        members = self.cycle.members.seated()
        if getattr(self, "outing", None):
            return members.filter(registrations__outing=self.outing, registrations__state="placed")
        return members.filter(enrolment__workshop=self.workshop_id) if self.workshop_id else members

    def following(self):
        """The next meeting of the same people."""
        return (
            Meeting.objects.filter(
                cycle=self.cycle_id, workshop=self.workshop_id, starts_at__gt=self.starts_at
            )
            .filter(state__in=[self.State.CALLED, self.State.HELD])
            .order_by("starts_at")
            .first()
        )

    def next_plenary(self):
        """The first plenary after this meeting, whose first item is the approval of its minutes."""
        later = self.cycle.meetings.filter(kind=Meeting.Kind.PLENARY, starts_at__gt=self.starts_at)
        return later.exclude(state=Meeting.State.CANCELLED).order_by("starts_at").first()

    def is_open_to(self, user):
        """May read what is prepared: those it is for, and those who oversee."""
        if self.workshop_id:
            return self.workshop.is_open_to(user)
        if not user.is_authenticated:
            return False
        return self.cycle_id in seated_cycles(user) or any(user.holds(role, self.cycle) for role in OVERSEERS)

    def expect(self):
        """A line of the attendance sheet for whoever is invited and has none yet."""
        missing = self.invited().exclude(attendances__meeting=self)
        return Attendance.objects.bulk_create(
            [Attendance(meeting=self, member=member) for member in missing], ignore_conflicts=True
        )

    @transition(source=State.PLANNED, target=State.OPENED, label=_("meeting put on the agenda"))
    def open(self, *, by):
        """Everybody sees it from now on; nothing is mailed before the notice."""
        self.must_be_to_come()
        self.expect()
        self.approve_minutes_first()
        self.opened_at = clock.now()

    @transition(source=[State.PLANNED, State.OPENED], target=State.CALLED, label=_("notice sent"))
    def call(self, *, by, urgency=""):
        """The notice goes to each person invited, by mail."""
        self.must_be_to_come()
        self.expect()
        if not self.attendances.exists():
            raise ValidationError(gettext("Nobody is invited: the workshop has no members yet."))
        self.approve_minutes_first()
        self.called_at = clock.now()
        self.opened_at = self.opened_at or self.called_at
        self.notify(Notice.Kind.FIRST, urgency=urgency)

    @act(source=State.CALLED, label=_("date or place changed"))
    def move(self, *, by, starts_at, ends_at, place, urgency=""):
        """Everybody who had a notice gets another one, which says what changed."""
        changes = self.differences(starts_at=starts_at, ends_at=ends_at, place=place)
        if not changes:
            raise ValidationError(gettext("Neither the date nor the place changes: no new notice is sent."))
        self.starts_at, self.ends_at, self.place = starts_at, ends_at, place
        self.clean()
        self.must_be_to_come()
        self.moved_at = clock.now()
        if "starts_at" in changes:
            self.excuses_no_longer_hold()
        self.notify(Notice.Kind.CHANGED, changes=changes, urgency=urgency)

    @transition(source=State.CALLED, target=State.HELD, label=_("meeting held"))
    def hold(self, *, by):
        """What was not ticked is an absence; a half-day that nobody ticked is first to be taken."""
        if self.starts_at > clock.now():
            raise ValidationError(gettext("This meeting has not begun yet."))
        self.expect()
        self.close_the_sheet()

    @transition(
        source=[State.PLANNED, State.OPENED, State.CALLED],
        target=State.CANCELLED,
        label=_("meeting cancelled"),
    )
    def cancel(self, *, by, reason):
        self.reason = reason
        if self.called_at:
            self.notify(Notice.Kind.CANCELLED)
        if outing := getattr(self, "outing", None):
            outing.registrations.exclude(state="cancelled").update(told_at=None)

    @act(
        source=[State.CALLED, State.HELD],
        label=_("attendance recorded"),
        private=("marks", "reasons", "seen"),
    )
    def take_attendance(self, *, by, marks, reasons=None, seen=None, half_day=None):
        """`marks`: {member number: status}; `seen`: what the page showed when it was opened.

        A line is written only if it was changed on this page; when somebody else changed the same line
        meanwhile, theirs stays. Returns the lines that were left to the other hand. Without `half_day`, the
        marks are for all of them.
        """
        return self.tick(marks, reasons or {}, seen or {}, half_day)

    @act(source=[State.CALLED, State.HELD], label=_("unplanned guest welcomed"), private=("member",))
    def welcome(self, *, by, member, half_day=None):
        """A member who was not invited and came: ticked, paid, not counted in the quorum."""
        row, _new = self.attendances.get_or_create(member=member, defaults={"unplanned": True})
        row.mark(self.numbers(half_day), "present")

    @act(source=State.CALLED, label=_("checked in"), private=("code",))
    def check_in(self, *, by, code):
        """The person ticks themselves, with the code shown in the room."""
        self.let_in(by, code)

    @act(source=State.CALLED, label=_("code of the room changed"))
    def renew_code(self, *, by):
        """When it went further than the room."""
        self.code_turn += 1

    @act(source=[State.OPENED, State.CALLED], label=_("said they cannot come"), private=("reason",))
    def excuse(self, *, by, reason):
        """By the person invited, before the end of the meeting."""
        self.set_excuse(by, Attendance.Status.EXCUSED, reason)

    @act(source=[State.OPENED, State.CALLED], label=_("said they come after all"))
    def come_after_all(self, *, by):
        self.set_excuse(by, Attendance.Status.EXPECTED, "")

    @act(label=_("meeting copied"))
    def copy(self, *, by, starts_at):
        """A new meeting with the same people and programme, to be prepared; returns it."""
        return self.twin(starts_at, by)

    @act(source=[State.PLANNED, State.OPENED, State.CALLED], label=_("point taken off the programme"))
    def drop_item(self, *, by, item):
        item.delete()

    @act(label=_("paper removed"))
    def drop_paper(self, *, by, paper):
        self.forget(paper)

    @act(source=[State.OPENED, State.CALLED], label=_("sign-in sheet printed"))
    def print_sign_in(self, *, by):
        """The sheet of those invited, to be signed; printed again only when it changes."""
        self.sign_in_sheet = self.signing(by)

    @act(source=State.HELD, label=_("minutes opened"))
    def write_minutes(self, *, by):
        """The minutes, prefilled with the programme and the counts."""
        if Minutes.objects.filter(meeting=self).exists():
            raise ValidationError(gettext("The minutes of this meeting are being written already."))
        minutes = Minutes.objects.create(meeting=self, narrative=outline(self), counts=self.counts)
        minutes.record("create", by=by)
        return minutes


def counted(by_status, quorum_percent):
    invited, present = sum(by_status.values()), by_status.get("present", 0)
    needed = ceil(invited * quorum_percent / 100)
    return {
        "invited": invited,
        "present": present,
        "excused": by_status.get("excused", 0),
        "absent": by_status.get("absent", 0),
        "quorum": needed,
        "reached": bool(invited) and present >= needed,
    }
