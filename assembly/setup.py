"""Setting a cycle up: its rules and dates, phases, pools and targets."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, FormView

from assembly import charts, paris, preparation
from assembly.forms import CycleForm, PhaseTable, PoolTable, ProposalOfTargetsForm, TargetsForm
from assembly.models import Cycle
from assembly.rules import entitled, is_moment
from assembly.views import ActView, EditView, FormPage, FoundView


class CycleFound(FoundView):
    model = Cycle
    form_class = CycleForm
    title = gettext_lazy("New cycle")
    help_text = gettext_lazy("Everything can still be changed until recruitment is opened.")
    submit_label = gettext_lazy("Prepare this cycle")

    def get_initial(self):
        last = Cycle.objects.assemblies().first()
        number = last.number + 1 if last else 1
        return {"number": number, "title": _("Cycle %(number)s") % {"number": number}}

    def once(self, form):
        super().once(form)
        return redirect(self.object.get_setup_url())


class CycleEdit(EditView):
    model = Cycle
    form_class = CycleForm
    slug_field = slug_url_kwarg = "number"
    title = gettext_lazy("Rules and dates")
    submit_label = gettext_lazy("Save")

    def get_success_url(self):
        return self.object.get_setup_url()

    get_cancel_url = get_success_url


class CycleSetup(DetailView):
    """What is set, what is still to set, and the door to recruitment."""

    template_name = "assembly/cycle_setup.html"
    slug_field = slug_url_kwarg = "number"

    def get_queryset(self):
        return Cycle.objects.visible_to(self.request.user).prefetch_related(
            "phases", "pools__targets__category__criterion"
        )

    def get_object(self, queryset=None):
        cycle = super().get_object(queryset)
        if not entitled(self.request.user, "edit", cycle):
            raise PermissionDenied
        return cycle

    def get_context_data(self, **context):
        cycle = self.object
        pools = list(cycle.pools.all())
        return super().get_context_data(
            pools=pools,
            seats=sum(pool.seats for pool in pools),
            conflicts=[sentence for pool in pools for sentence in pool.contradictions()],
            is_open=cycle.state != Cycle.State.PREPARATION,
            has_targets=any(pool.targets.all() for pool in pools),
            workshops=cycle.workshops.all(),
            workshops_url=reverse("workshops:workshop_add", args=[cycle.number]),
            **context,
        )


class TargetsProposed(ActView):
    model = Cycle
    act = "propose_targets"
    form_class = ProposalOfTargetsForm
    slug_field = slug_url_kwarg = "number"
    then = "get_setup_url"
    title = gettext_lazy("Fill from the figures of Paris")
    help_text = gettext_lazy(
        "Pools, criteria and targets are computed from the population of Paris, in proportion to the seats."
        " What was typed by hand is replaced."
    )
    submit_label = gettext_lazy("Fill")

    def get_cancel_url(self):
        return self.object.get_setup_url()


class TablePage(FormPage, FormView):
    """A table of lines that one act of the cycle takes as a whole."""

    template_name = "assembly/table_form.html"
    act = None
    help_text = ""

    def dispatch(self, request, *args, **kwargs):
        rows = Cycle.objects.visible_to(request.user)
        self.object = get_object_or_404(rows, number=kwargs["number"])
        if not entitled(request.user, self.act, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form(self, form_class=None):
        return self.form_class(self.request.POST or None, initial=self.get_initial(), prefix="rows")

    def get_context_data(self, **context):
        return super().get_context_data(
            object=self.object, too_late=not is_moment(self.act, self.object), **context
        )

    def get_cancel_url(self):
        return self.object.get_setup_url()

    def perform(self, **facts):
        getattr(self.object, self.act)(by=self.request.user, **facts)

    def form_valid(self, form):
        try:
            self.perform(**{self.fact: form.rows})
        except ValidationError as refusal:
            return self.render_to_response(self.get_context_data(form=form, refusals=refusal.messages))
        return redirect(self.get_cancel_url())


class Phases(TablePage):
    act, fact = "set_phases", "phases"
    form_class = PhaseTable
    title = gettext_lazy("Phases")
    help_text = gettext_lazy("The stretches of the year that everybody sees. Empty lines are left out.")

    def get_initial(self):
        return list(self.object.phases.values("title", "starts_on", "ends_on"))


class Pools(TablePage):
    act, fact = "set_pools", "pools"
    form_class = PoolTable
    title = gettext_lazy("Pools and seats")
    help_text = gettext_lazy("Where members come from, and how many seats each source has.")

    def get_initial(self):
        return list(self.object.pools.values("key", "title", "source", "seats"))


class PoolTargets(TablePage):
    """Minimum and maximum of every category of a pool, with what the population would give."""

    act = "set_targets"
    template_name = "assembly/pool_targets.html"
    title = gettext_lazy("Targets")

    def dispatch(self, request, *args, **kwargs):
        self.pool = None
        return super().dispatch(request, *args, **kwargs)

    def get_form(self, form_class=None):
        pools = self.object.pools.prefetch_related("targets").select_related("cycle")
        self.pool = get_object_or_404(pools, key=self.kwargs["key"])
        criteria = list(self.object.criteria.prefetch_related("categories__criterion"))
        return TargetsForm(self.request.POST or None, pool=self.pool, criteria=criteria)

    def form_valid(self, form):
        conflicts = preparation.conflicts(self.pool, form.targets)
        if conflicts or "check" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form, refusals=conflicts, checked=True))
        try:
            self.perform(pool=self.pool, targets=form.targets)
        except ValidationError as refusal:
            return self.render_to_response(self.get_context_data(form=form, refusals=refusal.messages))
        return redirect(self.object.get_setup_url())

    def get_context_data(self, **context):
        form = context.get("form") or self.get_form()
        return super().get_context_data(
            pool=self.pool,
            tables=[targets_table(form, criterion) for criterion in form.criteria],
            **(context | {"form": form}),
        )


def targets_table(form, criterion):
    """One criterion as a table: population, share, exact share in seats, minimum, maximum, and their sums."""
    categories, seats = list(criterion.categories.all()), form.pool.seats
    counts = [people_of(form.pool, category) for category in categories]
    people = sum(counts) or 1
    bounds = [(form.bound("min", category), form.bound("max", category)) for category in categories]
    whole = (
        max([1, *(seats * count / people for count in counts), *(most or 0 for _least, most in bounds)])
        * 1.04
    )
    aimed = [bound for bound in bounds if bound != (None, None)]
    least = sum(bound[0] or 0 for bound in aimed)
    most = sum(seats if bound[1] is None else bound[1] for bound in aimed)
    return {
        "criterion": criterion,
        "rows": [
            targets_row(form, category, count / people, bound, whole)
            for category, count, bound in zip(categories, counts, bounds, strict=True)
        ],
        "source": categories[0].source if categories else "",
        "least": least,
        "most": most,
        "aimed": bool(aimed),
        "holds": not aimed or least <= seats <= most,
    }


def people_of(pool, category):
    """How many people a category stands for in this pool: nobody on the roll is under 18."""
    absent = (category.criterion.key, category.key) in paris.NOT_ON_THE_ROLL
    return 0 if absent and pool.source == pool.Source.ROLL else category.population or 0


def targets_row(form, category, share, bound, whole):
    exact = form.pool.seats * share
    return {
        "category": category,
        "share": share,
        "exact": exact,
        "minimum": form[f"min_{category.pk}"],
        "maximum": form[f"max_{category.pk}"],
        "bounded": bound != (None, None),
        "bar": charts.part(exact, whole),
        "low": charts.part(bound[0] or 0, whole),
        "high": charts.part(bound[1] or 0, whole),
    }
