"""The composition over time: on any day for those who run it, at the moments that were frozen for all."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, TemplateView

from assembly import clock
from assembly.composition import composing, freezing, sheet, stages
from assembly.forms import DateInput
from assembly.lines import lines
from assembly.models import Cycle, Snapshot
from assembly.templatetags.house import day as in_words
from assembly.views import CycleScoped, FoundView

MONTH = timedelta(days=30)


class OnADay(forms.Form):
    """A day of the cycle; the whole, one pool or one workshop."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=DateInput)
    pool = forms.ChoiceField(label=gettext_lazy("Pool"), required=False)
    workshop = forms.ChoiceField(label=gettext_lazy("Workshop"), required=False)

    def __init__(self, *args, cycle, groups, **kwargs):
        super().__init__(*args, **kwargs)
        everybody = ("", gettext_lazy("All"))
        self.fields["pool"].choices = [everybody, *((str(pool.pk), pool.title) for pool in cycle.pools.all())]
        self.fields["workshop"].choices = [everybody, *((key, title) for key, (title, _r) in groups.items())]


def usual_day(facts):
    """Today; once nobody sits any more, the last day on which people sat."""
    today, sitting = clock.today(), facts["sitting"]
    over = sitting and all(fact.until and fact.until <= today for fact in sitting)
    return max(fact.until for fact in sitting) - timedelta(days=1) if over else today


class CompositionOnADay(CycleScoped, TemplateView):
    """In full, for the secretariat and the guarantors: from the population to those who attend."""

    permission = "assembly.view_composition"
    template_name = "assembly/composition_day.html"

    @cached_property
    def groups(self):
        return stages.groups_of(self.cycle)

    def get_context_data(self, **context):
        facts = composing.facts_of(self.cycle)
        self.usual_day = usual_day(facts)
        form = self.form()
        wanted = form.cleaned_data if form.is_valid() else {}
        day, pool = wanted.get("day") or self.usual_day, int(wanted.get("pool") or 0) or None
        group = self.groups.get(wanted.get("workshop"))
        criteria = composing.criteria_of(self.cycle, pool)
        scope = {"pool": pool, "refs": group and group[1]}
        figures = composing.counted(criteria, facts, day, **scope)
        return super().get_context_data(
            filters=form,
            sheet=sheet.sheet(figures),
            lines=self.year(criteria, facts, scope),
            whole=pool is None and group is None,
            **context,
        )

    def form(self):
        prefetch_related_objects([self.cycle], "pools__targets", "criteria__categories")
        asked = self.request.GET.dict()
        given = {"day": self.usual_day.isoformat()} | asked
        return OnADay(given, cycle=self.cycle, groups=self.groups)

    def year(self, criteria, facts, scope):
        """The distance to target, month by month until today."""
        last = min(self.usual_day, self.cycle.ends_on)
        first = min((fact.since for fact in facts["confirmed"]), default=last)
        days = [last - MONTH * back for back in range((last - first).days // MONTH.days + 1)][::-1]
        followed = [stage for stage in stages.in_order() if stage.key in sheet.FOLLOWED[1:]]
        found = []
        for day in days[-24:]:
            figures = composing.counted(criteria, facts, day, **scope)
            found.append(sheet.distances(figures, sheet.FOLLOWED[1:]))
        if len(found) < 2:
            return None
        series = [(str(stage.label), [row.get(stage.key) for row in found]) for stage in followed]
        return lines([in_words(day) for day in days[-24:]], series)


class SnapshotDetail(DetailView):
    """What was frozen; in full for those who may, beside another moment for everybody."""

    template_name = "assembly/snapshot_detail.html"

    def get_queryset(self):
        return Snapshot.objects.visible_to(self.request.user).select_related("cycle", "report")

    def get_context_data(self, **context):
        snapshot = self.object
        entitled = self.request.user.has_perm("assembly.view_composition", snapshot)
        in_full = entitled and "full" in self.request.GET
        others = [other for other in snapshot.cycle.snapshots.all() if other.pk != snapshot.pk]
        beside = next((one for one in others if str(one.pk) == self.request.GET.get("with")), None)
        return super().get_context_data(
            cycle=snapshot.cycle,
            sheet=sheet.sheet(snapshot.figures if in_full else snapshot.public),
            entitled=entitled,
            in_full=in_full,
            others=others,
            beside=beside,
            differences=self.differences(beside, in_full),
            **context,
        )

    def differences(self, beside, in_full):
        if beside is None:
            return []
        pair = sorted([self.object, beside], key=lambda snapshot: (snapshot.day, snapshot.pk))
        return sheet.differences(*(one.figures if in_full else one.public for one in pair))


class SnapshotForm(forms.ModelForm):
    class Meta:
        model = Snapshot
        fields = ["moment"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        taken = set(self.instance.cycle.snapshots.values_list("moment", flat=True))
        self.fields["moment"].choices = [
            choice for choice in Snapshot.Moment.choices if choice[0] not in taken
        ] or [("", _("Every moment is frozen already."))]


class SnapshotFound(FoundView):
    model = Snapshot
    form_class = SnapshotForm
    parent_model, parent_field, parent_slug = Cycle, "cycle", "number"
    title = gettext_lazy("Freeze the composition")
    help_text = gettext_lazy(
        "Today’s figures are frozen for good, published with small counts protected, and printed as a report. "
        "It happens by itself when the draw is published and when each phase opens."
    )

    def get_cancel_url(self):
        return reverse("assembly:cycle_composition", args=[self.parent.number])

    def once(self, form):
        if not form.cleaned_data["moment"]:
            raise ValidationError(_("Every moment is frozen already."))
        snapshot = freezing.take(self.parent, moment=form.cleaned_data["moment"], by=self.request.user)
        messages.success(self.request, _("Frozen."))
        return redirect(snapshot)
