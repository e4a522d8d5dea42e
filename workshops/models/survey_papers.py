"""The papers of a survey: who was asked, sheets without names, a few words set apart."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.lifecycle import act
from assembly.models import Accountable, Appointment, Member
from workshops.models.readers import in_cycles_of


class Participation(models.Model):
    """Who was asked, and whether they finished: never what they said, nor when."""

    survey = models.ForeignKey("workshops.Survey", models.PROTECT, related_name="participations")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    answered = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "member"], name="a_member_is_asked_once")]

    def __str__(self):
        return f"{self.survey_id} {self.member_id}"


class AnswerSheet(models.Model):
    """The answers of one person, without their name, number or hour; gone once the survey is closed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    survey = models.ForeignKey("workshops.Survey", models.CASCADE, related_name="sheets")
    key = models.CharField(max_length=64, unique=True)
    answers = models.JSONField(default=dict)

    def __str__(self):
        return str(self.pk)


class FreeAnswerQuerySet(models.QuerySet):
    def visible_to(self, user):
        published = Q(published__gt="", survey__state="published")
        if not user.is_authenticated:
            return self.filter(published)
        return self.filter(in_cycles_of(user, [Appointment.Role.SECRETARIAT], "survey__cycle") | published)


class FreeAnswer(Accountable):
    """A few words somebody wrote: read by the secretariat, published by hand without what could name anybody."""

    survey = models.ForeignKey("workshops.Survey", models.CASCADE, related_name="free_answers")
    question = models.ForeignKey("workshops.SurveyQuestion", models.CASCADE, related_name="free_answers")
    text = models.TextField()
    published = models.TextField(_("as published"), blank=True)

    objects = FreeAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["question__position", "pk"]

    def __str__(self):
        return gettext("a free answer")

    def get_absolute_url(self):
        return self.survey.get_absolute_url()

    @property
    def cycle(self):
        return self.survey.cycle

    @act(label=_("free answer published"), private=("text",))
    def publish(self, *, by, text):
        self.published = text.strip()

    @act(label=_("free answer no longer published"))
    def withhold(self, *, by):
        self.published = ""
