"""When this happens, do that."""

from assembly.composition import freezing
from assembly.journal import when
from assembly.models import Cycle, Snapshot

MOMENTS = {
    "assembly.cycle.open_recruitment": Snapshot.Moment.OPENING,
    "assembly.cycle.begin": Snapshot.Moment.FIRST_SESSION,
    "assembly.cycle.deepen": Snapshot.Moment.MID_TERM,
    "assembly.cycle.follow_up": Snapshot.Moment.END,
}


@when(*MOMENTS)
def freeze_the_composition(entry):
    freezing.take_once(Cycle.objects.get(pk=entry.target_id), MOMENTS[entry.act])
