"""Questions: proposed and supported by members, put to a person heard or to a department, answered or not."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Value
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act, transition
from assembly.models import Accountable, Cycle, Member, Versioned
from workshops.models.inside import inside
from workshops.models.meetings import Meeting
from workshops.models.proceedings import PersonHeard
from workshops.models.readers import ANSWERERS, in_cycles_of
from workshops.models.workshops import Workshop


class QuestionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Put: for those inside and those who answer, then for all; only proposed: for those inside."""
        if not user.is_authenticated:
            return self.public()
        return self.filter(
            Q(pk__in=Question.objects.public().order_by().values("pk"))
            | inside(user)
            | (in_cycles_of(user, ANSWERERS, "cycle") & Q(state__in=Question.PUT))
        )

    def public(self):
        """Answered, put at a meeting that was held, or forwarded: the silence is public too."""
        return self.filter(
            Q(state=Question.State.ANSWERED)
            | Q(state=Question.State.ASKED, meeting__state=Meeting.State.HELD)
            | Q(state=Question.State.ASKED, due_on__lt=clock.today())
            | Q(state=Question.State.ASKED, forwarded_at__isnull=False)
        )

    def overdue(self):
        return self.filter(state=Question.State.ASKED, due_on__lt=clock.today())

    def put(self):
        return self.filter(state__in=Question.PUT)

    def with_supports(self, user):
        """`support_count`, and whether this person is one of them: `mine`."""
        own = QuestionSupport.objects.filter(question=OuterRef("pk"), member__user=user.pk)
        mine = Exists(own) if user.is_authenticated else Value(False)
        return self.counted().annotate(mine=mine)

    def counted(self):
        return self.annotate(support_count=Count("supports"))

    def in_order(self):
        """As arranged, then the most supported first."""
        return self.order_by(F("position").asc(nulls_last=True), "-support_count", "pk")


