import json
from dataclasses import replace
from hashlib import sha256
from math import ceil

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Max, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import translation
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act, transition
from assembly.models import Accountable, Appointment, Cycle, Document, Member, Versioned
from workshops import allotment
from workshops.minutes import minutes_content, outline
from workshops.notebook import notebook_content

# ---------------------------------------------------------------- who reads what

OVERSEERS = (Appointment.Role.SECRETARIAT, Appointment.Role.GUARANTOR)
MAY_READ = (*Member.SEATED, Member.State.TERM_ENDED)
ANSWERERS = (Appointment.Role.EXECUTIVE, Appointment.Role.DEPARTMENT)


def in_cycles_of(user, roles, path):
    """The rows of the cycles in which this person holds one of `roles`; `path` leads from a row to its cycle."""
    held = [held for held in user.current_appointments if held.role in roles]
    if any(appointment.cycle_id is None for appointment in held):
        return Q(pk__isnull=False)
    return Q(**{f"{path}__in": [appointment.cycle_id for appointment in held]})


def facilitated_by(user):
    """The workshops this person leads, as numbers: one query a request."""
    if not any(held.role == Appointment.Role.FACILITATOR for held in user.current_appointments):
        return frozenset()
    if not hasattr(user, "_facilitated"):
        user._facilitated = frozenset(user.facilitated_workshops.values_list("pk", flat=True))
    return user._facilitated


def joined_by(user):
    """The workshops this person belongs to as a member, as numbers: one query a request."""
    if not hasattr(user, "_joined"):
        kept = [seat.pk for seat in user.seats if seat.state in MAY_READ]
        rows = Enrolment.objects.filter(member__in=kept, workshop__isnull=False)
        user._joined = frozenset(rows.values_list("workshop", flat=True)) if kept else frozenset()
    return user._joined


def own_workshops(user):
    return facilitated_by(user) | joined_by(user)


def seated_cycles(user):
    return [seat.cycle_id for seat in user.seats if seat.state in MAY_READ]


# ---------------------------------------------------------------- workshops


class WorkshopQuerySet(models.QuerySet):
    def visible_to(self, user):
        """That a workshop exists is public; what happens in it is not: see `is_open_to`."""
        if user.is_authenticated and user.current_appointments:
            return self
        return self.public()

    def public(self):
        return self.exclude(cycle__state=Cycle.State.PREPARATION)

    def of_member(self, user):
        return self.filter(enrolments__member__user=user)

    def with_counts(self):
        return self.annotate(people=Count("enrolments")).order_by(*self.model._meta.ordering)


