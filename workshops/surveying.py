"""Whom an open survey waits for."""

from datetime import datetime, time

from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from assembly.next_step import Step, waits
from workshops.models import Survey


@waits
def answering(user):
    for survey in Survey.objects.awaiting(user):
        yield Step(
            _("Say how it goes for you"),
            _("A few questions, five minutes, without your name."),
            survey.get_answer_url(),
            make_aware(datetime.combine(survey.closes_on, time(23, 59))),
        )
