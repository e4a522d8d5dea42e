"""The yearly report of the right of follow-up: all measures of all cycles, frozen, printed, published."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import transition
from assembly.models import Accountable, Cycle, Document, Versioned
from deliberations import yearly
from deliberations.models.ground import READERS, require


class YearlyReportQuerySet(models.QuerySet):
    def begin(self, *, by, year, foreword=""):
        require(year <= clock.today().year, gettext("A report is not written in advance."))
        require(not self.filter(year=year).exists(), gettext("This year has its report already."))
        report = self.create(year=year, foreword=foreword)
        report.record("create", by=by)
        return report

    def public(self):
        return self.filter(state=YearlyReport.State.PUBLISHED)

    def visible_to(self, user):
        if user.is_authenticated and any(user.holds(role) for role in READERS):
            return self
        return self.public()


class YearlyReport(Accountable, Versioned):
    """What the City did in one year with everything the Council adopted."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    foreword = models.TextField(_("foreword"), blank=True, max_length=10_000)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = YearlyReportQuerySet.as_manager()
    editable_states = (State.DRAFT,)
    words_kept = ("foreword",)

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                name="a_published_report_is_printed",
                condition=Q(state="draft") | Q(published_at__isnull=False, document__isnull=False),
            )
        ]

    def __str__(self):
        return gettext("Follow-up report %s") % self.year

    def get_absolute_url(self):
        return reverse("deliberations:yearlyreport_detail", args=[self.pk])

    @property
    def cycle(self):
        return Cycle.objects.assemblies().order_by("number").last()

    @property
    def content(self):
        """As frozen once published; as things stand today before."""
        return self.document.content if self.document_id else yearly.content(self)

    @transition(source=State.DRAFT, target=State.PUBLISHED, label=_("follow-up report published"))
    def publish(self, *, by):
        """From now on not a figure moves: a later return is for the next report."""
        content = yearly.content(self)
        require(content["measures"], gettext("No measure has been adopted yet: there is nothing to report."))
        self.published_at = clock.now()
        self.document = Document.objects.issue(Document.Kind.REPORT, str(self), content, cycle=self.cycle)
