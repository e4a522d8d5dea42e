"""The agenda, and the attendance sheet."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, ListView

from assembly import clock
from assembly.models import Cycle
from assembly.rules import is_moment, is_secretariat
from assembly.views import ActView, EditView, FoundView, OnceMixin, entitled_to_add
from workshops.forms import meetings as meeting_forms
from workshops.forms import spaces as forms
from workshops.models import (
    AgendaItem,
    Attendance,
    Decision,
    Meeting,
    Minutes,
    Paper,
    PersonHeard,
    Question,
    TablePlan,
    facilitated_by,
)
from workshops.models.notices import days_before
from workshops.rules import runs


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
        rows = Meeting.objects.visible_to(self.request.user).with_status_of(self.request.user).with_parts()
        return rows.select_related(
            "workshop__rapporteur", "workshop__cycle", "cycle", "hearing__document", "outing"
        )

    def get_context_data(self, **context):
        meeting, user = self.object, self.request.user
        inside, leads = meeting.is_open_to(user), runs.test(user, meeting)
        held, begun = meeting.state == Meeting.State.HELD, meeting.starts_at <= clock.now()
        minutes = Minutes.objects.visible_to(user).filter(meeting=meeting).first() if held else None
        settled = minutes is not None and minutes.state == Minutes.State.PUBLISHED
        return super().get_context_data(
            inside=inside,
            can_ask=entitled_to_add(user, Question, meeting) and meeting.is_announced,
            can_add_item=may_add(user, AgendaItem, meeting),
            can_add_heard=may_add(user, PersonHeard, meeting),
            can_add_decision=may_add(user, Decision, meeting),
            writing=inside and not settled,
            leads=leads,
            **programme_of(meeting, user),
            **around(meeting, user, inside and (leads or not held)),
            heard=heard_at(meeting, user, inside) if meeting.has_people_heard else [],
            questions=questions_at(meeting, user) if meeting.has_questions else [],
            decisions=meeting.decisions.all()
            if meeting.has_decisions and begun and (inside or settled)
            else [],
            counts=(settled and minutes.counts) or (meeting.counts if held or (inside and begun) else None),
            own=Attendance.Status(meeting.own_status) if meeting.own_status else None,
            minutes=minutes,
            **context,
        )


def heard_at(meeting, user, inside):
    rows = PersonHeard.objects.shown_to(user, meeting, inside=inside)
    return list(rows.select_related("meeting__cycle", "meeting__workshop"))


def questions_at(meeting, user):
    rows = Question.objects.visible_to(user).filter(
        meeting=meeting, state__in=[Question.State.PROPOSED, *Question.PUT]
    )
    return rows.select_related("cycle", "meeting__workshop", "person__meeting", "asked_by")


def programme_of(meeting, user):
    """The points with their hours and papers, the other papers, and whether it all fits."""
    items, loose = list(meeting.programme()), []
    by_item = {item.pk: [] for item in items}
    papers = Paper.objects.visible_to(user).filter(meeting=meeting) if meeting.has_papers else []
    for paper in papers:
        by_item.get(paper.item_id, loose).append(paper)
    return {
        "agenda": [(item, by_item[item.pk]) for item in items],
        "papers": loose,
        "overrun": meeting.overrun(items) if items else 0,
        "can_add_paper": entitled_to_add(user, Paper, meeting),
    }


def around(meeting, user, told):
    """What went out (for whom it is to be `told`), who sits where, and what this person may say of their coming."""
    ended = meeting.ends_at <= clock.now()
    called = meeting.state == Meeting.State.CALLED
    return {
        "notices": meeting.notices.select_related("document") if told and meeting.called_at else [],
        "plans": TablePlan.objects.visible_to(user).filter(meeting=meeting) if called else [],
        "can_plan_tables": called and entitled_to_add(user, TablePlan, meeting),
        "sitting": meeting.sitting_now if called and meeting.own_status else None,
        "may_answer": bool(meeting.own_status) and meeting.is_announced and not ended,
    }


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


class CallMeeting(ActView):
    """The notice: its delay said before it leaves."""

    model, act = Meeting, "call"
    form_class = meeting_forms.UrgencyForm
    template_name = "workshops/meeting_call.html"
    title = gettext_lazy("Send the notice")

    def get_queryset(self):
        return super().get_queryset().select_related("cycle", "workshop")

    def get_context_data(self, **context):
        invited = self.object.invited().count()
        days = days_before(self.object.starts_at)
        return super().get_context_data(invited=invited, days=days, **context)


class CopyMeeting(OnceMixin, ActView):
    """One copy, however often the button is pressed."""

    model, act = Meeting, "copy"
    form_class = meeting_forms.CopyForm
    template_name = "workshops/meeting_copy.html"
    title = gettext_lazy("Copy this meeting")

    def once(self, form):
        twin = self.object.copy(by=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("Here is the copy: it is being prepared, nothing is mailed."))
        return redirect(twin)


class DropFromMeeting(ActView):
    """Take a line off a meeting; the page that leads here says which."""

    model = Meeting
    danger = True

    def get_initial(self):
        return self.request.GET.dict()
