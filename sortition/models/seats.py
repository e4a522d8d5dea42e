"""The seats offered to the drawn."""

from datetime import timedelta
from secrets import token_hex

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import accounts, clock, jobs
from assembly.lifecycle import act, transition
from assembly.models import RECORDED, Accountable, Member, Pool
from sortition import papers
from sortition.engine.plain import age_on
from sortition.models.authorisations import Authorisation
from sortition.models.calls import Call
from sortition.models.contacts import Contact, days_kept
from sortition.models.draws import Draw
from sortition.models.readers import Role, followed_by
from sortition.models.volunteers import Volunteer

ADULT = 18
RECORDED |= {"read_names": _("names of the drawn read")}


class SeatOfferQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(followed_by(user, Role.SECRETARIAT, path="draw__cycle"))

    def waiting(self):
        return self.filter(state=SeatOffer.State.OFFERED)

    def by_urgency(self):
        """Those whose answer is due first, then the rest."""
        waiting = Case(
            When(state=SeatOffer.State.OFFERED, then=0),
            When(state=SeatOffer.State.DECLINED, then=1),
            default=2,
        )
        return self.annotate(rank=waiting).order_by("rank", F("answer_by").asc(nulls_last=True), "pk")

    def with_last_steps(self):
        """What came of the last call and when; where the last paper of the family stands."""
        calls = Call.objects.filter(offer=OuterRef("pk")).order_by("-at", "-pk")
        papers = Authorisation.objects.filter(offer=OuterRef("pk")).order_by("-pk")
        return self.annotate(
            last_outcome=Subquery(calls.values("outcome")[:1]),
            last_called_at=Subquery(calls.values("at")[:1]),
            last_paper=Subquery(papers.values("state")[:1]),
        )

    def empty(self, pool):
        """The seats of a pool that nobody was found for yet."""
        return self.filter(pool=pool, state=SeatOffer.State.DECLINED)

    def standing(self):
        """The offers that make up the panel of today."""
        return self.filter(state__in=[SeatOffer.State.OFFERED, SeatOffer.State.CONFIRMED])


def filled_or_not(offer):
    """Declined and replaced, if somebody of the reserve could be called."""
    return SeatOffer.State.REPLACED if hasattr(offer, "successor") else SeatOffer.State.DECLINED