class Workshop(Accountable, Versioned):
    """A thematic workshop of a cycle, its facilitators and its rapporteur."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="workshops", verbose_name=_("cycle"))
    title = models.CharField(_("title"), max_length=120)
    slug = models.SlugField(max_length=60, editable=False)
    purpose = models.TextField(
        _("purpose"), blank=True, help_text=_("In a few sentences, for members and the public.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    facilitators = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="facilitated_workshops",
        verbose_name=_("facilitators"),
    )
    rapporteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("rapporteur"),
    )

    objects = WorkshopQuerySet.as_manager()

    class Meta:
        ordering = ["-cycle__number", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["cycle", "slug"], name="a_workshop_is_named_once")]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.slug = slugify(self.title)[:60] or "atelier"
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("workshops:workshop_detail", args=[self.pk])

    def get_notebook_url(self):
        return self.notebook.get_absolute_url()

    @property
    def members(self):
        """Those who sit today and belong to this workshop."""
        return Member.objects.seated().filter(enrolment__workshop=self)

    def possible_facilitators(self):
        """Those appointed for it, in this cycle or in all, who do not lead this workshop yet."""
        held = Appointment.objects.current().filter(
            Q(cycle=None) | Q(cycle=self.cycle_id), role=Appointment.Role.FACILITATOR
        )
        people = get_user_model().objects.filter(pk__in=held.values("user"))
        return people.exclude(facilitated_workshops=self).order_by("name")

    def possible_rapporteurs(self):
        return get_user_model().objects.filter(members__in=self.members).order_by("name")

    def is_open_to(self, user):
        """May read what is not public yet: members of the workshop, its facilitators, those who oversee."""
        if not user.is_authenticated:
            return False
        return self.pk in own_workshops(user) or any(user.holds(role, self.cycle) for role in OVERSEERS)

    @act(label=_("facilitator named"))
    def name_facilitator(self, *, by, user):
        self.facilitators.add(user)

    @act(label=_("facilitator relieved"))
    def relieve_facilitator(self, *, by, user):
        self.facilitators.remove(user)

    @act(label=_("rapporteur named"))
    def name_rapporteur(self, *, by, user):
        if not self.enrolments.filter(member__user=user).exists():
            raise ValidationError(gettext("The rapporteur is a member of the workshop."))
        self.rapporteur = user

    @act(label=_("notebook opened"))
    def open_notebook(self, *, by):
        """The summary notebook, with an empty section of each kind, ready to be written."""
        if Notebook.objects.filter(workshop=self).exists():
            raise ValidationError(gettext("This workshop has its notebook already."))
        with translation.override("fr"):
            title = gettext("Summary notebook – %(workshop)s") % {"workshop": self.title}
            notebook = Notebook.objects.create(workshop=self, title=title[:200])
            NotebookSection.objects.bulk_create(
                NotebookSection(notebook=notebook, kind=kind, title=str(label), position=position)
                for position, (kind, label) in enumerate(NotebookSection.Kind.choices, start=1)
            )
        notebook.record("create", by=by)
        return notebook


# ---------------------------------------------------------------- wishes and allotment


class EnrolmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        return self.filter(in_cycles_of(user, OVERSEERS, "member__cycle") | Q(member__user=user))

    def allotted(self):
        return self.filter(workshop__isnull=False)

    def of(self, member):
        """Their enrolment, new and not yet kept when they never chose."""
        return self.filter(member=member).select_related("workshop").first() or Enrolment(member=member)


class Enrolment(Accountable):
    """A member, their wishes, and the one workshop they belong to."""

    member = models.OneToOneField(Member, models.PROTECT, related_name="enrolment")
    workshop = models.ForeignKey(
        Workshop, models.PROTECT, null=True, blank=True, related_name="enrolments", verbose_name=_("workshop")
    )
    rank = models.PositiveSmallIntegerField(null=True, blank=True, help_text="which of their wishes was met")
    facts = models.JSONField(default=dict, blank=True, help_text="what explains the allotment")
    told_at = models.DateTimeField(null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["member__user__name", "pk"]

    def __str__(self):
        return str(self.member)

    def get_absolute_url(self):
        return reverse("workshops:enrolment_choose")

    def get_people_url(self):
        return reverse("workshops:enrolment_list", args=[self.cycle.number])

    @property
    def cycle(self):
        return self.member.cycle

    @property
    def why(self):
        """The sentence that tells a member why they are in this workshop."""
        return sentence(self.rank, self.facts)

    @act(label=_("workshops ranked"))
    def choose(self, *, by, workshops):
        """`workshops` in order of preference; the list may be shorter than all."""
        if self.workshop_id:
            raise ValidationError(gettext("The workshops are allotted: wishes are closed."))
        if not workshops or len({workshop.pk for workshop in workshops}) < len(workshops):
            raise ValidationError(gettext("Give each workshop one rank, starting with your first choice."))
        if any(workshop.cycle_id != self.member.cycle_id for workshop in workshops):
            raise ValidationError(gettext("This workshop belongs to another cycle."))
        self.member.preferences.all().delete()
        Preference.objects.bulk_create(
            Preference(member=self.member, workshop=workshop, rank=rank)
            for rank, workshop in enumerate(workshops, start=1)
        )

    @act(label=_("moved to another workshop"))
    def move(self, *, by, workshop, reason):
        if workshop.cycle_id != self.member.cycle_id:
            raise ValidationError(gettext("This workshop belongs to another cycle."))
        self.workshop, self.rank, self.facts = workshop, None, {"moved": reason}


def sentence(rank, facts):
    if "moved" in facts:
        return gettext("The secretariat placed you here: %(reason)s") % {"reason": facts["moved"]}
    if rank is None:
        return gettext("You gave no wish: this workshop had room, and its mix is better with you.")
    if rank == 1:
        return gettext("It was your first choice.")
    if rank > facts.get("wishes", rank):
        return gettext("None of your wishes could be met: each of those workshops was full, or its mix was.")
    return gettext(
        "It was your choice number %(rank)s: %(wanted)s people put %(first)s first, which has %(seats)s places."
    ) % (facts | {"rank": rank})


class Preference(models.Model):
    """One wish: this workshop, at this rank."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="preferences")
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="preferences")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["member", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["member", "workshop"], name="a_workshop_is_wished_once"),
            models.UniqueConstraint(fields=["member", "rank"], name="a_rank_is_given_once"),
            models.CheckConstraint(name="ranks_start_at_one", condition=Q(rank__gte=1)),
        ]

    def __str__(self):
        return f"{self.rank}. {self.workshop}"


class AllotmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(in_cycles_of(user, OVERSEERS, "cycle")) if user.is_authenticated else self.none()

    def prepare(self, cycle, seed, *, by):
        """A preview: who would go where, nothing published."""
        people, titles = the_people(cycle), the_workshops(cycle)
        if not titles:
            raise ValidationError(gettext("Set up the workshops of this cycle first."))
        if all(person.place for person in people):
            raise ValidationError(gettext("Everybody has a workshop already."))
        outcome = allotment.allot(people, list(titles), seed, mixed_criteria(cycle))
        row = self.create(
            cycle=cycle, seed=seed, inputs=fingerprint(people), outcome=plain(people, outcome, titles)
        )
        row.record("create", by=by)
        return row


def mixed_criteria(cycle):
    """The first criteria with few categories: gender, age… in the order of the cycle."""
    few = cycle.criteria.annotate(size=Count("categories")).filter(size__range=(2, 8))
    return list(few.order_by("position", "pk").values_list("key", flat=True)[:2])


def the_workshops(cycle):
    return {str(workshop.pk): workshop.title for workshop in cycle.workshops.order_by("position", "pk")}


def the_people(cycle):
    """The members of a cycle as the allotment sees them."""
    rows = cycle.members.seated().select_related("enrolment").prefetch_related("preferences").order_by("pk")
    return [
        allotment.Person(
            ref=str(member.pk),
            wishes=tuple(str(wish.workshop_id) for wish in member.preferences.all()),
            traits=member.profile,
            place=place_of(member),
        )
        for member in rows
    ]


def place_of(member):
    enrolment = getattr(member, "enrolment", None)
    return str(enrolment.workshop_id) if enrolment and enrolment.workshop_id else None


def fingerprint(people):
    rows = [[person.ref, person.wishes, sorted(person.traits.items()), person.place] for person in people]
    return sha256(json.dumps(rows).encode()).hexdigest()


def plain(people, outcome, titles):
    """The outcome in plain values, with what explains each place."""
    by_ref = {person.ref: person for person in people}
    return [
        {
            "member": int(ref),
            "workshop": int(place.workshop),
            "rank": place.rank,
            "facts": explained(by_ref[ref], place, outcome, titles),
        }
        for ref, place in sorted(outcome.places.items(), key=lambda item: int(item[0]))
    ]


def explained(person, place, outcome, titles):
    if place.rank in (None, 1):
        return {}
    first = person.wishes[0]
    return {
        "wishes": len(person.wishes),
        "first": titles[first],
        "wanted": outcome.wanted[first],
        "seats": outcome.sizes[first],
    }


class Allotment(Accountable):
    """One computation of who goes to which workshop: previewed, then published as it was previewed."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("allotment", "preview")
        PUBLISHED = "published", pgettext_lazy("allotment", "published")

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="allotments")
    seed = models.CharField(
        _("seed"),
        max_length=100,
        help_text=_("Any words; the same wishes and the same seed give the same result."),
    )
    inputs = models.CharField(max_length=64, editable=False)
    outcome = models.JSONField(default=list, editable=False)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PROPOSED)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)

    objects = AllotmentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="an_allotment_is_dated_once_published",
                condition=Q(state="proposed", published_at=None)
                | Q(state="published", published_at__isnull=False),
            )
        ]

    def __str__(self):
        return gettext("Allotment “%(seed)s”") % {"seed": self.seed}

    def get_absolute_url(self):
        return reverse("workshops:allotment_detail", args=[self.pk])

    @transition(source=State.PROPOSED, target=State.PUBLISHED, label=_("allotment published"))
    def publish(self, *, by):
        """Everyone gets the place of the preview; refused when wishes or members changed since."""
        if fingerprint(the_people(self.cycle)) != self.inputs:
            raise ValidationError(gettext("Wishes or members changed since this preview: make another one."))
        for row in self.outcome:
            Enrolment.objects.update_or_create(
                member_id=row["member"],
                defaults={"workshop_id": row["workshop"], "rank": row["rank"], "facts": row["facts"]},
            )
        self.published_at = clock.now()

    def replayed(self):
        """The same people and the same seed once more: what a doubter would compute."""
        people = [
            replace(person, place=None)
            if any(row["member"] == int(person.ref) for row in self.outcome)
            else person
            for person in the_people(self.cycle)
        ]
        titles = the_workshops(self.cycle)
        return plain(
            people, allotment.allot(people, list(titles), self.seed, mixed_criteria(self.cycle)), titles
        )


# ---------------------------------------------------------------- meetings


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The agenda is public once a notice has gone out; before, it is the business of those who prepare it."""
        if not user.is_authenticated:
            return self.public()
        prepared = in_cycles_of(user, OVERSEERS, "cycle") | Q(workshop__in=facilitated_by(user))
        return self.filter(prepared | Q(called_at__isnull=False))

    def public(self):
        return self.filter(called_at__isnull=False)

    def upcoming(self):
        return self.filter(state=Meeting.State.CALLED, ends_at__gte=clock.now()).order_by("starts_at")

    def held(self):
        return self.filter(state=Meeting.State.HELD)

    def for_member(self, member):
        """Those this member is invited to."""
        return self.filter(attendances__member=member)

    def with_status_of(self, user):
        """`own_status`: whether this person is expected, came, was excused."""
        own = Attendance.objects.filter(meeting=OuterRef("pk"), member__user=user.pk)
        return self.annotate(own_status=Subquery(own.values("status")[:1]))

    def with_counts(self):
        return self.annotate(
            invited_count=Count("attendances", distinct=True),
            present=Count("attendances", filter=Q(attendances__status="present"), distinct=True),
        )


