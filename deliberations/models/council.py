"""A text before the Paris Council."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

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
