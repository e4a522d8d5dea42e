"""The volunteers of a cycle, by pseudonym."""

import hashlib
import secrets
from base64 import b32encode

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act, transition
from assembly.models import RECORDED, Accountable, Cycle, Pool
from sortition import eligibility
from sortition.engine.plain import age_on
from sortition.engine.volunteers import person_key
from sortition.models.contacts import Contact
from sortition.models.draws import Draw
from sortition.models.readers import Role, followed_by

RECORDED |= {"take_in_answers": _("answers taken in")}


class VolunteerQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(followed_by(user, Role.SECRETARIAT, Role.OPERATOR, Role.GUARANTOR, Role.BAILIFF))

    def eligible(self):
        return self.filter(state=Volunteer.State.ELIGIBLE)

    def in_the_running(self):
        return self.exclude(state__in=[Volunteer.State.INELIGIBLE, Volunteer.State.WITHDRAWN])

    def answer(self, pool, contact, answer, *, invitation=None, source, consent=True, key="", typed_by=None):
        """Write one answer down, over an earlier one to the same letter. Same person twice in a cycle: refused."""
        found = weighed(pool, contact, answer, consent)
        found |= {"source": source, "typed_by": typed_by}
        key = key or key_of(contact, answer["birth_date"])
        mine = self.filter(invitation=invitation).first() if invitation else None
        if self.filter(cycle=pool.cycle, person_key=key).exclude(pk=mine and mine.pk).exists():
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


def key_of(contact, born):
    return person_key(contact.last_name, contact.first_name.split(" ")[0], born)


def weighed(pool, contact, answer, consent=True):
    """What an answer makes of a volunteer: profile, and whether they may be drawn."""
    today = eligibility.reckoned_on(pool.cycle)
    profile = eligibility.profile_of(eligibility.categories_of(pool.cycle), today=today, **answer)
    born = answer["birth_date"]
    obstacle = eligibility.obstacle(
        pool,
        eligibility.targets_of(pool),
        profile,
        birth_date=born,
        today=today,
        consent=consent,
        in_paris=not contact.postcode or contact.postcode.startswith("75"),
    )
    return {
        "profile": profile,
        "obstacle": obstacle,
        "remark": "",
        "state": Volunteer.State.INELIGIBLE if obstacle else Volunteer.State.ELIGIBLE,
        "is_minor": bool(born) and age_on(today, born) < 18,
        "answered_at": clock.now(),
    }


def fresh_salt():
    return secrets.token_hex(16)


class Volunteer(Accountable):
    """Somebody who said yes, known to the draw by a pseudonym and a profile."""

    of_a_person = True
    written_as = property(str)

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
        TWICE = "twice", _("answered twice: the other answer counts")

    class Source(models.TextChoices):
        ONLINE = "online", _("response page")
        FILE = "file", _("file")
        PAPER = "paper", _("paper form")
        PHONE = "phone", _("telephone")
        STAFF = "staff", _("secretariat")

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="volunteers")
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="volunteers")
    invitation = models.OneToOneField("Invitation", models.PROTECT, null=True, related_name="answer")
    contact = models.OneToOneField(Contact, models.SET_NULL, null=True, related_name="volunteer")
    person_key = models.CharField(max_length=64)
    profile = models.JSONField(default=dict, help_text="criterion key → category key")
    is_minor = models.BooleanField(default=False)
    source = models.CharField(_("source"), max_length=10, choices=Source)
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
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

    def was_heard_otherwise(self, source):
        """An earlier answer stands that came another way than this one: only the page corrects the page."""
        by_page = {self.source, source} == {self.Source.ONLINE}
        return not by_page and self.state != self.State.WITHDRAWN and self.contact is not None

    def hear(self, facts, *, by, source, on=None):
        """The same person by another way: what differs is laid beside the first answer, else its blanks are filled."""
        if differs := self.differences(facts):
            return self.second_answers.lay_beside(self, facts, differs, by=by, source=source, received_on=on)
        for name in ("email", "phone", "needs", "availability"):
            setattr(self.contact, name, getattr(self.contact, name) or facts.get(name, ""))
        self.contact.save()
        return None

    def differences(self, facts, known=None):
        """The names of what these facts say otherwise; what they leave out differs in nothing."""
        known, contact = known or eligibility.categories_of(self.cycle), self.contact
        fields = {name: facts.get(name) or "" for name in ("gender", "district", "diploma")}
        said = eligibility.profile_of(known, birth_date=None, today=clock.today(), **fields)
        found = [name for name, key in said.items() if self.profile.get(name, key) != key]
        for name in ("birth_date", "email", "phone"):
            before, after = getattr(contact, name, None), facts.get(name)
            if before and after and str(before).lower() != str(after).lower():
                found.append(name)
        return found

    @transition(source=State.ELIGIBLE, target=State.INELIGIBLE, label=_("set aside"))
    def set_aside(self, *, by, reason):
        """The secretariat found why this person may not be drawn."""
        self.require_before_the_freeze()
        self.obstacle, self.remark = self.Obstacle.STAFF, reason

    @transition(
        source=(State.ELIGIBLE, State.INELIGIBLE), target=State.INELIGIBLE, label=_("set aside as a double")
    )
    def set_aside_as_double(self, *, by, reason):
        """The same person answered elsewhere, and that answer counts."""
        self.require_before_the_freeze()
        self.obstacle, self.remark = self.Obstacle.TWICE, ""

    @act(
        source=(State.ELIGIBLE, State.INELIGIBLE),
        label=_("answer corrected"),
        private=("gender", "birth_date", "district", "diploma"),
    )
    def correct(self, *, by, reason, gender="", birth_date=None, district="", diploma=""):
        """What has changed or was misread, before the freeze: moved house, another diploma. Empty stays as it was."""
        self.require_before_the_freeze()
        if self.contact is None:
            raise ValidationError(gettext("What was known of this person has been deleted."))
        said = {"gender": gender, "birth_date": birth_date, "district": district, "diploma": diploma}
        self.restate({name: value for name, value in said.items() if value})

    def restate(self, facts, *, source="", typed_by=None):
        """Other facts for the same person: contact, profile and eligibility again. Empty ones stay as they were."""
        contact = self.contact
        for name in ("birth_date", "email", "phone", "needs", "availability"):
            setattr(
                contact,
                name,
                contact._meta.get_field(name).to_python(facts.get(name)) or getattr(contact, name),
            )
        contact.save()
        fields = ("gender", "district", "diploma")
        answer = {name: facts.get(name, "") for name in fields} | {"birth_date": contact.birth_date}
        kept = {name: key for name, key in self.profile.items() if name in fields and not facts.get(name)}
        found = weighed(self.pool, contact, answer | kept)
        if source:
            found |= {"source": source, "typed_by": typed_by}
        if facts.get("birth_date") and contact.last_name:
            found["person_key"] = self.key_within_the_cycle(key_of(contact, contact.birth_date))
        type(self).objects.filter(pk=self.pk).update(**found)
        self.refresh_from_db()

    def key_within_the_cycle(self, key):
        if type(self).objects.filter(cycle=self.cycle_id, person_key=key).exclude(pk=self.pk).exists():
            raise ValidationError(gettext("This person has already volunteered in this cycle."))
        return key

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
        source=(State.ELIGIBLE, State.INELIGIBLE, State.DRAWN, State.RESERVE, State.CONFIRMED),
        target=State.WITHDRAWN,
        label=_("withdrew"),
    )
    def withdraw(self, *, by, reason):
        if self.state in (self.State.ELIGIBLE, self.State.INELIGIBLE):
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
