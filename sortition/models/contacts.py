"""Personal data: what is known of somebody, in one place, until its date."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.models import RECORDED, Cycle
from assembly.privacy.keeping import CATEGORIES

RECORDED |= {"purge_contacts": _("personal data deleted on their date")}

#: How long what a letter needed is kept after the draw, when nobody answered or the answer was no.
DAYS_KEPT_WITHOUT_ANSWER = 90
#: Members: their term, and the time their allowances are paid and checked.
DAYS_KEPT_AFTER_THE_TERM = 365


def days_kept(key):
    """As the register says today."""
    return CATEGORIES[key].days_kept


class ContactQuerySet(models.QuerySet):
    def overdue(self):
        return self.filter(purge_on__lt=clock.today())

    def of(self, seat):
        """What is known of somebody who sits or sat, until its date."""
        return self.filter(volunteer__offer__member=seat).first()


class Contact(models.Model):
    """All that is known of a person invited or volunteering, and nothing elsewhere: deleted on its date."""

    class Availability(models.TextChoices):
        YES = "yes", _("Yes, nearly always")
        SOMETIMES = "sometimes", _("Sometimes")
        NO = "no", _("Hardly ever")

    class ReachedBy(models.TextChoices):
        EMAIL = "email", _("by e-mail")
        PHONE = "phone", _("by telephone")
        POST = "post", _("by post")

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="contacts")
    last_name = models.CharField(_("last name"), max_length=150, blank=True)
    first_name = models.CharField(_("first name"), max_length=150, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    address = models.TextField(_("address"), blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    reached_by = models.CharField(
        _("best reached"), max_length=10, choices=ReachedBy, default=ReachedBy.EMAIL
    )
    needs = models.TextField(_("needs"), blank=True)
    availability = models.CharField(_("availability"), max_length=10, choices=Availability, blank=True)
    purge_on = models.DateField(db_index=True)

    objects = ContactQuerySet.as_manager()

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def full_name(self):
        return f"{self.first_name} {self.last_name}".strip()
