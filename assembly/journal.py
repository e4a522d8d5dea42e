"""What happens next: reactions to recorded acts, run once the act is committed."""

from collections import defaultdict
from functools import partial, update_wrapper

from django.core.files import File
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

REACTIONS = defaultdict(list)


def when(*acts):
    def register(reaction):
        for act in acts:
            REACTIONS[act].append(reaction)
        return reaction

    return register


EVERY_ACT = "*"


def announce(entry):
    for reaction in (*REACTIONS.get(entry.act, ()), *REACTIONS.get(EVERY_ACT, ())):
        named = update_wrapper(partial(reaction, entry), reaction)  # so that a failure can be told
        transaction.on_commit(named, robust=True)


class FactEncoder(DjangoJSONEncoder):
    """Facts are plain: an object is known by its number and name, a file by nothing but its size."""

    def default(self, value):
        if isinstance(value, models.Model):
            return {"id": value.pk, "name": getattr(value, "written_as", None) or str(value)}
        if isinstance(value, models.QuerySet | set | frozenset):
            return list(value)
        if isinstance(value, File):
            return {"bytes": value.size}
        return super().default(value)


def parted(facts):
    """(what may be written for ever, what is said in words): states are facts, sentences are words."""
    words = {
        name: said
        for name, said in facts.items()
        if isinstance(said, str) and said and name not in {"was", "now"}
    }
    kept = {name: fact for name, fact in facts.items() if name not in words}
    return (kept | {"apart": sorted(words)} if words else kept), words


PURGES = []


def purge(command):
    """Register what a room deletes on its clock; called by `manage.py purge_expired_data`."""
    PURGES.append(command)
    return command
