"""The seats offered to the drawn."""

from django.utils.translation import gettext_lazy
from django.views.generic import ListView

from assembly.views import ActView
from sortition import forms
from sortition.models import SeatOffer
from sortition.recruitment import seats_by_pool
from sortition.views.pages import CyclePage


class SeatList(CyclePage, ListView):
    """Offers with names, for the secretariat; each reading is written in the journal."""

    permission = "sortition.view_seatoffer"
    template_name = "sortition/seat_list.html"
    paginate_by = 50

    def get_queryset(self):
        self.filters = forms.SeatFilters(
            self.request.GET or None, cycle=self.cycle, states=SeatOffer.State.choices
        )
        rows = SeatOffer.objects.visible_to(self.request.user).filter(draw__cycle=self.cycle)
        if self.filters.is_valid():
            said = self.filters.cleaned_data
            rows = rows.filter(pool=said["pool"]) if said["pool"] else rows
            rows = rows.filter(state=said["state"]) if said["state"] else rows
        return rows.select_related(
            "pool",
            "draw__cycle",
            "volunteer__contact",
            "member__user",
            "replaces__volunteer",
            "successor__volunteer",
        )

    def get_context_data(self, **context):
        self.cycle.record("read_names", by=self.request.user)
        return super().get_context_data(filters=self.filters, rows=seats_by_pool(self.cycle), **context)


class SeatAct(ActView):
    model = SeatOffer

    def get_queryset(self):
        return super().get_queryset().select_related("draw__cycle", "pool", "volunteer__contact")


class SeatConfirm(SeatAct):
    act = "confirm"
    form_class = forms.ConfirmForm
    title = gettext_lazy("Confirm this seat")
