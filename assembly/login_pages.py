"""What a person does about their own ways in, and the secretariat about a lost device."""

from django.contrib.auth import update_session_auth_hash
from django.utils.translation import gettext_lazy

from assembly.forms import ReasonForm
from assembly.models import User
from assembly.views import ActView


class CloseSessions(ActView):
    """End every login but this one."""

    model, act = User, "close_sessions"
    title = gettext_lazy("Log out everywhere else")
    help_text = gettext_lazy(
        "Every computer and telephone where you are logged in asks again who you are, except this one."
    )

    def get_object(self):
        return User.objects.get(pk=self.request.user.pk)

    def form_valid(self, form):
        response = super().form_valid(form)
        update_session_auth_hash(self.request, self.object)
        return response


class ForgetDevices(ActView):
    """A lost device: its owner logs in by e-mail code and sets up another."""

    model, act = User, "forget_devices"
    form_class = ReasonForm
    title = gettext_lazy("Forget the devices of the login")
    help_text = gettext_lazy(
        "Make sure it is really them, on the telephone or face to face. Their passkeys, application and recovery codes "
        "open nothing any more, and they are logged out everywhere. They then log in with a code by e-mail and set up "
        "another device."
    )
    danger = True
    then = back = "get_appointments_url"
