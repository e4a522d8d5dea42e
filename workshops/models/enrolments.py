"""Wishes, and the one workshop each member belongs to."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.lifecycle import act
from assembly.models import Accountable, Member
from workshops.models.readers import MAY_READ, OVERSEERS, facilitated_by, in_cycles_of


def joined_by(user):
    """The workshops this person belongs to as a member, as numbers: one query a request."""
    if not hasattr(user, "_joined"):
        kept = [seat.pk for seat in user.seats if seat.state in MAY_READ]
        rows = Enrolment.objects.filter(member__in=kept, workshop__isnull=False)
        user._joined = frozenset(rows.values_list("workshop", flat=True)) if kept else frozenset()
    return user._joined


def own_workshops(user):
    return facilitated_by(user) | joined_by(user)


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

    of_a_person = True

    member = models.OneToOneField(Member, models.PROTECT, related_name="enrolment")
    workshop = models.ForeignKey(
        "workshops.Workshop",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="enrolments",
        verbose_name=_("workshop"),
    )
    rank = models.PositiveSmallIntegerField(null=True, blank=True, help_text="which of their wishes was met")
    facts = models.JSONField(default=dict, blank=True, help_text="what explains the allotment")
    told_at = models.DateTimeField(null=True, blank=True)
    pinned_to = models.ForeignKey(
        "workshops.Workshop",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="pinned",
        verbose_name=_("placed by hand in"),
    )
    pinned_because = models.CharField(_("reason"), max_length=300, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["member__user__name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="who_is_placed_by_hand_is_told_why",
                condition=Q(pinned_to=None) | ~Q(pinned_because=""),
            )
        ]

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

    @act(label=_("placed by hand"))
    def pin(self, *, by, workshop, reason):
        """The next allotments leave this person there."""
        if self.workshop_id:
            raise ValidationError(gettext("This person has a workshop already: move them instead."))
        if workshop.cycle_id != self.member.cycle_id:
            raise ValidationError(gettext("This workshop belongs to another cycle."))
        if not self.pinned_to_id == workshop.pk and not workshop.has_room_for_one_more_by_hand():
            raise ValidationError(
                gettext("“%(workshop)s” is full: %(places)s people belong there or are placed there by hand.")
                % {"workshop": workshop, "places": workshop.places}
            )
        self.pinned_to, self.pinned_because = workshop, reason

    @act(label=_("no longer placed by hand"))
    def unpin(self, *, by):
        if not self.pinned_to_id:
            raise ValidationError(gettext("This person is not placed by hand."))
        self.pinned_to, self.pinned_because = None, ""

    @act(label=_("moved to another workshop"))
    def move(self, *, by, workshop, reason):
        if workshop.cycle_id != self.member.cycle_id:
            raise ValidationError(gettext("This workshop belongs to another cycle."))
        self.workshop, self.rank, self.facts = workshop, None, {"moved": reason}


def sentence(rank, facts):
    if "moved" in facts:
        return gettext("The secretariat placed you here: %(reason)s") % {"reason": facts["moved"]}
    if "pinned" in facts:
        return gettext("The secretariat placed you here: %(reason)s") % {"reason": facts["pinned"]}
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
    workshop = models.ForeignKey("workshops.Workshop", models.CASCADE, related_name="preferences")
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
