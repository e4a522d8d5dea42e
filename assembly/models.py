import hashlib
import json
from datetime import timedelta
from uuid import uuid4

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock, journal, preparation, targets
from assembly.lifecycle import act, transition

# ---------------------------------------------------------------- journal


class JournalQuerySet(models.QuerySet):
    def about(self, *targets):
        kind = ContentType.objects.get_for_model(targets[0])
        return self.filter(target_type=kind, target_id__in=[target.pk for target in targets])

    def update(self, **kwargs):
        raise TypeError("The journal is written once.")

    def delete(self):
        raise TypeError("The journal is written once.")


class JournalEntry(models.Model):
    at = models.DateTimeField(default=clock.now, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20, blank=True)
    act = models.CharField(max_length=100, db_index=True)
    target_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    target_id = models.PositiveBigIntegerField()
    target = GenericForeignKey("target_type", "target_id")
    label = models.CharField(max_length=200)
    facts = models.JSONField(default=dict, encoder=journal.FactEncoder)

    objects = JournalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["target_type", "target_id"])]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.act} {self.label}"

    @property
    def sentence(self):
        """What was done, in words: the label of the act."""
        app, model, name = self.act.split(".")
        done = getattr(apps.get_model(app, model), name, None)
        return getattr(done, "label", None) or RECORDED.get(name, name)

    @property
    def role_label(self):
        return Appointment.Role(self.role).label if self.role in Appointment.Role.values else ""

    @property
    def reason(self):
        return self.facts.get("reason", "")


RECORDED = {
    "create": _("created"),
    "edit": _("modified"),
    "purge_contacts": _("expired contact details deleted"),
    "purge_needs": _("expired needs deleted"),
    "purge_company": _("names of guests and notes of contacts deleted"),
}


class Accountable(models.Model):
    """Anything whose acts must be answered for."""

    class Meta:
        abstract = True

    def record(self, act, *, by, **facts):
        entry = JournalEntry.objects.create(
            act=f"{self._meta.label_lower}.{act}",
            target=self,
            label=str(self)[:200],
            by=by,
            role=by.main_role if by else "",
            facts=facts,
        )
        journal.announce(entry)
        return entry

    @property
    def entries(self):
        """The acts on this object, oldest first."""
        return JournalEntry.objects.about(self).order_by("pk")


