"""Answers on their way: begun and not sent, tried before the opening, different from an earlier one."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import transition
from assembly.models import RECORDED, Accountable, Cycle, Pool
from sortition.models.readers import Role, followed_by
from sortition.models.volunteers import Volunteer

RECORDED |= {
    "wipe_trials": _("trial answers deleted"),
    "read_answers": _("answers to decide on read"),
    "type_answer": _("answer typed by the secretariat"),
}

#: How long what somebody typed and did not send waits for them.
DAYS_A_DRAFT_WAITS = 14


class Draft(models.Model):
    """What somebody typed on the response page and did not send yet: theirs alone, forgotten once sent or on its day."""

    invitation = models.OneToOneField("Invitation", models.CASCADE, related_name="draft")
    kept = models.JSONField(default=dict)
    browser = models.CharField(max_length=40, blank=True, help_text="who typed it: a mark of their session")
    purge_on = models.DateField(db_index=True)

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"

    #: Shown to the browser that typed them only: a letter may be opened by the neighbour.
    CLOSE = ("email", "phone", "helps", "needs", "birth_date")

    @staticmethod
    def day_to_forget():
        return clock.today() + timedelta(days=DAYS_A_DRAFT_WAITS)

    def shown_to(self, browser):
        if self.browser == browser:
            return self.kept
        return {name: value for name, value in self.kept.items() if name not in self.CLOSE}


class TrialAnswer(models.Model):
    """An answer tried on the page before recruitment opens: it counts nowhere, and is deleted at the opening."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="trials")
    pool = models.ForeignKey(Pool, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=clock.now)
    says_yes = models.BooleanField(default=True)
    profile = models.JSONField(default=dict)
    obstacle = models.CharField(max_length=12, choices=Volunteer.Obstacle, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"


class SecondAnswerQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(followed_by(user, Role.SECRETARIAT, path="volunteer__cycle"))

    def waiting(self):
        return self.filter(state=SecondAnswer.State.WAITING)

    def lay_beside(self, volunteer, facts, differs, *, by, source, received_on=None):
        """Keep an answer that contradicts an earlier one, until somebody decides which stands."""
        second = self.create(
            volunteer=volunteer,
            facts=facts,
            differs=differs,
            source=source,
            typed_by=by,
            received_on=received_on or clock.today(),
        )
        second.record("create", by=by, differs=differs, source=source)
        return second


class SecondAnswer(Accountable):
    """The same person answered otherwise by another way: nothing is overwritten before a person decides."""

    of_a_person = True
    written_as = property(str)

    class State(models.TextChoices):
        WAITING = "waiting", _("to decide")
        KEPT = "kept", _("the earlier answer stands")
        TAKEN = "taken", _("this answer stands")

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="second_answers")
    source = models.CharField(_("source"), max_length=10, choices=Volunteer.Source)
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    received_on = models.DateField(default=clock.today)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder, help_text="emptied once decided")
    differs = models.JSONField(default=list, help_text="names of what differs, never the values")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_on = models.DateField(null=True)

    objects = SecondAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_decided_second_answer_is_dated",
                condition=models.Q(state="waiting") | models.Q(decided_on__isnull=False),
            )
        ]

    def __str__(self):
        return gettext("second answer of %(pseudonym)s") % {"pseudonym": self.volunteer}

    @property
    def cycle(self):
        return self.volunteer.cycle

    def get_absolute_url(self):
        return reverse("sortition:to_decide", args=[self.cycle.number])

    @property
    def says_no(self):
        return self.facts.get("will") == "no"

    @transition(source=State.WAITING, target=State.KEPT, label=_("earlier answer kept"))
    def keep(self, *, by, reason):
        self._decide(reason)

    @transition(source=State.WAITING, target=State.TAKEN, label=_("second answer taken"))
    def take(self, *, by, reason):
        """Before the freeze only, like any change of the pool."""
        volunteer = self.volunteer
        volunteer.require_before_the_freeze()
        if self.says_no:
            self._withdraw(by, reason)
        elif volunteer.contact is None:
            raise ValidationError(gettext("What was known of this person has been deleted."))
        else:
            volunteer.restate(self.facts, source=self.source, typed_by=self.typed_by)
        self._decide(reason)

    def _withdraw(self, by, reason):
        letter = self.volunteer.invitation
        self.volunteer.withdraw(by=by, reason=reason)
        if letter:
            type(letter).objects.filter(pk=letter.pk).update(state=letter.State.DECLINED)

    def _decide(self, reason):
        self.reason, self.decided_on, self.facts = reason, clock.today(), {}
