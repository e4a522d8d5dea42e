"""One door for every act: lock the row, check the moment, act, save, record.

`@transition` moves an object from one state to another; `@act` changes it without moving it.
Both leave an entry in the journal and keep a second click harmless.
"""

from functools import wraps

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _


class TransitionRefused(ValidationError):
    """The act exists, but not for something in this state."""

    def __init__(self, obj):
        sentence = _("“%(object)s” is now: %(state)s. This can no longer be done, or not yet.")
        super().__init__(sentence, params={"object": obj, "state": obj.get_state_display()})


def transition(*, source, target, label, private=()):
    """`label` is what the journal and the buttons say; facts named in `private` are never recorded.

    `target` may be a function of the object, asked once the act is done, where its outcome decides.
    """
    return _door(source, target, label, private)


def act(*, label, source=None, private=()):
    """An act that leaves the state as it is; `source` may still limit it to some states."""
    return _door(source, None, label, private)


def _door(source, target, label, private):
    sources = source and frozenset([source] if isinstance(source, str) else source)

    def decorate(body):
        @wraps(body)
        def move(self, *, by, **facts):
            with transaction.atomic():
                self.refresh_from_db(from_queryset=type(self)._base_manager.select_for_update(of=("self",)))
                was = getattr(self, "state", None)
                if sources and was not in sources:
                    raise TransitionRefused(self)
                outcome = body(self, by=by, **facts)
                if target:
                    self.state = target(self) if callable(target) else target
                    facts |= {"was": was, "now": self.state}
                self.save()
                kept = {name: value for name, value in facts.items() if name not in private}
                self.record(body.__name__, by=by, **kept)
            return outcome

        move.sources, move.target, move.label = sources, target, label
        return move

    return decorate