class Versioned(models.Model):
    """Edited by several hands: a save that starts from an older version is refused, and both texts kept."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class Receipt(models.Model):
    """A form sent twice is done once: the token of a form and where its first sending led."""

    token = models.UUIDField(unique=True)
    address = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return str(self.token)


# ---------------------------------------------------------------- people


class UserManager(BaseUserManager):
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


class User(AbstractUser):
    username = first_name = last_name = None
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name shown to others"), max_length=100)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fr")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="an_email_is_one_account")]

    def __str__(self):
        return self.name

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
            Appointment.Role.MEMBER if self.seats else ""
        )

    @property
    def role_label(self):
        return Appointment.Role(self.main_role).label if self.main_role else ""

    @cached_property
    def seats(self):
        """Where this person sits or sat: one query a request."""
        return list(self.members.select_related("cycle", "pool")) if self.pk else []

    @property
    def seat(self):
        """Their seat today, if any."""
        return next((seat for seat in self.seats if seat.state in Member.SEATED), None)


class AppointmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        return self if user.holds(Appointment.Role.SECRETARIAT) else self.filter(user=user)

    def current(self):
        today = clock.today()
        return self.filter(Q(until=None) | Q(until__gte=today), since__lte=today)


class Appointment(Accountable):
    """A role given to a person, for one cycle or all, and for a time."""

    class Role(models.TextChoices):
        SECRETARIAT = "secretariat", _("secretariat")
        OPERATOR = "operator", _("draw operator")
        FACILITATOR = "facilitator", _("facilitator")
        GUARANTOR = "guarantor", _("guarantor")
        BAILIFF = "bailiff", _("bailiff")
        EXECUTIVE = "executive", _("executive’s office")
        DEPARTMENT = "department", _("department")
        SUPPORT = "support", _("support team")
        MEMBER = "member", _("member")

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


# ---------------------------------------------------------------- cycles


class CycleQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.is_authenticated and user.current_appointments else self.public()

    def public(self):
        return self.exclude(state=Cycle.State.PREPARATION)

    def assemblies(self):
        """The intakes of the Assembly, without the juries they convened."""
        return self.filter(parent=None)

    def found_jury(self, *, by, parent, title, seats, starts_on, ends_on):
        """A small cycle of its own for a citizens’ jury: one pool, the criteria and targets of Paris."""
        number = parent.number * 100 + parent.juries.count() + 1
        jury = self.create(
            number=number,
            parent=parent,
            title=title[:120],
            starts_on=starts_on,
            ends_on=ends_on,
            allowance=parent.allowance,
        )
        jury.pools.create(key="jury", title=title[:80], source=Pool.Source.LIST, seats=seats)
        jury.record("create", by=by)
        preparation.fill(jury, parity=False)
        return jury

    def under_way(self):
        return self.exclude(state__in=[Cycle.State.PREPARATION, Cycle.State.FOLLOW_UP, Cycle.State.ARCHIVED])


class Cycle(Accountable, Versioned):
    """One intake of the Assembly (a *promotion*), with the rules it works by."""

    class State(models.TextChoices):
        PREPARATION = "preparation", _("preparation")
        RECRUITMENT = "recruitment", _("recruitment")
        DISCOVERY = "discovery", _("discovery and learning")
        DEEPENING = "deepening", _("deepening and recommendations")
        COUNCIL = "council", _("before the Council")
        FOLLOW_UP = "follow_up", _("right of follow-up")
        ARCHIVED = "archived", _("archived")

    number = models.PositiveIntegerField(_("number"), unique=True)
    title = models.CharField(_("title"), max_length=120)
    summary = models.TextField(_("summary for the public"), blank=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PREPARATION)

    letters = models.PositiveIntegerField(_("letters sent after the first draw"), default=10_000)
    response_until = models.DateField(_("answers accepted until"), null=True, blank=True)
    clear_days = models.PositiveSmallIntegerField(_("clear days between announcing and drawing"), default=10)
    quorum_percent = models.PositiveSmallIntegerField(_("quorum, in per cent of members"), default=50)
    allowance = models.DecimalField(
        _("allowance per half-day, in euros"), max_digits=6, decimal_places=2, default=44
    )
    replace_within_days = models.PositiveSmallIntegerField(_("days to confirm a seat"), default=10)
    notice_days = models.PositiveSmallIntegerField(
        _("clear days between the notice and the meeting"), default=5
    )
    drift_after = models.PositiveSmallIntegerField(
        _("half-days missed in a row before a member is contacted"), default=3
    )
    plenary_votes_texts = models.BooleanField(
        _("the plenary votes on each text too, after its workshop"), default=False
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="juries",
        help_text="the cycle that convened this citizens’ jury",
    )
    minutes_days = models.PositiveSmallIntegerField(_("days to publish the minutes"), default=45)

    objects = CycleQuerySet.as_manager()
    editable_states = frozenset(State) - {State.ARCHIVED}

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                name="a_cycle_ends_after_it_starts", condition=Q(ends_on__gt=F("starts_on"))
            ),
            models.CheckConstraint(name="a_quorum_is_a_share", condition=Q(quorum_percent__lte=100)),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("assembly:cycle_detail", args=[self.number])

    def get_board_url(self):
        return reverse("assembly:cycle_board", args=[self.number])

    def get_setup_url(self):
        return reverse("assembly:cycle_setup", args=[self.number])

    @property
    def slug_in_address(self):
        return self.number

    @cached_property
    def seats(self):
        return self.pools.aggregate(total=Sum("seats"))["total"] or 0

    @property
    def cycle(self):
        return self

    @act(source=State.PREPARATION, label=_("targets filled from the population"))
    def propose_targets(self, *, by, parity=False):
        """Pools, criteria and targets from the figures of Paris; what was set by hand is replaced."""
        preparation.fill(self, parity=parity)

    @act(source=State.PREPARATION, label=_("pools set"))
    def set_pools(self, *, by, pools):
        """`pools`: key, title, source, seats."""
        preparation.rearrange(self.pools, pools, key="key")

    @act(source=State.PREPARATION, label=_("targets set"))
    def set_targets(self, *, by, pool, targets):
        """`targets`: {"gender/F": (43, 44), …}. They must be able to hold together."""
        if conflicts := preparation.conflicts(pool, targets):
            raise ValidationError(conflicts)
        preparation.aim(pool, targets)

    @act(label=_("phases set"))
    def set_phases(self, *, by, phases):
        """`phases`: title, starts_on, ends_on."""
        preparation.rearrange(self.phases, phases, key="title")

    @transition(source=State.PREPARATION, target=State.RECRUITMENT, label=_("recruitment opened"))
    def open_recruitment(self, *, by):
        conflicts = self.contradictions()
        if not self.pools.exists() or not self.criteria.exists():
            raise ValidationError(gettext("Set up at least one pool and one criterion first."))
        if conflicts:
            raise ValidationError(conflicts)

    @transition(source=State.RECRUITMENT, target=State.DISCOVERY, label=_("discovery phase opened"))
    def begin(self, *, by):
        if not self.members.seated().exists():
            raise ValidationError(gettext("Nobody is seated yet: the draw and the confirmations come first."))

    @transition(source=State.DISCOVERY, target=State.DEEPENING, label=_("deepening phase opened"))
    def deepen(self, *, by):
        """After the plenary adopted the working mandates."""

    @transition(source=State.DEEPENING, target=State.COUNCIL, label=_("texts before the Council"))
    def go_to_council(self, *, by):
        """The texts are written; the Council's turn."""

    @transition(source=State.COUNCIL, target=State.FOLLOW_UP, label=_("right of follow-up opened"))
    def follow_up(self, *, by):
        """Terms of office end; the City owes a return on each measure every year."""
        for member in self.members.seated():
            member.end_term(by=by)

    def contradictions(self):
        """Sentences on targets that cannot hold together, pool by pool; empty when all is well."""
        sentences = []
        for pool in self.pools.prefetch_related("targets__category__criterion"):
            sentences += pool.contradictions()
        return sentences


