"""The pages of mandates, texts, votes and measures."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, ListView, TemplateView

from assembly.models import Cycle
from assembly.rules import entitled, is_moment
from assembly.views import ActView, EditView, FoundView, OfCycle, StaffOnly
from deliberations import clauses, differences, forms
from deliberations.journey import journey
from deliberations.models import (
    Ballot,
    Measure,
    Proposal,
    Recommendation,
    Role,
    Version,
    VersionConflict,
    WorkingMandate,
)
from deliberations.next_step import waiting_for
from workshops.models import Workshop, own_workshops
from workshops.next_step import waiting_for as waiting_in_workshops


class WaitingHere:
    """A page where somebody appointed lands: what waits for them comes first."""

    landing = None

    def get_context_data(self, **context):
        user = self.request.user
        lands = user.is_authenticated and any(held.role == self.landing for held in user.current_appointments)
        waiting = [*waiting_for(user), *waiting_in_workshops(user)] if lands else []
        return super().get_context_data(lands=lands, waiting=waiting, **context)


class FilteredList(ListView):
    """A list narrowed by a form in its address."""

    paginate_by = 20
    filters = None

    def get_queryset(self):
        self.form = self.filters(self.request.GET, user=self.request.user)
        return self.narrowed(self.rows(), self.form.wishes())

    def get_context_data(self, **context):
        return super().get_context_data(form=self.form, **context)


# Texts ---------------------------------------------------------------------------


class ProposalList(FilteredList):
    template_name = "deliberations/proposal_list.html"
    filters = forms.ProposalFilters

    def rows(self):
        return Proposal.objects.visible_to(self.request.user).select_related("cycle", "workshop")

    def narrowed(self, rows, wishes):
        if words := wishes.get("q"):
            rows = rows.filter(Q(title__icontains=words) | Q(plain_summary__icontains=words))
        if stage := wishes.get("stage"):
            rows = rows.filter(state__in={key: states for key, _label, states in Proposal.STAGES}[stage])
        return rows.filter(**{name: wishes[name] for name in ("cycle", "kind") if name in wishes})

    def get_context_data(self, **context):
        return super().get_context_data(own_workshops=where_to_draft(self.request.user), **context)


def where_to_draft(user):
    """The workshops in which this person may begin a text."""
    if not user.is_authenticated:
        return []
    rows = Workshop.objects.filter(cycle__in=Cycle.objects.under_way().values("pk")).select_related("cycle")
    if not user.holds("secretariat"):
        mine = own_workshops(user)
        rows = rows.filter(pk__in=mine) if mine else []
    return [workshop for workshop in rows if user.has_perm("deliberations.add_proposal", workshop)]


class ProposalBoard(WaitingHere, OfCycle, StaffOnly, TemplateView):
    """All texts by stage, with what each waits for and since when."""

    template_name = "deliberations/proposal_board.html"
    landing = Role.EXECUTIVE

    def get_context_data(self, **context):
        rows = Proposal.objects.visible_to(self.request.user).select_related("cycle", "workshop").with_since()
        rows = sorted(self.narrow(rows), key=lambda text: (text.since is None, text.since))
        columns = [
            {"key": key, "label": label, "texts": [text for text in rows if text.state in states]}
            for key, label, states in Proposal.STAGES
        ]
        return super().get_context_data(columns=columns, **context)


class TextPage:
    """A page about one text this person may know of."""

    model = Proposal
    context_object_name = "proposal"

    def get_queryset(self):
        rows = Proposal.objects.visible_to(self.request.user)
        return rows.select_related(
            "cycle", "workshop__notebook", "document", "council_item__document", "voted_version"
        )


class ProposalDetail(TextPage, DetailView):
    template_name = "deliberations/proposal_detail.html"

    def get_context_data(self, **context):
        text = self.object
        related = {
            "ballots": list(text.ballots.all()),
            "measures": list(text.measures.all()),
            "mandates": list(text.workshop.mandates.public()),
        }
        notebook = getattr(text.workshop, "notebook", None)
        return super().get_context_data(
            version=text.latest,
            may_write=may_write(self.request.user, text),
            journey=journey(text, **related, notebook=notebook),
            steps=steps_of(text),
            open_ballot=next((row for row in related["ballots"] if row.state == Ballot.State.OPEN), None),
            **related,
            **context,
        )


def steps_of(text):
    """The stages of a text as a line: done, here, to come."""
    keys = [key for key, _label, _states in Proposal.STAGES if key != "stopped"]
    here = keys.index(text.stage) if text.stage in keys else None
    return [
        {"label": label, "done": here is not None and keys.index(key) < here, "current": key == text.stage}
        for key, label, _states in Proposal.STAGES
        if key == text.stage or (key in keys and here is not None)
    ]


def pens_of(user, text):
    """The names under which this person may write at this stage."""
    pens = Version.pens(text.state)
    if not entitled(user, "save_version", text):
        return []
    if user.holds("secretariat", text.cycle):
        return list(pens)
    return [kind for kind in pens if kind == Version.kind_of(user)]


def may_write(user, text):
    return is_moment("save_version", text) and bool(pens_of(user, text))


class ProposalFound(FoundView):
    model = Proposal
    form_class = forms.ProposalForm
    parent_model = Workshop
    parent_field = "workshop"
    title = gettext_lazy("Draft a text")
    help_text = gettext_lazy(
        "Its clauses come next. Only the workshop and those who work with it see a draft."
    )

    def once(self, form):
        text = Proposal.objects.draft(by=self.request.user, workshop=self.parent, **form.cleaned_data)
        return redirect("deliberations:proposal_save_version", text.pk)


class ProposalEdit(EditView):
    model = Proposal
    form_class = forms.ProposalForm
    title = gettext_lazy("Title and summary")


class ProposalWrite(TextPage, DetailView):
    """Clause by clause, without a script: each button sends the whole page, and the page keeps every word."""

    template_name = "deliberations/proposal_write.html"

    def dispatch(self, request, *args, **kwargs):
        self.object = self.get_object()
        if not entitled(request.user, "save_version", self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, *args, **kwargs):
        latest = self.object.latest
        words = latest.clauses if latest else [clauses.clause("recital"), clauses.clause("measure")]
        return self.page(words, base=latest.number if latest else 0)

    def post(self, request, *args, **kwargs):
        words, base = posted_clauses(request.POST), request.POST.get("base", "0")
        name, _colon, place = request.POST.get("do", "save").partition(":")
        place = int(place) if place.isdigit() else None
        if name == "save":
            return self.keep(words, base)
        return self.page(*changed(words, name, place), base=base)

    def keep(self, words, base):
        try:
            self.object.save_version(by=self.request.user, clauses=words, **self.particulars(base))
        except VersionConflict as conflict:
            return self.conflict(conflict, words)
        except ValidationError as refusal:
            return self.page(words, base=base, refusal=refusal)
        messages.success(self.request, _("Saved as version %s.") % self.object.latest.number)
        return redirect(self.object)

    def particulars(self, base):
        chosen, pens = self.request.POST.get("author_kind"), pens_of(self.request.user, self.object)
        return {
            "base": int(base) if base.isdigit() else 0,
            "note": self.request.POST.get("note", "")[:200],
            "author_kind": chosen if chosen in pens else (pens or [""])[0],
        }

    def conflict(self, conflict, words):
        """The same words sent twice are saved once; other words are shown beside theirs."""
        theirs = conflict.theirs
        if theirs and theirs.author_id == self.request.user.pk and theirs.clauses == clauses.tidy(words):
            return redirect(self.object)
        number, kept = (theirs.number, theirs.clauses) if theirs else (0, [])
        both = labelled(differences.compare_clauses(kept, clauses.tidy(words)))
        return self.page(words, base=number, refusal=conflict, theirs=theirs, differences=both)

    def page(self, words, focus=None, *, base, refusal=None, **context):
        kinds = Version.ClauseKind.choices
        return self.render_to_response(
            self.get_context_data(
                clauses=words,
                focus=focus,
                base=base,
                note=self.request.POST.get("note", ""),
                kinds=kinds,
                errors=refusal.messages if refusal else [],
                pens=[Version.AuthorKind(kind) for kind in pens_of(self.request.user, self.object)],
                chosen=self.request.POST.get("author_kind", ""),
                too_late=not may_write(self.request.user, self.object),
                pens_sentence=Version.not_their_turn(self.object.state),
                **context,
            )
        )


def labelled(rows):
    """Differences with the words for the kind of each clause."""
    kinds = dict(Version.ClauseKind.choices)
    return [
        {"label": kinds[row.kind], "sort": row.sort, "moved": row.moved, "segments": row.segments}
        for row in rows
    ]


def posted_clauses(post):
    """The clauses as they were sent, blank ones too: a page that comes back has lost nothing."""
    rows = zip(post.getlist("id"), post.getlist("kind"), post.getlist("text"), strict=False)
    known = Version.ClauseKind.values
    return [
        clauses.clause(kind if kind in known else "recital", text, name[:36])
        for name, kind, text in list(rows)[: clauses.MOST]
    ]


def changed(words, name, place):
    """The clauses after a button, and the one to come back to."""
    last = len(words) - 1
    place = last if place is None else min(place, last)
    if name == "add":
        kind = words[place]["kind"] if words else "recital"
        return clauses.add(words, kind, place), place + 1
    if name in ("up", "down"):
        step = -1 if name == "up" else 1
        return clauses.move(words, place, step), min(max(place + step, 0), last)
    if name == "delete":
        return clauses.delete(words, place), max(place - 1, 0)
    return words, None


class ProposalVersions(TextPage, DetailView):
    """What changed between any two versions."""

    template_name = "deliberations/proposal_versions.html"

    def get_context_data(self, **context):
        versions = list(self.object.versions.all())
        new = self.chosen(versions, "a", versions[-1] if versions else None)
        earlier = [version for version in versions if new and version.number < new.number]
        old = self.chosen(versions, "de", earlier[-1] if earlier else None)
        both = differences.compare_clauses(old.clauses if old else [], new.clauses) if new else []
        return super().get_context_data(
            versions=versions,
            old=old,
            new=new,
            differences=labelled(both),
            summary=differences.summary(both),
            **context,
        )

    def chosen(self, versions, name, default):
        wanted = self.request.GET.get(name, "")
        return next((version for version in versions if str(version.number) == wanted), default)


class ProposalTexts(TextPage, DetailView):
    """Three texts side by side: what the citizens voted, what was carried, what the Council adopted."""

    template_name = "deliberations/proposal_texts.html"

    def get_queryset(self):
        return super().get_queryset().select_related("carried_version", "council_item__adopted_version")

    def get_context_data(self, **context):
        item = self.object.council
        texts = [
            (_("Voted by the citizens"), self.object.voted_version),
            (_("Carried by the executive"), self.object.carried_version),
            (_("Adopted by the Council"), item.adopted_version if item else None),
        ]
        texts = [(label, version) for label, version in texts if version]
        return super().get_context_data(texts=texts, rows=side_by_side(texts), **context)


def side_by_side(columns):
    """One row for each clause: in each text, its words as changed since the text before."""
    labels = [label for label, _version in columns]
    texts = [{clause["id"]: clause["text"] for clause in version.clauses} for _label, version in columns]
    keys = in_one_order(texts)
    return [[cell(labels, texts, place, key) for place in range(len(texts))] for key in keys]


def in_one_order(texts):
    """The names of all clauses: each new one stands after the one it follows in its own text."""
    order = []
    for text in texts:
        place = 0
        for key in text:
            if key not in order:
                order.insert(place, key)
            place = order.index(key) + 1
    return order


def cell(labels, texts, place, key):
    words = texts[place].get(key, "")
    before = texts[place - 1].get(key, "") if place else words
    return {"label": labels[place], "segments": differences.compare(before, words)}


# Mandates ------------------------------------------------------------------------


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
        notebook = self.object.notebook
        return super().get_context_data(
            ballots=self.object.ballots.all(),
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


# Votes ---------------------------------------------------------------------------


class BallotDetail(DetailView):
    template_name = "deliberations/ballot_detail.html"
    context_object_name = "ballot"

    def get_queryset(self):
        rows = Ballot.objects.visible_to(self.request.user)
        return rows.select_related("proposal__workshop__cycle", "mandate__workshop__cycle", "meeting")

    def get_context_data(self, **context):
        user, ballot = self.request.user, self.object
        paper = ballot.paper_of(user) if user.is_authenticated else None
        form = forms.CastForm(initial={"choice": paper.choice}) if paper and not paper.sealed else None
        return super().get_context_data(paper=paper, form=form, **context)


class OpenBallot(ActView):
    act = "open_ballot"
    form_class = forms.OpenBallotForm
    then = "get_ballot_url"
    help_text = gettext_lazy("Whoever sits today may vote: the list is frozen when the vote opens.")


# Measures ------------------------------------------------------------------------


class MeasureList(WaitingHere, FilteredList):
    template_name = "deliberations/measure_list.html"
    filters = forms.MeasureFilters
    landing = Role.DEPARTMENT

    def rows(self):
        return Measure.objects.public().select_related("proposal__cycle")

    def narrowed(self, rows, wishes):
        if words := wishes.get("q"):
            rows = rows.filter(Q(text__icontains=words) | Q(proposal__title__icontains=words))
        if "cycle" in wishes:
            rows = rows.filter(proposal__cycle=wishes["cycle"])
        if "state" in wishes:
            rows = rows.filter(state=wishes["state"])
        if "owner" in wishes:
            rows = rows.filter(owner__icontains=wishes["owner"])
        return rows.overdue() if "overdue" in wishes else rows

    def get_context_data(self, **context):
        counted = dict(Measure.objects.public().order_by().values_list("state").annotate(number=Count("pk")))
        states = [{"label": label, "value": counted.get(state, 0)} for state, label in Measure.State.choices]
        return super().get_context_data(
            states=states,
            total=sum(counted.values()),
            overdue=Measure.objects.public().overdue().count(),
            **context,
        )


class MeasureDetail(DetailView):
    template_name = "deliberations/measure_detail.html"

    def get_queryset(self):
        rows = Measure.objects.visible_to(self.request.user)
        return rows.select_related("proposal__cycle", "proposal__workshop").prefetch_related("returns")


# Recommendations -----------------------------------------------------------------


class RecommendationList(DetailView):
    """The recommendations of one workshop, each traced to the text that carries it."""

    template_name = "deliberations/recommendation_list.html"
    context_object_name = "workshop"

    def get_queryset(self):
        return Workshop.objects.visible_to(self.request.user).select_related("cycle")

    def get_context_data(self, **context):
        rows = Recommendation.objects.visible_to(self.request.user).filter(workshop=self.object)
        return super().get_context_data(
            recommendations=rows.select_related("carried_by", "workshop__cycle"),
            may_add=entitled_to_recommend(self.request.user, self.object),
            **context,
        )


def entitled_to_recommend(user, workshop):
    return user.is_authenticated and user.has_perm("deliberations.add_recommendation", workshop)


class RecommendationFound(FoundView):
    model = Recommendation
    form_class = forms.RecommendationForm
    parent_model = Workshop
    parent_field = "workshop"
    title = gettext_lazy("Add a recommendation")

    def once(self, form):
        self.object = Recommendation.objects.write(
            by=self.request.user, workshop=self.parent, text=form.cleaned_data["text"]
        )
        return redirect(self.object)
