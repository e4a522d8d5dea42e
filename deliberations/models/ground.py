"""What mandates, texts, votes and measures share."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext

from assembly.models import Appointment

Role = Appointment.Role
READERS = (Role.SECRETARIAT, Role.GUARANTOR, Role.EXECUTIVE)


def a_year_after(day):
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


class About:
    """What hangs on something else, named by `about`: its cycle and its workshop are those of that."""

    @property
    def cycle(self):
        return self.about.cycle

    @property
    def workshop(self):
        return self.about.workshop

    @property
    def workshop_id(self):
        return self.about.workshop_id


class AboutText(About):
    @property
    def about(self):
        return self.proposal


class PutToTheVote:
    """What a mandate and a text share: votes are held on them."""

    def get_ballot_url(self):
        ballot = self.ballots.open().first()
        return (ballot or self).get_absolute_url()


def next_number(rows):
    """The number of the one that comes after all of these."""
    return (rows.aggregate(last=Max("number"))["last"] or 0) + 1


def directorates_of(user):
    """The names of the directorates this person answers for."""
    return [
        held.organisation
        for held in user.current_appointments
        if held.role == Role.DEPARTMENT and held.organisation
    ]


def require(truth, sentence):
    if not truth:
        raise ValidationError(sentence)


def required_reason(reason):
    require((reason or "").strip(), gettext("Give the reasons: they will be published."))
    return reason.strip()
