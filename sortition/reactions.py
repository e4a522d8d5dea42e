"""When this happens, do that; and what leaves the house on its date."""

import time

from django.conf import settings

from assembly import freezing
from assembly.journal import purge, when
from assembly.models import Snapshot
from sortition.models import Draw, Register

AN_HOUR = 3600


@purge
def purge_read_rolls():
    """A roll whose reading is over and whose file outlived it (its worker died in between)."""
    waiting = Register.objects.filter(state=Register.State.RECEIVED).values_list("pk", flat=True)
    expected = {f"register-{pk}" for pk in waiting}
    for path in settings.INCOMING.glob("register-*"):
        if path.name not in expected and path.stat().st_mtime < time.time() - AN_HOUR:
            path.unlink(missing_ok=True)


@when("sortition.draw.publish")
def freeze_the_composition(entry):
    freezing.take_once(Draw.objects.get(pk=entry.target_id).cycle, Snapshot.Moment.DRAW)
