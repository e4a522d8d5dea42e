"""Allowances: so much a half-day attended, paid in runs that are checked, closed, and never touched again."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, Max, OuterRef, Q, Subquery, Sum
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act, transition
from assembly.models import Accountable, Appointment, Cycle, Document, Member
from workshops.allowances import owed_lines, statement_content
from workshops.models.attendance import Attendance
from workshops.models.readers import in_cycles_of


class AllowanceRunQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who is paid what is the business of the secretariat and of the person."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(in_cycles_of(user, [Appointment.Role.SECRETARIAT], "cycle"))

    def closed(self):
        return self.filter(state=AllowanceRun.State.CLOSED)

    def with_totals(self):
        return self.annotate(
            total=Sum("lines__amount"),
            half_days=Sum("lines__half_days"),
            people=Count("lines__member", distinct=True),
        )


class AllowanceRun(Accountable):
    """What is paid at once: every half-day not paid yet, and what earlier runs paid wrongly, more or less."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("allowances", "in preparation")
        CHECKED = "checked", pgettext_lazy("allowances", "checked")
        CLOSED = "closed", pgettext_lazy("allowances", "closed")

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="allowance_runs")
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    until = models.DateField(_("meetings held until"), help_text=_("This day included."))
    rate = models.DecimalField(max_digits=6, decimal_places=2, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    checked_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = AllowanceRunQuerySet.as_manager()

    class Meta:
        ordering = ["-cycle__number", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "number"], name="a_run_has_its_number"),
            models.UniqueConstraint(
                fields=["cycle"], condition=~Q(state="closed"), name="one_run_is_prepared_at_a_time"
            ),
            models.CheckConstraint(
                name="a_run_is_checked_then_closed_by_two_people",
                condition=Q(state="draft", checked_by=None, closed_by=None)
                | Q(state="checked", checked_by__isnull=False, closed_by=None)
                | (
                    Q(state="closed", checked_by__isnull=False, closed_by__isnull=False)
                    & ~Q(closed_by=F("checked_by"))
                ),
            ),
        ]

    def __str__(self):
        return gettext("Allowances no. %(number)s – %(cycle)s") % {
            "number": self.number,
            "cycle": self.cycle,
        }

    def get_absolute_url(self):
        return reverse("workshops:allowancerun_detail", args=[self.pk])

    def save(self, *args, **kwargs):
        if self.number is None:
            last = self.cycle.allowance_runs.aggregate(last=Max("number"))["last"]
            self.number, self.rate = (last or 0) + 1, self.cycle.allowance
        super().save(*args, **kwargs)

    @act(source=State.DRAFT, label=_("allowances reckoned"))
    def reckon(self, *, by):
        """From the attendance as it stands now; done again as often as one likes."""
        self.lines.all().delete()
        AllowanceLine.objects.bulk_create(AllowanceLine(run=self, **line) for line in self.owed())

    @transition(source=State.DRAFT, target=State.CHECKED, label=_("allowances checked"))
    def check_over(self, *, by):
        if not self.lines.exists():
            raise ValidationError(gettext("Nothing is owed until that day: there is nothing to pay."))
        if not self.is_up_to_date:
            raise ValidationError(gettext("Attendance was changed since: reckon again, then check."))
        self.checked_by, self.checked_at = by, clock.now()

    @transition(source=State.CHECKED, target=State.DRAFT, label=_("allowances sent back"))
    def send_back(self, *, by, reason):
        self.checked_by = self.checked_at = None

    @transition(source=State.CHECKED, target=State.CLOSED, label=_("allowances closed"))
    def close(self, *, by):
        """By another pair of eyes. What is wrong afterwards is set right by the next run."""
        if by == self.checked_by:
            raise ValidationError(gettext("You checked it: somebody else closes it."))
        self.closed_by, self.closed_at = by, clock.now()
        members = set(self.lines.values_list("member", flat=True))
        AllowanceStatement.objects.bulk_create(
            AllowanceStatement(run=self, member_id=member) for member in sorted(members)
        )

    @property
    def is_up_to_date(self):
        """The lines say what attendance says today."""
        owed = {(line["member"].pk, line["meeting"].pk): line["amount"] for line in self.owed()}
        return owed == {(line.member_id, line.meeting_id): line.amount for line in self.lines.all()}

    def owed(self):
        """From what was attended until its day and what the closed runs paid."""
        came = Attendance.objects.came().filter(
            meeting__cycle=self.cycle_id, meeting__state="held", meeting__starts_at__date__lte=self.until
        )
        paid = AllowanceLine.objects.filter(run__cycle=self.cycle_id, run__state=self.State.CLOSED)
        return owed_lines(
            came.select_related("meeting", "member"), paid.select_related("meeting", "member"), self.rate
        )

    def clean(self):
        """A day before the last run would take back what it paid."""
        last = self.cycle.allowance_runs.closed().aggregate(last=Max("until"))["last"]
        if self.until and last and self.until < last:
            raise ValidationError(
                {
                    "until": gettext("The last run went until %(day)s: choose that day or a later one.")
                    % {"day": date_format(last)}
                }
            )
        if self.until and self.until > clock.today():
            raise ValidationError({"until": gettext("That day is still to come.")})
        if self.cycle.allowance_runs.exclude(state=self.State.CLOSED).exclude(pk=self.pk).exists():
            raise ValidationError(gettext("A run of this cycle is not closed yet: finish it first."))