class Question(Accountable, Versioned):
    """A question to a person heard, a department or an official; the answer is attached to it."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("question", "proposed")
        ASKED = "asked", pgettext_lazy("question", "asked")
        ANSWERED = "answered", pgettext_lazy("question", "answered")
        MERGED = "merged", pgettext_lazy("question", "joined to another")
        SET_ASIDE = "set_aside", pgettext_lazy("question", "set aside")

    PUT = (State.ASKED, State.ANSWERED)
    editable_states = (State.PROPOSED, State.ASKED)

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="questions", editable=False)
    workshop = models.ForeignKey(
        Workshop, models.PROTECT, null=True, blank=True, related_name="questions", editable=False
    )
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="questions", editable=False
    )
    person = models.ForeignKey(
        PersonHeard,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("person heard"),
    )
    text = models.TextField(_("question"), max_length=2000)
    asked_by = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="questions", editable=False
    )
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    position = models.PositiveSmallIntegerField(_("position"), null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="joined", editable=False
    )
    addressed_to = models.CharField(_("addressed to"), max_length=200, blank=True)
    forwarded_to = models.CharField(_("department"), max_length=150, blank=True, editable=False)
    forwarded_at = models.DateTimeField(null=True, editable=False)
    due_on = models.DateField(_("answer due on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED, editable=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    answer = models.TextField(_("answer"), blank=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_for = models.CharField(_("answered for"), max_length=150, blank=True, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_question_is_put_somewhere",
                condition=Q(workshop__isnull=False) | Q(meeting__isnull=False),
            ),
            models.CheckConstraint(
                name="an_answer_is_dated",
                condition=Q(state="answered", answered_at__isnull=False)
                | (~Q(state="answered") & Q(answered_at=None)),
            ),
            models.CheckConstraint(
                name="a_question_joined_to_another_says_which",
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into=None)),
            ),
            models.CheckConstraint(
                name="a_question_set_aside_says_why", condition=~Q(state="set_aside") | ~Q(reason="")
            ),
        ]

    def __str__(self):
        return Truncator(self.text).chars(100)

    def get_absolute_url(self):
        if self.meeting_id:
            return f"{self.meeting.get_absolute_url()}#question-{self.pk}"
        page = reverse("workshops:workshop_section", args=[self.workshop_id, "questions"])
        return f"{page}#question-{self.pk}"

    def get_working_url(self):
        """Where those inside work on it: the page of its hearing when there is one."""
        hearing = getattr(self.meeting, "hearing", None) if self.meeting_id else None
        return f"{hearing.get_absolute_url()}#question-{self.pk}" if hearing else self.get_absolute_url()

    @property
    def is_written(self):
        """To a department or an official, rather than to somebody met."""
        return self.meeting_id is None

    @property
    def is_overdue(self):
        return self.state == self.State.ASKED and self.due_on is not None and self.due_on < clock.today()

    @property
    def days_late(self):
        return (clock.today() - self.due_on).days if self.is_overdue else 0

    @property
    def is_withheld(self):
        """The person withdrew their consent: neither their name nor their words are shown."""
        return self.person_id is not None and self.person.withdrawn_at is not None

    @property
    def addressee(self):
        """To whom it is put, as everybody may read it."""
        if self.is_withheld:
            return gettext("a person heard")
        if self.person_id:
            return f"{self.person.name}, {self.person.capacity}"
        return self.addressed_to or self.forwarded_to

    def supporter(self, user):
        members = self.workshop.members if self.workshop_id else self.cycle.members.seated()
        seat = members.filter(user=user).first()
        if seat is None:
            raise ValidationError(gettext("Only those who sit today may support a question."))
        return seat

    @act(source=State.PROPOSED, label=_("question supported"))
    def support(self, *, by):
        QuestionSupport.objects.get_or_create(question=self, member=self.supporter(by))

    @act(source=State.PROPOSED, label=_("support withdrawn"))
    def withdraw_support(self, *, by):
        self.supports.filter(member__user=by).delete()

    @transition(source=State.PROPOSED, target=State.ASKED, label=_("question put"))
    def put(self, *, by, person=None, position=None):
        """At the hearing, to one of the people heard or to all of them."""
        if self.meeting_id is None:
            raise ValidationError(gettext("A written question is sent to a department."))
        if person is not None and person.meeting_id != self.meeting_id:
            raise ValidationError(gettext("This person is not heard at this meeting."))
        self.person, self.position = person, position

    @transition(source=State.PROPOSED, target=State.MERGED, label=_("joined to another question"))
    def merge(self, *, by, into):
        """Those who supported this one support the other."""
        same = (into.workshop_id, into.meeting_id) == (self.workshop_id, self.meeting_id)
        if into.pk == self.pk or not same or into.state not in self.editable_states:
            raise ValidationError(gettext("A question is joined to another one of the same list."))
        for held in self.supports.all():
            QuestionSupport.objects.get_or_create(question=into, member_id=held.member_id)
        self.joined.update(merged_into=into)
        self.merged_into = into

    @transition(source=State.PROPOSED, target=State.SET_ASIDE, label=_("question set aside"))
    def set_aside(self, *, by, reason):
        self.reason = reason

    @transition(
        source=[State.PROPOSED, State.ASKED], target=State.ASKED, label=_("question sent to a department")
    )
    def forward(self, *, by, department, due_on):
        """The department reads it in its own account and answers there."""
        if due_on < clock.today():
            raise ValidationError(gettext("This day is over: give those who answer the time to do so."))
        self.forwarded_to, self.forwarded_at, self.due_on = department, clock.now(), due_on
        self.addressed_to = self.addressed_to or department

    @transition(source=State.ASKED, target=State.ANSWERED, label=_("answer recorded"))
    def reply(self, *, by, answer):
        self.answer, self.answered_at = answer, clock.now()
        held = [one for one in by.current_appointments if one.role in ANSWERERS] if by else []
        self.answered_for = held[0].organisation if held else ""


class QuestionSupport(models.Model):
    """One member supports one question, once."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="supports")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "member"], name="a_question_is_supported_once")
        ]

    def __str__(self):
        return f"{self.member}: {self.question}"
