"""When this happens, do that; and what leaves the house on its date."""

import time

from django.conf import settings

from assembly import freezing
from assembly.journal import purge, when
from assembly.models import Cycle, Snapshot
from sortition.models import Contact, Draw, Register

AN_HOUR = 3600


@purge
def purge_contacts():
    """Personal data whose date has come; the journal keeps how many, as proof."""
    for cycle in Cycle.objects.filter(pk__in=Contact.objects.overdue().values("cycle")):
        count = Contact.objects.overdue().filter(cycle=cycle).count()
        Contact.objects.overdue().filter(cycle=cycle).delete()
        cycle.record("purge_contacts", by=None, deleted=count)


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
