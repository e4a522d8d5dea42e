"""The volunteers of a file taken in: all or none, in one go."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from assembly.models import Cycle
from sortition import columns, eligibility, likeness
from sortition.answers import facts_of, understand
from sortition.models import Contact, Draw, Invitation, SecondAnswer, Volunteer


def take_in(path, name, pool, *, by, match_codes=False, source="", at=None, words=None):
    """Add the volunteers of a file, all or none; those known already are left as they are. Returns the preview.

    How the files of this source are read is remembered for the next one.
    """
    with transaction.atomic():
        cycle = Cycle.objects.select_for_update().get(pk=pool.cycle_id)
        if Draw.objects.closing(cycle).exists():
            raise ValidationError(_("The pool is frozen: nobody enters or leaves it any more."))
        preview = understand(path, name, pool, match_codes=match_codes, at=at, words=words)
        if not preview.lines and not preview.differing:
            raise ValidationError(_("Nobody new in this file: nothing was changed."))
        _write(preview, cycle)
        _lay_beside(preview, by)
        if source and at is not None:
            columns.remember(path, name, pool, source, at, words or {})
        facts = {"pool": pool.title, "taken": len(preview.lines), "eligible": len(preview.eligible)}
        cycle.record(
            "take_in_answers", by=by, refused=len(preview.refused), repeated=len(preview.repeated), **facts
        )
    likeness.look(cycle, by=by)
    return preview


def _lay_beside(preview, by):
    """Once: the same file handed over again asks nothing again."""
    people = [one.volunteer for one in preview.differing]
    rows = SecondAnswer.objects.filter(volunteer__in=people, source=Volunteer.Source.FILE)
    asked = {(pk, *differs) for pk, differs in rows.values_list("volunteer_id", "differs")}
    for one in preview.differing:
        if (one.volunteer.pk, *one.differs) not in asked:
            SecondAnswer.objects.lay_beside(
                one.volunteer, one.facts, one.differs, by=by, source=Volunteer.Source.FILE
            )


def _write(preview, cycle):
    today = eligibility.reckoned_on(cycle)
    fresh = [line for line in preview.lines if line.invitation is None or line.invitation.contact is None]
    contacts = [_contact(line.answer, cycle) for line in fresh]
    Contact.objects.bulk_create(contacts, batch_size=500)
    known = {id(line): contact for line, contact in zip(fresh, contacts, strict=True)}
    answered = [line for line in preview.lines if id(line) not in known]
    for line in answered:
        known[id(line)] = _completed(line.invitation.contact, line.answer, cycle)
    Contact.objects.bulk_update(
        [known[id(line)] for line in answered],
        ["email", "phone", "needs", "availability", "birth_date", "purge_on"],
        batch_size=200,
    )
    Volunteer.objects.bulk_create(
        [_volunteer(line, known[id(line)], preview.pool, today) for line in preview.lines], batch_size=500
    )
    letters = [line.invitation.pk for line in preview.lines if line.invitation]
    Invitation.objects.filter(pk__in=letters).update(state=Invitation.State.VOLUNTEERED)


def _contact(answer, cycle):
    return Contact(
        cycle=cycle,
        last_name=answer.last_name[:150],
        first_name=answer.first_name[:150],
        birth_date=answer.birth_date,
        address=answer.address,
        postcode=answer.postcode[:10],
        email=answer.email,
        phone=answer.phone[:20],
        needs=facts_of(answer)["needs"],
        availability=facts_of(answer)["availability"],
        purge_on=cycle.ends_on,
    )


def _completed(contact, answer, cycle):
    facts = facts_of(answer)
    contact.email, contact.phone = answer.email, answer.phone[:20]
    contact.needs, contact.availability = facts["needs"], facts["availability"]
    contact.birth_date, contact.purge_on = answer.birth_date or contact.birth_date, cycle.ends_on
    return contact


def _volunteer(line, contact, pool, today):
    born = line.answer.birth_date
    row = Volunteer(
        cycle=pool.cycle,
        pool=pool,
        invitation=line.invitation,
        contact=contact,
        person_key=line.key,
        profile=line.profile,
        is_minor=bool(born) and eligibility.age_on(today, born) < 18,
        source=Volunteer.Source.FILE,
        state=Volunteer.State.INELIGIBLE if line.obstacle else Volunteer.State.ELIGIBLE,
        obstacle=line.obstacle,
    )
    row.pseudonym = row.made_pseudonym()
    return row
