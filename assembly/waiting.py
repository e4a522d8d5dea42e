"""What waits on a cycle, for the people who run it: late first, then by date. Part of the roof."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly import clock
from assembly.models import Cycle, RightsRequest
from assembly.rules import is_secretariat
from deliberations.models import Measure, Proposal, Review
from sortition.models import Draw, Likeness, SeatOffer, SecondAnswer
from workshops.models import Meeting, Minutes, Notebook, Question
from workshops.year import adrift_in


@dataclass(frozen=True)
class Due:
    """Something to do: what, about what, by when, where."""

    what: str
    about: object
    url: str
    when: date | None = None
    late: bool = False


def on(cycle, user):
    """Everything that waits on this cycle and that this person may open: as many queries whatever its size."""
    if cycle.state == Cycle.State.PREPARATION:
        return []
    rooms = [seats, draws, drifts, rights]
    if cycle.state == Cycle.State.RECRUITMENT:
        rooms += [answers]
    if cycle.state != Cycle.State.RECRUITMENT:
        rooms += [meetings, questions, notebooks, texts, measures]
    found = [due for room in rooms for due in room(cycle, user)]
    return sorted(found, key=lambda due: (not due.late, due.when or date.max, due.what))


def rights(cycle, user):
    """Requests about personal data, whatever the cycle: answered within a month."""
    for request in RightsRequest.objects.visible_to(user).open():
        what = _("Rights request to answer")
        yield Due(what, request, request.get_absolute_url(), request.due_on, request.is_late)


def seats(cycle, user):
    """Seats offered and not answered yet, said once; papers of families that nobody looked at."""
    rows = SeatOffer.objects.visible_to(user).waiting().filter(draw__cycle=cycle)
    unread = Count("authorisations", filter=Q(authorisations__state="received"), distinct=True)
    found = rows.aggregate(number=Count("pk", distinct=True), first=Min("answer_by"), papers=unread)
    number, papers = found["number"], found["papers"]
    address = reverse("sortition:seat_list", args=[cycle.number])
    if papers:
        words = ngettext(
            "%(number)s parents’ authorisation to check",
            "%(number)s parents’ authorisations to check",
            papers,
        )
        yield Due(words % {"number": papers}, str(cycle), address, found["first"])
    if number:
        late = found["first"] is not None and found["first"] < clock.today()
        words = ngettext("%(number)s seat to confirm", "%(number)s seats to confirm", number) % {
            "number": number
        }
        yield Due(words, str(cycle), address, found["first"], late)


def answers(cycle, user):
    """Answers that differ and people who look alike, to decide on before the pool is frozen."""
    number = sum(
        rows.objects.visible_to(user).waiting().filter(**{path: cycle}).count()
        for rows, path in ((SecondAnswer, "volunteer__cycle"), (Likeness, "cycle"))
    )
    if number:
        words = ngettext(
            "%(number)s answer or likeness to decide on before the freeze",
            "%(number)s answers or likenesses to decide on before the freeze",
            number,
        )
        address = reverse("sortition:to_decide", args=[cycle.number])
        yield Due(words % {"number": number}, str(cycle), address)


def drifts(cycle, user):
    """Members nobody sees any more and nobody called since."""
    if not is_secretariat(user, cycle):
        return
    number = sum(not found["contacted"] for found in adrift_in(cycle).values())
    if number:
        words = ngettext(
            "%(number)s member drifting away, to contact",
            "%(number)s members drifting away, to contact",
            number,
        )
        address = reverse("assembly:member_list", args=[cycle.number])
        yield Due(words % {"number": number}, str(cycle), f"{address}?away=on")


NEXT_IN_DRAW = {
    Draw.State.PREPARED: lambda: _("Announce the draw"),
    Draw.State.ANNOUNCED: lambda: _("Freeze the pool before the draw"),
    Draw.State.FROZEN: lambda: _("Enter the seed before the witnesses"),
    Draw.State.DRAWN: lambda: _("Have the draw certified by the bailiff"),
    Draw.State.CERTIFIED: lambda: _("Publish the draw"),
    Draw.State.SUSPENDED: lambda: _("Resume or cancel the draw"),
}


def draws(cycle, user):
    rows = (
        Draw.objects.visible_to(user)
        .filter(cycle=cycle, state__in=NEXT_IN_DRAW)
        .defer("outcome", "counts", "witnesses")
    )
    for draw in rows:
        day = localdate(draw.announced_for) if draw.announced_for else None
        late = day is not None and day < clock.today()
        yield Due(NEXT_IN_DRAW[draw.state](), draw, draw.get_absolute_url(), day, late)


def meetings(cycle, user):
    rows = Meeting.objects.visible_to(user).filter(cycle=cycle).exclude(state=Meeting.State.CANCELLED)
    for meeting in rows.select_related("minutes", "workshop", "cycle").order_by("starts_at"):
        day = localdate(meeting.starts_at)
        if step := next_for(meeting):
            what, late = step
            yield Due(what, meeting.title, meeting.get_absolute_url(), day, late)


def next_for(meeting):
    """(what to do, is it late) about a meeting and its minutes; None when nothing waits."""
    if meeting.state in (Meeting.State.PLANNED, Meeting.State.OPENED):
        return _("Send the notice"), meeting.notice_is_late
    if meeting.state == Meeting.State.CALLED:
        return (_("Record attendance"), True) if meeting.ends_at < clock.now() else None
    minutes = getattr(meeting, "minutes", None)
    words = {
        None: _("Write the minutes"),
        Minutes.State.DRAFT: _("Finish the minutes"),
        Minutes.State.IN_REVIEW: _("Have the minutes approved"),
        Minutes.State.APPROVED: _("Publish the minutes"),
    }.get(minutes and minutes.state)
    return (words, False) if words else None


def questions(cycle, user):
    for question in (
        Question.objects.visible_to(user).filter(cycle=cycle).overdue().select_related("meeting", "workshop")
    ):
        yield Due(_("Answer overdue"), str(question), question.get_absolute_url(), question.due_on, True)


NEXT_IN_NOTEBOOK = {
    Notebook.State.DRAFT: lambda: _("Notebook being written"),
    Notebook.State.IN_REVIEW: lambda: _("Have the notebook approved"),
    Notebook.State.APPROVED: lambda: _("Deposit the notebook"),
}


def notebooks(cycle, user):
    rows = Notebook.objects.visible_to(user).filter(workshop__cycle=cycle, state__in=NEXT_IN_NOTEBOOK)
    for notebook in rows:
        yield Due(NEXT_IN_NOTEBOOK[notebook.state](), notebook.title, notebook.get_absolute_url())


def texts(cycle, user):
    """What each text waits for, and the opinion that is late on it: the one due first."""
    late = Review.objects.visible_to(user).overdue().filter(proposal=OuterRef("pk")).order_by("due_on")
    asked = {f"late_{name}": Subquery(late.values(name)[:1]) for name in ("pk", "department", "due_on")}
    rows = Proposal.objects.visible_to(user).filter(cycle=cycle).under_way()
    for proposal in rows.annotate(**asked):
        waits = _("Waits for: %(what)s") % {"what": proposal.waits_for}
        yield Due(waits, proposal.title, proposal.get_absolute_url())
        if proposal.late_pk:
            words = _("Opinion overdue: %s") % proposal.late_department
            address = reverse("deliberations:review_detail", args=[proposal.late_pk])
            yield Due(words, proposal.title, address, proposal.late_due_on, True)


def measures(cycle, user):
    for measure in Measure.objects.visible_to(user).filter(proposal__cycle=cycle).overdue():
        yield Due(_("Return overdue"), str(measure), measure.get_absolute_url(), measure.due_on, True)
