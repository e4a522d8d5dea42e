"""Votes."""

from django.utils.translation import gettext_lazy
from django.views.generic import DetailView

from assembly.views import ActView
from deliberations.forms import texts as forms
from deliberations.models import (
    Ballot,
)


class BallotDetail(DetailView):
    template_name = "deliberations/ballot_detail.html"
    context_object_name = "ballot"

    def get_queryset(self):
        rows = Ballot.objects.visible_to(self.request.user)
        return rows.select_related("proposal__workshop__cycle", "mandate__workshop__cycle", "meeting")

    def get_context_data(self, **context):
        user, ballot = self.request.user, self.object
        paper = ballot.paper_of(user) if user.is_authenticated else None
        votes = paper and not paper.sealed and not ballot.is_over
        form = forms.CastForm(initial={"choice": paper.choice}) if votes else None
        return super().get_context_data(paper=paper, form=form, **context)


class OpenBallot(ActView):
    act = "open_ballot"
    form_class = forms.OpenBallotForm
    then = "get_ballot_url"
    help_text = gettext_lazy("Whoever sits today may vote: the list is frozen when the vote opens.")


class OpenPlenaryBallot(OpenBallot):
    act = "open_plenary_ballot"
    form_class = forms.OpenPlenaryBallotForm
