"""What hangs on an account and holds no name: it becomes nobody’s when the account becomes a number."""

from django.utils.translation import gettext_lazy as _

from assembly.privacy.keeping import CATEGORIES, Kept


class WithAccount(Kept):
    """`owner`: the way from a row to the account."""

    owner = "member__user"
    since = _("with the account: the row stays, under a number")

    def days_in(self, changes):
        return CATEGORIES["accounts"].days_in(changes)

    def rows(self, cycle):
        return self.model._base_manager.none()

    def of(self, person):
        return self.model._base_manager.filter(**{self.owner: person.user_id, f"{self.owner}__isnull": False})
