"""What mandates, texts, votes and measures share."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from assembly.models import Appointment

Role = Appointment.Role
READERS = (Role.SECRETARIAT, Role.GUARANTOR, Role.EXECUTIVE)


def a_year_after(day):
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


class PutToTheVote:
    """What a mandate and a text share: votes are held on them."""

    def get_ballot_url(self):
        ballot = self.ballots.open().first()
        return (ballot or self).get_absolute_url()


def require(truth, sentence):
    if not truth:
        raise ValidationError(sentence)


def required_reason(reason):
    require((reason or "").strip(), gettext("Give the reasons: they will be published."))
    return reason.strip()
