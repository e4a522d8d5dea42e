"""Lines added to a meeting: its programme, the people heard, its decisions."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.rules import is_moment
from assembly.views import EditView, FoundView
from workshops import forms
from workshops.models import (
    AgendaItem,
    Decision,
    Meeting,
    PersonHeard,
)


class PartFound(FoundView):
    """Add a line to a meeting."""

    parent_model, parent_field = Meeting, "meeting"

    def once(self, form):
        form.instance.meeting = Meeting._base_manager.select_for_update(of=("self",)).get(pk=self.parent.pk)
        if not is_moment("edit", form.instance):
            raise ValidationError(_("This can no longer be changed: %s.") % form.instance.get_state_display())
        return super().once(form)


class AgendaItemFound(PartFound):
    model, form_class = AgendaItem, forms.AgendaItemForm
    title = gettext_lazy("Add a point to the programme")

    def get_initial(self):
        return {"position": self.parent.agenda.count() + 1}


class PersonHeardFound(PartFound):
    model, form_class = PersonHeard, forms.PersonHeardForm
    title = gettext_lazy("Add a person heard")


class DecisionFound(PartFound):
    model, form_class = Decision, forms.DecisionForm
    title = gettext_lazy("Record a decision")


class PartEdit(EditView):
    def get_queryset(self):
        return super().get_queryset().select_related("meeting__cycle")


class AgendaItemEdit(PartEdit):
    model, form_class = AgendaItem, forms.AgendaItemForm


class PersonHeardEdit(PartEdit):
    model, form_class = PersonHeard, forms.PersonHeardForm


class DecisionEdit(PartEdit):
    model, form_class = Decision, forms.DecisionForm
