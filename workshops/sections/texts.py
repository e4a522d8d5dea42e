"""What the floors above know of a workshop: its mandate, its drafts, its votes."""

from django.utils.translation import gettext_lazy as _

from workshops.sections import section


@section("textes", _("Texts and votes"), position=80)
def texts(request, workshop):
    return "workshops/_panels.html", {}
