"""Who asked not to be written to again."""

from django.db import models
from django.utils.crypto import salted_hmac

from assembly import clock
from assembly.models import Cycle
from sortition.engine.volunteers import person_key


def keyed(last_name, first_names, birth_date):
    """A fingerprint nobody can compute from a list of names without the secret of this house."""
    known = person_key(last_name, first_names.split(" ")[0], birth_date)
    return salted_hmac("sortition.objection", known, algorithm="sha256").hexdigest()


class ObjectionQuerySet(models.QuerySet):
    def keep(self, contact, cycle):
        fingerprint = keyed(contact.last_name, contact.first_name, contact.birth_date)
        self.get_or_create(fingerprint=fingerprint, defaults={"cycle": cycle})

    def spared(self, electors):
        """Those of these electors nobody may write to, by line."""
        known = set(self.values_list("fingerprint", flat=True))
        if not known:
            return set()
        return {one.line for one in electors if keyed(one.last_name, one.forenames, one.birth_date) in known}


class Objection(models.Model):
    """All that stays of a person who objected: enough to recognise them on a roll, and nothing to find them by."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="objections")
    fingerprint = models.CharField(max_length=64, unique=True)
    recorded_on = models.DateField(default=clock.today)

    objects = ObjectionQuerySet.as_manager()

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
