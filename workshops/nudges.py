"""Who is told what about questions, votes, visits and training: each thing once, through workshops/letters.py."""

from contextlib import suppress
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly import clock, jobs
from assembly.jobs import job
from assembly.journal import when
from assembly.models import Appointment, User
from assembly.next_step import Step, waits
from workshops.letters import BEFORE, remind, stroke
from workshops.models import (
    ANSWERERS,
    Meeting,
    Outing,
    PriorityVote,
    Question,
    Referral,
    Registration,
    facilitated_by,
    own_workshops,
)

SOON = timedelta(days=3)


def said(words, what):
    return format_lazy("{} {}", words, str(what))


# As soon as it happens ---------------------------------------------------------


@when("workshops.outing.register", "workshops.outing.give_up", "workshops.outing.resize")
def tell_those_who_moved_up(entry):
    jobs.enqueue("tell_placed", key=f"tell_placed:{entry.pk}", about=entry.target_id)


@when("workshops.outing.open")
def announce_the_outing(entry):
    jobs.enqueue("announce_outing", key=f"announce_outing:{entry.pk}", about=entry.target_id)


@when("workshops.priorityvote.open")
def announce_the_vote(entry):
    jobs.enqueue("announce_vote", key=f"announce_vote:{entry.pk}", about=entry.target_id)


@when("workshops.question.forward")
def write_to_the_department(entry):
    jobs.enqueue("tell_department", key=f"tell_department:{entry.pk}", about=entry.target_id)


@job("tell_placed")
def tell_placed(job):
    """Whoever has a place and was not told yet."""
    rows = Registration.objects.filter(outing=job.about, state=Registration.State.PLACED, told_at=None)
    rows = rows.exclude(outing__meeting__state=Meeting.State.CANCELLED)
    for row in rows.select_related("member__user", "outing__meeting"):
        title = said(gettext_lazy("You have a place:"), row.outing)
        remind(
            [row.member.user],
            key=f"place:{row.pk}:{row.at:%Y%m%dT%H%M%S}",
            title=title,
            url=row.outing.get_absolute_url(),
        )
        Registration.objects.filter(pk=row.pk).update(told_at=clock.now())


@job("announce_outing")
def announce_outing(job):
    outing = Outing.objects.select_related("meeting__workshop", "meeting__cycle").get(pk=job.about)
    title = said(gettext_lazy("Registration is open:"), outing)
    people = User.objects.filter(members__in=outing.members(), is_active=True)
    remind(people, key=f"outing:{outing.pk}", title=title, url=outing.get_absolute_url())


@job("announce_vote")
def announce_vote(job):
    vote = PriorityVote.objects.select_related("workshop", "cycle").get(pk=job.about)
    if vote.is_online:
        people = User.objects.filter(members__in=vote.members(), is_active=True)
        title = said(gettext_lazy("A vote is open:"), vote)
        remind(people, key=f"vote:{vote.pk}", title=title, url=vote.get_absolute_url())


@job("tell_department")
def tell_department(job):
    question = Question.objects.select_related("cycle", "workshop", "meeting").get(pk=job.about)
    write_to_answerers(question, f"asked:{question.pk}", gettext_lazy("A question awaits your answer:"))


def write_to_answerers(question, key, words):
    """Those who hold the department the question was sent to."""
    held = Appointment.objects.current().filter(
        Q(cycle=None) | Q(cycle=question.cycle_id), role__in=ANSWERERS, organisation=question.forwarded_to
    )
    people = User.objects.filter(pk__in=held.values("user"), is_active=True)
    remind(people, key=key, title=said(words, question), url=question.get_absolute_url())


# With the clock ----------------------------------------------------------------


@stroke
def remind_departments():
    """Three days before an answer is due, the day it is late, and each week it stays so."""
    today = clock.today()
    rows = Question.objects.filter(state=Question.State.ASKED, due_on__lte=today + SOON)
    for question in rows.exclude(forwarded_to="").select_related("cycle", "workshop", "meeting"):
        late = (today - question.due_on).days
        if late > 0:
            key, words = f"late:{question.pk}:{question.due_on}:{late // 7}", gettext_lazy("Answer overdue:")
        else:
            key, words = f"soon:{question.pk}:{question.due_on}", gettext_lazy("Answer due soon:")
        write_to_answerers(question, key, words)


@stroke
def remind_of_outings():
    """Two days ahead, whoever has a place; a meeting whose notice went out reminds by itself."""
    rows = Registration.objects.filter(
        state=Registration.State.PLACED,
        outing__meeting__state=Meeting.State.PLANNED,
        outing__meeting__starts_at__range=(clock.now(), clock.now() + BEFORE),
    )
    for row in rows.select_related("member__user", "outing__meeting"):
        start = row.outing.meeting.starts_at
        title = said(gettext_lazy("In two days:"), row.outing)
        url = row.outing.get_absolute_url()
        remind([row.member.user], key=f"outing:{row.outing_id}:{start:%Y%m%dT%H%M}", title=title, url=url)


@stroke
def fix_votes():
    """An online vote whose end is past is fixed by itself; the door lets it through once."""
    over = PriorityVote.objects.filter(
        state=PriorityVote.State.OPEN, mode=PriorityVote.Mode.ONLINE, closes_at__lte=clock.now()
    )
    for vote in over:
        with suppress(ValidationError):
            vote.close(by=None)


# What waits --------------------------------------------------------------------


@waits
def voting(user):
    """Votes on priorities that are open, and in which this member has not voted."""
    if seat := user.seat:
        rows = PriorityVote.objects.filter(
            state=PriorityVote.State.OPEN, mode=PriorityVote.Mode.ONLINE, closes_at__gt=clock.now()
        )
        mine = Q(workshop__in=own_workshops(user)) | Q(workshop=None, cycle=seat.cycle_id)
        for vote in rows.filter(mine).exclude(ballots__member=seat)[:3]:
            yield Step(_("Vote on the priorities"), vote.title, vote.get_absolute_url(), vote.closes_at)


@waits
def fixing(user):
    """Hands to count after a meeting, and referrals whose answer waits for whoever leads the workshop."""
    led = facilitated_by(user)
    if not led:
        return
    over = PriorityVote.objects.filter(
        workshop__in=led, state=PriorityVote.State.OPEN, meeting__ends_at__lt=clock.now()
    )
    for vote in over[:3]:
        yield Step(_("Fix the result of the vote"), vote.title, vote.get_absolute_url())
    asked = Referral.objects.filter(
        workshop__in=led,
        state=Referral.State.OPEN,
        direction=Referral.Direction.RECEIVED,
        due_on__lte=clock.today() + SOON,
    )
    for referral in asked.select_related("partner")[:3]:
        yield Step(_("Answer a referral"), referral.title, referral.get_absolute_url())
