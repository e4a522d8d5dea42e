"""What is said of a text while it is written: amendments, remarks, opinions of departments."""

from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView

from assembly.differences import compare
from assembly.views import FoundView
from deliberations import clauses as pieces
from deliberations.forms import drafting as forms
from deliberations.models import Amendment, ClauseRemark, Proposal, Review
from deliberations.views.text_page import TextPage


class ProposalAmendments(TextPage, DetailView):
    """Everything said of a text: what is open first, then what became of the rest."""

    template_name = "deliberations/proposal_amendments.html"

    def get_context_data(self, **context):
        user, text = self.request.user, self.object
        latest = text.latest
        places = {row["id"]: place for place, row in enumerate(latest.clauses if latest else [], 1)}
        amendments = list(text.amendments.visible_to(user).select_related("into"))
        for row in amendments:
            row.place, row.segments = places.get(row.clause), compare(row.was, row.text)
        remarks = list(text.clause_remarks.visible_to(user))
        for row in remarks:
            row.place = places.get(row.clause)
        return super().get_context_data(
            open_amendments=[row for row in amendments if row.state == Amendment.State.OPEN],
            decided=[row for row in amendments if row.state != Amendment.State.OPEN],
            remarks=remarks,
            reviews=list(text.reviews.visible_to(user)),
            latest=latest,
            may_add=may_add_to(user, text),
            **context,
        )


def may_add_to(user, text):
    """What this person may add to a text that is being written: {name of the model: bool}."""
    open_to = text.state in text.editable_states and user.is_authenticated
    names = ("amendment", "clauseremark", "review")
    return {name: open_to and user.has_perm(f"deliberations.add_{name}", text) for name in names}


class AmendmentDetail(DetailView):
    template_name = "deliberations/amendment_detail.html"

    def get_queryset(self):
        rows = Amendment.objects.visible_to(self.request.user)
        return rows.select_related("proposal__workshop", "proposal__cycle", "into", "version")

    def get_context_data(self, **context):
        row = self.object
        target = row.target
        return super().get_context_data(
            target=target,
            segments=compare(row.was, row.text),
            moved=row.state == Amendment.State.OPEN and row.has_moved,
            since=compare(row.was, target["text"]) if target and target["text"] != row.was else None,
            **context,
        )


class OnText(FoundView):
    parent_model = Proposal
    parent_field = "proposal"

    def get_initial(self):
        return {"clause": self.request.GET.get("clause", "")}


class AmendmentFound(OnText):
    model = Amendment
    form_class = forms.AmendmentForm
    title = gettext_lazy("Propose an amendment")
    help_text = gettext_lazy(
        "The rapporteur answers each one: accepted, merged into another, or refused with reasons."
    )
    submit_label = gettext_lazy("Table this amendment")

    def once(self, form):
        return redirect(Amendment.objects.table(self.parent, by=self.request.user, **form.cleaned_data))


class ClauseRemarkFound(OnText):
    model = ClauseRemark
    form_class = forms.ClauseRemarkForm
    title = gettext_lazy("Make a remark")
    help_text = gettext_lazy(
        "A question or a doubt, in the margin of the text. To change words, propose an amendment."
    )

    def once(self, form):
        ClauseRemark.objects.say(self.parent, by=self.request.user, **form.cleaned_data)
        return redirect("deliberations:proposal_amendments", self.parent.pk)


class ReviewFound(OnText):
    model = Review
    form_class = forms.ReviewForm
    title = gettext_lazy("Ask a directorate")
    help_text = gettext_lazy("It is told at once. Everybody sees the date.")

    def once(self, form):
        return redirect(Review.objects.refer(self.parent, by=self.request.user, **form.cleaned_data))


class ReviewDetail(DetailView):
    template_name = "deliberations/review_detail.html"

    def get_queryset(self):
        rows = Review.objects.visible_to(self.request.user)
        return rows.select_related("proposal__workshop", "proposal__cycle", "on_version")

    def get_context_data(self, **context):
        review = self.object
        latest = review.proposal.latest
        words = [
            {
                "was": row["text"],
                "segments": compare(row["text"], review.proposed[row["id"]]),
                "taken_up": (pieces.named(latest.clauses, row["id"]) or {}).get("text")
                == review.proposed[row["id"]],
            }
            for row in review.pieces
            if row["id"] in review.proposed
        ]
        return super().get_context_data(words=words, **context)
