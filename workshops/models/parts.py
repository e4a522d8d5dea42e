"""What hangs on a meeting shares its cycle, its workshop, its state and its readers."""

from django.apps import apps
from django.db import models

from assembly.models import Accountable


class PartQuerySet(models.QuerySet):
    """What hangs on a meeting is seen by whoever sees the meeting."""

    def visible_to(self, user):
        meetings = apps.get_model("workshops.Meeting").objects
        return self.filter(meeting__in=meetings.visible_to(user))


class PartOfMeeting(Accountable):
    """A line of a meeting: shares its cycle, its workshop, its state."""

    class Meta:
        abstract = True

    def get_absolute_url(self):
        return self.meeting.get_absolute_url()

    def get_state_display(self):
        return self.meeting.get_state_display()

    @property
    def state(self):
        return self.meeting.state

    @property
    def cycle(self):
        return self.meeting.cycle

    @property
    def workshop(self):
        return self.meeting.workshop

    @property
    def workshop_id(self):
        return self.meeting.workshop_id
