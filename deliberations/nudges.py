"""What the clock does for the deliberations: who is reminded of what, once a deadline; votes that end by themselves."""

from contextlib import suppress
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.models import User
from deliberations.jobs import accounts_of
from deliberations.models import Ballot, Measure, Review
from workshops.letters import remind, stroke

A_DAY = timedelta(days=1)


@stroke
def remind_of_late_opinions():
    """The directorate that let the day go by; more time given is another day to keep."""
    for review in Review.objects.overdue().select_related("proposal"):
        title = format_lazy("{} {}", _("Your opinion is overdue:"), review.proposal.title)
        tell_directorate(review.department, f"opinion:{review.pk}:{review.due_on}", title, review)


@stroke
def remind_of_late_returns():
    for measure in Measure.objects.overdue().exclude(owner="").select_related("proposal"):
        title = format_lazy("{} {}", _("A return is overdue:"), measure.text[:150])
        tell_directorate(measure.owner, f"return:{measure.pk}:{measure.due_on}", title, measure)


def tell_directorate(name, key, title, row):
    people = accounts_of(name).filter(is_active=True).distinct()
    remind(people, key=key, title=title, url=row.get_absolute_url())


@stroke
def remind_of_votes():
    """On the last day of a vote online, those who have not voted."""
    ending = Ballot.objects.open().filter(closes_at__range=(clock.now(), clock.now() + A_DAY))
    for ballot in ending:
        absent = User.objects.filter(members__papers__in=ballot.papers.filter(choice=None), is_active=True)
        title = format_lazy("{} {}", _("Last day to vote:"), ballot.question)
        remind(
            absent,
            key=f"ballot:{ballot.pk}:{ballot.closes_at:%Y%m%d}",
            title=title,
            url=ballot.get_absolute_url(),
        )


@stroke
def close_votes():
    """A vote online that is past its end is counted by itself; the door lets it through once."""
    for ballot in Ballot.objects.over():
        with suppress(ValidationError):
            ballot.close(by=None)
