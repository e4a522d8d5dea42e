"""What was decided or promised, and what became of it."""

from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, ListView

from assembly.views import EditView, FoundView, OfCycle
from workshops.forms import papers as forms
from workshops.models import Commitment, Meeting


class CommitmentList(OfCycle, ListView):
    """The soonest due first, whatever the meeting; narrowed to a state by the form above."""

    paginate_by = 20
    cycle_path = "meeting__cycle"

    def get_queryset(self):
        self.filters = forms.CommitmentFilter(self.request.GET or None)
        state = self.filters.cleaned_data["state"] if self.filters.is_valid() else ""
        rows = self.narrow(Commitment.objects.visible_to(self.request.user))
        if state == "overdue":
            rows = rows.overdue()
        elif state:
            rows = rows.filter(state=state)
        return rows.soonest_first().select_related("meeting__workshop", "meeting__cycle")

    def get_context_data(self, **context):
        return super().get_context_data(filters=self.filters, **context)


class CommitmentDetail(DetailView):
    def get_queryset(self):
        rows = Commitment.objects.visible_to(self.request.user)
        return rows.select_related("meeting__cycle", "meeting__workshop", "decision", "person")


class CommitmentFound(FoundView):
    model, form_class = Commitment, forms.CommitmentForm
    title = gettext_lazy("Follow a commitment or a decision")
    parent_model, parent_field = Meeting, "meeting"


class CommitmentEdit(EditView):
    model, form_class = Commitment, forms.CommitmentForm

    def get_queryset(self):
        return super().get_queryset().select_related("meeting__cycle", "meeting__workshop")
