"""The letters of the first draw."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import transition
from assembly.models import Accountable, Cycle, Pool
from sortition import codes
from sortition.models.contacts import Contact, days_kept
from sortition.models.draws import Draw
from sortition.models.incoming import Draft
from sortition.models.objections import Objection
from sortition.models.readers import Role, followed_by
from sortition.models.volunteers import Volunteer


class InvitationQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(followed_by(user, Role.SECRETARIAT, path="pool__cycle"))

    def write_to(self, register, electors):
        """One letter each, in this order; codes are fresh and already known ones are never given again."""
        cycle = register.cycle
        last_day = cycle.ends_on + timedelta(days=days_kept("letters"))
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
                    purge_on=last_day,
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


def still_volunteering(letter):
    """A no that contradicts a yes received another way changes nothing before a person decides."""
    heard = Volunteer.objects.filter(invitation=letter).exists()
    return Invitation.State.VOLUNTEERED if heard else Invitation.State.DECLINED


class Invitation(Accountable):
    """A letter: a person drawn from the roll, known here by a code and a stratum only."""

    of_a_person = True
    written_as = property(str)

    class State(models.TextChoices):
        DRAWN = "drawn", _("drawn")
        SENT = "sent", _("sent")
        VOLUNTEERED = "volunteered", _("volunteered")
        DECLINED = "declined", _("declined")
        UNDELIVERED = "undelivered", _("returned undelivered")
        SILENT = "silent", _("no answer")
        OPPOSED = "opposed", _("objected")

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="invitations")
    register = models.ForeignKey("Register", models.PROTECT, null=True, related_name="invitations")
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
        return self.is_open_on(clock.today())

    def is_open_on(self, day):
        cycle = self.cycle
        in_time = not cycle.response_until or day <= cycle.response_until
        return self.state in self.ANSWERABLE and in_time and not Draw.objects.closing(cycle).exists()

    @transition(
        source=ANSWERABLE,
        target=State.VOLUNTEERED,
        label=_("volunteered"),
        private=("gender", "birth_date", "district", "diploma", "email", "phone", "needs", "availability"),
    )
    def volunteer(
        self, *, by, gender, birth_date, district, diploma, source="online", received_on=None, **contact
    ):
        """Answer yes, or correct an earlier answer. `by` is nobody when it comes from the letter.

        What contradicts an answer received another way is laid beside it, and returned: a person decides.
        """
        self.require_open(received_on)
        answer = {"gender": gender, "birth_date": birth_date, "district": district, "diploma": diploma}
        earlier = Volunteer.objects.filter(invitation=self).select_related("contact", "pool__cycle").first()
        if earlier and earlier.was_heard_otherwise(source):
            return earlier.hear(answer | contact, by=by, source=source, on=received_on)
        self.contact = self.contact or Contact(cycle=self.cycle)
        for name in ("email", "phone", "needs", "availability"):
            setattr(self.contact, name, contact.get(name, ""))
        self.contact.birth_date, self.contact.purge_on = birth_date, self.cycle.ends_on
        self.contact.save()
        Volunteer.objects.answer(self.pool, self.contact, answer, invitation=self, source=source, typed_by=by)
        self.forget_draft()

    @transition(source=ANSWERABLE, target=still_volunteering, label=_("declined the invitation"))
    def decline(self, *, by, source="online", received_on=None):
        self.require_open(received_on)
        self.forget_draft()
        earlier = Volunteer.objects.filter(invitation=self).first()
        if earlier and earlier.was_heard_otherwise(source):
            return earlier.second_answers.lay_beside(
                earlier, {"will": "no"}, ["will"], by=by, source=source, received_on=received_on
            )
        Volunteer.objects.filter(invitation=self).delete()
        Contact.objects.filter(pk=self.contact_id).update(email="", phone="", needs="", availability="")
        return None

    def forget_draft(self):
        """What was typed and not sent, once something was sent."""
        Draft.objects.filter(invitation=self).delete()

    @transition(source=State.SENT, target=State.UNDELIVERED, label=_("letter returned undelivered"))
    def come_back(self, *, by):
        """NPAI: the post could not deliver it."""

    @transition(
        source=(State.DRAWN, State.SENT, State.VOLUNTEERED, State.DECLINED, State.UNDELIVERED, State.SILENT),
        target=State.OPPOSED,
        label=_("objection recorded"),
    )
    def oppose(self, *, by):
        """GDPR, article 21: erased at once; a keyed fingerprint keeps the next rolls from inviting them again."""
        answer = Volunteer.objects.filter(invitation=self).first()
        if answer:
            answer.require_before_the_freeze()
            answer.delete()
        self.forget_draft()
        if self.contact:
            Objection.objects.keep(self.contact, self.cycle)
            self.contact.delete()
            self.contact = None

    def require_open(self, received_on=None):
        """Until the last day; what came by post or telephone by then may be typed later, before the freeze."""
        Cycle.objects.select_for_update().get(pk=self.cycle.pk)
        if not self.is_open_on(received_on or clock.today()):
            raise ValidationError(gettext("Answers are closed for this cycle."))
