"""Priority subjects: proposed, supported, chosen by an open vote whose result is fixed."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Value
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act, transition
from assembly.models import Member, Versioned
from workshops import choosing
from workshops.models.inside import InsideQuerySet, InWorkshop, inside
from workshops.models.meetings import Meeting


class SubjectQuerySet(InsideQuerySet):
    def visible_to(self, user):
        return self.filter(Q(state=PrioritySubject.State.RETAINED) | inside(user))

    def standing(self):
        return self.exclude(state=PrioritySubject.State.WITHDRAWN)

    def with_supports(self, user):
        own = SubjectSupport.objects.filter(subject=OuterRef("pk"), member__user=user.pk)
        mine = Exists(own) if user.is_authenticated else Value(False)
        return self.annotate(support_count=Count("supports", distinct=True), mine=mine)


class PrioritySubject(InWorkshop, Versioned):
    """What a workshop, or the whole Assembly, might work on first."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("subject", "proposed")
        RETAINED = "retained", pgettext_lazy("subject", "priority")
        WITHDRAWN = "withdrawn", pgettext_lazy("subject", "withdrawn")

    editable_states = (State.PROPOSED,)

    title = models.CharField(_("subject"), max_length=150)
    why = models.TextField(_("why it matters"), max_length=3000)
    proposed_by = models.ForeignKey(
        Member, models.PROTECT, null=True, related_name="prioritysubjects", editable=False
    )
    proposed_at = models.DateTimeField(default=clock.now, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED, editable=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)

    objects = SubjectQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_subject_withdrawn_says_why", condition=~Q(state="withdrawn") | ~Q(reason="")
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("workshops:prioritysubject_detail", args=[self.pk])

    def get_list_url(self):
        """The subjects it stands among."""
        if self.workshop_id:
            return reverse("workshops:workshop_section", args=[self.workshop_id, "sujets"])
        return reverse("workshops:cycle_priorities", args=[self.cycle.number])

    @act(source=State.PROPOSED, label=_("subject supported"))
    def support(self, *, by):
        seat = self.seat_of(by)
        if seat is None:
            raise ValidationError(gettext("Only those who sit today may support a subject."))
        SubjectSupport.objects.get_or_create(subject=self, member=seat)

    @act(source=State.PROPOSED, label=_("support withdrawn"))
    def withdraw_support(self, *, by):
        self.supports.filter(member__user=by).delete()

    @transition(source=State.PROPOSED, target=State.RETAINED, label=_("became a priority"))
    def retain(self, *, by):
        """By the vote that chose it: see PriorityVote.close."""

    @transition(source=State.PROPOSED, target=State.WITHDRAWN, label=_("subject withdrawn"))
    def withdraw(self, *, by, reason):
        if self.votes.filter(state=PriorityVote.State.OPEN).exists():
            raise ValidationError(gettext("A vote on this subject is open."))
        self.reason = reason


class SubjectSupport(models.Model):
    """One member supports one subject, once."""

    subject = models.ForeignKey(PrioritySubject, models.CASCADE, related_name="supports")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "member"], name="a_subject_is_supported_once")
        ]

    def __str__(self):
        return f"{self.member}: {self.subject}"


class PriorityVoteQuerySet(InsideQuerySet):
    def visible_to(self, user):
        """The result is public once fixed; who voted what stays inside."""
        return self.filter(Q(state=PriorityVote.State.CLOSED) | inside(user))


