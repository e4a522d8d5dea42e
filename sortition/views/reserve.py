"""The reserve of the Assembly, for its juries."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from assembly.models import Cycle
from sortition.forms.reserve import ReserveForm
from sortition.reserve import bring_in
from sortition.views.pages import CycleFormPage


class ReserveIn(CycleFormPage):
    """A jury is drawn from those who volunteered for the Assembly and were not seated."""

    permission = "sortition.add_volunteer"
    form_class = ReserveForm
    title = gettext_lazy("Bring in the reserve of the Assembly")
    help_text = gettext_lazy(
        "The volunteers of the Assembly who were not seated become volunteers of this jury, with the profile"
        " they declared. What is known of them here is deleted when the jury ends."
    )

    def dispatch(self, request, *args, **kwargs):
        if not Cycle.objects.filter(number=kwargs["number"], parent__isnull=False).exists():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        try:
            bring_in(self.cycle, by=self.request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        return redirect("sortition:volunteer_list", self.cycle.number)
