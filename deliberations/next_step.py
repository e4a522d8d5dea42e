"""What waits for a person in the deliberations: for the page they land on."""

from datetime import datetime, time

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.models import Cycle
from assembly.next_step import Step, waits
from deliberations.models import Ballot, Measure, Proposal, Request, Review, Role, Wording, WorkingMandate
from workshops.models import Notebook, Workshop, facilitated_by, in_cycles_of

State = Proposal.State
TURNS = {
    Role.SECRETARIAT: {
        State.VOTED: gettext_lazy("Transmit the text to the executive"),
        State.CARRIED: gettext_lazy("File the text with the Council"),
        State.FILED: gettext_lazy("Put the text on the Council’s agenda"),
        State.ON_AGENDA: gettext_lazy("Enter what the Council decided"),
        State.ADOPTED: gettext_lazy("Open the right of follow-up"),
        State.ADOPTED_AMENDED: gettext_lazy("Open the right of follow-up"),
    },
    Role.EXECUTIVE: {State.TRANSMITTED: gettext_lazy("Carry this text or refuse it with reasons")},
    Role.DEPARTMENT: {State.IN_REVIEW: gettext_lazy("Read this text and propose your words")},
}


@waits
def waiting_for(user) -> list[Step]:
    """Votes first, then the texts whose turn it is, then the returns that are due: a query a kind."""
    steps = []
    if user.seat:
        steps += voting(user)
    if user.current_appointments:
        steps += [*handling(user), *mandating(user), *asked(user), *advising(user)]
        steps += [*chasing(user), *answering(user)]
    return steps


def voting(user):
    for ballot in Ballot.objects.open_for(user).filter(papers__member__user=user, papers__choice=None):
        yield Step(_("A vote is open"), ballot.question, ballot.get_absolute_url())


def handling(user):
    turn = Q(pk__in=[])
    for role, states in TURNS.items():
        turn |= in_cycles_of(user, [role], "cycle") & Q(state__in=list(states))
    for text in Proposal.objects.filter(turn).order_by("pk")[:10]:
        roles = [role for role, states in TURNS.items() if text.state in states and holds(user, role, text)]
        yield Step(str(TURNS[roles[0]][text.state]), text.title, text.get_absolute_url())


def holds(user, role, text):
    return any(
        held.role == role and held.cycle_id in (None, text.cycle_id) for held in user.current_appointments
    )


def mandating(user):
    """The executive answers a notebook by proposing a mandate."""
    if not user.holds(Role.EXECUTIVE):
        return
    rows = Workshop.objects.filter(
        in_cycles_of(user, [Role.EXECUTIVE], "cycle"),
        cycle__in=Cycle.objects.under_way().values("pk"),
        notebook__state=Notebook.State.DEPOSITED,
        mandates=None,
    )
    for workshop in rows.order_by("pk")[:5]:
        address = reverse("deliberations:workingmandate_add", args=[workshop.pk])
        yield Step(_("A notebook awaits a mandate"), str(workshop), address)


def asked(user):
    """The executive answers requests, and the words members would rather have in a mandate."""
    if not user.holds(Role.EXECUTIVE):
        return
    requests = Request.objects.filter(in_cycles_of(user, [Role.EXECUTIVE], "cycle"), state=Request.State.SENT)
    for row in requests.order_by("sent_at", "pk")[:5]:
        yield Step(_("A request awaits its answer"), row.title, row.get_absolute_url())
    words = Wording.objects.filter(
        in_cycles_of(user, [Role.EXECUTIVE], "mandate__workshop__cycle"),
        state=Wording.State.OPEN,
        mandate__state=WorkingMandate.State.PROPOSED,
    )
    for row in words.order_by("at", "pk")[:5]:
        yield Step(_("Members propose other words for a mandate"), row.sentence, row.get_absolute_url())


def advising(user):
    """The opinions a directorate is asked for, the soonest due first."""
    if not user.holds(Role.DEPARTMENT):
        return
    rows = Review.objects.asked().for_directorates_of(user).select_related("proposal")
    for review in rows.order_by("due_on", "pk")[:5]:
        yield Step(
            _("Your opinion is asked"),
            review.proposal.title,
            review.get_absolute_url(),
            end_of(review.due_on),
        )


def chasing(user):
    """The opinions that are late, for whoever leads the workshop that waits for them."""
    if not (led := facilitated_by(user)):
        return
    rows = Review.objects.overdue().filter(proposal__workshop__in=led).select_related("proposal")
    for review in rows.order_by("due_on", "pk")[:5]:
        words = _("An opinion is overdue: %s") % review.department
        yield Step(words, review.proposal.title, review.get_absolute_url(), end_of(review.due_on))


def end_of(day):
    return timezone.make_aware(datetime.combine(day, time.max))


def answering(user):
    """The measures a directorate answers for, those whose return is overdue."""
    for measure in Measure.objects.owned_by(user).overdue().order_by("due_on", "pk")[:5]:
        yield Step(_("A return is due"), str(measure), measure.get_absolute_url(), end_of(measure.due_on))
