"""The parents’ authorisation of a minor: a paper sent, looked at, deleted on its date."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import transition
from assembly.models import RECORDED, Accountable
from assembly.uploads import private_storage
from sortition import papers
from sortition.models.readers import Role, followed_by

RECORDED |= {"read": _("paper read")}


class AuthorisationQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(followed_by(user, Role.SECRETARIAT, path="offer__draw__cycle"))

    def checked(self):
        return self.filter(state=Authorisation.State.CHECKED)


class Authorisation(Accountable):
    """A signed paper, kept apart from everything public. Once its date has come, only that it was checked remains."""

    of_a_person = True
    written_as = property(str)

    class State(models.TextChoices):
        RECEIVED = "received", _("to be checked")
        CHECKED = "checked", _("checked")
        REFUSED = "refused", _("not valid")

    offer = models.ForeignKey("SeatOffer", models.PROTECT, related_name="authorisations")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RECEIVED)
    file = models.FileField(_("file"), upload_to="authorisations/", storage=private_storage, blank=True)
    kind = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    received_at = models.DateTimeField(default=clock.now)
    checked_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    purge_on = models.DateField(db_index=True)

    objects = AuthorisationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="an_authorisation_is_dated_once_checked",
                condition=~Q(state="checked") | Q(checked_at__isnull=False),
            )
        ]

    def __str__(self):
        return gettext("authorisation no. %(number)s") % {"number": self.pk}

    @property
    def cycle(self):
        return self.offer.cycle

    @property
    def name(self):
        """What it is saved under: a number, nobody’s name."""
        return f"autorisation-{self.pk}{papers.ENDINGS[self.kind]}"

    def get_absolute_url(self):
        return self.offer.get_absolute_url()

    @transition(source=State.RECEIVED, target=State.CHECKED, label=_("authorisation checked"))
    def accept(self, *, by):
        """Signed by whoever holds parental authority, for this person and this cycle."""
        self.checked_at = clock.now()

    @transition(
        source=(State.RECEIVED, State.CHECKED),
        target=State.REFUSED,
        label=_("authorisation found not valid"),
        private=("reason",),
    )
    def turn_down(self, *, by, reason):
        if not reason.strip():
            raise ValidationError(gettext("Say what is missing: the family will be told."))
        self.reason = reason
