"""Recruitment at a glance: where it stands, who answers, whether a panel could be drawn, who to remind."""

from django import forms
from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from assembly.models import Pool
from sortition import forecast, responses
from sortition.forms import RemindForm
from sortition.quotas import plan
from sortition.recruitment import Funnel
from sortition.views.letters import merge_lines
from sortition.views.pages import CycleFormPage, CyclePage


class Recruitment(CyclePage, TemplateView):
    template_name = "sortition/recruitment.html"

    def get_context_data(self, **context):
        pools, draws = plan(self.cycle), list(self.cycle.draws.select_related("cycle", "pool"))
        frozen = any(draw.frozen_at and draw.state != draw.State.CANCELLED for draw in draws)
        foreseen, job = None, None
        if pools and not frozen:
            foreseen, job = forecast.foreseen(self.cycle, pools, by=self.request.user)
        return super().get_context_data(
            funnel=Funnel(self.cycle, pools),
            forecast=foreseen,
            may_remind=not frozen,
            job=job,
            registers=self.cycle.registers.select_related("pool", "cycle").defer("refusals", "strata"),
            draws=draws,
            may_hand_over=self.request.user.has_perm("sortition.add_register", self.cycle),
            may_draw=self.request.user.has_perm("sortition.add_draw", self.cycle),
            **context,
        )


class PoolFilter(forms.Form):
    pool = forms.ModelChoiceField(
        Pool.objects.none(), label=gettext_lazy("Pool"), required=False, empty_label=gettext_lazy("all")
    )

    def __init__(self, *args, cycle, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pool"].queryset = cycle.pools.all()


class ResponseRates(CyclePage, TemplateView):
    """From the letters to the eligible, category by category and on the map, against the city."""

    template_name = "sortition/response_rates.html"

    def get_context_data(self, **context):
        filters = PoolFilter(self.request.GET or None, cycle=self.cycle)
        pool = filters.cleaned_data["pool"] if filters.is_valid() else None
        found = responses.Responses(self.cycle, pool)
        criteria = found.criteria()
        districts = next((one for one in criteria if one["key"] == "district"), None)
        return super().get_context_data(
            filters=filters,
            criteria=criteria,
            total=found.total,
            days=responses.by_day(self.cycle),
            **maps(districts),
            **context,
        )


def maps(districts):
    """{volunteers and answers per cent, by district}."""
    if not districts:
        return {}
    rates = {row["key"]: round(100 * row["rate"]) for row in districts["rows"] if row["rate"] is not None}
    return {"volunteers": {row["key"]: row["volunteers"] for row in districts["rows"]}, "rates": rates}


class Reminders(CycleFormPage):
    """Letters without answer, by district and age: as counts, and as a file for a reminder by post."""

    permission = "sortition.view_silent"
    form_class = RemindForm
    template_name = "sortition/reminders.html"
    title = gettext_lazy("Who to remind")
    submit_label = gettext_lazy("Take out the file for the printer")
    help_text = gettext_lazy(
        "No e-mail is needed: a second letter goes by post. The file holds names and addresses, and taking it out is written in the journal."
    )

    @cached_property
    def strata(self):
        """(age bands with their titles, lines) of the letters without answer."""
        ages, rows = responses.silent_strata(self.cycle)
        criterion = self.cycle.criteria.filter(key="age")
        labels = dict(criterion.values_list("categories__key", "categories__title"))
        return [(age, labels.get(age, age)) for age in ages], rows

    def get_form_kwargs(self):
        ages, rows = self.strata
        kwargs = super().get_form_kwargs() | {"ages": ages, "rows": rows}
        del kwargs["cycle"]
        return kwargs

    def get_context_data(self, **context):
        bands, rows = self.strata
        ages = [label for _key, label in bands]
        return super().get_context_data(
            ages=ages,
            rows=[(key, list(zip(ages, line, strict=True)), total) for key, line, total in rows],
            total=sum(total for _district, _line, total in rows),
            reminders=self.cycle.entries.filter(act="assembly.cycle.remind").select_related("by"),
            **context,
        )

    def form_valid(self, form):
        chosen = form.cleaned_data
        letters = responses.silent(self.cycle).filter(
            district__in=chosen["districts"], age_band__in=chosen["ages"]
        )
        self.cycle.record("remind", by=self.request.user, letters=letters.count(), **chosen)
        lines = merge_lines(letters.order_by("pk"), self.cycle)
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="relances-{self.cycle.number}.csv"'
        return response

    def get_cancel_url(self):
        return reverse("sortition:recruitment", args=[self.cycle.number])
