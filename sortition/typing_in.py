"""An answer that came on paper or by telephone, typed for somebody by the secretariat."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from assembly.models import Cycle
from sortition.models import Draw, Volunteer
from sortition.models.volunteers import key_of


def for_letter(letter, facts, *, by, source, received_on):
    """Yes or no (`facts` is None) to a letter; an answer laid beside an earlier one is returned."""
    told = {"by": by, "source": source, "received_on": received_on}
    if facts is None:
        return letter.decline(**told)
    return letter.volunteer(**facts, **told)


def without_letter(pool, contact, facts, *, by, source, received_on):
    """Somebody of a list: a new volunteer, or the same one answering again."""
    with transaction.atomic():
        cycle = Cycle.objects.select_for_update().get(pk=pool.cycle_id)
        if Draw.objects.closing(cycle).exists():
            raise ValidationError(_("The pool is frozen: nobody enters or leaves it any more."))
        key = key_of(contact, facts["birth_date"])
        earlier = Volunteer.objects.filter(cycle=cycle, person_key=key, contact__isnull=False).first()
        if earlier and earlier.was_heard_otherwise(source):
            return earlier.hear(facts, by=by, source=source, on=received_on)
        contact.cycle, contact.purge_on = cycle, cycle.ends_on
        for name in ("birth_date", "email", "phone", "needs", "availability"):
            setattr(contact, name, facts[name] or getattr(contact, name))
        contact.save()
        names = ("gender", "birth_date", "district", "diploma")
        answer = {name: facts[name] for name in names}
        row = Volunteer.objects.answer(pool, contact, answer, source=source, key=key, typed_by=by)
        row.record("type_answer", by=by, source=source, received_on=received_on, pool=pool.title)
    return None
