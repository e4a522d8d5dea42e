"""What the room of the draw keeps on people, and how it forgets."""

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from assembly.models import Person
from assembly.privacy.keeping import LEGAL_DUTY, ByDate, Kept, keeps
from assembly.privacy.people import finds, links, numbers
from sortition import codes
from sortition.models import (
    DAYS_KEPT_AFTER_THE_TERM,
    DAYS_KEPT_WITHOUT_ANSWER,
    Authorisation,
    Call,
    Contact,
    Draft,
    Invitation,
    LetterPart,
    Likeness,
    Objection,
    SeatOffer,
    SecondAnswer,
    Volunteer,
)
from sortition.models.incoming import DAYS_A_DRAFT_WAITS

ROOM = "sortition"
AS_MEMBER = Q(volunteer__offer__member__isnull=False)


class Contacts(ByDate):
    """With the contact goes all that led to it: the line of the roll, the key of the person, notes and remarks."""

    model = Contact
    recorded = "purge_contacts"
    fields = (
        "last_name",
        "first_name",
        "birth_date",
        "address",
        "postcode",
        "city",
        "email",
        "phone",
        "needs",
    )

    def of(self, person):
        return self.kind(Contact.objects.filter(pk__in=numbers(person, ROOM)))

    def rows(self, cycle):
        return self.kind(Contact.objects.filter(cycle=cycle))

    def erase(self, rows):
        people = Volunteer.objects.filter(contact__in=rows)
        offers = SeatOffer.objects.filter(volunteer__in=people)
        Invitation.objects.filter(contact__in=rows).update(line=None)
        Call.objects.filter(offer__in=offers).update(note="")
        SecondAnswer.objects.filter(volunteer__in=people).update(facts={}, reason="")
        Likeness.objects.filter(Q(first__in=people) | Q(second__in=people)).update(reason="")
        offers.update(reason="")
        forgotten = Concat(Value("erased-"), Cast("pk", CharField()))
        people.update(person_key=forgotten, salt="", remark="", contact=None)
        rows.delete()
        return []


@keeps
class Letters(Contacts):
    key, title = "letters", _("People who received a letter")
    what = _("Name, address, date of birth, line of the roll")
    why = _("To write to them and record their answer")
    days, least, most = DAYS_KEPT_WITHOUT_ANSWER, 30, 365
    since = _("the draw of the panel, without an answer or if they declined")

    def kind(self, rows):
        return rows.filter(volunteer=None)


@keeps
class Volunteers(Contacts):
    key, title = "volunteers", _("Volunteers who were not drawn, or declined")
    what = _("Contact details, date of birth, needs, remarks; the profile stays under a pseudonym")
    why = _("The panel draw, and the reserve that replaces members who leave")
    days, least, most = 0, 0, 180

    def kind(self, rows):
        return rows.filter(volunteer__isnull=False).exclude(AS_MEMBER)


@keeps
class Members(Contacts):
    key, title = "members", _("Contact details of members")
    what = _("Name, address, e-mail, telephone, date of birth")
    why = _("To convene them and to pay them")
    days, least, most, visa = DAYS_KEPT_AFTER_THE_TERM, 180, 3650, True

    def kind(self, rows):
        return rows.filter(AS_MEMBER)


@keeps
class Authorisations(ByDate):
    key, title, model = "authorisations", _("Authorisations of parents"), Authorisation
    what = _("The signed paper; that it was checked stays")
    why = _("No minor sits without one")
    since = _("the eighteenth birthday, or the end of the cycle and its finances")
    recorded = "purge_authorisations"
    fields = ("state", "received_at", "file")

    def rows(self, cycle):
        return Authorisation.objects.filter(offer__draw__cycle=cycle).exclude(file="")

    def of(self, person):
        return Authorisation.objects.filter(offer__volunteer__contact__in=numbers(person, ROOM))

    def erase(self, rows):
        files = [row.file for row in rows if row.file]
        rows.update(file="", reason="")
        return files


