"""When this happens, do that; and what leaves the house on its date."""

import time

from django.conf import settings

from assembly import clock
from assembly.composition import freezing
from assembly.journal import purge, when
from assembly.models import Snapshot
from sortition import likeness
from sortition.models import Draft, Draw, Register, TrialAnswer

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


@purge
def purge_drafts():
    """What was typed on the response page and not sent in time."""
    Draft.objects.filter(purge_on__lt=clock.today()).delete()


@when("assembly.cycle.open_recruitment")
def wipe_trials(entry):
    """The real answers begin: those tried before are deleted, and none was ever among the volunteers."""
    cycle = entry.target
    deleted, _by_model = TrialAnswer.objects.filter(cycle=cycle).delete()
    if deleted:
        cycle.record("wipe_trials", by=None, deleted=deleted)


@when("sortition.draw.announce")
def look_for_duplicates(entry):
    """In time for the secretariat to decide before the freeze."""
    draw = Draw.objects.select_related("cycle").get(pk=entry.target_id)
    if draw.pool_id is None:
        likeness.look(draw.cycle, by=None)
