"""Letters that follow an act: one each, and a second run goes on where the first one stopped."""

from django.db.models import Q

from assembly import clock, mail
from assembly.jobs import advance, job
from assembly.models import JournalEntry, User
from deliberations.models import Amendment, Ballot, Measure, Review, Role

EXECUTIVE_TOLD = {"transmit"}
DEPARTMENTS_TOLD = {"send_to_review"}


@job("tell_of_text")
def tell_of_text(job):
    """An act on a text, to those whose turn it is or whose words these are."""
    entry = JournalEntry.objects.get(pk=job.about)
    text, name = entry.target, entry.act.rsplit(".", 1)[1]
    write_to_each(job, readers_of(text, name), "text_moved", text=text, entry=entry)


@job("tell_of_vote")
def tell_of_vote(job):
    ballot = Ballot.objects.get(pk=job.about)
    electors = User.objects.filter(members__papers__ballot=ballot, members__papers__choice=None)
    write_to_each(job, electors, "vote_opened", ballot=ballot)


@job("tell_of_return")
def tell_of_return(job):
    """A measure has moved: the members who worked on it, former ones too."""
    measure = Measure.objects.select_related("proposal").get(
        pk=JournalEntry.objects.get(pk=job.about).target_id
    )
    write_to_each(job, authors_of(measure.proposal), "return_given", measure=measure)


@job("tell_of_review")
def tell_of_review(job):
    """The directorate that is asked; the workshop once it has answered."""
    entry = JournalEntry.objects.get(pk=job.about)
    review = Review.objects.select_related("proposal").get(pk=entry.target_id)
    answered = entry.act.endswith(".answer")
    readers = authors_of(review.proposal) if answered else accounts_of(review.department)
    write_to_each(job, readers, "opinion_given" if answered else "opinion_asked", review=review)


@job("tell_of_amendment")
def tell_of_amendment(job):
    amendment = Amendment.objects.select_related("proposal").get(
        pk=JournalEntry.objects.get(pk=job.about).target_id
    )
    write_to_each(job, User.objects.filter(pk=amendment.author_id), "amendment_answered", amendment=amendment)


def accounts_of(directorate):
    today = clock.today()
    return User.objects.filter(
        Q(appointments__until=None) | Q(appointments__until__gte=today),
        appointments__role=Role.DEPARTMENT,
        appointments__organisation__iexact=directorate,
        appointments__since__lte=today,
    )


def authors_of(text):
    return User.objects.filter(members__enrolment__workshop=text.workshop_id)


def appointed(role, text):
    today = clock.today()
    return User.objects.filter(
        Q(appointments__cycle=None) | Q(appointments__cycle=text.cycle_id),
        Q(appointments__until=None) | Q(appointments__until__gte=today),
        appointments__role=role,
        appointments__since__lte=today,
    )


def readers_of(text, name):
    if name in EXECUTIVE_TOLD:
        return appointed(Role.EXECUTIVE, text)
    if name in DEPARTMENTS_TOLD:
        return appointed(Role.DEPARTMENT, text)
    return authors_of(text)


def write_to_each(job, users, template, **context):
    readers = list(users.filter(is_active=True).distinct().order_by("pk"))
    for place, user in enumerate(readers[job.done :], start=job.done + 1):
        mail.send(template, user.email, {"user": user, **context}, language=user.language)
        advance(job, place, len(readers))
