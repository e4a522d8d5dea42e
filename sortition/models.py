import hashlib
import os
import secrets
import shutil
from base64 import b32encode
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import accounts, clock, jobs
from assembly.lifecycle import act, transition
from assembly.models import RECORDED, Accountable, Appointment, Cycle, Document, Member, Pool, User
from sortition import codes, eligibility
from sortition.engine.plain import age_on
from sortition.engine.volunteers import person_key
from sortition.words import sentence

RECORDED |= {
    "purge_contacts": _("personal data deleted on their date"),
    "take_in_answers": _("answers taken in"),
    "read_names": _("names of the drawn read"),
    "audit": _("file with profiles taken out"),
}

#: How long what a letter needed is kept after the draw, when nobody answered or the answer was no.
DAYS_KEPT_WITHOUT_ANSWER = 90
#: Members: their term, and the time their allowances are paid and checked.
DAYS_KEPT_AFTER_THE_TERM = 365

Role = Appointment.Role


def followed_by(user, *roles, path="cycle"):
    """The rows of the cycles in which this person holds one of these roles."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    held = [given for given in user.current_appointments if given.role in roles]
    if any(given.cycle_id is None for given in held):
        return ~Q(pk__in=[])
    return Q(**{f"{path}__in": [given.cycle_id for given in held]})


# ---------------------------------------------------------------- personal data


class ContactQuerySet(models.QuerySet):
    def overdue(self):
        return self.filter(purge_on__lt=clock.today())


class Contact(models.Model):
    """All that is known of a person invited or volunteering, and nothing elsewhere: deleted on its date."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="contacts")
    last_name = models.CharField(_("last name"), max_length=150, blank=True)
    first_name = models.CharField(_("first name"), max_length=150, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    address = models.TextField(_("address"), blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    needs = models.TextField(_("needs"), blank=True)
    purge_on = models.DateField(db_index=True)

    objects = ContactQuerySet.as_manager()

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def full_name(self):
        return f"{self.first_name} {self.last_name}".strip()


# ---------------------------------------------------------------- the first draw: letters


class RegisterQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(followed_by(user, Role.SECRETARIAT, Role.OPERATOR, Role.GUARANTOR, Role.BAILIFF))

    def hand_over(self, pool, path, *, name, seed, by, letters=None):
        """Take a roll in and have it read. The file at `path` stays the caller's; ours lives until it is read."""
        cycle = pool.cycle
        if cycle.state != Cycle.State.RECRUITMENT:
            raise ValidationError(gettext("Rolls are read while the cycle is recruiting."))
        register = self.model(
            cycle=cycle, pool=pool, name=name[:200], seed=seed.strip(), letters=letters or cycle.letters
        )
        register.size = os.stat(path).st_size
        register.full_clean(exclude=["strata", "refused", "refusal"])
        with transaction.atomic():
            register.save(force_insert=True)
            register.record(
                "create", by=by, seed=register.seed, letters=register.letters, bytes=register.size
            )
            lay_aside(path, register.path)
            jobs.enqueue("draw_letters", key=register.job_key, about=register.pk, by=by)
        return register


def lay_aside(path, place):
    """A second name for the same bytes where the disk allows it, else a copy."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    try:
        os.link(path, place)
    except OSError:
        shutil.copyfile(path, place)


class Register(Accountable):
    """An electoral roll, read once: its fingerprint, its counts, its refusals. Its lines are never stored."""

    class State(models.TextChoices):
        RECEIVED = "received", _("being read")
        DRAWN = "drawn", _("letters drawn")
        SENT = "sent", _("letters sent")
        REFUSED = "refused", _("refused")

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="registers")
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="registers")
    name = models.CharField(_("name of the file"), max_length=200)
    size = models.PositiveBigIntegerField(default=0)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RECEIVED)
    received_at = models.DateTimeField(default=clock.now)
    seed = models.CharField(_("seed"), max_length=300)
    letters = models.PositiveIntegerField(_("letters"))
    fingerprint = models.CharField(max_length=64, blank=True)
    format = models.CharField(max_length=10, blank=True)
    encoding = models.CharField(max_length=20, blank=True)
    rows = models.PositiveIntegerField(default=0)
    usable = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)
    refused = models.JSONField(default=dict, help_text="unusable lines by reason")
    strata = models.JSONField(default=list, help_text="district, age band, sex, electors, letters, threshold")
    refusals = models.BinaryField(
        default=bytes, help_text="gzipped CSV: line, column, reason; nothing personal"
    )
    refusal = models.JSONField(default=dict, help_text="why the file as a whole was refused")

    objects = RegisterQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pool"],
                condition=Q(state__in=["received", "drawn", "sent"]),
                name="a_pool_has_one_register",
                violation_error_message=_("A roll was already handed over for this pool."),
            ),
            models.CheckConstraint(
                name="a_drawn_register_has_a_fingerprint",
                condition=Q(state__in=["received", "refused"]) | ~Q(fingerprint=""),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("sortition:register_detail", args=[self.pk])

    @property
    def path(self) -> Path:
        """Where the file waits while it is read; nowhere else, and not for long."""
        return settings.INCOMING / f"register-{self.pk}"

    @property
    def job_key(self):
        return f"draw_letters:{self.pk}"

    @cached_property
    def job(self):
        return jobs.Job.objects.filter(key=self.job_key).first()

    @property
    def refused_lines(self):
        return sum(self.refused.values())

    @property
    def drawn_count(self):
        return sum(row[4] for row in self.strata)

    @transition(
        source=State.RECEIVED, target=State.DRAWN, label=_("letters drawn"), private=("outcome", "refusals")
    )
    def draw_letters(self, *, by, outcome, refusals, fingerprint, rows, usable, letters):
        """What the reading found: the counts stay, the drawn receive a code, the other lines are forgotten."""
        self.fingerprint, self.rows, self.usable, self.refusals = fingerprint, rows, usable, refusals
        self.format, self.encoding, self.seconds = outcome.format, outcome.encoding, round(outcome.seconds, 2)
        self.refused = dict(outcome.refused)
        self.strata = [
            [*count.stratum, count.population, count.invited, count.threshold] for count in outcome.strata
        ]
        Invitation.objects.write_to(self, [drawn.elector for drawn in outcome.drawn])

    @transition(source=State.RECEIVED, target=State.REFUSED, label=_("file refused"))
    def turn_away(self, *, by, template, facts):
        self.refusal = {"template": template, "facts": facts}

    @property
    def refusal_sentence(self):
        return sentence(self.refusal["template"], self.refusal["facts"]) if self.refusal else ""

    @act(source=(State.DRAWN, State.SENT), label=_("file for the printer taken out"))
    def export(self, *, by):
        """Names and addresses leave the house: who took them is written down."""

    @transition(source=State.DRAWN, target=State.SENT, label=_("letters sent"))
    def send(self, *, by):
        self.invitations.filter(state=Invitation.State.DRAWN).update(
            state=Invitation.State.SENT, sent_on=clock.today(), expires_on=self.cycle.response_until
        )


class InvitationQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(followed_by(user, Role.SECRETARIAT, path="pool__cycle"))

    def write_to(self, register, electors):
        """One letter each, in this order; codes are fresh and already known ones are never given again."""
        cycle = register.cycle
        contacts = Contact.objects.bulk_create(
            [
                Contact(
                    cycle=cycle,
                    last_name=elector.last_name[:150],
                    first_name=elector.forenames[:150],
                    birth_date=elector.birth_date,
                    address="\n".join(elector.address),
                    postcode=elector.postcode[:10],
                    city=elector.city[:100],
                    purge_on=cycle.ends_on + timedelta(days=DAYS_KEPT_WITHOUT_ANSWER),
                )
                for elector in electors
            ],
            batch_size=1000,
        )
        self.bulk_create(
            [
                Invitation(
                    pool=register.pool,
                    register=register,
                    contact=contact,
                    code=code,
                    line=elector.line,
                    district=elector.district,
                    age_band=elector.age_band,
                    sex=elector.sex,
                )
                for elector, contact, code in zip(
                    electors, contacts, codes.several(len(electors)), strict=True
                )
            ],
            batch_size=1000,
        )

    def with_code(self, text):
        """The letter behind a code as somebody typed it, or None."""
        code = codes.normalised(text)
        return self.filter(code=code).select_related("pool__cycle").first() if code else None


class Invitation(Accountable):
    """A letter: a person drawn from the roll, known here by a code and a stratum only."""

    class State(models.TextChoices):
        DRAWN = "drawn", _("drawn")
        SENT = "sent", _("sent")
        VOLUNTEERED = "volunteered", _("volunteered")
        DECLINED = "declined", _("declined")
        UNDELIVERED = "undelivered", _("returned undelivered")
        SILENT = "silent", _("no answer")

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="invitations")
    register = models.ForeignKey(Register, models.PROTECT, null=True, related_name="invitations")
    contact = models.OneToOneField(Contact, models.SET_NULL, null=True, related_name="invitation")
    code = models.CharField(_("code"), max_length=9, unique=True)
    line = models.PositiveIntegerField(null=True)
    district = models.CharField(_("district"), max_length=2)
    age_band = models.CharField(_("age band"), max_length=5)
    sex = models.CharField(_("sex"), max_length=1)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAWN)
    sent_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["pool", "state"])]

    def __str__(self):
        return gettext("letter no. %(number)s") % {"number": self.pk}

    @property
    def cycle(self):
        return self.pool.cycle

    def get_absolute_url(self):
        return reverse("sortition:recruitment", args=[self.cycle.number])

    ANSWERABLE = (State.SENT, State.VOLUNTEERED, State.DECLINED)

    @property
    def is_open(self):
        """Answers are taken, and may be changed, until the last day."""
        cycle = self.cycle
        in_time = not cycle.response_until or clock.today() <= cycle.response_until
        return self.state in self.ANSWERABLE and in_time and not Draw.objects.closing(cycle).exists()

    @transition(
        source=ANSWERABLE,
        target=State.VOLUNTEERED,
        label=_("volunteered"),
        private=("gender", "birth_date", "district", "diploma", "email", "phone", "needs"),
    )
    def volunteer(
        self, *, by, gender, birth_date, district, diploma, email, phone="", needs="", source="online"
    ):
        """Answer yes, or correct an earlier answer. `by` is nobody when it comes from the letter."""
        self.require_open()
        answer = {"gender": gender, "birth_date": birth_date, "district": district, "diploma": diploma}
        contact = self.contact or Contact(cycle=self.cycle, purge_on=self.cycle.ends_on)
        contact.email, contact.phone, contact.needs = email, phone, needs
        contact.birth_date, contact.purge_on = birth_date, self.cycle.ends_on
        contact.save()
        self.contact = contact
        Volunteer.objects.answer(self.pool, contact, answer, invitation=self, source=source)

    @transition(source=ANSWERABLE, target=State.DECLINED, label=_("declined the invitation"))
    def decline(self, *, by):
        self.require_open()
        Volunteer.objects.filter(invitation=self).delete()
        Contact.objects.filter(pk=self.contact_id).update(email="", phone="", needs="")

    @transition(source=State.SENT, target=State.UNDELIVERED, label=_("letter returned undelivered"))
    def come_back(self, *, by):
        """NPAI: the post could not deliver it."""

    def require_open(self):
        Cycle.objects.select_for_update().get(pk=self.cycle.pk)
        if not self.is_open:
            raise ValidationError(gettext("Answers are closed for this cycle."))


# ---------------------------------------------------------------- volunteers


class VolunteerQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(followed_by(user, Role.SECRETARIAT, Role.OPERATOR, Role.GUARANTOR, Role.BAILIFF))

    def eligible(self):
        return self.filter(state=Volunteer.State.ELIGIBLE)

    def in_the_running(self):
        return self.exclude(state__in=[Volunteer.State.INELIGIBLE, Volunteer.State.WITHDRAWN])

    def answer(
        self, pool, contact, answer, *, invitation=None, source, consent=True, key="", wanted=None, known=None
    ):
        """Write one answer down, over an earlier one to the same letter. Same person twice in a cycle: refused."""
        today = clock.today()
        wanted = eligibility.targets_of(pool) if wanted is None else wanted
        known = eligibility.categories_of(pool.cycle) if known is None else known
        profile = eligibility.profile_of(known, today=today, **answer)
        born = answer["birth_date"]
        found = {
            "profile": profile,
            "source": source,
            "obstacle": eligibility.obstacle(
                pool,
                wanted,
                profile,
                birth_date=born,
                today=today,
                consent=consent,
                in_paris=not contact.postcode or contact.postcode.startswith("75"),
            ),
            "is_minor": bool(born) and age_on(today, born) < 18,
            "answered_at": clock.now(),
        }
        found["state"] = Volunteer.State.INELIGIBLE if found["obstacle"] else Volunteer.State.ELIGIBLE
        key = key or person_key(contact.last_name, contact.first_name.split(" ")[0], born)
        same = self.filter(cycle=pool.cycle, person_key=key)
        mine = self.filter(invitation=invitation).first() if invitation else None
        if same.exclude(pk=mine and mine.pk).exists():
            raise ValidationError(gettext("This person has already volunteered in this cycle."))
        if mine:
            self.filter(pk=mine.pk).update(person_key=key, **found)
            return mine
        row = Volunteer(
            cycle=pool.cycle, pool=pool, contact=contact, invitation=invitation, person_key=key, **found
        )
        row.pseudonym = row.made_pseudonym()
        row.save(force_insert=True)
        return row


def fresh_salt():
    return secrets.token_hex(16)


class Volunteer(Accountable):
    """Somebody who said yes, known to the draw by a pseudonym and a profile."""

    class State(models.TextChoices):
        ELIGIBLE = "eligible", _("eligible")
        INELIGIBLE = "ineligible", _("ineligible")
        DRAWN = "drawn", _("drawn")
        RESERVE = "reserve", _("in reserve")
        NOT_DRAWN = "not_drawn", _("not drawn")
        CONFIRMED = "confirmed", _("confirmed")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Obstacle(models.TextChoices):
        AGE = "age", _("not of the age of this pool")
        OUTSIDE = "outside", _("does not live in Paris")
        INCOMPLETE = "incomplete", _("the answer is incomplete")
        CONSENT = "consent", _("did not consent to the use of their data")
        NO_SEAT = "no_seat", _("no seat of this pool is open to this profile")
        STAFF = "staff", _("set aside by the secretariat")

    class Source(models.TextChoices):
        ONLINE = "online", _("response page")
        FILE = "file", _("file")
        STAFF = "staff", _("secretariat")

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="volunteers")
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="volunteers")
    invitation = models.OneToOneField(Invitation, models.PROTECT, null=True, related_name="answer")
    contact = models.OneToOneField(Contact, models.SET_NULL, null=True, related_name="volunteer")
    person_key = models.CharField(max_length=64)
    profile = models.JSONField(default=dict, help_text="criterion key → category key")
    is_minor = models.BooleanField(default=False)
    source = models.CharField(_("source"), max_length=10, choices=Source)
    answered_at = models.DateTimeField(default=clock.now)
    pseudonym = models.CharField(_("pseudonym"), max_length=10)
    salt = models.CharField(max_length=32, default=fresh_salt)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.ELIGIBLE)
    obstacle = models.CharField(_("reason"), max_length=12, choices=Obstacle, blank=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["cycle", "pool", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "person_key"], name="a_person_volunteers_once_in_a_cycle"
            ),
            models.UniqueConstraint(fields=["cycle", "pseudonym"], name="a_pseudonym_is_one_person"),
            models.CheckConstraint(
                name="an_ineligible_volunteer_has_a_reason",
                condition=~Q(state="ineligible") | ~Q(obstacle=""),
            ),
        ]

    def __str__(self):
        return self.pseudonym

    def get_absolute_url(self):
        return reverse("sortition:volunteer_list", args=[self.cycle.number])

    def made_pseudonym(self):
        """Ten characters nobody can trace back without the salt."""
        digest = hashlib.sha256(f"{self.salt}|{self.person_key}".encode()).digest()
        return b32encode(digest).decode()[:10]

    @property
    def obstacle_sentence(self):
        return self.remark or self.get_obstacle_display()

    @transition(source=State.ELIGIBLE, target=State.INELIGIBLE, label=_("set aside"))
    def set_aside(self, *, by, reason):
        """The secretariat found why this person may not be drawn."""
        self.require_before_the_freeze()
        self.obstacle, self.remark = self.Obstacle.STAFF, reason

    @transition(source=State.INELIGIBLE, target=State.ELIGIBLE, label=_("readmitted"))
    def readmit(self, *, by, reason):
        self.require_before_the_freeze()
        wanted = eligibility.targets_of(self.pool)
        if any(self.profile.get(criterion) not in keys for criterion, keys in wanted.items()):
            raise ValidationError(
                gettext("The profile is incomplete: this person cannot be placed in the quotas.")
            )
        self.obstacle, self.remark = "", reason

    @transition(
        source=(State.ELIGIBLE, State.DRAWN, State.RESERVE, State.CONFIRMED),
        target=State.WITHDRAWN,
        label=_("withdrew"),
    )
    def withdraw(self, *, by, reason):
        if self.state == self.State.ELIGIBLE:
            self.require_before_the_freeze()
        self.remark = reason

    @transition(source=State.RESERVE, target=State.DRAWN, label=_("called from the reserve"))
    def call(self, *, by):
        """The next of the reserve whose profile keeps every quota."""

    @transition(source=State.DRAWN, target=State.CONFIRMED, label=_("confirmed"))
    def confirm(self, *, by):
        """Said yes to the seat."""

    def require_before_the_freeze(self):
        Cycle.objects.select_for_update().get(pk=self.cycle_id)
        if Draw.objects.closing(self.cycle).exists():
            raise ValidationError(gettext("The pool is frozen: nobody enters or leaves it any more."))


# ---------------------------------------------------------------- the panel draw


class DrawQuerySet(models.QuerySet):
    def visible_to(self, user):
        staff = (Role.SECRETARIAT, Role.OPERATOR, Role.GUARANTOR, Role.BAILIFF)
        return self.filter(followed_by(user, *staff) | Q(announced_at__isnull=False))

    def public(self):
        """Announced, whatever came next."""
        return self.filter(announced_at__isnull=False)

    def closing(self, cycle):
        """The draws of a cycle after whose freezing nobody enters the pool."""
        return self.filter(cycle=cycle, frozen_at__isnull=False).exclude(state=Draw.State.CANCELLED)

    def prepare(self, cycle, *, by, rule="leximin", panels=1000, seed_sources):
        draw = self.create(cycle=cycle, rule=rule, panels=panels, seed_sources=seed_sources, prepared_by=by)
        draw.record("create", by=by, rule=rule, panels=panels)
        return draw


class Draw(Accountable):
    """The draw of the panel among the volunteers, before witnesses: frozen, seeded, recomputable by anybody."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("prepared")
        ANNOUNCED = "announced", _("announced")
        FROZEN = "frozen", _("frozen")
        DRAWN = "drawn", _("drawn")
        CERTIFIED = "certified", _("certified")
        PUBLISHED = "published", _("published")
        SUSPENDED = "suspended", _("suspended")
        CANCELLED = "cancelled", _("cancelled")

    class Kind(models.TextChoices):
        PANEL = "panel", _("panel draw")

    class Rule(models.TextChoices):
        LEXIMIN = "leximin", _("the most equal chances (leximin)")
        CAPPED = "capped", _("the most equal chances, with the largest held down")
        MAXIMIN = "maximin", _("the largest smallest chance (maximin)")

    OPEN = (State.PREPARED, State.ANNOUNCED, State.FROZEN, State.DRAWN)

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="draws")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PANEL)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREPARED)
    rule = models.CharField(_("rule"), max_length=10, choices=Rule, default=Rule.LEXIMIN)
    panels = models.PositiveIntegerField(_("panels in the lottery"), default=1000)
    seed_sources = models.TextField(_("where the seed will come from"))
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    announced_at = models.DateTimeField(null=True)
    announced_for = models.DateTimeField(_("day and hour of the draw"), null=True)
    frozen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    frozen_at = models.DateTimeField(null=True)
    commitment = models.CharField(_("fingerprint of what was frozen"), max_length=64, blank=True)
    seats = models.PositiveIntegerField(null=True)
    counts = models.JSONField(default=dict, help_text="registered, excluded by reason, taken part; by pool")
    dice = models.CharField(_("dice"), max_length=60, blank=True)
    source_text = models.CharField(_("public source"), max_length=300, blank=True)
    seed = models.CharField(_("seed"), max_length=400, blank=True)
    witnesses = models.TextField(_("witnesses"), blank=True)
    seeded_at = models.DateTimeField(null=True)
    drawn_at = models.DateTimeField(null=True)
    outcome = models.JSONField(default=dict)
    certified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    certified_at = models.DateTimeField(null=True)
    statement = models.TextField(_("what the bailiff states"), blank=True)
    published_at = models.DateTimeField(null=True)
    document = models.OneToOneField(Document, models.PROTECT, null=True, related_name="draw")
    suspended_from = models.CharField(max_length=10, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = DrawQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "kind"],
                condition=~Q(state="cancelled"),
                name="a_cycle_has_one_panel_draw",
                violation_error_message=_("This cycle already has its panel draw."),
            ),
            models.CheckConstraint(
                name="who_froze_is_not_who_prepared",
                condition=Q(frozen_by=None) | ~Q(frozen_by=F("prepared_by")),
            ),
            models.CheckConstraint(
                name="a_frozen_draw_has_its_commitment", condition=Q(frozen_at=None) | ~Q(commitment="")
            ),
        ]

    def __str__(self):
        return f"{capfirst(self.get_kind_display())} – {self.cycle}"

    def get_absolute_url(self):
        return reverse("sortition:draw_detail", args=[self.pk])

    @property
    def job_key(self):
        return f"draw_panel:{self.pk}"

    @cached_property
    def job(self):
        return jobs.Job.objects.filter(key=self.job_key).first()

    @property
    def is_published(self):
        return self.published_at is not None

    def earliest_day(self):
        """Ten clear days by default: neither the day it is announced nor the day it is held count."""
        return clock.today() + timedelta(days=self.cycle.clear_days + 1)

    @transition(source=State.PREPARED, target=State.ANNOUNCED, label=_("announced"))
    def announce(self, *, by, announced_for):
        if timezone.localdate(announced_for) < self.earliest_day():
            raise ValidationError(
                gettext("The draw must be announced %(days)s clear days ahead: on %(day)s at the earliest."),
                params={"days": self.cycle.clear_days, "day": self.earliest_day().strftime("%d/%m/%Y")},
            )
        self.announced_for, self.announced_at = announced_for, clock.now()

    @transition(source=State.ANNOUNCED, target=State.FROZEN, label=_("pool frozen"))
    def freeze(self, *, by):
        """People, quotas and parameters are fixed as bytes, and their fingerprint made public, before any seed."""
        from sortition import drawing

        Cycle.objects.select_for_update().get(pk=self.cycle_id)
        if by == self.prepared_by:
            raise ValidationError(gettext("Four eyes: who prepared the draw may not freeze it."))
        conflicts = drawing.conflicts(self.cycle)
        if conflicts:
            raise ValidationError(conflicts)
        self.frozen_by, self.frozen_at = by, clock.now()
        drawing.freeze(self)

    @act(source=State.FROZEN, label=_("seed entered before witnesses"))
    def enter_seed(self, *, by, dice, source_text, witnesses):
        if self.seed:
            raise ValidationError(gettext("The seed was already entered: it never changes."))
        if clock.today() < timezone.localdate(self.announced_for):
            raise ValidationError(gettext("The seed is entered on the day announced, not before."))
        self.dice, self.source_text, self.witnesses = dice, source_text, witnesses
        self.seed, self.seeded_at = f"{dice}|{source_text}", clock.now()
        jobs.enqueue("draw_panel", key=self.job_key, about=self.pk, by=by)

    @act(source=State.FROZEN, label=_("lottery started again"))
    def relaunch(self, *, by):
        """After a failure of the machine: the same seed, so the same result."""
        if not self.seed:
            raise ValidationError(gettext("The seed was not entered yet."))
        jobs.enqueue("draw_panel", key=self.job_key, about=self.pk, by=by)

    @transition(source=State.FROZEN, target=State.DRAWN, label=_("panel drawn"), private=("lottery",))
    def conclude(self, *, by, lottery, number, fingerprint):
        """Seats are offered to the panel of that number; everybody else waits in reserve, in the order of the seed."""
        from sortition import drawing

        self.drawn_at = clock.now()
        drawing.conclude(self, lottery)

    @transition(source=State.DRAWN, target=State.CERTIFIED, label=_("certified"))
    def certify(self, *, by, statement):
        """The bailiff saw the fingerprint, the rule and the result."""
        self.certified_by, self.certified_at, self.statement = by, clock.now(), statement

    @transition(source=State.CERTIFIED, target=State.PUBLISHED, label=_("published"))
    def publish(self, *, by):
        from sortition.record import record_content

        self.published_at = clock.now()
        with translation.override("fr"):
            title = gettext("Official record – %(draw)s") % {"draw": self}
            content = record_content(self)
        self.document = Document.objects.issue("record", title, content, cycle=self.cycle)

    @transition(source=OPEN, target=State.SUSPENDED, label=_("suspended"))
    def suspend(self, *, by, reason):
        self.suspended_from, self.reason = self.state, reason

    @transition(source=State.SUSPENDED, target=lambda draw: draw.suspended_from, label=_("resumed"))
    def resume(self, *, by, reason):
        """It goes on from where it was."""
        self.reason = reason

    @transition(source=(*OPEN[:3], State.SUSPENDED), target=State.CANCELLED, label=_("cancelled"))
    def cancel(self, *, by, reason):
        """Nothing is offered any more; the pool opens again for another draw."""
        if self.drawn_at:
            raise ValidationError(
                gettext("Seats were already offered: this draw can no longer be cancelled.")
            )
        self.reason = reason

    def exhibit(self, name):
        return self.exhibits.get(name=name)


