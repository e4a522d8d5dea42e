"""Minutes."""

from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, ListView

from assembly.views import EditView, OfCycle
from workshops import forms
from workshops.models import (
    Minutes,
)


class MinutesList(OfCycle, ListView):
    """The minutes everybody may read."""

    paginate_by = 20
    cycle_path = "meeting__cycle"

    def get_queryset(self):
        rows = self.narrow(Minutes.objects.visible_to(self.request.user))
        return rows.select_related("meeting__workshop", "meeting__cycle", "document").defer(
            "document__content", "document__html"
        )


class MinutesDetail(DetailView):
    def get_queryset(self):
        rows = Minutes.objects.visible_to(self.request.user)
        return rows.select_related("meeting__cycle", "meeting__workshop__rapporteur", "document__cycle")


class MinutesEdit(EditView):
    model, form_class = Minutes, forms.MinutesForm
    title = gettext_lazy("Write the minutes")
