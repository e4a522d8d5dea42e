"""Questions, and their answers."""

from django.db import models
from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assembly import clock
from assembly.lifecycle import transition
from assembly.models import Accountable, Cycle, Member, Versioned
from workshops.models.enrolments import own_workshops
from workshops.models.meetings import Meeting
from workshops.models.readers import ANSWERERS, OVERSEERS, in_cycles_of, seated_cycles
from workshops.models.workshops import Workshop


class QuestionQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.public()
        cycles = seated_cycles(user)
        return self.filter(
            Q(pk__in=Question.objects.public().order_by().values("pk"))
            | in_cycles_of(user, [*OVERSEERS, *ANSWERERS], "cycle")
            | Q(workshop__in=own_workshops(user))
            | Q(workshop=None, cycle__in=cycles)
        )

    def public(self):
        """Answered, or put to somebody at a meeting that was held: the silence is public too."""
        return self.filter(
            Q(state=Question.State.ANSWERED)
            | Q(meeting__state=Meeting.State.HELD)
            | Q(due_on__lt=clock.today())
        )

    def overdue(self):
        return self.filter(state=Question.State.ASKED, due_on__lt=clock.today())


class Question(Accountable, Versioned):
    """A question to a person heard, a department or an official; the answer is attached to it."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("question", "asked")
        ANSWERED = "answered", pgettext_lazy("question", "answered")

    editable_states = (State.ASKED,)

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="questions", editable=False)
    workshop = models.ForeignKey(
        Workshop, models.PROTECT, null=True, blank=True, related_name="questions", editable=False
    )
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="questions", editable=False
    )
    text = models.TextField(_("question"), max_length=2000)
    asked_by = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="questions", editable=False
    )
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    addressed_to = models.CharField(_("addressed to"), max_length=200)
    due_on = models.DateField(_("answer due on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED, editable=False)
    answer = models.TextField(_("answer"), blank=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)

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
                condition=Q(state="asked", answered_at=None) | Q(state="answered", answered_at__isnull=False),
            ),
        ]

    def __str__(self):
        return Truncator(self.text).chars(100)

    def get_absolute_url(self):
        return f"{(self.meeting or self.workshop).get_absolute_url()}#question-{self.pk}"

    @property
    def is_overdue(self):
        return self.state == self.State.ASKED and self.due_on is not None and self.due_on < clock.today()

    @transition(source=State.ASKED, target=State.ANSWERED, label=_("answer recorded"))
    def reply(self, *, by, answer):
        self.answer, self.answered_at = answer, clock.now()