class ByTheRoom(Kept):
    """Erased by the room itself, on its own purge."""

    by_its_room = True
    recorded = "purge_contacts"

    def last_day(self, cycle):
        return cycle.ends_on

    def expired(self, cycle, on):
        return self.rows(cycle).none()

    def calendar(self, cycle):
        return {}


@keeps
class Drafts(ByTheRoom):
    key, title, model = "drafts", _("Answers begun and not sent"), Draft
    what = _("What somebody typed on the response page")
    why = _("Not to lose what was typed")
    readers, since = _("the person"), _("the last key pressed")
    days = least = most = DAYS_A_DRAFT_WAITS
    fields = ("kept",)

    def rows(self, cycle):
        return Draft.objects.filter(invitation__pool__cycle=cycle)

    def of(self, person):
        return Draft.objects.filter(invitation__contact__in=numbers(person, ROOM))


@keeps
class SecondAnswers(ByTheRoom):
    key, title, model = "second-answers", _("Answers that contradict an earlier one"), SecondAnswer
    what = _("The second answer, until somebody decides which stands")
    why = _("To overwrite nothing before a person decides")
    since = _("the decision")
    least = most = 0
    fields = ("received_on", "state", "facts")

    def rows(self, cycle):
        return SecondAnswer.objects.filter(volunteer__cycle=cycle)

    def of(self, person):
        return SecondAnswer.objects.filter(volunteer__contact__in=numbers(person, ROOM))


@keeps
class Calls(ByTheRoom):
    key, title, model = "calls", _("Calls about a seat"), Call
    what = _("When, by whom, what was answered; notes go with the contact details")
    why = _("To fill every seat")
    since = _("with the contact details")
    least = most = 0
    fields = ("at", "outcome", "note")

    def rows(self, cycle):
        return Call.objects.filter(offer__draw__cycle=cycle)

    def of(self, person):
        return Call.objects.filter(offer__volunteer__contact__in=numbers(person, ROOM))


@keeps
class LetterFiles(ByTheRoom):
    key, title, model = "letter-files", _("Letters printed for the post"), LetterPart
    what = _("PDF files with names and addresses, apart from every other file")
    why = _("To hand them to the printer")
    since = _("with the people they name, at the latest when the first of them is erased")
    least = most = 0

    def rows(self, cycle):
        return LetterPart.objects.filter(batch__register__cycle=cycle, erased_on=None)

    def of(self, person):
        return LetterPart.objects.none()


@keeps
class Objections(ByTheRoom):
    key, title, model = "objections", _("People who objected to be written to"), Objection
    what = _("A fingerprint that recognises them on a roll, and nothing to find them by")
    why = _("Not to write to them again")
    basis = LEGAL_DUTY
    readers, since = _("nobody: compared by the machine"), _("as long as rolls are drawn from")
    least = most = 0

    def rows(self, cycle):
        return Objection.objects.filter(cycle=cycle)

    def of(self, person):
        return Objection.objects.none()


@links(ROOM)
def contacts_of(person):
    """By their seats if they have an account, by the number of their contact else."""
    if person.user_id:
        rows = Contact.objects.filter(volunteer__offer__member__user=person.user_id)
        return list(rows.values_list("pk", flat=True))
    return [person.number] if person.room == ROOM else []


@finds
def invited(words):
    """By name, by the code of a letter, by pseudonym; who became a member is found by their account."""
    named = Q()
    for word in words.split():
        named &= Q(last_name__icontains=word) | Q(first_name__icontains=word) | Q(email__icontains=word)
    known = Q(volunteer__pseudonym=words.upper())
    if code := codes.normalised(words):
        known |= Q(invitation__code=code)
    rows = Contact.objects.filter(named | known).exclude(AS_MEMBER).select_related("cycle")
    for row in rows.annotate(born=F("birth_date")).order_by("last_name", "first_name", "pk")[:50]:
        born = f"{row.born:%d/%m/%Y}" if row.born else ""
        told = " – ".join(filter(None, [row.full_name, born, row.city, str(row.cycle)]))
        yield Person(room=ROOM, number=row.pk), told
