"""What hangs on a meeting: its programme, the people heard, its decisions."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act
from assembly.models import Versioned
from workshops import withdrawal
from workshops.models.hands import tally_of
from workshops.models.meetings import Meeting
from workshops.models.parts import PartOfMeeting, PartQuerySet


class AgendaItem(PartOfMeeting, Versioned):
    """A point of the programme."""

    editable_states = (Meeting.State.PLANNED, Meeting.State.OPENED, Meeting.State.CALLED)

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    title = models.CharField(_("title"), max_length=200)
    minutes = models.PositiveSmallIntegerField(_("length in minutes"), default=30)
    note = models.TextField(_("note"), blank=True)
    approves = models.BooleanField(
        default=False, editable=False, help_text="the approval of the minutes that wait"
    )

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="minutes_are_approved_under_one_point", fields=["meeting"], condition=Q(approves=True)
            )
        ]

    def __str__(self):
        return self.title

    @act(source=editable_states, label=_("programme reordered"))
    def shift(self, *, by, step):
        """One place up (−1) or down (1) in the programme."""
        items = list(self.meeting.agenda.select_for_update().all())
        place = next(rank for rank, item in enumerate(items) if item.pk == self.pk)
        target = place + step
        if not 0 <= target < len(items):
            raise ValidationError(gettext("It is at the end of the programme already."))
        items.insert(target, items.pop(place))
        for position, item in enumerate(items, start=1):
            item.position = position
            if item.pk == self.pk:
                self.position = position
        AgendaItem.objects.bulk_update(items, ["position"])


class PersonHeardQuerySet(PartQuerySet):
    def shown_to(self, user, meeting, *, inside):
        """Those who agreed, for all; the others for those inside; who withdrew, for those who keep the record."""
        rows = self.filter(meeting=meeting)
        if user.is_authenticated and user.has_perm("workshops.view_personheard", meeting):
            return rows
        return rows.filter(withdrawn_at=None) if inside else rows.filter(agrees=True)


class PersonHeard(PartOfMeeting, Versioned):
    """Someone the Assembly hears: in what capacity, for whom, with which interests."""

    of_a_person = True

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="people_heard")
    name = models.CharField(_("name"), max_length=120)
    capacity = models.CharField(_("capacity"), max_length=200)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    interests = models.TextField(_("declared interests"), blank=True)
    account = models.TextField(
        _("what they said"),
        blank=True,
        max_length=20_000,
        help_text=_("In summary: it leaves the page with their name if they withdraw their consent."),
    )
    agrees = models.BooleanField(_("agrees to be named in public"), default=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = PersonHeardQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "people heard"
        constraints = [
            models.CheckConstraint(
                name="who_withdrew_no_longer_agrees", condition=Q(withdrawn_at=None) | Q(agrees=False)
            )
        ]

    def __str__(self):
        return self.name

    @act(label=_("consent to publication withdrawn"))
    def withdraw(self, *, by):
        """Their name and their words leave what is public, today's pages and sheets already printed."""
        if self.withdrawn_at:
            raise ValidationError(gettext("This person withdrew their consent already."))
        self.agrees, self.withdrawn_at = False, clock.now()
        self.meeting.questions.filter(person=None, addressed_to__icontains=self.name).update(person=self)
        self.save()
        withdrawal.withdraw(self)


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