class Meeting(Accountable, Versioned):
    """A plenary, a workshop session, a hearing, a visit, a training."""

    class Kind(models.TextChoices):
        PLENARY = "plenary", _("plenary")
        WORKSHOP = "workshop", _("workshop session")
        HEARING = "hearing", _("hearing")
        VISIT = "visit", _("site visit")
        TRAINING = "training", _("training")

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("meeting", "planned")
        CALLED = "called", pgettext_lazy("meeting", "called")
        HELD = "held", pgettext_lazy("meeting", "held")
        CANCELLED = "cancelled", pgettext_lazy("meeting", "cancelled")

    editable_states = (State.PLANNED,)

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
    called_at = models.DateTimeField(null=True, editable=False)
    moved_at = models.DateTimeField(null=True, editable=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)

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
                condition=Q(state="planned", called_at=None)
                | Q(state="cancelled")
                | Q(state__in=["called", "held"], called_at__isnull=False),
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
        return self.state in (self.State.CALLED, self.State.HELD)

    @property
    def counts(self):
        """Attendance as numbers, and the quorum of the cycle."""
        by_status = dict(self.attendances.order_by().values_list("status").annotate(Count("pk")))
        return counted(by_status, self.cycle.quorum_percent)

    def invited(self):
        """The members this meeting is for, today."""
        members = self.cycle.members.seated()
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

    @transition(source=State.PLANNED, target=State.CALLED, label=_("notice sent"))
    def call(self, *, by):
        """The notice goes to each person invited, by mail."""
        if self.starts_at <= clock.now():
            raise ValidationError(gettext("This meeting would already have begun: change its date first."))
        self.expect()
        if not self.attendances.exists():
            raise ValidationError(gettext("Nobody is invited: the workshop has no members yet."))
        self.called_at = clock.now()

    @act(source=State.CALLED, label=_("date or place changed"))
    def move(self, *, by, starts_at, ends_at, place):
        """Everybody who had a notice gets another one."""
        self.starts_at, self.ends_at, self.place = starts_at, ends_at, place
        self.clean()
        self.moved_at = clock.now()
        self.attendances.update(notified_at=None)

    @transition(source=State.CALLED, target=State.HELD, label=_("meeting held"))
    def hold(self, *, by):
        if self.starts_at > clock.now():
            raise ValidationError(gettext("This meeting has not begun yet."))
        self.expect()
        self.attendances.filter(status=Attendance.Status.EXPECTED).update(status=Attendance.Status.ABSENT)

    @transition(source=[State.PLANNED, State.CALLED], target=State.CANCELLED, label=_("meeting cancelled"))
    def cancel(self, *, by, reason):
        self.reason = reason
        self.attendances.update(notified_at=None)

    @act(
        source=[State.CALLED, State.HELD],
        label=_("attendance recorded"),
        private=("marks", "reasons", "seen"),
    )
    def take_attendance(self, *, by, marks, reasons=None, seen=None):
        """`marks`: {member number: status}; `seen`: what the page showed when it was opened.

        A line is written only if it was changed on this page; when somebody else changed the same line
        meanwhile, theirs stays. Returns the lines that were left to the other hand.
        """
        self.expect()
        rows = {
            row.member_id: row
            for row in self.attendances.select_for_update(of=("self",)).select_related("member__user")
        }
        seen, reasons, left = seen or {}, reasons or {}, []
        for member, status in marks.items():
            row, was = rows.get(member), seen.get(member)
            reason = reasons.get(member)
            if row is None or (status == was and reason is None):
                continue
            if was is not None and status != was and row.status not in (was, status):
                left.append(row)
            else:
                row.mark(status, reason, changed=status != was)
        return left

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


