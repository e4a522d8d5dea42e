"""Lines added to a meeting: its programme, the people heard, its decisions."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.rules import is_moment
from assembly.views import EditView, FoundView
from workshops.forms import meetings as meeting_forms
from workshops.forms import spaces as forms
from workshops.models import (
    AgendaItem,
    Decision,
    Guest,
    Meeting,
    Paper,
    PersonHeard,
)
from workshops.papers import LIMIT


class PartFound(FoundView):
    """Add a line to a meeting."""

    parent_model, parent_field = Meeting, "meeting"

    def once(self, form):
        form.instance.meeting = Meeting._base_manager.select_for_update(of=("self",)).get(pk=self.parent.pk)
        if not is_moment("edit", form.instance):
            raise ValidationError(_("This can no longer be changed: %s.") % form.instance.get_state_display())
        return super().once(form)


class AgendaItemFound(PartFound):
    """At the end; it can be moved up afterwards."""

    model, form_class = AgendaItem, meeting_forms.AgendaItemForm
    title = gettext_lazy("Add a point to the programme")

    def once(self, form):
        last = self.parent.agenda.aggregate(last=Max("position"))["last"] or 0
        form.instance.position = last + 1
        return super().once(form)


class PaperFound(PartFound):
    """A file, checked before it is kept."""

    model, form_class = Paper, meeting_forms.PaperForm
    title = gettext_lazy("Attach a paper")
    upload_limit = LIMIT + 1024 * 1024


class GuestFound(PartFound):
    model, form_class = Guest, meeting_forms.GuestForm
    title = gettext_lazy("Note a guest from outside")
    help_text = gettext_lazy("Never public, not counted in the quorum.")

    def get_success_url(self):
        return reverse("workshops:meeting_take_attendance", args=[self.parent.pk])

    def once(self, form):
        super().once(form)
        return redirect(self.get_success_url())

    get_cancel_url = get_success_url


def paper_file(request, pk):
    """To be saved, never shown inside a page of ours."""
    paper = get_object_or_404(Paper.objects.visible_to(request.user), pk=pk)
    if not paper.file.storage.exists(paper.file.name):
        messages.error(request, _("This file is away: tell the secretariat."))
        return redirect(paper.meeting)
    return FileResponse(
        paper.file.open("rb"), as_attachment=True, filename=paper.name, content_type=paper.kind
    )


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
    model, form_class = AgendaItem, meeting_forms.AgendaItemForm


class PersonHeardEdit(PartEdit):
    model, form_class = PersonHeard, forms.PersonHeardForm


class DecisionEdit(PartEdit):
    model, form_class = Decision, forms.DecisionForm
