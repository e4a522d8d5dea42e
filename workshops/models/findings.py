"""What a notebook finds, what each finding rests on, and what is said in its margins."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max, Q
from django.utils.text import Truncator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import transition
from assembly.models import Accountable, Versioned
from workshops.models.enrolments import own_workshops
from workshops.models.notebooks import Notebook, NotebookSection, PartOfNotebookQuerySet
from workshops.models.readers import OVERSEERS, in_cycles_of


class Finding(Accountable, Versioned):
    """A numbered finding: shared by all, or not, and then the other view stands beside it."""

    class Stance(models.TextChoices):
        SHARED = "shared", pgettext_lazy("finding", "we agree")
        DISPUTED = "disputed", pgettext_lazy("finding", "we do not all agree")

    editable_states = Notebook.editable_states

    notebook = models.ForeignKey(Notebook, models.CASCADE, related_name="findings")
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    text = models.TextField(_("finding"), max_length=3000)
    stance = models.CharField(_("do we agree?"), max_length=10, choices=Stance, default=Stance.SHARED)
    other_view = models.TextField(
        _("the other view"),
        blank=True,
        max_length=3000,
        help_text=_("What those who do not agree think, in their own words."),
    )

    objects = PartOfNotebookQuerySet.as_manager()

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["notebook", "number"], name="a_finding_has_its_number"),
            models.CheckConstraint(
                name="a_disagreement_says_both_views", condition=~Q(stance="disputed") | ~Q(other_view="")
            ),
        ]

    def __str__(self):
        return f"{self.number}. {Truncator(self.text).chars(100)}"

    def get_absolute_url(self):
        return f"{self.notebook.get_absolute_url()}#finding-{self.number}"

    def get_state_display(self):
        return self.notebook.get_state_display()

    def clean(self):
        if self.stance == self.Stance.DISPUTED and not self.other_view.strip():
            raise ValidationError({"other_view": gettext("Write down the other view too.")})

    def save(self, *args, **kwargs):
        if self.number is None:
            self.number = (self.notebook.findings.aggregate(last=Max("number"))["last"] or 0) + 1
        super().save(*args, **kwargs)

    @property
    def state(self):
        return self.notebook.state

    @property
    def cycle(self):
        return self.notebook.cycle

    @property
    def workshop(self):
        return self.notebook.workshop


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(finding__notebook__in=Notebook.objects.visible_to(user))


class Evidence(Accountable):
    """What a finding rests on: something the house keeps, or a source from outside."""

    editable_states = Notebook.editable_states

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="evidence")
    source_type = models.ForeignKey(ContentType, models.PROTECT, null=True, related_name="+")
    source_id = models.PositiveBigIntegerField(null=True)
    source = GenericForeignKey("source_type", "source_id")
    title = models.CharField(_("title"), max_length=300, blank=True)
    url = models.URLField(_("address on the web"), max_length=500, blank=True)
    note = models.CharField(
        _("what it shows"), max_length=300, blank=True, help_text=_("A page, a figure, a sentence heard.")
    )

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "source_type", "source_id"], name="a_finding_rests_on_a_source_once"
            ),
            models.CheckConstraint(
                name="evidence_names_its_source",
                condition=Q(source_type__isnull=False, source_id__isnull=False)
                | (Q(source_type=None, source_id=None) & ~Q(title="")),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return self.finding.get_absolute_url()

    def get_state_display(self):
        return self.finding.get_state_display()

    @property
    def state(self):
        return self.finding.state

    @property
    def cycle(self):
        return self.finding.cycle

    @property
    def workshop(self):
        return self.finding.workshop


class RemarkQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Between those who write the notebook; never public."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            in_cycles_of(user, OVERSEERS, "section__notebook__workshop__cycle")
            | Q(section__notebook__workshop__in=own_workshops(user))
        )

    def waiting(self):
        return self.filter(state=Remark.State.OPEN)


class Remark(Accountable):
    """A comment in the margin of a section, open until somebody has dealt with it."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("remark", "open")
        RESOLVED = "resolved", pgettext_lazy("remark", "dealt with")

    section = models.ForeignKey(NotebookSection, models.CASCADE, related_name="remarks")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    text = models.TextField(_("remark"), max_length=2000)
    written_at = models.DateTimeField(default=clock.now, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN, editable=False)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = RemarkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_remark_is_resolved_by_somebody",
                condition=Q(state="open", resolved_by=None) | Q(state="resolved", resolved_by__isnull=False),
            )
        ]

    def __str__(self):
        return Truncator(self.text).chars(100)

    def get_absolute_url(self):
        return f"{self.section.get_reading_url()}#remark-{self.pk}"

    @property
    def cycle(self):
        return self.section.cycle

    @property
    def workshop(self):
        return self.section.workshop

    @transition(source=State.OPEN, target=State.RESOLVED, label=_("remark dealt with"))
    def resolve(self, *, by):
        self.resolved_by = by