class AllowanceLine(models.Model):
    """What one meeting adds to, or takes from, what one member is paid."""

    run = models.ForeignKey(AllowanceRun, models.CASCADE, related_name="lines")
    member = models.ForeignKey(Member, models.PROTECT, related_name="allowances")
    meeting = models.ForeignKey("workshops.Meeting", models.PROTECT, related_name="allowances")
    half_days = models.DecimalField(max_digits=4, decimal_places=1)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    corrects = models.BooleanField(default=False, help_text="An earlier run paid this meeting otherwise.")

    class Meta:
        ordering = ["member__user__name", "member", "meeting__starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "member", "meeting"], name="a_run_pays_a_meeting_once")
        ]

    def __str__(self):
        return f"{self.member}, {self.meeting}: {self.amount}"


class AllowanceStatementQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            in_cycles_of(user, [Appointment.Role.SECRETARIAT], "run__cycle") | Q(member__user=user)
        )

    def with_amounts(self):
        """`amount`: what its run pays this member."""
        lines = AllowanceLine.objects.filter(run=OuterRef("run"), member=OuterRef("member")).order_by()
        return self.annotate(
            amount=Subquery(lines.values("member").annotate(sum=Sum("amount")).values("sum"))
        )

    def to_print(self):
        return self.filter(document=None)


class AllowanceStatement(models.Model):
    """The sheet a member receives of a closed run."""

    run = models.ForeignKey(AllowanceRun, models.PROTECT, related_name="statements")
    member = models.ForeignKey(Member, models.PROTECT, related_name="statements")
    document = models.OneToOneField(Document, models.PROTECT, null=True, related_name="statement")

    objects = AllowanceStatementQuerySet.as_manager()

    class Meta:
        ordering = ["member__user__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "member"], name="a_run_makes_one_statement_each")
        ]

    def __str__(self):
        return f"{self.member}, {self.run}"

    def issue(self):
        """Frozen and printed for this member alone; the row is held, so that it is done once."""
        with transaction.atomic():
            row = AllowanceStatement.objects.select_for_update().get(pk=self.pk)
            if row.document_id:
                return
            lines = list(row.run.lines.filter(member=row.member_id).select_related("meeting"))
            with translation.override("fr"):
                title = gettext("Allowance statement no. %(number)s") % {"number": row.run.number}
                row.document = Document.objects.issue(
                    Document.Kind.STATEMENT,
                    title,
                    statement_content(row.run, row.member, lines),
                    cycle=row.run.cycle,
                    reader=row.member.user,
                )
            row.save(update_fields=["document"])
