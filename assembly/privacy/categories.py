"""What the ground floor keeps on people."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Max, Q
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.models import (
    Accountable,
    Appointment,
    Document,
    Member,
    PersonalExport,
    RightsRequest,
    Spell,
    User,
    WordsApart,
)
from assembly.privacy.keeping import LEGAL_DUTY, Kept, keeps

GONE = "@parti.invalid"
YEAR = 365


class Ways(Kept):
    """Accounts: the person becomes a number, what they did keeps counting."""

    model = User
    fields = ("name", "email", "language", "last_login", "date_joined")

    def erase(self, rows):
        people = list(rows)
        Session.objects.filter(pk__in=sessions_of(people)).delete()
        EmailAddress.objects.filter(user__in=people).delete()
        Authenticator.objects.filter(user__in=people).delete()
        for user in people:
            forget(user)
        return []


def sessions_of(people):
    numbers = {str(user.pk) for user in people}
    return [row.pk for row in Session.objects.iterator() if row.get_decoded().get("_auth_user_id") in numbers]


def forget(user):
    """No name, no address, no way in."""
    with translation.override(settings.LANGUAGE_CODE):
        sat = Member.objects.filter(user=user).exists()
        user.name = (gettext("Former member no. %s") if sat else gettext("Former account no. %s")) % user.pk
    user.email, user.is_active, user.last_login = f"ancien-{user.pk}{GONE}", False, None
    user.set_unusable_password()
    user.save()


@keeps
class Accounts(Ways):
    key, title = "accounts", _("Accounts of members")
    what = _("Name shown, e-mail, password, sign-ins; the profile of the seat stays under a number")
    why = _("To take part, to be written to, and to be paid for each half-day")
    readers = _("the secretariat; the name shown: members of the same cycle")
    days, least, most, visa = YEAR, 180, 5 * YEAR, True

    def rows(self, cycle):
        """Those whose last seat was in this cycle, and who hold no role."""
        rows = User.objects.annotate(last=Max("members__cycle__ends_on"))
        last = rows.filter(last=cycle.ends_on, members__cycle=cycle)
        current = Appointment.objects.current().values("user")
        rows = User.objects.filter(pk__in=last.values("pk")).exclude(pk__in=current)
        return rows.exclude(email__endswith=GONE)

    def of(self, person):
        return User.objects.filter(pk=person.user_id)


@keeps
class Appointed(Ways):
    key, title = "appointed", _("Accounts of people appointed to a role")
    what = _("Name shown, e-mail, role, organisation")
    why = _("To know who did what, and when")
    since = _("the end of the cycle in which the last role ended")
    days, least, most = YEAR, 90, 5 * YEAR
    recorded = "purge_accounts"

    def rows(self, cycle):
        left = User.objects.annotate(left=Max("appointments__until"))
        left = left.filter(left__gte=cycle.starts_on, left__lte=cycle.ends_on)
        still = Appointment.objects.filter(Q(until=None) | Q(until__gt=cycle.ends_on)).values("user")
        rows = User.objects.filter(pk__in=left.values("pk"), members=None).exclude(pk__in=still)
        return rows.exclude(email__endswith=GONE)

    def of(self, person):
        """Shown with the accounts."""
        return User.objects.filter(pk=person.user_id, members=None)

    def told(self, row):
        held = [
            f"{role.get_role_display()} ({role.since}–{role.until or ''})" for role in row.appointments.all()
        ]
        return {str(_("roles held")): held}


@keeps
class Reasons(Kept):
    key, title, model = "reasons", _("Why members were on leave or left"), Spell
    what = _("The reason of each change of state, in words")
    why = _("Every change of a member’s state owes its reason")
    days, least, most, visa = YEAR, 30, 5 * YEAR, True
    fields = ("state", "since", "until", "reason")

    def rows(self, cycle):
        return Spell.objects.filter(member__cycle=cycle).exclude(reason="")

    def of(self, person):
        return Spell.objects.filter(member__user=person.user_id, member__user__isnull=False)

    def erase(self, rows):
        Member.objects.filter(pk__in=rows.values("member")).update(reason="")
        rows.update(reason="")
        return []


class Papers(Kept):
    model = Document
    fields = ("title", "issued_at", "content")
    kinds = ()

    def rows(self, cycle):
        return Document.objects.filter(cycle=cycle, erased_on=None, kind__in=self.kinds)

    def of(self, person):
        """An account sees through its meetings where it was expected."""
        return Document.objects.none()

    def erase(self, rows):
        """The line stays, so that numbers and lists stay right; its title, its words and its file go."""
        rows = list(rows.only("kind", "file"))
        for row in rows:
            title = str(row.get_kind_display()).capitalize()
            Document.objects.filter(pk=row.pk).update(
                title=title, content={}, html="", file="", erased_on=clock.today()
            )
        return [row.file for row in rows if row.file]


@keeps
class PersonalDocuments(Papers):
    key, title = "documents", _("Documents made for one person")
    what = _("Statements of allowances and other sheets with a name on them")
    why = _("To pay allowances and account for them")
    basis, readers = LEGAL_DUTY, _("the person, the secretariat")
    days, least, most, visa = YEAR, 180, 10 * YEAR, True

    def rows(self, cycle):
        rows = Document.objects.filter(cycle=cycle, erased_on=None, audience=Document.Audience.PERSON)
        return rows.exclude(kind__in=(Document.Kind.EXPORT, Document.Kind.SIGN_IN))

    def of(self, person):
        rows = Document.objects.filter(reader=person.user_id, reader__isnull=False, erased_on=None)
        return rows.exclude(kind__in=(Document.Kind.EXPORT, Document.Kind.SIGN_IN))


@keeps
class SignInSheets(Papers):
    key, title = "sign-in", _("Sign-in sheets")
    what = _("Who was expected at a meeting, by name")
    why = _("To take attendance, which opens the right to an allowance")
    basis = LEGAL_DUTY
    days, least, most, visa = YEAR, 30, 5 * YEAR, True
    kinds = (Document.Kind.SIGN_IN,)


@keeps
class Exports(Papers):
    key, title = "exports", _("Exports of everything held on a person")
    what = _("The answer to a request to see one’s data")
    why = _("To answer the right of access")
    basis, readers = LEGAL_DUTY, _("the person, the secretariat")
    since = _("the day it was made")
    days, least, most = 30, 7, 90
    recorded = "purge_exports"
    kinds = (Document.Kind.EXPORT,)

    def expired(self, cycle, on):
        return self.rows(cycle).filter(issued_at__date__lt=on - timedelta(days=self.days_kept))

    def calendar(self, cycle):
        found = {}
        for moment in self.rows(cycle).values_list("issued_at", flat=True):
            day = moment.date() + timedelta(days=self.days_kept)
            found[day] = found.get(day, 0) + 1
        return found

    def erase(self, rows):
        PersonalExport.objects.filter(document__in=rows).update(document=None)
        return super().erase(rows)


@keeps
class JournalWords(Kept):
    key, title, model = "journal-words", _("What the journal says of a person in words"), WordsApart
    what = _("Reasons and notes of acts about a person; the journal itself knows people by numbers")
    why = _("To account for each act")
    readers = _("the secretariat, the guarantors")
    days, least, most, visa = YEAR, 180, 10 * YEAR, True

    def rows(self, cycle):
        found = Q(pk__in=[])
        for model, way in about_people():
            own = model._base_manager.filter(**{way: cycle.pk}).values("pk")
            kind = ContentType.objects.get_for_model(model)
            found |= Q(entry__target_type=kind, entry__target_id__in=own)
        return WordsApart.objects.filter(found).select_related("entry")

    def of(self, person):
        seats = Member.objects.filter(user=person.user_id, user__isnull=False).values("pk")
        kind = ContentType.objects.get_for_model(Member)
        rows = WordsApart.objects.filter(entry__target_type=kind, entry__target_id__in=seats)
        return rows.select_related("entry")

    def told(self, row):
        return {str(row.entry.sentence): row.words}


def about_people():
    """[(model, the way from it to its cycle)] of what the journal knows by numbers."""
    from assembly.pages import way_to_cycle

    models = (model for model in apps.get_models() if issubclass(model, Accountable) and model.of_a_person)
    return [(model, way) for model in models if (way := way_to_cycle(model))]


@keeps
class Requests(Kept):
    key, title, model = "requests", _("Rights requests"), RightsRequest
    what = _("Who asked, what they wrote, what was answered")
    why = _("To answer within a month, and to prove it")
    basis, since = LEGAL_DUTY, _("the day of the answer")
    days, least, most = 3 * YEAR, YEAR, 5 * YEAR
    recorded = "purge_requests"
    fields = ("kind", "state", "received_on", "words", "answer", "closed_on")

    def rows(self, cycle):
        """Told with the cycle in which they were answered."""
        rows = RightsRequest.objects.exclude(asked_by="", words="", answer="").filter(restricts=False)
        return rows.filter(closed_on__gte=cycle.starts_on, closed_on__lte=cycle.ends_on)

    def expired(self, cycle, on):
        return self.rows(cycle).filter(closed_on__lt=on - timedelta(days=self.days_kept))

    def of(self, person):
        return RightsRequest.objects.filter(person=person.pk, person__isnull=False)

    def erase(self, rows):
        numbers = list(rows.values_list("pk", flat=True))
        kind = ContentType.objects.get_for_model(RightsRequest)
        WordsApart.objects.filter(entry__target_type=kind, entry__target_id__in=numbers).delete()
        rows.update(asked_by="", words="", answer="", extended="")
        return []
