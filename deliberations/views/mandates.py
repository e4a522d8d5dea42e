"""Working mandates."""

from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, ListView

from assembly.views import EditView, FoundView, OfCycle
from deliberations.earlier import earlier_words
from deliberations.forms import texts as forms
from deliberations.models import Ballot, WorkingMandate
from deliberations.views.wordings import may_reword, wordings_of
from workshops.models import Workshop


class WorkingMandateList(OfCycle, ListView):
    paginate_by = 20
    cycle_path = "workshop__cycle"
    template_name = "deliberations/workingmandate_list.html"

    def get_queryset(self):
        rows = self.narrow(WorkingMandate.objects.visible_to(self.request.user))
        return rows.select_related("workshop__cycle").order_by("-workshop__cycle__number", "workshop", "-pk")

    def get_context_data(self, **context):
        user = self.request.user
        free = Workshop.objects.none()
        if entitled_in_any_cycle(user):
            free = Workshop.objects.visible_to(user).filter(mandates=None, notebook__state="deposited")
        return super().get_context_data(
            free_workshops=[shop for shop in free.select_related("cycle") if proposes(user, shop)], **context
        )


def entitled_in_any_cycle(user):
    return user.is_authenticated and user.holds("executive")


def proposes(user, workshop):
    return user.has_perm("deliberations.add_workingmandate", workshop)


class WorkingMandateDetail(DetailView):
    template_name = "deliberations/workingmandate_detail.html"
    context_object_name = "mandate"

    def get_queryset(self):
        rows = WorkingMandate.objects.visible_to(self.request.user)
        return rows.select_related("workshop__cycle", "notebook", "document")

    def get_context_data(self, **context):
        notebook, ballots = self.object.notebook, list(self.object.ballots.all())
        return super().get_context_data(
            ballots=ballots,
            wordings=wordings_of(self.object),
            may_reword=may_reword(self.request.user, self.object)
            and not any(row.state == Ballot.State.OPEN for row in ballots),
            earlier=earlier_words(self.object) if self.request.user.is_authenticated else [],
            questions=notebook.questions.all() if notebook else [],
            **context,
        )


class WorkingMandateFound(FoundView):
    model = WorkingMandate
    form_class = forms.WorkingMandateForm
    parent_model = Workshop
    parent_field = "workshop"
    title = gettext_lazy("Propose a working mandate")
    help_text = gettext_lazy("The plenary will adopt it or not. Until then only members and staff read it.")

    def get_initial(self):
        return {"notebook": getattr(self.parent, "notebook", None)}


class WorkingMandateEdit(EditView):
    model = WorkingMandate
    form_class = forms.WorkingMandateForm
    title = gettext_lazy("Modify the mandate")
