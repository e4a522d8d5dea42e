"""The workshops and their spaces."""

from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, ListView

from assembly import clock
from assembly.models import Cycle
from assembly.rules import is_secretariat
from assembly.views import EditView, FoundView, OfCycle
from workshops.forms import spaces as forms
from workshops.models import Meeting, Workshop
from workshops.rules import runs
from workshops.sections.papers import readable_notebook
from workshops.views.spaces import InSpace


class WorkshopList(OfCycle, ListView):
    paginate_by = 30

    def get_queryset(self):
        rows = Workshop.objects.visible_to(self.request.user).select_related("cycle")
        return self.narrow(rows).with_counts()

    def get_context_data(self, **context):
        return super().get_context_data(secretariat=is_secretariat(self.request.user), **context)


class WorkshopDetail(InSpace, DetailView):
    """The first page of a workshop's space: its programme, and where each thing is."""

    def get_queryset(self):
        return Workshop.objects.visible_to(self.request.user).select_related("cycle", "notebook")

    def get_workshop(self):
        return self.object

    def get_context_data(self, **context):
        workshop, user = self.object, self.request.user
        inside = workshop.is_open_to(user)
        return super().get_context_data(
            can_plan=runs.test(user, workshop),
            mine=workshop.enrolments.filter(member__user=user).first() if inside else None,
            facilitators=workshop.facilitators.all(),
            notebook=readable_notebook(workshop, inside),
            **by_date(Meeting.objects.visible_to(user).filter(workshop=workshop)),
            **context,
        )


def by_date(meetings):
    """The programme: what comes, soonest first, and what was, latest first."""
    rows, now = list(meetings), clock.now()
    return {
        "coming": [row for row in reversed(rows) if row.ends_at >= now and row.state != Meeting.State.HELD],
        "past": [row for row in rows if row.ends_at < now or row.state == Meeting.State.HELD],
    }


class WithSiblings:
    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        return kwargs | {"siblings": Workshop.objects.filter(cycle=kwargs["instance"].cycle_id)}


class WorkshopFound(WithSiblings, FoundView):
    model = Workshop
    form_class = forms.WorkshopForm
    title = gettext_lazy("New workshop")
    parent_model, parent_field, parent_slug = Cycle, "cycle", "number"


class WorkshopEdit(WithSiblings, EditView):
    model = Workshop
    form_class = forms.WorkshopForm
