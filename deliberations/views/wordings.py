"""Other words for a mandate, proposed by members before the plenary votes."""

from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from assembly.differences import compare
from assembly.views import FoundView
from deliberations.forms.requests import WordingForm
from deliberations.models import Wording, WorkingMandate


class WordingFound(FoundView):
    model = Wording
    form_class = WordingForm
    parent_model = WorkingMandate
    parent_field = "mandate"
    title = gettext_lazy("Propose other words")
    help_text = gettext_lazy(
        "The executive accepts them, or declines them with reasons, before the plenary votes on the mandate."
    )
    submit_label = gettext_lazy("Propose these words")

    def once(self, form):
        row = Wording.objects.counter_propose(self.parent, by=self.request.user, **form.cleaned_data)
        return redirect(row)


def wordings_of(mandate):
    """The counter-proposals, each with the words it changes in the sentence."""
    rows = list(mandate.wordings.all())
    for row in rows:
        row.mandate = mandate
        row.segments = compare(row.was or mandate.sentence, row.sentence)
        row.changes = [
            (mandate._meta.get_field(name).verbose_name, getattr(row, name))
            for name in ("expected_product", "limits")
            if getattr(row, name) and getattr(row, name) != getattr(mandate, name)
        ]
    return rows


def may_reword(user, mandate):
    """Members propose other words until the vote opens."""
    return (
        mandate.state == WorkingMandate.State.PROPOSED
        and user.is_authenticated
        and user.has_perm("deliberations.add_wording", mandate)
    )
