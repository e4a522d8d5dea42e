"""The workshops and their spaces."""

from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, ListView

from assembly import clock
from assembly.models import Cycle
from assembly.rules import is_secretariat
from assembly.views import EditView, FoundView, OfCycle, entitled_to_add
from workshops import forms
from workshops.models import (
    Meeting,
    Minutes,
    Notebook,
    Question,
    Workshop,
)
from workshops.rules import runs


class WorkshopList(OfCycle, ListView):
    paginate_by = 30

    def get_queryset(self):
        rows = Workshop.objects.visible_to(self.request.user).select_related("cycle")
        return self.narrow(rows).with_counts()

    def get_context_data(self, **context):
        return super().get_context_data(secretariat=is_secretariat(self.request.user), **context)


class WorkshopDetail(DetailView):
    """The space of a workshop for those it is open to; what is published for everybody else."""

    def get_queryset(self):
        return Workshop.objects.visible_to(self.request.user).select_related(
            "cycle", "rapporteur", "notebook"
        )

    def get_context_data(self, **context):
        workshop, user = self.object, self.request.user
        inside = workshop.is_open_to(user)
        people = list(workshop.enrolments.select_related("member__user")) if inside else []
        return super().get_context_data(
            inside=inside,
            can_plan=runs.test(user, workshop),
            can_ask=entitled_to_add(user, Question, workshop),
            people=people,
            mine=next((row for row in people if row.member.user_id == user.pk), None),
            facilitators=workshop.facilitators.all(),
            notebook=readable_notebook(workshop, inside),
            minutes_list=Minutes.objects.visible_to(user)
            .filter(meeting__workshop=workshop)
            .select_related("meeting"),
            questions=Question.objects.visible_to(user).filter(workshop=workshop).select_related("cycle"),
            **by_date(Meeting.objects.visible_to(user).filter(workshop=workshop)),
            **context,
        )


def readable_notebook(workshop, inside):
    """The notebook that came with the workshop: public once deposited, before that for who is inside."""
    notebook = getattr(workshop, "notebook", None)
    return notebook if notebook and (inside or notebook.state == Notebook.State.DEPOSITED) else None


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