class PriorityVote(InWorkshop, Versioned):
    """An open vote on priority subjects: hands counted at a meeting, or each member online."""

    class Mode(models.TextChoices):
        ROOM = "room", _("hands counted at a meeting")
        ONLINE = "online", _("online, each member for themselves")

    class Method(models.TextChoices):
        VOICES = "voices", _("each gives one voice to several subjects")
        RANKS = "ranks", _("each ranks several subjects")

    class State(models.TextChoices):
        PREPARED = "prepared", pgettext_lazy("vote", "prepared")
        OPEN = "open", pgettext_lazy("vote", "open")
        CLOSED = "closed", pgettext_lazy("vote", "result fixed")

    editable_states = (State.PREPARED,)

    title = models.CharField(_("title"), max_length=150)
    mode = models.CharField(_("how"), max_length=10, choices=Mode, default=Mode.ONLINE)
    method = models.CharField(
        _("rule"), max_length=10, choices=Method, default=Method.VOICES, help_text=_("For an online vote.")
    )
    voices = models.PositiveSmallIntegerField(
        _("subjects each may choose"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
    )
    keeps = models.PositiveSmallIntegerField(
        _("subjects that become a priority"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_("Subjects level with the last of them are kept too."),
    )
    quorum_percent = models.PositiveSmallIntegerField(
        _("quorum, in per cent of members"), default=50, validators=[MaxValueValidator(100)]
    )
    closes_at = models.DateTimeField(_("votes taken until"), null=True, blank=True)
    meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="priorityvotes",
        verbose_name=_("meeting"),
        help_text=_("Where hands are counted."),
    )
    subjects = models.ManyToManyField(PrioritySubject, related_name="votes", verbose_name=_("subjects"))
    eligible = models.PositiveSmallIntegerField(null=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREPARED, editable=False)
    opened_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    result = models.JSONField(default=dict, editable=False)

    objects = PriorityVoteQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_result_is_fixed_on_a_day",
                condition=Q(state="closed", closed_at__isnull=False, opened_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at=None)),
            ),
            models.CheckConstraint(
                name="hands_are_counted_at_a_meeting", condition=~Q(mode="room") | Q(meeting__isnull=False)
            ),
            models.CheckConstraint(
                name="an_online_vote_has_an_end", condition=~Q(mode="online") | Q(closes_at__isnull=False)
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("workshops:priorityvote_detail", args=[self.pk])

    def clean(self):
        if self.mode == self.Mode.ROOM and not self.meeting_id:
            raise ValidationError({"meeting": gettext("Say at which meeting hands are counted.")})
        if self.mode == self.Mode.ONLINE and not self.closes_at:
            raise ValidationError({"closes_at": gettext("Say until when votes are taken.")})

    @property
    def is_online(self):
        return self.mode == self.Mode.ONLINE

    @property
    def takes_votes(self):
        return self.state == self.State.OPEN and self.is_online and clock.now() < self.closes_at

    @transition(source=State.PREPARED, target=State.OPEN, label=_("vote opened"))
    def open(self, *, by):
        if self.subjects.filter(state=PrioritySubject.State.PROPOSED).count() < 2:
            raise ValidationError(gettext("A vote needs at least two proposed subjects."))
        if self.is_online and self.closes_at <= clock.now():
            raise ValidationError(gettext("This vote would be over already: change its end first."))
        self.eligible, self.opened_at = self.members().count(), clock.now()
        if not self.eligible:
            raise ValidationError(gettext("Nobody sits here yet: there is nobody to vote."))

    @act(source=State.OPEN, label=_("vote given"), private=("choices",))
    def cast(self, *, by, choices):
        """`choices`: subjects, the first one first. One's vote may be changed until the end."""
        seat = self.seat_of(by)
        if seat is None:
            raise ValidationError(gettext("Only those who sit today may vote."))
        if not self.takes_votes:
            raise ValidationError(gettext("Votes are no longer taken."))
        numbers = [subject.pk for subject in choices]
        if not numbers or len(set(numbers)) < len(numbers) or len(numbers) > self.voices:
            raise ValidationError(
                gettext("Choose between one and %(number)s subjects, each once.") % {"number": self.voices}
            )
        if self.subjects.filter(pk__in=numbers).count() < len(numbers):
            raise ValidationError(gettext("This subject is not part of the vote."))
        PriorityBallot.objects.update_or_create(
            vote=self, member=seat, defaults={"choices": numbers, "at": clock.now()}
        )

    @transition(source=State.OPEN, target=State.CLOSED, label=_("hands counted, result fixed"))
    def count_hands(self, *, by, present, hands):
        """`hands`: {subject number: hands}; `present`: how many could raise one."""
        if self.is_online:
            raise ValidationError(gettext("This vote is held online."))
        if any(count > present for count in hands.values()):
            raise ValidationError(gettext("More hands than people present: count again."))
        self.fix(hands, voters=present, by=by)

    @transition(source=State.OPEN, target=State.CLOSED, label=_("result fixed"))
    def close(self, *, by):
        if not self.is_online:
            raise ValidationError(gettext("Hands are counted for this vote."))
        ballots = list(self.ballots.values_list("choices", flat=True))
        if clock.now() < self.closes_at and len(ballots) < self.eligible:
            raise ValidationError(gettext("Votes are still taken, and not everybody has voted."))
        points = self.voices if self.method == self.Method.RANKS else None
        self.fix(choosing.scores(ballots, points), voters=len(ballots), by=by)

    def fix(self, scores, *, voters, by):
        """The result in plain values, never computed again; the subjects it keeps become priorities."""
        subjects = {subject.pk: subject for subject in self.subjects.all()}
        titles = {pk: subject.title for pk, subject in subjects.items()}
        self.result = choosing.result(
            titles,
            scores,
            keeps=self.keeps,
            voters=voters,
            eligible=self.eligible,
            quorum=self.quorum_percent,
        )
        self.closed_at = clock.now()
        for line in self.result["lines"]:
            subject = subjects[line["subject"]]
            if line["kept"] and subject.state == PrioritySubject.State.PROPOSED:
                subject.retain(by=by)


class PriorityBallot(models.Model):
    """What one member chose: an open vote, read by those inside."""

    vote = models.ForeignKey(PriorityVote, models.PROTECT, related_name="ballots")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    choices = models.JSONField(default=list)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["member__user__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["vote", "member"], name="a_member_votes_once_on_priorities")
        ]

    def __str__(self):
        return f"{self.member}: {self.vote}"
