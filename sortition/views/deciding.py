"""Answers typed for others, tried before the opening, corrected; what a person decides before the freeze."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import ListView

from assembly import clock
from assembly.models import Cycle
from assembly.views import ActView
from sortition import eligibility, forms, likeness, typing_in
from sortition.models import Contact, Likeness, SecondAnswer, TrialAnswer, Volunteer
from sortition.models.volunteers import weighed
from sortition.views.pages import CycleFormPage, CyclePage


class AnswerType(CycleFormPage):
    """Paper and telephone, with the checks of the page; whoever types is written beside the answer."""

    permission = "sortition.add_volunteer"
    form_class = forms.TypedAnswerForm
    title = gettext_lazy("Type an answer")
    submit_label = gettext_lazy("Save this answer")
    help_text = gettext_lazy(
        "For those who answer on paper or by telephone. If they answered otherwise before, nothing is overwritten: "
        "both answers are shown side by side, and you decide."
    )

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"diplomas": eligibility.diplomas_of(self.cycle)}

    def form_valid(self, form):
        try:
            second = self.typed(form)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        if second is not None:
            messages.warning(
                self.request, _("This person answered otherwise before: decide which answer stands.")
            )
            return redirect(second)
        messages.success(self.request, _("Saved. You can type the next one."))
        return redirect("sortition:answer_type", self.cycle.number)

    def typed(self, form):
        data = form.cleaned_data
        told = {"by": self.request.user, "source": data["source"], "received_on": data["received_on"]}
        facts = form.facts() if form.says_yes else None
        if form.letter:
            return typing_in.for_letter(form.letter, facts, **told)
        return typing_in.without_letter(data["pool"], form.contact, facts, **told)


class AnswerTrial(CycleFormPage):
    """The response page tried before recruitment opens: the answers are of nobody and count nowhere."""

    permission = "sortition.add_volunteer"
    form_class = forms.TrialForm
    template_name = "sortition/answer_trial.html"
    title = gettext_lazy("Try the response page")
    submit_label = gettext_lazy("Send as a trial")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"diplomas": eligibility.diplomas_of(self.cycle)}

    def get_cancel_url(self):
        return self.cycle.get_absolute_url()

    @property
    def is_open(self):
        return self.cycle.state == Cycle.State.PREPARATION

    def form_valid(self, form):
        if not self.is_open:
            raise PermissionDenied
        pool, found = form.cleaned_data["pool"], {}
        if form.says_yes:
            facts = form.facts()
            answer = {name: facts[name] for name in ("gender", "birth_date", "district", "diploma")}
            kept = weighed(pool, Contact(), answer)
            found = {"profile": kept["profile"], "obstacle": kept["obstacle"]}
        TrialAnswer.objects.create(
            cycle=self.cycle, pool=pool, by=self.request.user, says_yes=form.says_yes, **found
        )
        messages.success(self.request, _("Tried: it is below, and counts nowhere."))
        return redirect("sortition:answer_trial", self.cycle.number)

    def get_context_data(self, **context):
        titles = titles_of(self.cycle)
        trials = list(self.cycle.trials.select_related("pool")[:50])
        for trial in trials:
            trial.traits = [titles.get(pair, "") for pair in trial.profile.items()]
        return super().get_context_data(trials=trials, is_open=self.is_open, **context)


def titles_of(cycle):
    return {
        (criterion.key, category.key): category.title
        for criterion in cycle.criteria.prefetch_related("categories")
        for category in criterion.categories.all()
    }


CONTACT = {
    "birth_date": gettext_lazy("Date of birth"),
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Telephone"),
}


class ToDecide(CyclePage, ListView):
    """Two answers that differ, two people who look alike: what waits, and what was decided. Each reading is written."""

    permission = "sortition.view_decisions"
    template_name = "sortition/to_decide.html"
    paginate_by = 20

    @property
    def decided(self):
        return self.request.GET.get("state") == "decided"

    def get_queryset(self):
        rows = Likeness.objects.visible_to(self.request.user).filter(cycle=self.cycle)
        rows = rows.exclude(state=Likeness.State.WAITING) if self.decided else rows.waiting()
        return rows.select_related(
            "cycle",
            "first__contact",
            "first__pool",
            "first__cycle",
            "second__contact",
            "second__pool",
            "second__cycle",
        )

    def seconds(self):
        rows = SecondAnswer.objects.visible_to(self.request.user).filter(volunteer__cycle=self.cycle)
        rows = rows.exclude(state=SecondAnswer.State.WAITING) if self.decided else rows.waiting()
        found = list(rows.select_related("volunteer__contact", "volunteer__cycle", "typed_by")[:50])
        criteria = list(self.cycle.criteria.prefetch_related("categories")) if found else []
        named = {one.key: one.title for one in criteria}
        for row in found:
            row.beside = [compared(row, name, criteria) for name in row.differs if row.facts]
            row.said = [named.get(name) or CONTACT.get(name) or _("Yes or no") for name in row.differs]
        return found

    def post(self, request, *args, **kwargs):
        if "look" in request.POST:
            waiting = likeness.look(self.cycle, by=request.user)
            said = ngettext("%(number)s pair to decide.", "%(number)s pairs to decide.", waiting)
            messages.success(request, said % {"number": waiting})
        else:
            self.share_homes(request)
        return redirect("sortition:to_decide", self.cycle.number)

    def share_homes(self, request):
        rows = Likeness.objects.visible_to(request.user).filter(cycle=self.cycle).waiting()
        ticked = [pk for pk in request.POST.getlist("homes") if pk.isdecimal()]
        try:
            done = [row.share_home(by=request.user) for row in rows.filter(pk__in=ticked)]
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            said = ngettext("%(number)s household noted.", "%(number)s households noted.", len(done))
            messages.success(request, said % {"number": len(done)})

    def get_context_data(self, **context):
        context = super().get_context_data(seconds=self.seconds(), decided=self.decided, **context)
        if context["seconds"] or context["object_list"]:
            self.cycle.record("read_answers", by=self.request.user)
        filters = forms.LikenessFilters(self.request.GET or None)
        return context | {"filters": filters, "looked": looked_on(self.cycle)}


def looked_on(cycle):
    """When duplicates were last looked for."""
    return cycle.entries.filter(act="assembly.cycle.look_for_likenesses").order_by("pk").last()


def compared(row, name, criteria):
    """(what, the answer before, this one), in words."""
    if name == "will":
        return _("Yes or no"), _("Yes"), _("No")
    if name in CONTACT:
        return CONTACT[name], getattr(row.volunteer.contact, name, ""), row.facts.get(name)
    criterion = next(one for one in criteria if one.key == name)
    titles = {category.key: category.title for category in criterion.categories.all()}
    fields = {field: row.facts.get(field) or "" for field in ("gender", "district", "diploma")}
    said = eligibility.profile_of({name: set(titles)}, birth_date=None, today=clock.today(), **fields)
    return criterion.title, titles.get(row.volunteer.profile.get(name), "–"), titles.get(said.get(name), "–")


class LikenessAct(ActView):
    """Two people side by side, and what they are."""

    model = Likeness
    template_name = "sortition/likeness_act.html"

    def get_queryset(self):
        names = ("contact", "pool", "cycle")
        sides = [f"{side}__{name}" for side in ("first", "second") for name in names]
        return super().get_queryset().select_related("cycle", *sides)


class VolunteerCorrect(ActView):
    model, act = Volunteer, "correct"
    form_class = forms.CorrectForm
    title = gettext_lazy("Correct an answer")
    help_text = gettext_lazy(
        "Before the pool is frozen: moved house, another diploma, a mistake. The volunteer keeps their pseudonym."
    )

    def get_queryset(self):
        return super().get_queryset().select_related("cycle", "pool__cycle", "contact")
