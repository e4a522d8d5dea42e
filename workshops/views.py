"""The pages of the workshops: their spaces, the agenda, minutes, notebooks."""

from collections import Counter, defaultdict

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, FormView, ListView

from assembly import clock
from assembly.models import Cycle
from assembly.rules import is_moment, is_secretariat
from assembly.views import ActView, CycleScoped, EditView, FormPage, FoundView, OfCycle, entitled_to_add
from workshops import forms
from workshops.models import (
    AgendaItem,
    Allotment,
    Attendance,
    Decision,
    Enrolment,
    Meeting,
    Minutes,
    Notebook,
    NotebookQuestion,
    NotebookSection,
    PersonHeard,
    Question,
    Workshop,
    facilitated_by,
    mixed_criteria,
)
from workshops.rules import runs

# Workshops -------------------------------------------------------------------


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


# Wishes and allotment --------------------------------------------------------


class ChooseWorkshop(FormPage, FormView):
    """A member ranks the workshops of the cycle they sit in."""

    form_class = forms.RankForm
    template_name = "workshops/enrolment_choose.html"
    title = gettext_lazy("Choose your workshop")

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            if request.user.seat is None:
                raise Http404
            self.seat = request.user.seat
            self.object = Enrolment.objects.of(self.seat)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {
            "workshops": self.workshops,
            "wishes": list(self.seat.preferences.values_list("workshop", flat=True)),
        }

    @property
    def workshops(self):
        if not hasattr(self, "_workshops"):
            self._workshops = list(self.seat.cycle.workshops.all())
        return self._workshops

    def get_context_data(self, **context):
        return super().get_context_data(enrolment=self.object, workshops=self.workshops, **context)

    def get_cancel_url(self):
        return ""

    def form_valid(self, form):
        try:
            enrolment, _new = Enrolment.objects.get_or_create(member=self.seat)
            enrolment.choose(by=self.request.user, workshops=form.cleaned_data["workshops"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        messages.success(self.request, _("Your wishes are kept; you may change them until the allotment."))
        return redirect("workshops:enrolment_choose")


class EnrolmentList(CycleScoped, ListView):
    """Who belongs where, and the previews of the allotment."""

    permission = "workshops.view_enrolments"
    paginate_by = 100

    def get_queryset(self):
        rows = Enrolment.objects.visible_to(self.request.user).filter(member__cycle=self.cycle)
        return rows.select_related("workshop", "member__user", "member__cycle").prefetch_related(
            "member__preferences__workshop"
        )

    def get_context_data(self, **context):
        members = self.cycle.members.seated()
        return super().get_context_data(
            allotments=self.cycle.allotments.all()[:10],
            seated=members.count(),
            wishing=members.filter(preferences__rank=1).count(),
            **context,
        )


class AllotmentFound(FoundView):
    model = Allotment
    form_class = forms.AllotmentForm
    title = gettext_lazy("Preview the allotment")
    help_text = gettext_lazy(
        "Workshops of equal size, gender mixed evenly, then as many first choices as possible; "
        "the seed settles what is equal. Nothing is published yet."
    )
    parent_model, parent_field, parent_slug = Cycle, "cycle", "number"

    def once(self, form):
        allotment = Allotment.objects.prepare(self.parent, form.cleaned_data["seed"], by=self.request.user)
        return redirect(allotment)


class AllotmentDetail(DetailView):
    def get_queryset(self):
        return Allotment.objects.visible_to(self.request.user).select_related("cycle")

    def get_context_data(self, **context):
        cycle = self.object.cycle
        members = {member.pk: member for member in cycle.members.select_related("user", "pool")}
        workshops = {workshop.pk: workshop for workshop in cycle.workshops.all()}
        rows = [
            {"member": members[row["member"]], "workshop": workshops[row["workshop"]], "rank": row["rank"]}
            for row in self.object.outcome
        ]
        return super().get_context_data(
            rows=sorted(
                rows, key=lambda row: (row["workshop"].position, row["workshop"].pk, str(row["member"]))
            ),
            met=wishes_met(rows),
            mix=mix(cycle, workshops.values(), rows),
            **context,
        )


def wishes_met(rows):
    """{"choice 1": people, …}: how many got what they wished."""
    ranks = Counter(row["rank"] for row in rows)
    met = {_("Choice %(rank)s") % {"rank": rank}: ranks[rank] for rank in sorted(filter(None, ranks))}
    return met | ({_("No wish given"): ranks[None]} if ranks[None] else {})


def mix(cycle, workshops, rows):
    """One table for each mixed criterion: categories × workshops, in people."""
    keys = mixed_criteria(cycle)
    criteria = cycle.criteria.filter(key__in=keys).prefetch_related("categories")
    tables = []
    for criterion in criteria:
        counts = defaultdict(Counter)
        for row in rows:
            counts[row["workshop"].pk][row["member"].profile.get(criterion.key)] += 1
        lines = [
            {"label": category.title, "values": [(w.title, counts[w.pk][category.key]) for w in workshops]}
            for category in criterion.categories.all()
        ]
        total = [(w.title, sum(counts[w.pk].values())) for w in workshops]
        tables.append({"title": criterion.title, "lines": lines, "total": total})
    return tables


# Meetings --------------------------------------------------------------------


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


# Questions -------------------------------------------------------------------


class QuestionList(OfCycle, ListView):
    """Questions asked, with their answers or their silence."""

    paginate_by = 20

    def get_queryset(self):
        rows = Question.objects.visible_to(self.request.user).select_related("workshop", "meeting", "cycle")
        if self.request.GET.get("overdue"):
            rows = rows.overdue()
        return self.narrow(rows).order_by("-pk")


class QuestionFound(FoundView):
    model, form_class = Question, forms.QuestionForm
    title = gettext_lazy("Ask a question")

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        question = kwargs["instance"]
        question.cycle, question.workshop = self.parent.cycle, self.asking_workshop()
        seats = [seat for seat in self.request.user.seats if seat.cycle_id == question.cycle_id]
        question.asked_by = next(iter(seats), None)
        return kwargs


class MeetingQuestionFound(QuestionFound):
    parent_model, parent_field = Meeting, "meeting"

    def asking_workshop(self):
        return self.parent.workshop


class WorkshopQuestionFound(QuestionFound):
    parent_model, parent_field = Workshop, "workshop"

    def asking_workshop(self):
        return self.parent


class QuestionEdit(EditView):
    model, form_class = Question, forms.QuestionForm


# Minutes ---------------------------------------------------------------------


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
        return rows.select_related("meeting__cycle", "meeting__workshop__rapporteur", "document__cycle")


class MinutesEdit(EditView):
    model, form_class = Minutes, forms.MinutesForm
    title = gettext_lazy("Write the minutes")


# Notebooks -------------------------------------------------------------------


class NotebookList(OfCycle, ListView):
    paginate_by = 20
    cycle_path = "workshop__cycle"

    def get_queryset(self):
        rows = self.narrow(Notebook.objects.visible_to(self.request.user))
        return rows.select_related("workshop__cycle")


class NotebookDetail(DetailView):
    """The same body as the sheet, with the answers that came since."""

    def get_queryset(self):
        rows = Notebook.objects.visible_to(self.request.user)
        return rows.select_related("workshop__cycle", "document__cycle")

    def get_context_data(self, **context):
        questions = self.object.questions.select_related("notebook__workshop__cycle", "answered_by")
        return super().get_context_data(
            content=self.object.content,
            sections=self.object.sections.select_related("notebook__workshop__cycle"),
            questions=questions,
            inside=self.object.workshop.is_open_to(self.request.user),
            writing=is_moment("edit", self.object),
            can_question=entitled_to_add(self.request.user, NotebookQuestion, self.object),
            **context,
        )


class NotebookEdit(EditView):
    model, form_class = Notebook, forms.NotebookForm


def still_written(notebook_id):
    """The notebook, held for the length of this transaction, if it may still change."""
    notebook = Notebook._base_manager.select_for_update(of=("self",)).get(pk=notebook_id)
    if not is_moment("edit", notebook):
        raise ValidationError(_("This can no longer be changed: %s.") % notebook.get_state_display())
    return notebook


class OnNotebook(EditView):
    def get_queryset(self):
        return super().get_queryset().select_related("notebook__workshop__cycle")

    def keep(self, form):
        still_written(self.object.notebook_id)
        super().keep(form)


class SectionEdit(OnNotebook):
    model, form_class = NotebookSection, forms.SectionForm


class NotebookQuestionEdit(OnNotebook):
    model, form_class = NotebookQuestion, forms.NotebookQuestionForm


class NotebookQuestionFound(FoundView):
    model, form_class = NotebookQuestion, forms.NotebookQuestionForm
    title = gettext_lazy("Add a question to the executive")
    parent_model, parent_field = Notebook, "notebook"

    def once(self, form):
        form.instance.notebook = still_written(self.parent.pk)
        return super().once(form)
