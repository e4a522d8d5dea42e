"""Measures and their returns."""

from django.db.models import Count, Q
from django.views.generic import DetailView

from deliberations import forms
from deliberations.models import (
    Measure,
    Role,
)
from deliberations.views.lists import FilteredList, WaitingHere


class MeasureList(WaitingHere, FilteredList):
    template_name = "deliberations/measure_list.html"
    filters = forms.MeasureFilters
    landing = Role.DEPARTMENT

    def rows(self):
        return Measure.objects.public().select_related("proposal__cycle")

    def narrowed(self, rows, wishes):
        if words := wishes.get("q"):
            rows = rows.filter(Q(text__icontains=words) | Q(proposal__title__icontains=words))
        if "cycle" in wishes:
            rows = rows.filter(proposal__cycle=wishes["cycle"])
        if "state" in wishes:
            rows = rows.filter(state=wishes["state"])
        if "owner" in wishes:
            rows = rows.filter(owner__icontains=wishes["owner"])
        return rows.overdue() if "overdue" in wishes else rows

    def get_context_data(self, **context):
        counted = dict(Measure.objects.public().order_by().values_list("state").annotate(number=Count("pk")))
        states = [{"label": label, "value": counted.get(state, 0)} for state, label in Measure.State.choices]
        return super().get_context_data(
            states=states,
            total=sum(counted.values()),
            overdue=Measure.objects.public().overdue().count(),
            **context,
        )


class MeasureDetail(DetailView):
    template_name = "deliberations/measure_detail.html"

    def get_queryset(self):
        rows = Measure.objects.visible_to(self.request.user)
        return rows.select_related("proposal__cycle", "proposal__workshop").prefetch_related("returns")
