"""The meetings by month: a grid, a list, and last month’s carried to this one."""

from datetime import date, datetime, time

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView, TemplateView

from assembly import clock
from assembly.models import Cycle
from assembly.rules import is_secretariat
from assembly.views import CycleScoped, FormPage, OnceMixin, entitled_to_add
from workshops.forms import meetings as meeting_forms
from workshops.models import Meeting, Workshop, facilitated_by
from workshops.sittings import next_month, previous_month, weeks_of

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 1)


def month_named(text):
    """The first day of “2026-11”; this month’s when it says nothing sensible."""
    try:
        return min(max(date.fromisoformat(f"{text}-01"), EARLIEST), LATEST)
    except ValueError:
        return clock.today().replace(day=1)


def within(rows, month):
    """The meetings that begin in a month, by the clock of Paris."""
    edges = [make_aware(datetime.combine(day, time())) for day in (month, next_month(month))]
    return rows.filter(starts_at__gte=edges[0], starts_at__lt=edges[1]).order_by("starts_at", "pk")


class MeetingCalendar(TemplateView):
    template_name = "workshops/meeting_calendar.html"

    def get_context_data(self, **context):
        user, month = self.request.user, month_named(self.request.GET.get("month", ""))
        running = Cycle.objects.visible_to(user).under_way()
        workshops = Workshop.objects.visible_to(user).filter(cycle__in=running).select_related("cycle")
        filters = meeting_forms.CalendarFilter(self.request.GET or None, workshops=workshops)
        wanted = filters.cleaned_data if filters.is_valid() else {}
        rows = Meeting.objects.visible_to(user).select_related("workshop", "cycle")
        if workshop := wanted.get("workshop"):
            rows = rows.filter(Q(workshop=workshop) | Q(kind=Meeting.Kind.PLENARY, cycle=workshop.cycle_id))
        if kind := wanted.get("kind"):
            rows = rows.filter(kind=kind)
        found = list(within(rows, month))
        return super().get_context_data(
            month=month,
            weeks=by_week(found, month),
            meetings=found,
            filters=filters,
            today=clock.today(),
            earlier=self.address_of(previous_month(month)),
            later=self.address_of(next_month(month)),
            plannable=plannable(user, running),
            **context,
        )

    def address_of(self, month):
        kept = {name: value for name, value in self.request.GET.items() if name != "month" and value}
        return f"?{urlencode(kept | {'month': f'{month:%Y-%m}'})}"


def plannable(user, cycles):
    """The cycles this person may plan a meeting of."""
    if not user.is_authenticated or not user.current_appointments:
        return []
    return [cycle for cycle in cycles if entitled_to_add(user, Meeting, cycle)]


def by_week(meetings, month):
    """Weeks of (day, meetings of the day); None outside the month."""
    days = {}
    for meeting in meetings:
        days.setdefault(localdate(meeting.starts_at), []).append(meeting)
    return [[day and (day, days.get(day, [])) for day in week] for week in weeks_of(month)]


class CopyMonth(OnceMixin, CycleScoped, FormPage, FormView):
    """Last month’s meetings on the same weekdays of a month: seen first, then kept as drafts."""

    permission = "workshops.add_meeting"
    form_class = meeting_forms.MonthForm
    template_name = "workshops/meeting_copy_month.html"
    title = gettext_lazy("Copy last month’s meetings")
    submit_label = gettext_lazy("Copy what is ticked")

    @property
    def month(self):
        asked = self.request.GET.get("month", "")
        return month_named(asked) if asked else next_month(clock.today())

    def sources(self):
        """What this person may plan again."""
        rows = Meeting.objects.filter(cycle=self.cycle).exclude(state=Meeting.State.CANCELLED)
        if not is_secretariat(self.request.user, self.cycle):
            rows = rows.filter(workshop__in=facilitated_by(self.request.user))
        return rows.select_related("workshop", "cycle")

    def get_form_kwargs(self):
        taken = within(self.sources(), self.month).values_list("workshop_id", "starts_at")
        return super().get_form_kwargs() | {
            "meetings": list(within(self.sources(), previous_month(self.month))),
            "month": self.month,
            "taken": set(taken),
        }

    def get_form(self, form_class=None):
        return self.form_class(**self.get_form_kwargs())

    def get_context_data(self, **context):
        return super().get_context_data(
            month=self.month,
            source=previous_month(self.month),
            earlier=f"{previous_month(self.month):%Y-%m}",
            later=f"{next_month(self.month):%Y-%m}",
            **context,
        )

    def get_cancel_url(self):
        return reverse("workshops:meeting_calendar") + f"?month={self.month:%Y-%m}"

    def once(self, form):
        for meeting, starts_at in form.chosen:
            if not entitled_to_copy(self.request.user, meeting):
                raise ValidationError(_("This meeting is not yours to copy: %s.") % meeting)
            meeting.copy(by=self.request.user, starts_at=starts_at)
        count = len(form.chosen)
        words = ngettext(
            "%(count)s meeting is being prepared; nothing is mailed.",
            "%(count)s meetings are being prepared; nothing is mailed.",
            count,
        )
        messages.success(self.request, words % {"count": count})
        return redirect(self.get_cancel_url())


def entitled_to_copy(user, meeting):
    return user.has_perm("workshops.copy_meeting", meeting)