class Exhibit(models.Model):
    """A file of a draw, byte for byte: what was frozen, what came out. Profiles are never public."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="exhibits")
    name = models.CharField(max_length=40)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    is_public = models.BooleanField(default=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["draw", "name"], name="an_exhibit_is_filed_once")]

    def __str__(self):
        return self.name


# ---------------------------------------------------------------- seats


class SeatOfferQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(followed_by(user, Role.SECRETARIAT, path="draw__cycle"))

    def waiting(self):
        return self.filter(state=SeatOffer.State.OFFERED)

    def standing(self):
        """The offers that make up the panel of today."""
        return self.filter(state__in=[SeatOffer.State.OFFERED, SeatOffer.State.CONFIRMED])


def filled_or_not(offer):
    """Declined and replaced, if somebody of the reserve could be called."""
    return SeatOffer.State.REPLACED if hasattr(offer, "successor") else SeatOffer.State.DECLINED


class SeatOffer(Accountable):
    """A seat offered to somebody drawn: confirmed, or declined and offered to the next of the reserve."""

    class State(models.TextChoices):
        OFFERED = "offered", _("offered")
        CONFIRMED = "confirmed", _("confirmed")
        DECLINED = "declined", _("declined")
        REPLACED = "replaced", _("declined and replaced")

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="offers")
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="offers")
    volunteer = models.OneToOneField(Volunteer, models.PROTECT, related_name="offer")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OFFERED)
    offered_on = models.DateField(default=clock.today)
    answer_by = models.DateField(null=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="successor")
    member = models.OneToOneField(Member, models.PROTECT, null=True, related_name="offer")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    effect = models.JSONField(default=dict, help_text="what the replacement did to the quotas")

    objects = SeatOfferQuerySet.as_manager()

    class Meta:
        ordering = ["pool", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_confirmed_seat_has_its_member",
                condition=~Q(state="confirmed") | Q(member__isnull=False),
            )
        ]

    def __str__(self):
        return gettext("seat of %(pseudonym)s") % {"pseudonym": self.volunteer}

    @property
    def cycle(self):
        return self.draw.cycle

    def get_absolute_url(self):
        return reverse("sortition:seat_list", args=[self.cycle.number])

    @transition(
        source=State.OFFERED, target=State.CONFIRMED, label=_("seat confirmed"), private=("email", "name")
    )
    def confirm(self, *, by, email, name="", charter=True, authorisation=False):
        """The person said yes, signed the charter, and for a minor the parents agreed: a member with an account."""
        volunteer = self.volunteer
        if not charter:
            raise ValidationError(gettext("The charter must be signed first."))
        if volunteer.is_minor and not authorisation:
            raise ValidationError(gettext("For a minor, the parents’ authorisation must be received first."))
        user = accounts.invite(email, name or self.shown_name)
        if Member.objects.filter(cycle=self.cycle, user=user).exists():
            raise ValidationError(gettext("This address already belongs to a member of this cycle."))
        self.member = Member.objects.create(
            cycle=self.cycle,
            pool=self.pool,
            user=user,
            profile=volunteer.profile,
            is_minor=volunteer.is_minor,
        )
        self.member.record("create", by=by)
        self.member.sit(by=by)
        volunteer.confirm(by=by)
        Contact.objects.filter(pk=volunteer.contact_id).update(
            email=email, purge_on=self.cycle.ends_on + timedelta(days=DAYS_KEPT_AFTER_THE_TERM)
        )

    @property
    def shown_name(self):
        """Minors: never their surname."""
        contact = self.volunteer.contact
        if contact is None or not contact.full_name:
            return str(self.volunteer)
        first = contact.first_name.split(" ")[0] or contact.first_name
        return first if self.volunteer.is_minor else f"{first} {contact.last_name}".strip()

    @transition(source=State.OFFERED, target=filled_or_not, label=_("seat declined"))
    def decline(self, *, by, reason):
        """Replaced at once, from the reserve of the same pool, keeping every quota that can be kept."""
        self.reason = reason
        self.volunteer.withdraw(by=by, reason=reason)
        self.call_successor(by)

    @transition(source=State.CONFIRMED, target=filled_or_not, label=_("seat left empty"))
    def vacate(self, *, by, reason):
        """The member resigned: the seat goes to the next of the reserve."""
        if self.member.state in (*Member.SEATED, Member.State.EXPECTED):
            raise ValidationError(gettext("This member still sits: their departure is recorded first."))
        self.reason = reason
        self.volunteer.withdraw(by=by, reason=reason)
        self.call_successor(by)

    @transition(source=State.DECLINED, target=State.REPLACED, label=_("replaced"))
    def replace(self, *, by):
        if not self.call_successor(by):
            raise ValidationError(gettext("Nobody is left in the reserve of this pool."))

    def call_successor(self, by):
        """The next of the reserve who keeps the quotas; the effect is written on the new offer."""
        from sortition import drawing

        found = drawing.successor(self)
        if found is None:
            return None
        volunteer, effect = found
        volunteer.call(by=by)
        offer = SeatOffer.objects.create(
            draw=self.draw,
            pool=self.pool,
            volunteer=volunteer,
            replaces=self,
            effect=effect,
            answer_by=self.deadline(),
        )
        offer.record("create", by=by, replaces=self)
        return offer

    def deadline(self):
        return clock.today() + timedelta(days=self.cycle.replace_within_days)
