"""The reserve of a cycle, brought into the pool of a citizens’ jury the cycle convened."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly import clock
from assembly.models import RECORDED, Cycle
from sortition import eligibility
from sortition.models import Contact, Draw, Volunteer

RECORDED |= {"bring_in_the_reserve": gettext_lazy("reserve of the Assembly brought in")}
FIELDS = ("last_name", "first_name", "birth_date", "address", "postcode", "city", "email", "phone", "needs")


def reserve_of(jury):
    """The volunteers of the parent cycle who were not seated, whose contact is still kept, not brought in yet."""
    waiting = Volunteer.objects.filter(
        cycle=jury.parent_id,
        state__in=[Volunteer.State.RESERVE, Volunteer.State.NOT_DRAWN],
        contact__isnull=False,
    )
    return waiting.exclude(person_key__in=jury.volunteers.values("person_key"))


def bring_in(jury, *, by):
    """Copy them into the pool of the jury, until its end; they stay in the reserve of their cycle. Returns how many."""
    with transaction.atomic():
        jury = Cycle.objects.select_for_update().get(pk=jury.pk)
        if Draw.objects.closing(jury).exists():
            raise ValidationError(_("The pool is frozen: nobody enters or leaves it any more."))
        people = list(reserve_of(jury).select_related("contact").order_by("pk"))
        pool = jury.pools.order_by("pk").first()
        if not people or not pool:
            raise ValidationError(_("Nobody is left to bring in from the reserve."))
        contacts = Contact.objects.bulk_create([copied(row.contact, jury) for row in people], batch_size=500)
        wanted, known = eligibility.targets_of(pool), eligibility.categories_of(jury)
        rows = [
            volunteer(row, contact, pool, wanted, known)
            for row, contact in zip(people, contacts, strict=True)
        ]
        Volunteer.objects.bulk_create(rows, batch_size=500)
        jury.record("bring_in_the_reserve", by=by, taken=len(rows))
    return len(rows)


def copied(contact, jury):
    return Contact(cycle=jury, purge_on=jury.ends_on, **{name: getattr(contact, name) for name in FIELDS})


def volunteer(row, contact, pool, wanted, known):
    """The same person, under another pseudonym."""
    profile = {name: key for name, key in row.profile.items() if key in known.get(name, ())}
    obstacle = eligibility.obstacle(pool, wanted, profile, birth_date=contact.birth_date, today=clock.today())
    fresh = Volunteer(
        cycle=pool.cycle,
        pool=pool,
        contact=contact,
        person_key=row.person_key,
        profile=profile,
        is_minor=row.is_minor,
        source=Volunteer.Source.STAFF,
        obstacle=obstacle,
        state=Volunteer.State.INELIGIBLE if obstacle else Volunteer.State.ELIGIBLE,
    )
    fresh.pseudonym = fresh.made_pseudonym()
    return fresh
