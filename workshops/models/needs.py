"""What a member needs to take part: told once, seen by the support team only, ticked off at each meeting."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act
from assembly.models import Accountable, Appointment, Cycle, Member
from workshops.models.readers import in_cycles_of

OVER = (Cycle.State.FOLLOW_UP, Cycle.State.ARCHIVED)
SUPPORT = (Appointment.Role.SUPPORT,)


class NeedsSheetQuerySet(models.QuerySet):
    def of(self, member):
        """Their sheet, new and not yet kept when they never answered."""
        return self.filter(member=member).prefetch_related("needs").first() or NeedsSheet(member=member)

    def expired(self):
        """The cycle is over, or the person sits no longer."""
        return self.filter(Q(member__cycle__state__in=OVER) | ~Q(member__state__in=Member.SEATED))


class NeedsSheet(Accountable):
    """A member's answer, even when it is “nothing”: it goes with the cycle."""

    member = models.OneToOneField(Member, models.CASCADE, related_name="needs_sheet")
    told_at = models.DateTimeField(null=True, editable=False)

    objects = NeedsSheetQuerySet.as_manager()

    class Meta:
        ordering = ["member__user__name", "pk"]

    def __str__(self):
        return gettext("Needs of a member")

    def get_absolute_url(self):
        return reverse("workshops:needs_tell")

    @property
    def cycle(self):
        return self.member.cycle

    @act(label=_("needs told"), private=("needs",))
    def tell(self, *, by, needs):
        """`needs`: {kind: words}; nothing at all is an answer too."""
        if self.member.cycle.state in OVER or self.member.state not in Member.SEATED:
            raise ValidationError(gettext("This cycle is over: needs are kept no longer."))
        self.needs.exclude(kind__in=needs).delete()
        for kind, words in needs.items():
            self.needs.update_or_create(kind=kind, defaults={"words": words})
        self.told_at = clock.now()


class NeedQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The support team of the cycle, and nobody else: not even the secretariat."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(in_cycles_of(user, SUPPORT, "sheet__member__cycle"))

    def at(self, meeting):
        """The needs of those who are expected there, or came."""
        invited = meeting.attendances.exclude(status__in=["excused", "absent"]).values("member")
        people = invited if meeting.called_at else meeting.invited().values("pk")
        return self.filter(sheet__member__in=people)


class Need(models.Model):
    """One thing a member needs."""

    class Kind(models.TextChoices):
        CHILDCARE = "childcare", _("childcare")
        TRANSPORT = "transport", _("transport")
        INTERPRETING = "interpreting", _("interpreting")
        READING = "reading", _("help with reading or writing")
        ACCESS = "access", _("accessibility")
        OTHER = "other", pgettext_lazy("need", "something else")

    sheet = models.ForeignKey(NeedsSheet, models.CASCADE, related_name="needs")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    words = models.CharField(_("in your words"), max_length=300, blank=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        ordering = ["sheet__member__user__name", "sheet", "pk"]
        constraints = [models.UniqueConstraint(fields=["sheet", "kind"], name="a_need_is_told_once")]

    def __str__(self):
        return self.get_kind_display()


class Provision(models.Model):
    """What was done about a need for one meeting, and by whom."""

    class Outcome(models.TextChoices):
        PROVIDED = "provided", pgettext_lazy("need", "arranged")
        IMPOSSIBLE = "impossible", pgettext_lazy("need", "not possible")

    need = models.ForeignKey(Need, models.CASCADE, related_name="provisions")
    meeting = models.ForeignKey("workshops.Meeting", models.CASCADE, related_name="provisions")
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["need", "meeting"], name="a_need_is_settled_once_a_meeting")
        ]

    def __str__(self):
        return self.get_outcome_display()


class Supported:
    """The supporting half of `Meeting`: the needs provided for."""

    def get_needs_url(self):
        return reverse("workshops:meeting_provide", args=[self.pk])

    @act(
        source=["planned", "opened", "called", "held"],
        label=_("needs provided for"),
        private=("marks", "seen"),
    )
    def provide(self, *, by, marks, seen):
        """`marks` and `seen`: {need: (outcome, note)}, as sent and as the page showed it; "" is “to do”.

        Only lines changed on this page are written; where somebody else was faster, theirs stays.
        Returns the needs left to the other hand.
        """
        needs = {need.pk: need for need in Need.objects.at(self).select_related("sheet__member__user")}
        now_there = {row.need_id: row for row in self.provisions.select_for_update(of=("self",))}
        left = []
        for key, mark in marks.items():
            row, was = now_there.get(key), seen.get(key, ("", ""))
            held = (row.outcome, row.note) if row else ("", "")
            if key not in needs or mark in (was, held):
                continue
            if held != was:
                left.append(needs[key])
            elif mark[0]:
                kept = {"outcome": mark[0], "note": mark[1], "by": by, "at": clock.now()}
                self.provisions.update_or_create(need=needs[key], defaults=kept)
            elif row:
                row.delete()
        return left
