"""The seats offered to the drawn."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import accounts, clock
from assembly.lifecycle import transition
from assembly.models import RECORDED, Accountable, Member, Pool
from sortition.models.contacts import DAYS_KEPT_AFTER_THE_TERM, Contact
from sortition.models.draws import Draw
from sortition.models.readers import Role, followed_by
from sortition.models.volunteers import Volunteer

RECORDED |= {"read_names": _("names of the drawn read")}


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
