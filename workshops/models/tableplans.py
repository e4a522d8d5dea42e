"""Table plans: who sits with whom, in how many rounds, for those who are really there."""

from collections import Counter
from itertools import combinations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act, transition
from assembly.models import Appointment, Member
from workshops import tables
from workshops.models.attendance import Attendance
from workshops.models.parts import PartOfMeeting
from workshops.models.readers import facilitated_by, in_cycles_of


class TablePlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever runs the meeting; those seated in it, once it is shown."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            in_cycles_of(user, [Appointment.Role.SECRETARIAT], "meeting__cycle")
            | Q(meeting__workshop__in=facilitated_by(user))
            | Q(state=TablePlan.State.SHOWN, meeting__attendances__member__user=user)
        ).distinct()


class TablePlan(PartOfMeeting):
    """One plan for one half-day: people, what is asked, the tables found. Lists hold the numbers of members."""

    class State(models.TextChoices):
        PREPARED = "prepared", pgettext_lazy("table plan", "being prepared")
        SHOWN = "shown", pgettext_lazy("table plan", "shown")

    meeting = models.ForeignKey("workshops.Meeting", models.PROTECT, related_name="table_plans")
    half_day = models.PositiveSmallIntegerField(_("half-day"), default=1)
    size = models.PositiveSmallIntegerField(
        _("people at a table"), default=6, validators=[MinValueValidator(2), MaxValueValidator(50)]
    )
    rounds = models.PositiveSmallIntegerField(
        _("rounds"), default=2, validators=[MinValueValidator(1), MaxValueValidator(8)]
    )
    criteria = models.JSONField(default=list, blank=True)
    people = models.JSONField(default=list)
    together = models.JSONField(default=list)
    apart = models.JSONField(default=list)
    pins = models.JSONField(default=list, help_text="[[member, round, table], …] counted from 0")
    outcome = models.JSONField(default=list, help_text="rounds → tables → members")
    state = models.CharField(max_length=10, choices=State, default=State.PREPARED)
    turn = models.PositiveSmallIntegerField(default=0, help_text="how often it was computed again")
    created_at = models.DateTimeField(default=clock.now)

    objects = TablePlanQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return gettext("Table plan – %(meeting)s") % {"meeting": self.meeting}

    def get_absolute_url(self):
        return reverse("workshops:tableplan_detail", args=[self.pk])

    def get_state_display(self):
        return self._get_FIELD_display(self._meta.get_field("state"))

    def there(self):
        """Those present now; while nobody is ticked yet, those who are awaited."""
        rows = self.meeting.attendances.exclude(status__in=["excused", "absent"])
        here = rows.filter(presences__half_day=self.half_day, presences__status="present")
        return sorted((here if here.exists() else rows).values_list("member", flat=True))

    def compute(self):
        self.people = self.there()
        if not self.people:
            raise ValidationError(gettext("Nobody is awaited at this meeting: there is nobody to seat."))
        wanted = self.wanted()
        if found := tables.contradictions(wanted):
            raise ValidationError([self.in_words(*fault) for fault in found])
        self.outcome = tables.seat(wanted)

    def wanted(self):
        profiles = dict(Member.objects.filter(pk__in=self.people).values_list("pk", "profile"))
        return tables.Wanted(
            people=tuple(self.people),
            size=self.size,
            rounds=self.rounds,
            traits={pk: tuple(found.get(key) for key in self.criteria) for pk, found in profiles.items()},
            together=tuple(map(tuple, self.together)),
            apart=tuple(map(tuple, self.apart)),
            pins={(member, turn): table for member, turn, table in self.pins},
            met=self.met_before(),
            seed=f"{self.meeting_id}/{self.half_day}/{self.turn}",
        )

    def met_before(self):
        """How often each two people shared a table in the plans already shown, at this meeting or before."""
        shown = TablePlan.objects.filter(state=TablePlan.State.SHOWN, meeting__cycle=self.meeting.cycle_id)
        counts, here = Counter(), set(self.people)
        for outcome in shown.exclude(pk=self.pk).values_list("outcome", flat=True):
            for table in (table for tables_ in outcome for table in tables_):
                counts.update(tables.pair(*two) for two in combinations(sorted(here & set(table)), 2))
        return counts

    def in_words(self, kind, people):
        names = Member.objects.filter(pk__in=people).values_list("user__name", flat=True)
        sentence = {
            "too_many_together": _("Too many people are kept together for one table: %(names)s."),
            "together_and_apart": _("These people are asked both together and apart: %(names)s."),
            "too_many_apart": _("There are not enough tables to keep all of these apart: %(names)s."),
            "too_many_pinned": _("Too many people are pinned to the same table: %(names)s."),
            "together_pinned_apart": _("These are kept together but pinned to several tables: %(names)s."),
            "apart_pinned_together": _("These are kept apart but pinned to the same table: %(names)s."),
            "split": _("These could not be kept together: %(names)s."),
            "joined": _("These could not be kept apart: %(names)s."),
        }[kind]
        return sentence % {"names": ", ".join(names)}

    def shortfalls(self):
        """What was asked and could not be had, in words."""
        return [self.in_words(*fault) for fault in tables.broken(self.wanted(), self.outcome)]

    @act(source=State.PREPARED, label=_("tables computed again"))
    def rerun(self, *, by):
        """With those who are there now; what is pinned, together and apart stays."""
        self.turn += 1
        self.compute()

    @act(source=State.PREPARED, label=_("people kept together or apart"), private=("members",))
    def bind(self, *, by, members, how):
        group = sorted(member.pk for member in members)
        if how != "free" and len(group) < 2:
            raise ValidationError(gettext("Tick at least two people."))
        self.together = [sorted(old) for old in self.together if not set(old) & set(group)]
        self.apart = [sorted(old) for old in self.apart if not len(set(old) & set(group)) > 1]
        if how == "together":
            self.together.append(group)
        if how == "apart":
            self.apart.append(group)
        self.compute()

    @act(source=State.PREPARED, label=_("seat pinned"), private=("member",))
    def pin(self, *, by, member, round, table):
        """This person at that table; whoever fits best goes to the place they leave. Nobody else moves."""
        turn, table = round - 1, table - 1
        if table >= len(self.outcome[turn]):
            raise ValidationError(gettext("There is no such table."))
        self.pins = [pin for pin in self.pins if pin[:2] != [member.pk, turn]]
        plan = tables.moved(self.wanted(), self.outcome, member.pk, turn, table)
        if plan is None:
            raise ValidationError(gettext("Everybody at that table is pinned: free somebody first."))
        self.pins.append([member.pk, turn, table])
        if found := tables.contradictions(self.wanted()):
            raise ValidationError([self.in_words(*fault) for fault in found])
        self.outcome = plan

    @act(source=State.PREPARED, label=_("seat no longer pinned"), private=("member",))
    def unpin(self, *, by, member):
        self.pins = [pin for pin in self.pins if pin[0] != member.pk]

    @transition(source=State.PREPARED, target=State.SHOWN, label=_("tables shown"))
    def show(self, *, by):
        """Everybody finds their table on their own page; the plan counts in “who has met whom”."""

    @transition(source=State.SHOWN, target=State.PREPARED, label=_("tables taken back"))
    def take_back(self, *, by):
        """To change it: nobody sees it any more."""


def own_tables(plan, user):
    """[(round, table)] of this person in a plan, counted from 1."""
    mine = {seat.pk for seat in user.seats}
    return [
        (turn, rank)
        for turn, round_ in enumerate(plan.outcome, start=1)
        for rank, people in enumerate(round_, start=1)
        if mine & set(people)
    ]


__all__ = ["Attendance", "TablePlan", "own_tables"]
