"""What can be found of the draws."""

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from assembly.search import Found, searchable
from sortition.models import Draw


@searchable("draw", _("Draws"), Draw, related=("cycle",))
def draw(draw):
    day = localdate(draw.announced_for) if draw.announced_for else None
    return Found(f"{draw} – {draw.cycle}", draw.witnesses or "", cycle=draw.cycle_id, day=day)
