"""Two volunteers who may be one person, or live in one home."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import transition
from assembly.models import RECORDED, Accountable, Cycle
from sortition.models.readers import Role, followed_by
from sortition.models.volunteers import Volunteer

RECORDED |= {"look_for_likenesses": _("duplicates looked for")}


class LikenessQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(followed_by(user, Role.SECRETARIAT))

    def waiting(self):
        return self.filter(state=Likeness.State.WAITING)


class Likeness(Accountable):
    """Two answers a rule brought together; a person says what they are. The second may be of an earlier cycle."""

    of_a_person = True
    written_as = property(str)

    class State(models.TextChoices):
        WAITING = "waiting", _("to decide")
        SAME = "same", _("same person")
        DIFFERENT = "different", _("different people")
        HOME = "home", _("one household")

    class Rule(models.TextChoices):
        NAME_BIRTH = "name_birth", _("same name and same date of birth")
        EMAIL = "email", _("same e-mail")
        PHONE = "phone", _("same telephone")
        NAME_ADDRESS = "name_address", _("same names, in any order, and same address")
        BIRTH_ADDRESS = "birth_address", _("same first name, same date of birth and same address")
        ADDRESS = "address", _("same address: perhaps one household")

    class Keep(models.TextChoices):
        FIRST = "first", _("keep the first answer")
        SECOND = "second", _("keep the second answer")
        BOTH = "both", _("keep both: the other belongs to an earlier cycle")

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="likenesses")
    first = models.ForeignKey(Volunteer, models.CASCADE, related_name="likenesses")
    second = models.ForeignKey(Volunteer, models.CASCADE, related_name="+")
    rules = models.JSONField(default=list)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_on = models.DateField(null=True)

    objects = LikenessQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "likenesses"
        indexes = [models.Index(fields=["cycle", "state"])]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="two_answers_are_compared_once"),
            models.CheckConstraint(name="nobody_is_their_own_double", condition=~Q(first=F("second"))),
        ]

    def __str__(self):
        return gettext("%(first)s and %(second)s") % {"first": self.first, "second": self.second}

    def get_absolute_url(self):
        return reverse("sortition:to_decide", args=[self.cycle.number])

    @property
    def sides(self):
        return [self.first, self.second]

    @property
    def rule_labels(self):
        return [self.Rule(rule).label for rule in self.rules]

    @property
    def is_only_a_home(self):
        return self.rules == [self.Rule.ADDRESS]

    @property
    def within_the_cycle(self):
        return self.first.cycle_id == self.second.cycle_id

    @transition(source=State.WAITING, target=State.SAME, label=_("found to be the same person"))
    def merge(self, *, by, keep, reason):
        """One answer counts: the other is set aside, before the freeze. Nothing of an earlier cycle is touched."""
        if keep == self.Keep.BOTH and self.within_the_cycle:
            raise ValidationError(gettext("Both are of this cycle: say which of the two answers counts."))
        left = {self.Keep.FIRST: self.second, self.Keep.SECOND: self.first}.get(keep)
        if left and left.cycle_id == self.cycle_id:
            left.set_aside_as_double(by=by, reason=reason)
        self._decide(reason)

    @transition(
        source=(State.WAITING, State.HOME), target=State.DIFFERENT, label=_("found to be different people")
    )
    def tell_apart(self, *, by, reason):
        """Two people, and two homes: a building has many doors."""
        self._decide(reason)

    @transition(
        source=(State.WAITING, State.DIFFERENT), target=State.HOME, label=_("found to be one household")
    )
    def share_home(self, *, by, reason=""):
        """Two people of one home: the draw takes at most one of them if it was set so."""
        if not self.within_the_cycle:
            raise ValidationError(gettext("A household counts within one cycle."))
        self.first.require_before_the_freeze()
        self._decide(reason)

    def _decide(self, reason):
        self.reason, self.decided_on = reason, clock.today()
