"""The index follows the journal: whatever act touches an object, its entry is made again.

Nothing of it is worth keeping: `rebuild` makes it anew from the rooms, every night and after a purge.
"""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import translation

from assembly.journal import EVERY_ACT, when
from assembly.models import SearchEntry
from assembly.search import SOURCES
from assembly.search.stems import spelled

LONGEST = 200_000  # signs of a text that are searched
BATCH = 200


def entry_of(source, obj):
    """`obj` as an entry, its address in French whoever asks."""
    found = source.tell(obj)
    with translation.override("fr"):
        address = obj.get_absolute_url()
    text = found.text[:LONGEST]
    return SearchEntry(
        target_type=ContentType.objects.get_for_model(obj),
        target_id=obj.pk,
        kind=source.kind,
        title=found.title[:300],
        text=text,
        address=address,
        cycle_id=found.cycle,
        day=found.day,
        title_stems=spelled(found.title),
        stems=spelled(f"{found.title} {text}"),
    )


@when(EVERY_ACT)
def follow(entry):
    """One object was touched: what is found of it is written again."""
    if model := entry.target_type.model_class():
        refresh(model, entry.target_id)


def refresh(model, pk):
    """The entry of one object, made again; it goes when the public may no longer know the object."""
    source = SOURCES.get(model._meta.label_lower)
    if source is None:
        return
    kind = ContentType.objects.get_for_model(model)
    with transaction.atomic():
        SearchEntry.objects.filter(target_type=kind, target_id=pk).delete()
        if obj := source.public().filter(pk=pk).first():
            entry_of(source, obj).save()


def rebuild(progress=None):
    """Everything again, kind after kind: readers find the old entries of a kind until its new ones are in."""
    written = 0
    for source in SOURCES.values():
        with transaction.atomic():
            SearchEntry.objects.filter(target_type=ContentType.objects.get_for_model(source.model)).delete()
            entries = [entry_of(source, obj) for obj in source.public().iterator(chunk_size=BATCH)]
            SearchEntry.objects.bulk_create(entries, batch_size=BATCH)
        written += len(entries)
        if progress:
            progress(written)
    return written
