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
from sortition.models.contacts import DAYS_KEPT_WITHOUT_ANSWER, Contact
from sortition.models.draws import Draw
from sortition.models.readers import Role, followed_by
from sortition.models.volunteers import Volunteer


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
