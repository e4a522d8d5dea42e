"""What waits for a person in the workshops: for the page they land on."""

from datetime import datetime, time
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly import clock
from assembly.models import Appointment, Cycle, Member
from assembly.next_step import Step, waits
from workshops.models import (
    ANSWERERS,
    Enrolment,
    Meeting,
    Message,
    MessageFlag,
    Minutes,
    NeedsSheet,
    Notebook,
    NotebookQuestion,
    Preference,
    Question,
    Survey,
    Workshop,
    facilitated_by,
    in_cycles_of,
)
from workshops.year import drifting


@waits
def waiting_for(user) -> list[Step]:
    """What to do first comes first: at most three queries for a member, two more for a facilitator or an official."""
    steps = []
    if seat := user.seat:
        steps += [*choosing(seat), *reading(seat), *agreeing(seat), *needing(seat)]
    if led := facilitated_by(user):
        steps += [*reading_again(led), *recording(led), *keeping(led)]
    return [*steps, *replying(user)]


def asked(seat):
    """What only they can say, and whether they did: one query for what follows."""
    if not hasattr(seat, "_asked"):
        own = {"member": OuterRef("pk")}
        open_survey = Survey.objects.awaiting_the_outer_member()
        seat._asked = (
            Member.objects.filter(pk=seat.pk)
            .annotate(
                may_choose=Exists(Workshop.objects.filter(cycle=OuterRef("cycle"))),
                allotted=Exists(Enrolment.objects.allotted().filter(**own)),
                wished=Exists(Preference.objects.filter(**own)),
                told=Exists(NeedsSheet.objects.filter(told_at__isnull=False, **own)),
                survey=Subquery(open_survey.values("pk")[:1]),
                survey_until=Subquery(open_survey.values("closes_on")[:1]),
            )
            .values("may_choose", "allotted", "wished", "told", "survey", "survey_until")
            .get()
        )
    return seat._asked


def choosing(seat):
    """Wishes are awaited: there are workshops to choose from, and nothing is settled yet."""
    found = asked(seat)
    if found["may_choose"] and not found["allotted"] and not found["wished"]:
        yield Step(
            _("Choose your workshop"),
            _("Rank the workshops of your cycle: your wishes count in the allotment."),
            reverse("workshops:enrolment_choose"),
        )


def needing(seat):
    if not asked(seat)["told"]:
        yield Step(
            _("Say what would help you to take part"),
            _(
                "Childcare, transport, interpreting, help with reading: two minutes, once for the whole cycle."
            ),
            reverse("workshops:needs_tell"),
        )


def reading(seat):
    rows = Minutes.objects.in_review().filter(meeting__attendances__member=seat).select_related("meeting")
    for minutes in rows[:3]:
        yield Step(
            _("Read the minutes: %(meeting)s") % {"meeting": minutes.meeting.title},
            _("They will be approved soon: say what should be corrected."),
            minutes.get_absolute_url(),
        )


def agreeing(seat):
    rows = Notebook.objects.filter(state=Notebook.State.IN_REVIEW, workshop__enrolments__member=seat)
    for notebook in rows:
        yield Step(
            _("Read your workshop’s notebook"),
            _("Your workshop will approve it by a show of hands."),
            notebook.get_absolute_url(),
        )


def reading_again(led):
    """Messages that members flagged."""
    flagged = MessageFlag.objects.pending().filter(message__thread__workshop__in=led)
    rows = Message.objects.filter(flags__in=flagged).select_related("thread__workshop").distinct()
    for message in rows[:3]:
        yield Step(_("A message was flagged to you"), message.thread.title, message.get_absolute_url())


def recording(led):
    """Meetings over whose attendance or minutes are missing."""
    over = Meeting.objects.filter(workshop__in=led, ends_at__lt=clock.now()).filter(
        Q(state=Meeting.State.CALLED) | Q(state=Meeting.State.HELD, minutes=None)
    )
    for meeting in over.order_by("starts_at")[:5]:
        title = (
            _("Write the minutes: %(meeting)s")
            if meeting.state == Meeting.State.HELD
            else _("Record attendance: %(meeting)s")
        )
        yield Step(
            title % {"meeting": meeting.title}, meeting.place, meeting.get_absolute_url(), meeting.starts_at
        )


def keeping(led):
    """Members whom their workshop has not seen for some time, and whom nobody has contacted since."""
    running = Workshop.objects.filter(pk__in=led, cycle__in=Cycle.objects.under_way())
    for workshop in running.select_related("cycle"):
        if lost := sum(drift.awaits for drift in drifting(workshop)):
            words = ngettext(
                "%(number)s member is drifting away", "%(number)s members are drifting away", lost
            )
            address = reverse("workshops:workshop_year", args=[workshop.pk])
            yield Step(words % {"number": lost}, str(workshop), address)


def replying(user):
    """Questions put to the directorate or office a person answers for; those of notebooks, for the executive."""
    names = [held.organisation for held in user.current_appointments if held.role in ANSWERERS]
    put = reduce(
        or_,
        (Q(forwarded_to=name) | Q(forwarded_to="", addressed_to__icontains=name) for name in names if name),
        Q(pk__in=[]),
    )
    if names:
        rows = Question.objects.visible_to(user).filter(put, state=Question.State.ASKED)
        for question in rows.select_related("meeting", "workshop").order_by("due_on", "pk")[:5]:
            yield Step(
                _("A question awaits your answer"), str(question), question.get_absolute_url(), noon(question)
            )
    if any(held.role == Appointment.Role.EXECUTIVE for held in user.current_appointments):
        rows = NotebookQuestion.objects.filter(
            in_cycles_of(user, [Appointment.Role.EXECUTIVE], "notebook__workshop__cycle"),
            notebook__state=Notebook.State.DEPOSITED,
            state=NotebookQuestion.State.ASKED,
        )
        for question in rows.select_related("notebook")[:5]:
            yield Step(_("A notebook asks you a question"), str(question), question.get_absolute_url())


def noon(question):
    """The day an answer is due, as a moment."""
    return question.due_on and make_aware(datetime.combine(question.due_on, time(12)))
