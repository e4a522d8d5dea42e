"""Table plans: made, bent by hand, shown."""

from collections import Counter

from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView

from assembly.models import Member
from assembly.views import ActView, FoundView
from workshops import tables
from workshops.forms import tables as table_forms
from workshops.models import Meeting, TablePlan, own_tables
from workshops.rules import runs


class TablePlanFound(FoundView):
    model, form_class = TablePlan, table_forms.TablePlanForm
    parent_model, parent_field = Meeting, "meeting"
    title = gettext_lazy("Make a table plan")
    help_text = gettext_lazy(
        "For those ticked present at that half-day; before anybody is ticked, for those expected. "
        "People who have not met yet are brought together first."
    )
    submit_label = gettext_lazy("Make the tables")

    def once(self, form):
        form.instance.compute()
        form.instance.save()
        form.instance.record("create", by=self.request.user)
        return redirect(form.instance)


class OfPlan(ActView):
    model = TablePlan

    def get_queryset(self):
        return super().get_queryset().select_related("meeting__cycle", "meeting__workshop")


class PlanAct(OfPlan):
    """What bends a plan may be asked of people who left since: a sentence, nothing lost."""

    def get_initial(self):
        return self.request.GET.dict()


class TablePlanDetail(DetailView):
    """Everybody’s tables; with `?ecran`, in large, for the projector."""

    def get_queryset(self):
        rows = TablePlan.objects.visible_to(self.request.user)
        return rows.select_related("meeting__cycle", "meeting__workshop")

    def get_template_names(self):
        big = "ecran" in self.request.GET
        return ["workshops/tableplan_screen.html" if big else "workshops/tableplan_detail.html"]

    def get_context_data(self, **context):
        plan, user = self.object, self.request.user
        names = {member.pk: member for member in members_of(plan)}
        leads = runs.test(user, plan)
        extra = self.for_leaders(plan, names) if leads else {}
        return super().get_context_data(
            rounds=in_names(plan, names, {seat.pk for seat in user.seats}),
            mine=own_tables(plan, user),
            leads=leads,
            meeting=plan.meeting,
            **extra,
            **context,
        )

    def for_leaders(self, plan, names):
        there = set(plan.there()) if plan.state == TablePlan.State.PREPARED else set(plan.people)
        again = Counter(plan.met_before()) + tables.met_in(plan.outcome)
        here = tables.met_in(plan.outcome)
        return {
            "shortfalls": plan.shortfalls(),
            "pairs": len(here),
            "again": sum(again[pair] > 1 for pair in here),
            "together": [named(group, names) for group in plan.together],
            "apart": [named(group, names) for group in plan.apart],
            "pins": [
                (names[member], turn + 1, table + 1) for member, turn, table in plan.pins if member in names
            ],
            "arrived": len(there - set(plan.people)),
            "gone": len(set(plan.people) - there),
        }


def members_of(plan):
    seated = {member for turn in plan.outcome for table in turn for member in table}
    kept = {member for group in [*plan.together, *plan.apart] for member in group}
    return Member.objects.filter(pk__in=seated | kept).select_related("user")


def named(group, names):
    return ", ".join(names[member].shown_name for member in group if member in names)


def in_names(plan, names, own):
    """Rounds → tables → people, with what a page needs of each."""
    pinned = {(member, turn) for member, turn, _table in plan.pins}
    return [
        [
            sorted(
                (
                    {
                        "name": names[member].shown_name,
                        "pinned": (member, turn) in pinned,
                        "own": member in own,
                        "pk": member,
                    }
                    for member in people
                    if member in names
                ),
                key=lambda person: person["name"].casefold(),
            )
            for people in tables_
        ]
        for turn, tables_ in enumerate(plan.outcome)
    ]
