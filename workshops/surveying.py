"""Whom an open survey waits for."""

from datetime import datetime, time

from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from assembly.next_step import Step, waits
from workshops.next_step import asked


@waits
def answering(user):
    """Every week, until they finished or the last day is over: with the rest of what waits."""
    if user.seat and (survey := asked(user.seat)["survey"]):
        yield Step(
            _("Say how it goes for you"),
            _("A few questions, five minutes, without your name."),
            reverse("workshops:survey_answer", args=[survey]),
            make_aware(datetime.combine(asked(user.seat)["survey_until"], time(23, 59))),
        )
