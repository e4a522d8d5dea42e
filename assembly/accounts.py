"""Accounts come by invitation: a seat, or an appointment by the secretariat."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress

from assembly.models import User


class InvitedOnly(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False


def invite(email, name, *, language="fr"):
    """The account behind `email`, made if need be, without a password: the first login is by e-mail code."""
    user, new = User.objects.get_or_create(
        email=User.objects.normalize_email(email), defaults={"name": name, "language": language}
    )
    if new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
    return user
