"""People of every status for `measure purge`, each marked by a number that stands in all their words."""

from datetime import date, timedelta

from django.core.files.base import ContentFile

from assembly import clock
from assembly.models import (
    Document,
    Member,
    Person,
    RightsRequest,
    User,
)

LIMITED = 5


class Sowing:
    """People of every status, each marked by a number that stands in all their words."""

    def __init__(self, cycle, last_day, first=0):
        self.cycle, self.last_day, self.first = cycle, last_day, first
        self.pool = cycle.pools.first()

    def sow(self, count):
        from sortition.models import Draw

        self.draw = Draw.objects.filter(cycle=self.cycle).last()
        for number in range(self.first, self.first + count):
            way = [self.silent, self.volunteer, self.silent, self.declined, self.volunteer, self.member][
                number % 6
            ]
            way(f"qx{number:04}", number)
        return set(range(self.first, self.first + count))

    def contact(self, mark, number):
        from sortition.models import Contact

        return Contact.objects.create(
            cycle=self.cycle,
            last_name=f"{mark}nom",
            first_name=f"{mark}prenom",
            birth_date=date(1901, 1, 1) + timedelta(days=number),
            address=f"{mark}rue",
            postcode="75012",
            city="PARIS",
            email=f"{mark}courriel@plante.invalid",
            phone=f"{mark}tel",
            needs=f"{mark}besoin",
            purge_on=self.last_day,
        )

    def silent(self, mark, number):
        return self.letter(self.contact(mark, number))

    def letter(self, contact):
        from sortition import codes
        from sortition.models import Invitation

        return Invitation.objects.create(
            pool=self.pool,
            contact=contact,
            code=codes.fresh(),
            line=1,
            district="12",
            age_band="40_54",
            sex="F",
        )

    def volunteer(self, mark, number):
        from sortition.engine.volunteers import person_key
        from sortition.models import Volunteer

        contact = self.contact(mark, number)
        row = Volunteer(
            cycle=self.cycle,
            pool=self.pool,
            contact=contact,
            person_key=person_key(contact.last_name, contact.first_name, contact.birth_date),
            profile={"gender": "F"},
            source="file",
            remark=f"{mark}remarque",
        )
        row.pseudonym = row.made_pseudonym()
        row.save()
        return row

    def declined(self, mark, number):
        from sortition.models import SeatOffer

        volunteer = self.volunteer(mark, number)
        offer = SeatOffer.objects.create(draw=self.draw, pool=self.pool, volunteer=volunteer)
        offer.record("decline", by=None, reason=f"{mark}motif")
        SeatOffer.objects.filter(pk=offer.pk).update(state="declined", reason=f"{mark}motif")

    def member(self, mark, number):
        from allauth.account.models import EmailAddress

        from sortition.models import SeatOffer
        from workshops.models import Message, Need, NeedsSheet, Thread, Workshop

        email = f"{mark}courriel@plante.invalid"
        user = User.objects.create(email=email, name=f"{mark}prenom {mark}nom", last_login=clock.now())
        EmailAddress.objects.create(user=user, email=email, primary=True)
        row = Member.objects.create(cycle=self.cycle, pool=self.pool, user=user, profile={"gender": "F"})
        SeatOffer.objects.create(
            draw=self.draw,
            pool=self.pool,
            volunteer=self.volunteer(mark, number),
            member=row,
            state="confirmed",
        )
        row.record("create", by=user)
        row.sit(by=None)
        row.resign(by=None, reason=f"{mark}raison")
        row.record("note", by=None, reason=f"{mark}note")
        sheet = Document.objects.issue(
            "statement", f"Relevé de {mark}nom", {"name": f"{mark}nom"}, cycle=self.cycle, reader=user
        )
        sheet.html = f"{mark}nom"
        sheet.file.save(f"statement-{number}.pdf", ContentFile(f"{mark}nom".encode()))
        workshop = Workshop.objects.filter(cycle=self.cycle).first()
        thread = Thread.objects.filter(workshop=workshop).first() or Thread.objects.create(
            workshop=workshop, title="Fil", opened_by=user
        )
        Message.objects.create(thread=thread, author=user, text=f"{mark}message")
        needs = NeedsSheet.objects.create(member=row)
        Need.objects.create(sheet=needs, kind="other", words=f"{mark}besoin")


def limit(sown):
    """Five members asked that nothing be done with their data: what is theirs stays, whatever its date."""
    found = set()
    for number in [number for number in sorted(sown) if number % 6 == 5][:LIMITED]:
        user = User.objects.get(email=f"qx{number:04}courriel@plante.invalid")
        RightsRequest.objects.create(
            kind="restriction",
            state="answered",
            person=Person.objects.create(user=user),
            due_on=clock.today(),
            closed_on=clock.today(),
            restricts=True,
        )
        found.add(number)
    return found