class SeatOffer(Accountable):
    """A seat offered to somebody drawn: confirmed, or declined and offered to the next of the reserve."""

    of_a_person = True
    written_as = property(str)

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
    charter_on = models.DateField(_("charter signed on"), null=True)
    charter = models.CharField(_("version of the charter"), max_length=80, blank=True)
    invited_at = models.DateTimeField(null=True)

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
        return reverse("sortition:seatoffer_detail", args=[self.pk])

    def get_list_url(self):
        return reverse("sortition:seat_list", args=[self.cycle.number])

    @property
    def last_outcome_label(self):
        """For the rows of `with_last_steps`."""
        return Call.Outcome(self.last_outcome).label if self.last_outcome else ""

    @property
    def last_paper_label(self):
        return Authorisation.State(self.last_paper).label if self.last_paper else ""

    @property
    def account_label(self):
        """Where the account of the member stands, in words."""
        if self.member.user.last_login:
            return gettext("has logged in")
        if not self.invited_at:
            return gettext("not invited yet")
        day = date_format(timezone.localtime(self.invited_at), "j F Y")
        return gettext("invited on %(day)s, not logged in yet") % {"day": day}

    @property
    def is_minor(self):
        """Today, by the date of birth when it is still known."""
        contact = self.volunteer.contact
        born = contact and contact.birth_date
        return age_on(clock.today(), born) < ADULT if born else self.volunteer.is_minor

    @property
    def of_age_on(self):
        contact = self.volunteer.contact
        return contact and contact.birth_date and birthday(contact.birth_date, ADULT)

    @act(source=State.OFFERED, label=_("call logged"), private=("note",))
    def log_call(self, *, by, outcome, note=""):
        Call.objects.create(offer=self, by=by, outcome=outcome, note=note)

    @act(source=State.OFFERED, label=_("more time given to answer"))
    def wait(self, *, by, answer_by):
        if answer_by < clock.today():
            raise ValidationError({"answer_by": gettext("This day is past.")})
        self.answer_by = answer_by

    @act(source=State.OFFERED, label=_("authorisation received"), private=("file",))
    def receive(self, *, by, file):
        """The paper the parents signed, as it came: somebody looks at it before the seat is confirmed."""
        if not self.is_minor:
            raise ValidationError(gettext("This person is of age: no authorisation is needed."))
        kind = papers.kind_of(file)
        end = self.cycle.ends_on + timedelta(days=days_kept("members"))
        row = Authorisation(offer=self, kind=kind, size=file.size, purge_on=min(self.of_age_on or end, end))
        row.file.save(f"{token_hex(12)}{papers.ENDINGS[kind]}", file, save=False)
        row.save()
        row.record("create", by=by)

    @transition(
        source=State.OFFERED, target=State.CONFIRMED, label=_("seat confirmed"), private=("email", "name")
    )
    def confirm(self, *, by, email, charter_on, charter, name=""):
        """The person said yes, signed the charter, and for a minor the parents agreed: a member with an account."""
        self.require_signatures(charter_on)
        self.charter_on, self.charter = charter_on, charter
        user = accounts.invite(email, name or self.shown_name)
        if Member.objects.filter(cycle=self.cycle, user=user).exists():
            raise ValidationError(gettext("This address already belongs to a member of this cycle."))
        self.member = Member.objects.create(
            cycle=self.cycle,
            pool=self.pool,
            user=user,
            profile=self.volunteer.profile,
            is_minor=self.is_minor,
        )
        self.member.record("create", by=by)
        self.member.sit(by=by)
        self.volunteer.confirm(by=by)
        self.invite(by)
        Contact.objects.filter(pk=self.volunteer.contact_id).update(
            email=email, purge_on=self.cycle.ends_on + timedelta(days=days_kept("members"))
        )

    def require_signatures(self, charter_on):
        if charter_on > clock.today():
            raise ValidationError(
                {"charter_on": gettext("The charter cannot be signed on a day still to come.")}
            )
        if self.is_minor and not self.authorisations.checked().exists():
            raise ValidationError(
                gettext("For a minor, the parents’ authorisation must be received and checked first.")
            )

    def invite(self, by):
        """The letter that opens their account, sent by a job."""
        self.invited_at = clock.now()
        key = f"welcome_member:{self.pk}:{self.invited_at:%Y%m%dT%H%M%S}"
        jobs.enqueue("welcome_member", key=key, about=self.pk, by=by)

    @act(source=State.CONFIRMED, label=_("invitation sent again"))
    def invite_again(self, *, by):
        if self.member.user.last_login:
            raise ValidationError(gettext("This member has logged in already."))
        self.invite(by)

    @property
    def shown_name(self):
        """Minors: never their surname."""
        contact = self.volunteer.contact
        if contact is None or not contact.full_name:
            return str(self.volunteer)
        first = contact.first_name.split(" ")[0] or contact.first_name
        return first if self.is_minor else f"{first} {contact.last_name}".strip()

    @transition(source=State.OFFERED, target=filled_or_not, label=_("seat declined"), private=("reason",))
    def decline(self, *, by, reason, call=True):
        """Replaced at once from the reserve of the same pool, or kept for a complementary draw (`call` false)."""
        self.leave_empty(by, reason)
        if call:
            self.call_successor(by)

    @transition(source=State.CONFIRMED, target=filled_or_not, label=_("seat left empty"), private=("reason",))
    def vacate(self, *, by, reason, call=True):
        """The member left: the seat goes to the next of the reserve, or waits for a complementary draw."""
        if self.member.state in (*Member.SEATED, Member.State.EXPECTED):
            raise ValidationError(gettext("This member still sits: their departure is recorded first."))
        self.leave_empty(by, reason)
        if call:
            self.call_successor(by)

    def leave_empty(self, by, reason):
        """The reason stays with the seat: the journal of the volunteer only knows that it was given up."""
        self.reason = reason
        self.volunteer.withdraw(by=by, reason=gettext("Gave up the seat."))

    @transition(source=State.DECLINED, target=State.REPLACED, label=_("replaced"))
    def replace(self, *, by):
        if not self.call_successor(by):
            raise ValidationError(gettext("Nobody is left in the reserve of this pool."))

    @transition(source=State.DECLINED, target=State.REPLACED, label=_("filled by a complementary draw"))
    def fill(self, *, by, draw, volunteer):
        """The seat goes to somebody the complementary draw designated; drawing.py wrote who and why."""
        self.offer_to(volunteer, by=by, draw=draw)

    def call_successor(self, by):
        """The next of the reserve who keeps the quotas; the effect is written on the new offer."""
        from sortition import replacing

        if Draw.objects.complementing(self.pool).exists():
            raise ValidationError(
                gettext("A complementary draw of this pool is under way: it fills the seats left empty.")
            )
        found = replacing.successor(self)
        if found is None:
            return None
        volunteer, effect = found
        volunteer.call(by=by)
        return self.offer_to(volunteer, by=by, draw=self.draw, effect=effect)

    def offer_to(self, volunteer, *, by, draw, effect=None):
        offer = SeatOffer.objects.create(
            draw=draw,
            pool=self.pool,
            volunteer=volunteer,
            replaces=self,
            effect=effect or {},
            answer_by=clock.today() + timedelta(days=self.cycle.replace_within_days),
        )
        offer.record("create", by=by, replaces=self)
        return offer


def birthday(born, age):
    """The day somebody reaches this age; who is born on 29 February, on 1 March."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return born.replace(year=born.year + age, month=3, day=1)
