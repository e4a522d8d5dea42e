"""Visits and training, and what one took part in."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, ListView, TemplateView

from assembly.views import EditView, FoundView
from workshops.forms import outside as forms
from workshops.models import Attendance, Meeting, Outing, Registration
from workshops.rules import runs

OUTINGS = (Meeting.Kind.VISIT, Meeting.Kind.TRAINING)


class OutingList(ListView):
    """Those one may register for, soonest first."""

    paginate_by = 20

    def get_queryset(self):
        rows = Outing.objects.visible_to(self.request.user).coming().with_places(self.request.user)
        return rows.select_related("meeting__workshop", "meeting__cycle").order_by("meeting__starts_at", "pk")


class OutingDetail(DetailView):
    def get_queryset(self):
        rows = Outing.objects.visible_to(self.request.user).with_places(self.request.user)
        return rows.select_related("meeting__workshop", "meeting__cycle")

    def get_context_data(self, **context):
        outing, user = self.object, self.request.user
        rows = outing.registrations.exclude(state=Registration.State.CANCELLED)
        keeps = runs.test(user, outing)
        return super().get_context_data(
            free=max(0, outing.places - outing.taken),
            rank=rank_of(outing, user) if outing.own == Registration.State.WAITING else None,
            own_label=Registration.State(outing.own).label if outing.own else "",
            registrations=rows.select_related("member__user", "member__cycle") if keeps else None,
            **context,
        )


def rank_of(outing, user):
    """Where this person stands in the waiting list, from 1."""
    rows = outing.registrations.filter(state=Registration.State.WAITING).order_by("at", "pk")
    people = list(rows.values_list("member__user", flat=True))
    return people.index(user.pk) + 1 if user.pk in people else None


class OutingFound(FoundView):
    model, form_class = Outing, forms.OutingForm
    title = gettext_lazy("Set the places and the registration")
    parent_model, parent_field = Meeting, "meeting"

    def once(self, form):
        if self.parent.kind not in OUTINGS:
            raise ValidationError(_("Registration is for visits and training."))
        if Outing.objects.filter(meeting=self.parent).exists():
            raise ValidationError(_("The places of this meeting are set already."))
        return super().once(form)


class OutingEdit(EditView):
    model, form_class = Outing, forms.OutingForm

    def get_queryset(self):
        return super().get_queryset().select_related("meeting")


class OwnRecord(TemplateView):
    """What one took part in, and what one is registered for."""

    template_name = "workshops/own_record.html"

    def get_context_data(self, **context):
        user = self.request.user
        rows = Attendance.objects.filter(
            member__user=user, meeting__kind__in=OUTINGS, meeting__state=Meeting.State.HELD
        )
        coming = (
            Outing.objects.coming()
            .with_places(user)
            .filter(registrations__member__user=user, registrations__state__in=["placed", "waiting"])
        )
        return super().get_context_data(
            attended=rows.select_related("meeting__workshop", "meeting__outing").order_by(
                "-meeting__starts_at"
            ),
            coming=coming.select_related("meeting__workshop", "meeting__cycle"),
            **context,
        )