class PartQuerySet(models.QuerySet):
    """What hangs on a meeting is seen by whoever sees the meeting."""

    def visible_to(self, user):
        return self.filter(meeting__in=Meeting.objects.visible_to(user))


class PartOfMeeting(Accountable):
    """A line of a meeting: shares its cycle, its workshop, its state."""

    class Meta:
        abstract = True

    def get_absolute_url(self):
        return self.meeting.get_absolute_url()

    def get_state_display(self):
        return self.meeting.get_state_display()

    @property
    def state(self):
        return self.meeting.state

    @property
    def cycle(self):
        return self.meeting.cycle

    @property
    def workshop(self):
        return self.meeting.workshop

    @property
    def workshop_id(self):
        return self.meeting.workshop_id


class AgendaItem(PartOfMeeting, Versioned):
    """A point of the programme."""

    editable_states = (Meeting.State.PLANNED, Meeting.State.CALLED)

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    title = models.CharField(_("title"), max_length=200)
    minutes = models.PositiveSmallIntegerField(_("length in minutes"), default=30)
    note = models.TextField(_("note"), blank=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return self.title


class AttendanceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Attendance by name is for the person, for those who record it and for those who pay it."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            in_cycles_of(user, [Appointment.Role.SECRETARIAT], "meeting__cycle")
            | Q(meeting__workshop__in=facilitated_by(user))
            | Q(member__user=user)
        )

    def present(self):
        return self.filter(status=Attendance.Status.PRESENT)


