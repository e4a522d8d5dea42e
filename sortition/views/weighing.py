"""The draw room before the draw: what it would give, its quotas tried and changed."""

import time
from collections import Counter

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, TemplateView

from assembly.rules import is_moment
from sortition import likeness, quotas
from sortition.forms.quotas import QuotasForm, RelaxForm
from sortition.models import Draw
from sortition.outlook import Outlook, points
from sortition.quotas import aimed, plan
from sortition.views.draws import DrawAct, steps
from sortition.views.pages import STAFF_PAGE
from sortition.weighing import inputs_of, trial, weighed

WAITING = (Draw.State.PREPARED, Draw.State.ANNOUNCED)


class RoomPage:
    """A page of a draw for those who follow the recruitment of its cycle."""

    def get_draw(self):
        rows = Draw.objects.visible_to(self.request.user).select_related(
            "cycle", "pool", "weighing", "prepared_by"
        )
        draw = get_object_or_404(rows, pk=self.kwargs["pk"])
        if not self.request.user.has_perm(STAFF_PAGE, draw):
            raise PermissionDenied
        return draw


class DrawRoom(RoomPage, DetailView):
    """What this draw would give: kept by a job, which starts again when volunteers, quotas or rule have changed."""

    template_name = "sortition/draw_room.html"

    def get_object(self, queryset=None):
        return self.get_draw()

    def get_context_data(self, **context):
        draw = self.object
        pools = plan(draw.cycle)
        weighing, job = weighed(draw, by=self.request.user, pools=pools)
        return super().get_context_data(
            draw=draw,
            steps=steps(draw),
            weighing=weighing,
            outlook=Outlook(draw, pools, weighing.result) if weighing else None,
            job=job,
            pools=pools,
            doubles=quotas.doubles(draw) if draw.state in WAITING else [],
            undecided=likeness.undecided(draw.cycle) if draw.state in WAITING else 0,
            sacred=never_moved(draw, pools),
            entries=draw.entries.select_related("by"),
            **context,
        )


def never_moved(draw, pools):
    """The titles of the criteria that are sacred."""
    criteria = {criterion.key: criterion.title for pool in pools for criterion, _categories in aimed(pool)}
    return ", ".join(title for key, title in criteria.items() if draw.sacred.get(key) == "never")


class TryQuotas:
    """Quotas as they are typed, and what they would give."""

    def tried(self, draw, form, relaxations=0):
        """{sentences, ways, minimum, before, seconds} for quotas that were typed whole; their faults otherwise."""
        started = time.monotonic()
        if not form.is_valid():
            return {"faults": form.errors_of_pools or ["…"]}
        if sentences := form.sentences():
            return {"sentences": sentences}
        minimum, found = trial(inputs_of(draw, form.wanted), relaxations)
        outlook = Outlook(draw, plan(draw.cycle), found)
        kept = getattr(draw, "weighing", None)
        before = kept.result.get("rules", {}).get(draw.rule, {}).get("minimum") if kept else None
        return {
            "sentences": outlook.sentences,
            "ways": outlook.ways,
            "lacking": outlook.lacking,
            "minimum": minimum,
            "before": before,
            "points": points(minimum - before) if minimum is not None and before is not None else "",
            "milliseconds": round(1000 * (time.monotonic() - started)),
        }


class DrawQuotas(TryQuotas, DrawAct):
    """Seats and quotas of the pools. “Try” shows the effect and saves nothing."""

    act = "set_quotas"
    form_class = QuotasForm
    template_name = "sortition/draw_quotas.html"
    title = gettext_lazy("Seats and quotas")
    then = back = "get_room_url"

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        people = counted(self.object)
        return context | {"tables": [pool_tables(form, people) for form in context["form"].pools]}

    def form_valid(self, form):
        if "try" in self.request.POST:
            effect = self.tried(self.object, form, relaxations=3)
            return self.render_to_response(self.get_context_data(form=form, effect=effect))
        form.cleaned_data = form.facts
        return super().form_valid(form)


class DrawTry(TryQuotas, RoomPage, TemplateView):
    """The effect of what is being typed, as a fragment of the page of quotas."""

    template_name = "sortition/_effect.html"

    def post(self, request, *args, **kwargs):
        return self.get(request, *args, **kwargs)

    def get_context_data(self, **context):
        draw = self.get_draw()
        form = QuotasForm(self.request.POST or None, object=draw)
        effect = self.tried(draw, form) if form.is_bound and is_moment("set_quotas", draw) else None
        return super().get_context_data(object=draw, effect=effect, **context)


class DrawRelax(DrawAct):
    """One of the proposals of the room, applied to the quotas."""

    act = "relax"
    form_class = RelaxForm
    title = gettext_lazy("Relax these quotas")
    then = back = "get_room_url"

    def get_initial(self):
        return {"way": self.request.GET.get("way", 0), "fingerprint": self.fingerprint}

    @property
    def fingerprint(self):
        return getattr(getattr(self.object, "weighing", None), "fingerprint", "")


# ---- the tables of the page of quotas


def counted(draw):
    """How many may be drawn: (pool, criterion, category) → people."""
    return Counter(
        (row.pool_id, criterion, category)
        for row in quotas.taking_part(draw).select_related(None).only("pool", "profile")
        for criterion, category in row.profile.items()
    )


def pool_tables(form, people):
    """One pool: its form, the criteria it is drawn by, and those it could be."""
    tables = [table(form, criterion, people) for criterion in form.criteria]
    return {
        "form": form,
        "pool": form.pool,
        "aimed": [one for one in tables if one["aimed"]],
        "others": [one for one in tables if not one["aimed"]],
    }


def table(form, criterion, people):
    categories = list(criterion.categories.all())
    city = sum(category.population or 0 for category in categories)
    rows = [
        {
            "category": category,
            "people": people[form.pool.pk, criterion.key, category.key],
            "share": (category.population or 0) / city if city else None,
            "minimum": form[f"min_{category.pk}"],
            "maximum": form[f"max_{category.pk}"],
        }
        for category in categories
    ]
    aimed = any(row[side].value() not in (None, "") for row in rows for side in ("minimum", "maximum"))
    return {"criterion": criterion, "rows": rows, "aimed": aimed}
