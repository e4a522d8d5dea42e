"""Seats and quotas of every pool of a draw, tried or saved together."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.forms import SeatsInput, TargetsForm
from assembly.targets import Row, contradictions


class PoolQuotasForm(TargetsForm):
    """The seats of one pool, then the minimum and maximum of its categories."""

    def __init__(self, *args, pool, criteria, **kwargs):
        super().__init__(*args, pool=pool, criteria=criteria, **kwargs)
        label = _("Seats of the pool “%(pool)s”") % {"pool": pool}
        self.fields["seats"] = forms.IntegerField(
            label=label, min_value=1, max_value=1000, initial=pool.seats, widget=SeatsInput(label)
        )

    def clean(self):
        seats = self.cleaned_data.get("seats") or self.pool.seats
        self.pool.seats = seats
        super().clean()

    @property
    def quotas(self):
        """As `Draw.set_quotas` takes them."""
        return {"seats": self.pool.seats, "targets": self.targets}

    @property
    def wanted(self):
        """(seats, targets), as the engine’s quotas are made of them."""
        known = {f"{one.criterion.key}/{one.key}": one for one in self.categories}
        return self.pool.seats, [
            (known[key].criterion, known[key], low, high) for key, (low, high) in self.targets.items()
        ]

    def sentences(self):
        """What cannot hold in this pool, whoever volunteers."""
        rows = [
            Row(criterion.title, category.title, low, high)
            for criterion, category, low, high in self.wanted[1]
        ]
        return [f"{self.pool} – {sentence}" for sentence in contradictions(self.pool.seats, rows)]

    @property
    def has_moved(self):
        return bool(self.changed_data)


class QuotasForm(forms.Form):
    """All pools at once; the reason is owed once the draw is announced."""

    wants_object = True
    reason = forms.CharField(
        label=gettext_lazy("Why the quotas change after the announcement"), max_length=300, required=False
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        cycle = object.cycle
        criteria = list(cycle.criteria.prefetch_related("categories__criterion"))
        pools = list(cycle.pools.prefetch_related("targets__category__criterion").select_related("cycle"))
        self.pools = [
            PoolQuotasForm(
                self.data if self.is_bound else None, prefix=pool.key, pool=pool, criteria=criteria
            )
            for pool in pools
        ]
        if object.state != object.State.ANNOUNCED:
            del self.fields["reason"]

    def is_valid(self):
        return all([super().is_valid(), *(pool.is_valid() for pool in self.pools)])

    @property
    def errors_of_pools(self):
        return [
            f"{form.pool} – {form.fields[name].label}: {sentence}"
            for form in self.pools
            for name, sentences in form.errors.items()
            for sentence in sentences
        ]

    @property
    def facts(self):
        """What the act takes: the pools that changed, and why."""
        return {
            "quotas": {form.pool.key: form.quotas for form in self.pools if form.has_moved},
            "reason": self.cleaned_data.get("reason", ""),
        }

    @property
    def wanted(self):
        return {form.pool.pk: form.wanted for form in self.pools}

    def sentences(self):
        return [sentence for form in self.pools for sentence in form.sentences()]


class RelaxForm(forms.Form):
    """One of the proposals of the draw room."""

    way = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    fingerprint = forms.CharField(max_length=64, widget=forms.HiddenInput)
