"""Who comes in at the privacy desk."""

from django.core.exceptions import PermissionDenied


class AtTheDesk:
    """For those who hold `permission`, whatever the cycle."""

    permission = "assembly.view_privacy"

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class Secretariat(AtTheDesk):
    permission = "assembly.view_people"
