"""The list of volunteers."""

from django.views.generic import ListView

from sortition import forms, likeness
from sortition.models import Volunteer
from sortition.views.pages import CyclePage


class VolunteerList(CyclePage, ListView):
    """Volunteers by pseudonym: no name, no address."""

    template_name = "sortition/volunteer_list.html"
    paginate_by = 50

    def get_queryset(self):
        self.filters = forms.VolunteerFilters(self.request.GET or None, cycle=self.cycle)
        rows = (
            Volunteer.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related("pool", "cycle", "typed_by")
        )
        if self.filters.is_valid():
            said = self.filters.cleaned_data
            rows = rows.filter(pool=said["pool"]) if said["pool"] else rows
            rows = rows.filter(state=said["state"]) if said["state"] else rows
            rows = rows.filter(pseudonym__istartswith=said["q"].strip()) if said["q"] else rows
        return rows

    def get_context_data(self, **context):
        context = super().get_context_data(filters=self.filters, **context)
        titles = {
            (criterion.key, category.key): category.title
            for criterion in self.cycle.criteria.prefetch_related("categories")
            for category in criterion.categories.all()
        }
        for row in context["object_list"]:
            row.traits = [titles.get(pair, "") for pair in row.profile.items()]
        return context | {
            "may_set_aside": self.request.user.has_perm("sortition.set_aside_volunteer", self.cycle),
            "undecided": likeness.undecided(self.cycle),
        }