class Phase(models.Model):
    """A stretch of a cycle's year, shown to all."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="phases")
    title = models.CharField(_("title"), max_length=120)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_phase_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            )
        ]

    def __str__(self):
        return self.title

    @property
    def moment(self):
        today = clock.today()
        return "past" if self.ends_on < today else "future" if self.starts_on > today else "current"


class Pool(models.Model):
    """Where members come from: a source list, its seats and its targets."""

    class Source(models.TextChoices):
        ROLL = "roll", _("electoral roll")
        LIST = "list", _("list of volunteers")

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="pools")
    key = models.SlugField(_("short name"), max_length=30)
    title = models.CharField(_("title"), max_length=120)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.LIST)
    seats = models.PositiveSmallIntegerField(_("seats"))

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["cycle", "key"], name="a_pool_is_named_once")]

    def __str__(self):
        return self.title

    def contradictions(self):
        """Sentences on targets of this pool that cannot hold with its seats."""
        rows = [
            targets.Row(
                target.category.criterion.title, target.category.title, target.minimum, target.maximum
            )
            for target in self.targets.all()
        ]
        return [f"{self.title} – {sentence}" for sentence in targets.contradictions(self.seats, rows)]


class Criterion(models.Model):
    """What the Assembly must resemble Paris in: gender, age band, district, level of diploma."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="criteria")
    key = models.SlugField(_("short name"), max_length=30)
    title = models.CharField(_("title"), max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    personal = models.BooleanField(_("never shown for one person"), default=False)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = "criteria"
        constraints = [models.UniqueConstraint(fields=["cycle", "key"], name="a_criterion_is_named_once")]

    def __str__(self):
        return self.title


class Category(models.Model):
    """One value of a criterion and how many Parisians it stands for."""

    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="categories")
    key = models.CharField(_("short name"), max_length=30)
    title = models.CharField(_("title"), max_length=80)
    population = models.PositiveIntegerField(_("people in Paris"), null=True, blank=True)
    source = models.CharField(_("source of the figure"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["criterion__position", "criterion", "position", "pk"]
        verbose_name_plural = "categories"
        constraints = [models.UniqueConstraint(fields=["criterion", "key"], name="a_category_is_named_once")]

    def __str__(self):
        return self.title


class Target(models.Model):
    """How many of a pool's seats a category gets, at least and at most."""

    pool = models.ForeignKey(Pool, models.CASCADE, related_name="targets")
    category = models.ForeignKey(Category, models.CASCADE, related_name="targets")
    minimum = models.PositiveSmallIntegerField(_("minimum"))
    maximum = models.PositiveSmallIntegerField(_("maximum"))

    class Meta:
        ordering = ["category__criterion__position", "category__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["pool", "category"], name="a_target_is_set_once"),
            models.CheckConstraint(
                name="a_minimum_is_not_above_its_maximum", condition=Q(minimum__lte=F("maximum"))
            ),
        ]

    def __str__(self):
        return f"{self.category}: {self.minimum}–{self.maximum}"


class MemberQuerySet(models.QuerySet):
    def seated(self):
        return self.filter(state__in=Member.SEATED)

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        if user.holds(Appointment.Role.SECRETARIAT):
            return self
        return self.filter(cycle__in=[seat.cycle_id for seat in user.seats])


class Member(Accountable):
    """A seat in a cycle and the person who holds it."""

    class State(models.TextChoices):
        EXPECTED = "expected", _("expected")
        SITTING = "sitting", _("sitting")
        ON_LEAVE = "on_leave", _("on leave")
        RESIGNED = "resigned", _("resigned")
        REMOVED = "removed", _("removed")
        TERM_ENDED = "term_ended", _("term ended")

    SEATED = (State.SITTING, State.ON_LEAVE)

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="members")
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="members")
    user = models.ForeignKey(User, models.PROTECT, related_name="members")
    profile = models.JSONField(default=dict, help_text="criterion key → category key")
    is_minor = models.BooleanField(default=False)
    state = models.CharField(max_length=20, choices=State, default=State.EXPECTED)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["user__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "user"], name="a_person_sits_once_in_a_cycle"),
            models.CheckConstraint(
                name="a_member_is_dated_once_seated", condition=Q(state="expected") | Q(since__isnull=False)
            ),
        ]

    def __str__(self):
        return self.user.name

    def get_absolute_url(self):
        return reverse("assembly:member_list", args=[self.cycle.number])

    @property
    def shown_name(self):
        """The name they chose; of a minor, the first name only."""
        return self.user.name.split()[0] if self.is_minor and self.user.name.strip() else self.user.name

    @transition(source=State.EXPECTED, target=State.SITTING, label=_("took their seat"))
    def sit(self, *, by):
        self.since = clock.today()

    @transition(source=State.SITTING, target=State.ON_LEAVE, label=_("went on leave"))
    def leave(self, *, by, reason):
        self.reason = reason

    @transition(source=State.ON_LEAVE, target=State.SITTING, label=_("came back"))
    def return_(self, *, by):
        self.reason = ""

    @transition(source=SEATED, target=State.RESIGNED, label=_("resigned"))
    def resign(self, *, by, reason):
        self.until, self.reason = clock.today(), reason

    @transition(source=SEATED, target=State.REMOVED, label=_("removed for cause"))
    def remove(self, *, by, reason):
        """A breach of the charter, once the person has been heard."""
        self.until, self.reason = clock.today(), reason

    @transition(source=SEATED, target=State.TERM_ENDED, label=_("term ended"))
    def end_term(self, *, by):
        self.until = clock.today()


class ObservationQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.is_authenticated and user.current_appointments else self.published()

    def published(self):
        return self.filter(published_at__isnull=False)


class Observation(Accountable):
    """What the guarantee committee notes about the procedure; published by the guarantor alone."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="observations")
    title = models.CharField(_("title"), max_length=150)
    text = models.TextField(_("observation"))
    published_at = models.DateTimeField(null=True, editable=False)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("assembly:observation_list", args=[self.cycle.number])

    @act(label=_("observation published"))
    def publish(self, *, by):
        self.published_at = self.published_at or clock.now()


# ---------------------------------------------------------------- documents


class DocumentQuerySet(models.QuerySet):
    def issue(self, kind, title, content, *, cycle, audience="public", reader=None, language="fr"):
        """Freeze `content` (plain values) and have it printed; the sheet follows in a job.

        With a `reader`, it is that person's alone (and the secretariat's), whatever the `audience`.
        """
        from assembly import jobs

        document = self.create(
            kind=kind,
            title=title[:200],
            content=content,
            cycle=cycle,
            audience=Document.Audience.PERSON if reader else audience,
            reader=reader,
            language=language,
        )
        jobs.enqueue("print_document", key=f"print_document:{document.pk}", about=document.pk)
        return document

    def public(self):
        return self.filter(audience=Document.Audience.PUBLIC)

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.public()
        if user.holds(Appointment.Role.SECRETARIAT):
            return self
        own = Q(reader=user) | Q(
            audience=Document.Audience.MEMBERS, cycle__in=[seat.cycle_id for seat in user.seats]
        )
        if user.current_appointments:
            own |= Q(audience=Document.Audience.MEMBERS)
        if user.holds(Appointment.Role.GUARANTOR):
            own |= Q(audience=Document.Audience.STAFF)
        return self.filter(Q(audience=Document.Audience.PUBLIC) | own)

    def for_several(self):
        """Those that are not the business of one person."""
        return self.exclude(audience=Document.Audience.PERSON)


class Document(models.Model):
    """A frozen text, its page and the sheet printed from it."""

    class Kind(models.TextChoices):
        RECORD = "record", _("official record of a draw")
        MINUTES = "minutes", _("minutes")
        NOTEBOOK = "notebook", _("summary notebook")
        MANDATE = "mandate", _("working mandate")
        PROPOSAL = "proposal", _("text")
        HEARING = "hearing", _("hearing sheet")
        PRESS = "press", _("press review")
        NOTICE = "notice", _("notice of meeting")
        SIGN_IN = "sign_in", _("sign-in sheet")
        STATEMENT = "statement", _("allowance statement")
        REPORT = "report", _("yearly follow-up report")
        MISSION = "mission", _("outcome of a request")
        ANSWERS = "answers", _("answers of the executive")

    class Audience(models.TextChoices):
        PUBLIC = "public", _("public")
        MEMBERS = "members", _("members of the cycle")
        STAFF = "staff", _("staff")
        PERSON = "person", _("one person")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title = models.CharField(_("title"), max_length=200)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="documents")
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.PUBLIC)
    reader = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default="fr")
    content = models.JSONField(encoder=journal.FactEncoder)
    issued_at = models.DateTimeField(default=clock.now)
    html = models.TextField(blank=True, editable=False)
    file = models.FileField(upload_to="documents/", blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_personal_document_has_its_reader",
                condition=Q(audience="person", reader__isnull=False)
                | (~Q(audience="person") & Q(reader=None)),
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("assembly:document_detail", args=[self.pk])

    @property
    def pdf_url(self):
        return reverse("assembly:document_pdf", args=[self.pk, slugify(self.title) or self.kind])

    @property
    def fingerprint(self):
        text = json.dumps(self.content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def is_printed(self):
        return bool(self.file)

    @property
    def size(self):
        """Bytes of the sheet; 0 while there is none, or when its file is away."""
        try:
            return self.file.size if self.file else 0
        except FileNotFoundError:
            return 0

    @cached_property
    def job(self):
        return Job.objects.filter(key=f"print_document:{self.pk}").first()


# ---------------------------------------------------------------- jobs


class JobQuerySet(models.QuerySet):
    def claimable(self):
        """Waiting, or running under a lease that has run out (its worker died)."""
        return self.filter(
            Q(state=Job.State.WAITING) | Q(state=Job.State.RUNNING, leased_until__lt=timezone.now())
        )

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        return self if user.holds(Appointment.Role.SECRETARIAT) else self.filter(by=user)


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