class Attendance(models.Model):
    """Who was invited, and whether they came. By name: never public."""

    class Status(models.TextChoices):
        EXPECTED = "expected", pgettext_lazy("attendance", "expected")
        PRESENT = "present", pgettext_lazy("attendance", "present")
        EXCUSED = "excused", pgettext_lazy("attendance", "excused")
        ABSENT = "absent", pgettext_lazy("attendance", "absent")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendances")
    member = models.ForeignKey(Member, models.PROTECT, related_name="attendances")
    status = models.CharField(_("attendance"), max_length=10, choices=Status, default=Status.EXPECTED)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    notified_at = models.DateTimeField(null=True, blank=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["member__user__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="a_member_attends_a_meeting_once"),
            models.CheckConstraint(
                name="attendance_is_one_of_four",
                condition=Q(status__in=["expected", "present", "excused", "absent"]),
            ),
        ]

    def __str__(self):
        return f"{self.member}: {self.get_status_display()}"

    def mark(self, status, reason, *, changed):
        if changed:
            self.status = status
        if reason is not None:
            self.reason = reason
        self.save(update_fields=["status", "reason"])


class PersonHeard(PartOfMeeting, Versioned):
    """Someone the Assembly hears: in what capacity, for whom, with which interests."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="people_heard")
    name = models.CharField(_("name"), max_length=120)
    capacity = models.CharField(_("capacity"), max_length=200)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    interests = models.TextField(_("declared interests"), blank=True)
    agrees = models.BooleanField(_("agrees to be named in public"), default=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "people heard"

    def __str__(self):
        return self.name


class Decision(PartOfMeeting, Versioned):
    """What a meeting decided, with the show of hands when there was one."""

    editable_states = (Meeting.State.CALLED, Meeting.State.HELD)

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions")
    text = models.TextField(_("decision"))
    votes_for = models.PositiveSmallIntegerField(pgettext_lazy("vote", "for"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(pgettext_lazy("vote", "against"), null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField(
        pgettext_lazy("vote", "abstentions"), null=True, blank=True
    )

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_show_of_hands_is_whole",
                condition=Q(votes_for=None, votes_against=None, abstentions=None)
                | Q(votes_for__isnull=False, votes_against__isnull=False, abstentions__isnull=False),
            )
        ]

    def __str__(self):
        return Truncator(self.text).chars(100)

    def clean(self):
        given = [self.votes_for, self.votes_against, self.abstentions]
        if any(count is None for count in given) and any(count is not None for count in given):
            raise ValidationError(gettext("Give the three counts of a show of hands, or none."))

    @property
    def tally(self):
        return tally_of(self)


def tally_of(obj):
    """A show of hands in plain values, or None."""
    if obj.votes_for is None:
        return None
    return {"for": obj.votes_for, "against": obj.votes_against, "abstention": obj.abstentions}


# ---------------------------------------------------------------- questions


class QuestionQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.public()
        cycles = seated_cycles(user)
        return self.filter(
            Q(pk__in=Question.objects.public().order_by().values("pk"))
            | in_cycles_of(user, [*OVERSEERS, *ANSWERERS], "cycle")
            | Q(workshop__in=own_workshops(user))
            | Q(workshop=None, cycle__in=cycles)
        )

    def public(self):
        """Answered, or put to somebody at a meeting that was held: the silence is public too."""
        return self.filter(
            Q(state=Question.State.ANSWERED)
            | Q(meeting__state=Meeting.State.HELD)
            | Q(due_on__lt=clock.today())
        )

    def overdue(self):
        return self.filter(state=Question.State.ASKED, due_on__lt=clock.today())


class Question(Accountable, Versioned):
    """A question to a person heard, a department or an official; the answer is attached to it."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("question", "asked")
        ANSWERED = "answered", pgettext_lazy("question", "answered")

    editable_states = (State.ASKED,)

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="questions", editable=False)
    workshop = models.ForeignKey(
        Workshop, models.PROTECT, null=True, blank=True, related_name="questions", editable=False
    )
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="questions", editable=False
    )
    text = models.TextField(_("question"), max_length=2000)
    asked_by = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="questions", editable=False
    )
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    addressed_to = models.CharField(_("addressed to"), max_length=200)
    due_on = models.DateField(_("answer due on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED, editable=False)
    answer = models.TextField(_("answer"), blank=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_question_is_put_somewhere",
                condition=Q(workshop__isnull=False) | Q(meeting__isnull=False),
            ),
            models.CheckConstraint(
                name="an_answer_is_dated",
                condition=Q(state="asked", answered_at=None) | Q(state="answered", answered_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.text[:100]

    def get_absolute_url(self):
        return f"{(self.meeting or self.workshop).get_absolute_url()}#question-{self.pk}"

    @property
    def is_overdue(self):
        return self.state == self.State.ASKED and self.due_on is not None and self.due_on < clock.today()

    @transition(source=State.ASKED, target=State.ANSWERED, label=_("answer recorded"))
    def reply(self, *, by, answer):
        self.answer, self.answered_at = answer, clock.now()


# ---------------------------------------------------------------- minutes


class MinutesQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Drafts for who writes them; in review for those the meeting was for; published for all."""
        if not user.is_authenticated:
            return self.published()
        invited = Q(meeting__workshop__in=joined_by(user)) | Q(
            meeting__workshop=None, meeting__cycle__in=seated_cycles(user)
        )
        return self.filter(
            Q(state=Minutes.State.PUBLISHED)
            | in_cycles_of(user, OVERSEERS, "meeting__cycle")
            | Q(meeting__workshop__in=facilitated_by(user))
            | (Q(meeting__workshop__rapporteur=user) & Q(meeting__workshop__in=joined_by(user)))
            | (invited & ~Q(state=Minutes.State.DRAFT))
        )

    def published(self):
        return self.filter(state=Minutes.State.PUBLISHED)

    def in_review(self):
        return self.filter(state=Minutes.State.IN_REVIEW)


class Minutes(Accountable, Versioned):
    """The minutes of one meeting: written, read again, approved, published once and for all."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("minutes", "draft")
        IN_REVIEW = "in_review", pgettext_lazy("minutes", "in review")
        APPROVED = "approved", pgettext_lazy("minutes", "approved")
        PUBLISHED = "published", pgettext_lazy("minutes", "published")

    editable_states = (State.DRAFT, State.IN_REVIEW)

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="minutes")
    narrative = models.TextField(_("narrative"), blank=True, max_length=100_000)
    counts = models.JSONField(default=dict, editable=False)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    approved_at = models.DateTimeField(null=True, editable=False)
    document = models.OneToOneField(
        Document, models.PROTECT, null=True, blank=True, related_name="minutes", editable=False
    )

    objects = MinutesQuerySet.as_manager()

    class Meta:
        ordering = ["-meeting__starts_at", "-pk"]
        verbose_name_plural = "minutes"
        constraints = [
            models.CheckConstraint(
                name="minutes_are_published_with_their_sheet",
                condition=Q(state="published", document__isnull=False)
                | (~Q(state="published") & Q(document=None)),
            ),
            models.CheckConstraint(
                name="minutes_are_dated_once_approved",
                condition=Q(state__in=["draft", "in_review"], approved_at=None)
                | Q(state__in=["approved", "published"], approved_at__isnull=False),
            ),
        ]

    def __str__(self):
        return gettext("Minutes – %(meeting)s") % {"meeting": self.meeting.title}

    def get_absolute_url(self):
        return reverse("workshops:minutes_detail", args=[self.pk])

    @property
    def cycle(self):
        return self.meeting.cycle

    @property
    def workshop(self):
        return self.meeting.workshop

    @property
    def content(self):
        """What the page shows: the frozen sheet once published, the live text before."""
        return self.document.content if self.document_id else minutes_content(self)

    @transition(source=State.DRAFT, target=State.IN_REVIEW, label=_("minutes sent for review"))
    def submit(self, *, by):
        """Those who attended read them again; attendance is counted for the last time."""
        if not self.narrative.strip():
            raise ValidationError(gettext("The minutes are empty."))
        self.counts = self.meeting.counts

    @transition(source=State.IN_REVIEW, target=State.DRAFT, label=_("minutes sent back"))
    def send_back(self, *, by, reason):
        """Something has to be corrected first."""

    @transition(source=State.IN_REVIEW, target=State.APPROVED, label=_("minutes approved"))
    def approve(self, *, by):
        self.approved_at = clock.now()

    @transition(source=State.APPROVED, target=State.PUBLISHED, label=_("minutes published"))
    def publish(self, *, by):
        with translation.override("fr"):
            self.document = Document.objects.issue(
                Document.Kind.MINUTES, str(self), minutes_content(self), cycle=self.meeting.cycle
            )


# ---------------------------------------------------------------- notebooks


class NotebookQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.public()
        return self.filter(
            Q(state=Notebook.State.DEPOSITED)
            | in_cycles_of(user, OVERSEERS, "workshop__cycle")
            | Q(workshop__in=own_workshops(user))
        )

    def public(self):
        return self.filter(state=Notebook.State.DEPOSITED)


class Notebook(Accountable, Versioned):
    """What a workshop hands over half-way: what it did, learned and found, and its questions."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("notebook", "draft")
        IN_REVIEW = "in_review", pgettext_lazy("notebook", "in review")
        APPROVED = "approved", pgettext_lazy("notebook", "approved")
        DEPOSITED = "deposited", pgettext_lazy("notebook", "deposited")

    editable_states = (State.DRAFT, State.IN_REVIEW)

    workshop = models.OneToOneField(Workshop, models.PROTECT, related_name="notebook")
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    votes_for = models.PositiveSmallIntegerField(pgettext_lazy("vote", "for"), null=True, editable=False)
    votes_against = models.PositiveSmallIntegerField(
        pgettext_lazy("vote", "against"), null=True, editable=False
    )
    abstentions = models.PositiveSmallIntegerField(
        pgettext_lazy("vote", "abstentions"), null=True, editable=False
    )
    approved_at = models.DateTimeField(null=True, editable=False)
    deposited_at = models.DateTimeField(null=True, editable=False)
    document = models.OneToOneField(
        Document, models.PROTECT, null=True, blank=True, related_name="notebook", editable=False
    )

    objects = NotebookQuerySet.as_manager()

    class Meta:
        ordering = ["-workshop__cycle__number", "workshop__position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_notebook_is_approved_by_a_count",
                condition=Q(state__in=["draft", "in_review"], approved_at=None, votes_for=None)
                | Q(state__in=["approved", "deposited"], approved_at__isnull=False, votes_for__isnull=False),
            ),
            models.CheckConstraint(
                name="a_deposited_notebook_has_its_sheet",
                condition=Q(state="deposited", document__isnull=False, deposited_at__isnull=False)
                | (~Q(state="deposited") & Q(document=None, deposited_at=None)),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("workshops:notebook_detail", args=[self.pk])

    @property
    def cycle(self):
        return self.workshop.cycle

    @property
    def tally(self):
        return tally_of(self)

    @property
    def content(self):
        """What the page shows: the frozen sheet once deposited, the live text before."""
        return self.document.content if self.document_id else notebook_content(self)

    @transition(source=State.DRAFT, target=State.IN_REVIEW, label=_("notebook sent for review"))
    def submit(self, *, by):
        if not any(section.body.strip() for section in self.sections.all()):
            raise ValidationError(gettext("Every section is empty."))

    @transition(source=State.IN_REVIEW, target=State.DRAFT, label=_("notebook sent back"))
    def send_back(self, *, by, reason):
        """Something has to be written again first."""

    @transition(source=State.IN_REVIEW, target=State.APPROVED, label=_("notebook approved"))
    def approve(self, *, by, votes_for, votes_against, abstentions):
        """A show of hands of the workshop, recorded as it was counted."""
        hands, people = votes_for + votes_against + abstentions, self.workshop.enrolments.count()
        if hands > people:
            raise ValidationError(
                gettext("%(hands)s hands for %(people)s members: count again.")
                % {"hands": hands, "people": people}
            )
        if votes_for <= votes_against:
            raise ValidationError(gettext("The workshop did not approve it: send it back instead."))
        self.votes_for, self.votes_against, self.abstentions = votes_for, votes_against, abstentions
        self.approved_at = clock.now()

    @transition(source=State.APPROVED, target=State.DEPOSITED, label=_("notebook deposited"))
    def deposit(self, *, by):
        """Handed over to the executive, frozen, public from now on."""
        self.deposited_at = clock.now()
        with translation.override("fr"):
            self.document = Document.objects.issue(
                Document.Kind.NOTEBOOK, self.title, notebook_content(self), cycle=self.cycle
            )


class PartOfNotebookQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(notebook__in=Notebook.objects.visible_to(user))


class NotebookSection(Accountable, Versioned):
    """A section of the notebook: several hands write, none overwrites another."""

    class Kind(models.TextChoices):
        METHOD = "method", _("How we worked")
        AXES = "axes", _("The axes we chose, and why")
        LEARNED = "learned", _("What we learned")
        FINDINGS = "findings", _("What we find")
        AGREEMENTS = "agreements", _("Where we agree, where we do not")
        WISHES = "wishes", _("What we wish for the mandate")
        ANNEX = "annex", _("Annexes")

    editable_states = Notebook.editable_states

    notebook = models.ForeignKey(Notebook, models.CASCADE, related_name="sections")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), blank=True, max_length=60_000)

    objects = PartOfNotebookQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"{self.notebook.get_absolute_url()}#section-{self.pk}"

    def get_state_display(self):
        return self.notebook.get_state_display()

    @property
    def state(self):
        return self.notebook.state

    @property
    def cycle(self):
        return self.notebook.cycle

    @property
    def workshop(self):
        return self.notebook.workshop

    @act(label=_("section written"), private=("body",))
    def write(self, *, by, body):
        """The same as the page that edits it, for whoever writes in one go."""
        if self.state not in self.editable_states:
            raise ValidationError(gettext("The notebook is approved: it no longer changes."))
        self.body, self.version = body, self.version + 1


class NotebookQuestion(Accountable, Versioned):
    """A numbered question to the executive."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("question", "asked")
        ANSWERED = "answered", pgettext_lazy("question", "answered")

    notebook = models.ForeignKey(Notebook, models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    text = models.TextField(_("question"), max_length=2000)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED, editable=False)
    answer = models.TextField(_("answer"), blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    answered_at = models.DateTimeField(null=True, editable=False)

    objects = PartOfNotebookQuerySet.as_manager()

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["notebook", "number"], name="a_question_has_its_number"),
            models.CheckConstraint(
                name="an_answer_of_the_executive_is_signed",
                condition=Q(state="asked", answered_at=None, answered_by=None)
                | Q(state="answered", answered_at__isnull=False, answered_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.number}. {Truncator(self.text).chars(100)}"

    def get_absolute_url(self):
        return f"{self.notebook.get_absolute_url()}#question-{self.number}"

    def save(self, *args, **kwargs):
        if self.number is None:
            self.number = (self.notebook.questions.aggregate(last=Max("number"))["last"] or 0) + 1
        super().save(*args, **kwargs)

    @property
    def cycle(self):
        return self.notebook.cycle

    @property
    def workshop(self):
        return self.notebook.workshop

    @transition(source=State.ASKED, target=State.ANSWERED, label=_("question answered"))
    def reply(self, *, by, answer):
        """The executive answers once the notebook is in its hands."""
        if self.notebook.state != Notebook.State.DEPOSITED:
            raise ValidationError(gettext("The notebook has not been deposited yet."))
        self.answer, self.answered_by, self.answered_at = answer, by, clock.now()
