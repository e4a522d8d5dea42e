"""The sheet of a cycle for the databases of others: what only people can say of it, and its printed states."""

from django.db import models
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.lifecycle import act
from assembly.models import Accountable, Cycle, Document, Versioned
from deliberations import fiche


class FicheQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(cycle__in=Cycle.objects.visible_to(user))


class Fiche(Accountable, Versioned):
    """What the house cannot count by itself; everything else on the sheet is worked out."""

    cycle = models.OneToOneField(Cycle, models.PROTECT, related_name="fiche", editable=False)
    budget = models.DecimalField(
        _("cost of the cycle, in euros, allowances included"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
    )
    evaluation = models.TextField(
        _("evaluation"),
        blank=True,
        max_length=5000,
        help_text=_("Who evaluated the cycle, how, and what they found."),
    )
    evaluation_link = models.URLField(_("address of the evaluation"), blank=True)
    contact = models.CharField(
        _("contact for those who wish to know more"),
        blank=True,
        max_length=200,
        help_text=_("A service and its address; no name of a person."),
    )
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = FicheQuerySet.as_manager()
    words_kept = ("evaluation", "contact")

    class Meta:
        ordering = ["-cycle__number"]

    def __str__(self):
        return gettext("Sheet of the cycle – %s") % self.cycle

    def get_absolute_url(self):
        return reverse("deliberations:cycle_fiche", args=[self.cycle.number])

    @property
    def slug_in_address(self):
        return self.cycle.number

    @act(label=_("sheet completed"))
    def complete(self, *, by, budget=None, evaluation="", evaluation_link="", contact=""):
        self.budget, self.evaluation = budget, evaluation.strip()
        self.evaluation_link, self.contact = evaluation_link, contact.strip()

    @act(label=_("sheet printed"))
    def print_sheet(self, *, by):
        """As things stand today, page and PDF; what comes later is for the next one."""
        with translation.override("fr"):
            title, content = str(self), fiche.content(self.cycle)
        self.document = Document.objects.issue(Document.Kind.FICHE, title, content, cycle=self.cycle)
