"""The subjects a workshop discusses between its meetings."""

from django.utils.translation import gettext_lazy as _

from assembly.views import entitled_to_add
from workshops.models import Thread
from workshops.sections import section


@section("discussion", _("Discussion"), position=90, inside=True)
def discussion(request, workshop):
    rows = Thread.objects.visible_to(request.user).filter(workshop=workshop).with_counts()
    return "workshops/_discussion.html", {
        "threads": rows,
        "can_open": entitled_to_add(request.user, Thread, workshop),
    }
