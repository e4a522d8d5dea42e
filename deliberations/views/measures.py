"""Measures and their returns."""

from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.generic import DetailView

from assembly.goals import serving
from assembly.views import ActView
from deliberations.follow_up import figures
from deliberations.forms.follow_up import ReachForm
from deliberations.forms.lists import MeasureFilters
from deliberations.models import (
    Measure,
    Role,
    YearlyReport,
)
from deliberations.views.lists import FilteredList, WaitingHere


class MeasureList(WaitingHere, FilteredList):
    """All measures of all cycles: the figures first, then each one, the most overdue first."""

    template_name = "deliberations/measure_list.html"
    filters = MeasureFilters
    landing = Role.DEPARTMENT

    def rows(self):
        rows = Measure.objects.public().with_progress().select_related("proposal__cycle")
        return rows.order_by(F("due_on").asc(nulls_last=True), "proposal_id", "number")

    def narrowed(self, rows, wishes):
        if words := wishes.get("q"):
            rows = rows.filter(Q(text__icontains=words) | Q(proposal__title__icontains=words))
        if "cycle" in wishes:
            rows = rows.filter(proposal__cycle=wishes["cycle"])
        if "state" in wishes:
            rows = rows.filter(state=wishes["state"])
        if "year" in wishes:
            rows = rows.filter(proposal__council_item__session_on__year=wishes["year"])
        if "owner" in wishes:
            rows = rows.filter(owner__icontains=wishes["owner"])
        if "goal" in wishes:
            rows = rows.filter(serving(wishes["goal"]))
        return rows.overdue() if "overdue" in wishes else rows

    def get_context_data(self, **context):
        is_first_page = not self.request.GET
        return super().get_context_data(
            figures=figures(Measure.objects.public()) if is_first_page else None,
            reports=YearlyReport.objects.public()[:3] if is_first_page else [],
            **context,
        )


class MeasureDetail(DetailView):
    template_name = "deliberations/measure_detail.html"

    def get_queryset(self):
        rows = Measure.objects.visible_to(self.request.user)
        return rows.select_related("proposal__cycle", "proposal__workshop").prefetch_related(
            "returns__readings__indicator", "indicators__readings__given", "milestones"
        )

    def get_context_data(self, **context):
        measure = self.object
        returns = list(measure.returns.all())
        costs = [row.cost for row in returns if row.cost is not None]
        milestones = list(measure.milestones.all())
        return super().get_context_data(
            returns=returns[::-1],
            cost=sum(costs) if costs else None,
            indicators=[curve(row) for row in measure.indicators.all()],
            milestones=milestones,
            reached=sum(row.reached_on is not None for row in milestones),
            **context,
        )


def curve(indicator):
    """An indicator and its values in the order of time; drawn when there are two and none is below zero."""
    readings = list(indicator.readings.all())
    points = [(date_format(row.given.on, "m/Y"), shown(row.value)) for row in readings]
    if indicator.start is not None:
        points.insert(0, (_("start"), shown(indicator.start)))
    drawn = len(points) > 1 and all(value >= 0 for _label, value in points)
    return {"indicator": indicator, "readings": readings, "points": points if drawn else []}


def shown(value):
    return int(value) if value == int(value) else float(value)


class ReachMilestone(ActView):
    form_class = ReachForm

    def get_initial(self):
        return super().get_initial() | {"milestone": self.request.GET.get("etape", "")}
