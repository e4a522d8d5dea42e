"""Priority subjects and the votes that choose them."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, TemplateView

from assembly.models import Cycle
from assembly.views import ActView, CycleScoped, EditView, FoundView, entitled_to_add
from workshops.forms import outside as forms
from workshops.models import PrioritySubject, PriorityVote, Referral, WatchItem, Workshop
from workshops.rules import is_inside
from workshops.views.questions import seat_in


def priorities_of(user, home, **scope):
    """What a page of priorities shows: the subjects, the most supported first, and the votes on them."""
    rows = PrioritySubject.objects.visible_to(user).standing().filter(**scope)
    votes = PriorityVote.objects.visible_to(user).filter(**scope).select_related("workshop", "cycle")
    rows = rows.with_supports(user).select_related("workshop", "cycle", "proposed_by__user")
    return {
        "subjects": rows.order_by("-state", "-support_count", "pk"),
        "votes": votes,
        "can_propose": entitled_to_add(user, PrioritySubject, home),
        "can_prepare": entitled_to_add(user, PriorityVote, home),
        "home": home,
    }


class CyclePriorities(CycleScoped, TemplateView):
    """Those of the whole Assembly; each workshop has its own in its space."""

    template_name = "workshops/priority_list.html"

    def get_context_data(self, **context):
        found = priorities_of(self.request.user, self.cycle, cycle=self.cycle, workshop=None)
        return super().get_context_data(**found, **context)


class SubjectDetail(DetailView):
    """The subject, and all that was kept with it."""

    model = PrioritySubject

    def get_queryset(self):
        rows = PrioritySubject.objects.visible_to(self.request.user).with_supports(self.request.user)
        return rows.select_related("workshop", "cycle", "proposed_by__user")

    def get_context_data(self, **context):
        subject, user = self.object, self.request.user
        items = WatchItem.objects.visible_to(user).shared().filter(subject=subject)
        referrals = Referral.objects.visible_to(user).filter(subject=subject)
        return super().get_context_data(
            subject=subject,
            inside=is_inside(user, subject.home),
            items=items.select_related("shared_by__user"),
            referrals=referrals.select_related("partner"),
            votes=PriorityVote.objects.visible_to(user).filter(subjects=subject),
            **context,
        )


class OfWorkshopOrCycle:
    """Found below a workshop, or below a cycle for the whole Assembly."""

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        kwargs["instance"].cycle = self.parent.cycle
        return kwargs


class OfWorkshop(OfWorkshopOrCycle):
    parent_model, parent_field = Workshop, "workshop"


class OfAssembly(OfWorkshopOrCycle):
    parent_model, parent_field, parent_slug = Cycle, "cycle", "number"


class SubjectFound(FoundView):
    model, form_class = PrioritySubject, forms.SubjectForm
    title = gettext_lazy("Propose a subject")

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        kwargs["instance"].proposed_by = seat_in(self.parent.cycle, self.request.user)
        return kwargs


class WorkshopSubjectFound(OfWorkshop, SubjectFound):
    """For one workshop."""


class CycleSubjectFound(OfAssembly, SubjectFound):
    """For everybody."""


class SubjectEdit(EditView):
    model, form_class = PrioritySubject, forms.SubjectForm


class VoteFound(FoundView):
    model, form_class = PriorityVote, forms.VoteForm
    title = gettext_lazy("Prepare a vote on priorities")
    help_text = gettext_lazy("An open vote: members of the workshop see who chose what. Nothing opens yet.")


class WorkshopVoteFound(OfWorkshop, VoteFound):
    """For one workshop."""


class CycleVoteFound(OfAssembly, VoteFound):
    """For everybody."""


class VoteEdit(EditView):
    model, form_class = PriorityVote, forms.VoteForm


class VoteDetail(DetailView):
    model = PriorityVote
    context_object_name = "vote"

    def get_queryset(self):
        rows = PriorityVote.objects.visible_to(self.request.user)
        return rows.select_related("workshop", "cycle", "meeting")

    def get_context_data(self, **context):
        vote, user = self.object, self.request.user
        inside = is_inside(user, vote.home)
        subjects = list(vote.subjects.all())
        return super().get_context_data(
            inside=inside,
            subjects=subjects,
            ballots=named(vote, subjects) if inside and vote.is_online else [],
            chart={line["title"]: line["score"] for line in vote.result.get("lines", [])},
            unit=_("votes") if vote.method == PriorityVote.Method.VOICES else _("points"),
            **context,
        )


def named(vote, subjects):
    """Who chose what, in their order."""
    titles = {subject.pk: subject.title for subject in subjects}
    return [
        {"member": ballot.member, "choices": [titles[pk] for pk in ballot.choices if pk in titles]}
        for ballot in vote.ballots.select_related("member__user", "member__cycle")
    ]


class CastVote(ActView):
    model, act, form_class = PriorityVote, "cast", forms.CastForm
    title = gettext_lazy("Vote")
    help_text = gettext_lazy("You may change your vote until the end. Those inside see who chose what.")

    def get_form_kwargs(self):
        ballot = self.object.ballots.filter(member__user=self.request.user).first()
        return super().get_form_kwargs() | {"given": ballot.choices if ballot else ()}
