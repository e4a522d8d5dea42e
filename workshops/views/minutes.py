"""Minutes: written, read again by those who were there, approved, published, corrected beside themselves."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, ListView

from assembly.views import ActView, EditView, FoundView, OfCycle, entitled_to_add
from workshops.forms import papers as forms
from workshops.models import Correction, Minutes
from workshops.writing import Written


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
        return rows.select_related(
            "meeting__cycle", "meeting__workshop__rapporteur", "document__cycle", "approved_in"
        )

    def get_context_data(self, **context):
        minutes, user = self.object, self.request.user
        in_review = minutes.state == Minutes.State.IN_REVIEW
        return super().get_context_data(
            content=minutes.content,
            corrections=self.corrections() if minutes.state != Minutes.State.DRAFT else [],
            can_propose=in_review and entitled_to_add(user, Correction, minutes),
            plenary=minutes.next_plenary if in_review else minutes.approved_in,
            earlier=minutes.versions_before,
            **context,
        )

    def corrections(self):
        """Those this person may read, about these very minutes: their meeting is not asked for again."""
        rows = Correction.objects.visible_to(self.request.user).filter(minutes=self.object)
        for correction in (found := list(rows.select_related("author"))):
            correction.minutes = self.object
        return found


class MinutesEdit(Written, EditView):
    model, form_class = Minutes, forms.MinutesForm
    title, submit_label = gettext_lazy("Write the minutes"), gettext_lazy("Save")
    long_field = "narrative"


class MinutesCorrect(Written, ActView):
    """Once published, only a new version corrects the old one."""

    model, act, form_class = Minutes, "correct", forms.CorrectedForm
    title = gettext_lazy("Publish a corrected version")
    help_text = gettext_lazy("The version published before stays beside the new one, with your reason.")
    long_field = "narrative"


class CorrectionFound(FoundView):
    model, form_class = Correction, forms.CorrectionForm
    title = gettext_lazy("Propose a correction")
    parent_model, parent_field = Minutes, "minutes"

    def once(self, form):
        if self.parent.state != Minutes.State.IN_REVIEW:
            raise ValidationError(_("The minutes are not being read again: nothing can be proposed."))
        form.instance.author = self.request.user
        return super().once(form)
