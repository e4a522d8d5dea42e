"""What serves Sustainable Development Goals: a cycle, a text, a measure."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly import goals
from assembly.lifecycle import act


class ServingGoals(models.Model):
    goals = goals.GoalsField(_("Sustainable Development Goals"), editable=False)

    class Meta:
        abstract = True

    @act(label=_("goals named"))
    def name_goals(self, *, by, goals):
        """Which of the seventeen it serves; those named before are replaced."""
        self.goals = goals

    @property
    def named_goals(self):
        return goals.named(self.goals)
