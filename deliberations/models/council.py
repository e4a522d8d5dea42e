"""A text before the Paris Council: where it stands, what is moved in session, who voted how."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assembly.models import Document
from deliberations import sheet
from deliberations.models.stages import OUTCOMES, VOTED_BY_COUNCIL
from deliberations.models.versions import Version


class CouncilItem(models.Model):
    """The text before the Paris Council."""

    class Opinion(models.TextChoices):
        FAVOURABLE = "favourable", _("favourable")
        UNFAVOURABLE = "unfavourable", _("unfavourable")

    proposal = models.OneToOneField("deliberations.Proposal", models.PROTECT, related_name="council_item")
    attached_to = models.CharField(
        _("attached to"),
        max_length=150,
        blank=True,
        help_text=_("The draft deliberation it is attached to; empty when it stands alone."),
    )
    committee = models.CharField(_("committee"), max_length=100)
    number = models.CharField(_("number"), max_length=40, blank=True)
    filed_at = models.DateTimeField()
    session_on = models.DateField(_("session of"), null=True, blank=True)
    opinion = models.CharField(_("opinion of the executive"), max_length=20, choices=Opinion, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=OUTCOMES, blank=True)
    reference = models.CharField(_("reference"), max_length=60, blank=True)
    link = models.URLField(_("link to the official record"), blank=True)
    adopted_version = models.ForeignKey(Version, models.PROTECT, null=True, blank=True, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-session_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="an_adopted_text_is_known",
                condition=~Q(outcome__in=["adopted", "adopted_amended"]) | Q(adopted_version__isnull=False),
            )
        ]

    def __str__(self):
        return self.reference or self.number or str(self.proposal)

    def close(self, *, outcome, reference, link, version=None):
        """What the Council said; when it adopts, the adopted text is frozen and printed."""
        self.outcome, self.reference, self.link = outcome, reference, link
        if outcome in VOTED_BY_COUNCIL:
            self.adopted_version = version
            self.document = Document.objects.issue(
                Document.Kind.PROPOSAL,
                self.proposal.title,
                sheet.adopted_content(self.proposal, self),
                cycle=self.proposal.cycle,
            )
        self.save()


class CouncilAmendment(models.Model):
    """An amendment moved in session, and what became of it."""

    class Outcome(models.TextChoices):
        ADOPTED = "adopted", pgettext_lazy("council amendment", "adopted")
        REJECTED = "rejected", pgettext_lazy("council amendment", "rejected")
        WITHDRAWN = "withdrawn", pgettext_lazy("council amendment", "withdrawn")

    item = models.ForeignKey(CouncilItem, models.PROTECT, related_name="amendments")
    number = models.CharField(_("number"), max_length=40)
    mover = models.CharField(_("moved by"), max_length=150, help_text=_("Group or office."))
    text = models.TextField(_("what it changes"), max_length=5000)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="a_council_amendment_has_its_number")
        ]

    def __str__(self):
        return self.number


class GroupPosition(models.Model):
    """How one political group voted, with its voices where they are known."""

    class Position(models.TextChoices):
        FOR = "for", pgettext_lazy("group", "for")
        AGAINST = "against", pgettext_lazy("group", "against")
        ABSTENTION = "abstention", pgettext_lazy("group", "abstention")
        NOT_TAKING_PART = "not_taking_part", pgettext_lazy("group", "not taking part")
        SHARED = "shared", pgettext_lazy("group", "divided")

    item = models.ForeignKey(CouncilItem, models.PROTECT, related_name="positions")
    group = models.CharField(_("political group"), max_length=120)
    position = models.CharField(_("position"), max_length=16, choices=Position)
    voices = models.PositiveSmallIntegerField(_("voices, if known"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["item", "group"], name="a_group_has_one_position")]

    def __str__(self):
        return f"{self.group}: {self.get_position_display()}"
