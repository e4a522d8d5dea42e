"""The board of a workshop’s year, and the contacts made with those who drift away."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView

from assembly.views import FoundView
from workshops.forms import meetings as meeting_forms
from workshops.models import Outreach, Workshop
from workshops.year import year_of


class WorkshopYear(DetailView):
    template_name = "workshops/workshop_year.html"

    def get_queryset(self):
        return Workshop.objects.visible_to(self.request.user).select_related("cycle")

    def get_object(self, queryset=None):
        workshop = super().get_object(queryset)
        if not self.request.user.has_perm("workshops.view_year", workshop):
            raise PermissionDenied
        return workshop

    def get_context_data(self, **context):
        return super().get_context_data(**year_of(self.object), **context)


class OutreachFound(FoundView):
    """Somebody called them, wrote or spoke with them: the alert stops until they miss again."""

    model, form_class = Outreach, meeting_forms.OutreachForm
    parent_model, parent_field = Workshop, "workshop"
    title = gettext_lazy("Note a contact made")

    def get_initial(self):
        return self.request.GET.dict()

    def get_cancel_url(self):
        return Outreach(workshop=self.parent).get_absolute_url()

    def once(self, form):
        form.instance.by = self.request.user
        return super().once(form)
