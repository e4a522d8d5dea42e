"""Allowances: the runs of a cycle for those who pay, one’s own statements for each member."""

from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, ListView

from assembly.models import Cycle
from assembly.views import CycleScoped, FoundView, entitled_to_add
from workshops import allowances, spreadsheet
from workshops.forms import papers as paper_forms
from workshops.models import AllowanceLine, AllowanceRun, AllowanceStatement


class AllowanceRunList(CycleScoped, ListView):
    """The runs of a cycle, and what was paid month by month."""

    permission = "workshops.view_allowances"

    def get_queryset(self):
        return AllowanceRun.objects.filter(cycle=self.cycle).with_totals()

    def get_context_data(self, **context):
        paid = AllowanceLine.objects.filter(run__cycle=self.cycle, run__state=AllowanceRun.State.CLOSED)
        months = allowances.by_month(paid.select_related("meeting"))
        return super().get_context_data(
            months=months,
            total=sum((row["amount"] for row in months), Decimal(0)),
            can_add=entitled_to_add(self.request.user, AllowanceRun, self.cycle),
            **context,
        )


class AllowanceRunFound(FoundView):
    """Opened with its lines reckoned already."""

    model, form_class = AllowanceRun, paper_forms.AllowanceRunForm
    title = gettext_lazy("Prepare a run")
    parent_model, parent_field, parent_slug = Cycle, "cycle", "number"

    def once(self, form):
        response = super().once(form)
        self.object.reckon(by=self.request.user)
        return response


class AllowanceRunDetail(DetailView):
    def get_queryset(self):
        rows = AllowanceRun.objects.visible_to(self.request.user)
        return rows.select_related("cycle", "checked_by", "closed_by")

    def get_context_data(self, **context):
        run = self.object
        lines = list(run.lines.select_related("member__user", "meeting"))
        sheets = {row.member_id: row.document for row in run.statements.select_related("document")}
        people = [row | {"document": sheets.get(row["member"].pk)} for row in allowances.by_member(lines)]
        return super().get_context_data(
            people=people,
            months=allowances.by_month(lines),
            corrections=[line for line in lines if line.corrects],
            half_days=sum((row["half_days"] for row in people), Decimal(0)),
            total=sum((row["amount"] for row in people), Decimal(0)),
            outdated=run.state == run.State.DRAFT and not run.is_up_to_date,
            **context,
        )


def allowance_table(request, pk):
    """The run as a spreadsheet, a line a person and a line a meeting behind."""
    run = get_object_or_404(AllowanceRun.objects.visible_to(request.user), pk=pk)
    response = HttpResponse(spreadsheet.of_run(run), content_type=spreadsheet.KIND)
    response["Content-Disposition"] = (
        f'attachment; filename="indemnites-{run.cycle.number}-{run.number}.xlsx"'
    )
    return response


class OwnAllowances(ListView):
    """What this person was paid, statement by statement, and month by month."""

    template_name = "workshops/own_allowances.html"

    def get_queryset(self):
        rows = AllowanceStatement.objects.filter(member__user=self.request.user)
        return rows.select_related("run__cycle", "document").with_amounts().order_by("-run__closed_at")

    def get_context_data(self, **context):
        own = AllowanceLine.objects.filter(
            member__user=self.request.user, run__state=AllowanceRun.State.CLOSED
        )
        months = allowances.by_month(own.select_related("meeting"))
        return super().get_context_data(
            months=months, total=sum((row["amount"] for row in months), Decimal(0)), **context
        )
