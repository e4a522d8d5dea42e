"""What a workshop would rather work on: other words for a mandate, before the plenary votes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import transition
from assembly.models import Accountable
from deliberations.models.ground import About, next_number, require, required_reason
from deliberations.models.mandates import WorkingMandate


class WordingQuerySet(models.QuerySet):
    def counter_propose(self, mandate, *, by, sentence, reason, expected_product="", limits=""):
        """Members propose other words for a mandate that has not been voted on."""
        require(
            mandate.state == WorkingMandate.State.PROPOSED and not mandate.ballots.open().exists(),
            gettext("The plenary is voting, or has voted: the mandate no longer changes."),
        )
        sentence = (sentence or "").strip()
        require(sentence, gettext("Write the sentence you propose."))
        require(sentence != mandate.sentence, gettext("This is the sentence of the mandate already."))
        wording = self.create(
            mandate=mandate,
            number=next_number(mandate.wordings),
            sentence=sentence,
            expected_product=(expected_product or "").strip(),
            limits=(limits or "").strip(),
            reason=required_reason(reason),
            author=by,
        )
        wording.record("create", by=by, reason=wording.reason)
        return wording

    def visible_to(self, user):
        return self.filter(mandate__in=WorkingMandate.objects.visible_to(user).values("pk"))


class Wording(About, Accountable):
    """One counter-proposal to a mandate, kept whatever the executive answers."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("wording", "open")
        ACCEPTED = "accepted", pgettext_lazy("wording", "accepted")
        DECLINED = "declined", pgettext_lazy("wording", "declined")

    mandate = models.ForeignKey(WorkingMandate, models.PROTECT, related_name="wordings")
    number = models.PositiveSmallIntegerField(editable=False)
    sentence = models.CharField(_("mandate, in one sentence"), max_length=400)
    expected_product = models.TextField(_("what is expected"), blank=True)
    limits = models.TextField(_("limits"), blank=True)
    reason = models.TextField(_("why"), max_length=3000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    was = models.CharField(max_length=400, blank=True, editable=False, help_text="the sentence it replaced")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    answer = models.TextField(_("answer of the executive"), blank=True, max_length=3000)

    objects = WordingQuerySet.as_manager()

    class Meta:
        ordering = ["mandate", "number"]
        constraints = [
            models.UniqueConstraint(fields=["mandate", "number"], name="a_wording_has_its_number"),
            models.CheckConstraint(
                name="a_declined_wording_is_answered", condition=~Q(state="declined") | ~Q(answer="")
            ),
        ]

    def __str__(self):
        return gettext("Counter-proposal %s") % self.number

    def get_absolute_url(self):
        return (
            reverse("deliberations:workingmandate_detail", args=[self.mandate_id]) + f"#wording-{self.number}"
        )

    @property
    def about(self):
        return self.mandate

    @transition(source=State.OPEN, target=State.ACCEPTED, label=_("counter-proposal accepted"))
    def accept(self, *, by, answer=""):
        """The mandate takes these words; what is left blank stays as it was."""
        self.was, self.answer = self.mandate.sentence, answer.strip()
        self.mandate.reword(
            by=by,
            sentence=self.sentence,
            expected_product=self.expected_product or self.mandate.expected_product,
            limits=self.limits or self.mandate.limits,
        )

    @transition(source=State.OPEN, target=State.DECLINED, label=_("counter-proposal declined"))
    def decline(self, *, by, reason):
        self.answer = required_reason(reason)
