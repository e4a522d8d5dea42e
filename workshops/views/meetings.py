"""The agenda, and the attendance sheet."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, ListView

from assembly import clock
from assembly.models import Cycle
from assembly.rules import is_moment, is_secretariat
from assembly.views import ActView, EditView, FoundView, entitled_to_add
from workshops import forms
from workshops.models import (
    AgendaItem,
    Attendance,
    Decision,
    Meeting,
    Minutes,
    PersonHeard,
    Question,
    facilitated_by,
)


class MeetingList(ListView):
    paginate_by = 20

    def get_queryset(self):
        rows = Meeting.objects.visible_to(self.request.user).select_related("workshop", "cycle")
        self.filters = forms.MeetingFilter(self.request.GET or None)
        wanted = self.filters.cleaned_data if self.filters.is_valid() else {}
        for name in ("kind", "cycle"):
            if wanted.get(name):
                rows = rows.filter(**{name: wanted[name]})
        if words := (wanted.get("q") or "").strip():
            rows = rows.filter(title__icontains=words)
        if wanted.get("when") == "coming":
            rows = rows.filter(ends_at__gte=clock.now()).order_by("starts_at")
        elif wanted.get("when") == "past":
            rows = rows.filter(ends_at__lt=clock.now())
        return rows

    def get_context_data(self, **context):
        return super().get_context_data(filters=self.filters, plannable=self.plannable(), **context)

    def plannable(self):
        """The cycles this person may plan a meeting of."""
        user = self.request.user
        if not user.is_authenticated or not user.current_appointments:
            return []
        return [cycle for cycle in Cycle.objects.under_way() if entitled_to_add(user, Meeting, cycle)]


class MeetingDetail(DetailView):
    def get_queryset(self):
        rows = Meeting.objects.visible_to(self.request.user).with_status_of(self.request.user)
        return rows.select_related("workshop__rapporteur", "cycle")

    def get_context_data(self, **context):
        meeting, user = self.object, self.request.user
        heard = list(meeting.people_heard.all())
        inside = meeting.is_open_to(user)
        minutes = Minutes.objects.visible_to(user).filter(meeting=meeting).first()
        settled = minutes is not None and minutes.state == Minutes.State.PUBLISHED
        return super().get_context_data(
            inside=inside,
            can_ask=entitled_to_add(user, Question, meeting) and meeting.is_announced,
            can_add_item=may_add(user, AgendaItem, meeting),
            can_add_heard=may_add(user, PersonHeard, meeting),
            can_add_decision=may_add(user, Decision, meeting),
            writing=inside and not settled,
            agenda=meeting.agenda.all(),
            heard=heard if inside else [person for person in heard if person.agrees],
            questions=Question.objects.visible_to(user)
            .filter(meeting=meeting)
            .select_related("cycle", "meeting"),
            decisions=meeting.decisions.all() if inside or settled else [],
            counts=meeting.counts if meeting.state == Meeting.State.HELD or inside else None,
            own=Attendance.Status(meeting.own_status) if meeting.own_status else None,
            minutes=minutes,
            **context,
        )


def may_add(user, part, meeting):
    """Entitled to add such a line, and the meeting still takes it."""
    return entitled_to_add(user, part, meeting) and is_moment("edit", part(meeting=meeting))


class MeetingPage:
    """The secretariat calls anybody; a facilitator, their own workshops."""

    model = Meeting
    form_class = forms.MeetingForm

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        cycle, user = kwargs["instance"].cycle, self.request.user
        for_all = is_secretariat(user, cycle)
        workshops = cycle.workshops.all()
        own = workshops if for_all else workshops.filter(pk__in=facilitated_by(user))
        return kwargs | {"workshops": own, "for_all": for_all}


class MeetingFound(MeetingPage, FoundView):
    title = gettext_lazy("Plan a meeting")
    parent_model, parent_field, parent_slug = Cycle, "cycle", "number"


class MeetingEdit(MeetingPage, EditView):
    """While no notice has gone out."""


class TakeAttendance(ActView):
    """One page for everybody invited; two people may hold it at once."""

    model = Meeting
    act = "take_attendance"
    title = gettext_lazy("Take attendance")
    form_class = forms.AttendanceForm
    template_name = "workshops/meeting_take_attendance.html"

    def get_queryset(self):
        return super().get_queryset().select_related("cycle", "workshop")

    def form_valid(self, form):
        try:
            left = self.object.take_attendance(by=self.request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        for row in left:
            messages.warning(
                self.request,
                _("%(name)s was marked “%(status)s” by somebody else meanwhile: theirs was kept. Check.")
                % {"name": row.member, "status": row.get_status_display()},
            )
        messages.success(self.request, _("Attendance is kept."))
        return redirect("workshops:meeting_take_attendance", self.object.pk)
