from collections import defaultdict

from django.db import migrations
from django.utils import timezone

STATES = {
    "sit": "sitting",
    "leave": "on_leave",
    "return_": "sitting",
    "resign": "resigned",
    "remove": "removed",
    "end_term": "term_ended",
}
SEATED = ("sitting", "on_leave")


def tell_again(apps, schema_editor):
    """What the journal says of each member; where it says nothing, the first and the last day."""
    Member, Spell = apps.get_model("assembly", "Member"), apps.get_model("assembly", "Spell")
    moves = moves_of(apps.get_model("assembly", "JournalEntry"))
    rows = []
    for member in Member.objects.exclude(since=None):
        spells = moves.get(member.pk) or plain(member)
        ends = [since for _state, since in spells[1:]] + [None]
        for (state, since), until in zip(spells, ends, strict=True):
            reason = member.reason if until is None else ""
            rows.append(Spell(member=member, state=state, since=since, until=until, reason=reason))
    Spell.objects.bulk_create(rows, batch_size=500)


def moves_of(entries):
    found = defaultdict(list)
    known = {f"assembly.member.{name}": state for name, state in STATES.items()}
    rows = entries.objects.filter(act__in=known).order_by("pk").values_list("act", "target_id", "at")
    for act, pk, at in rows:
        found[pk].append((known[act], timezone.localdate(at)))
    return found


def plain(member):
    if member.state in SEATED:
        return [(member.state, member.since)]
    return [("sitting", member.since), (member.state, max(member.until or member.since, member.since))]


def forget(apps, schema_editor):
    apps.get_model("assembly", "Spell").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("assembly", "0008_spells")]

    operations = [migrations.RunPython(tell_again, forget)]
