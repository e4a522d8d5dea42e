"""What the room of the texts keeps on people."""

from django.utils.translation import gettext_lazy as _

from assembly.models import Person
from assembly.privacy import people
from assembly.privacy.keeping import Kept, keeps
from assembly.privacy.with_account import WithAccount
from deliberations.models import Amendment, BallotPaper, Follower, Version


@keeps
class Votes(WithAccount):
    key, title, model = "votes", _("Open votes"), BallotPaper
    what = _("What a member voted where the vote is open; only totals are published")
    why = _("To count, once a member")
    fields = ("ballot", "choice", "cast_at")


@keeps
class Versions(WithAccount):
    key, title, model = "versions", _("Versions of texts"), Version
    what = _("Who wrote which version")
    why = _("To show how a text was written")
    readers = _("the workshop; the public reads the text")
    owner, fields = "author", ("number", "at", "note")


@keeps
class Amendments(WithAccount):
    key, title, model = "amendments", _("Amendments tabled"), Amendment
    what = _("Who tabled which amendment, and why")
    why = _("To write texts together")
    readers = _("the workshop; the public reads the amendment")
    owner, fields = "author", ("tabled_at", "text", "reason")


ROOM = "followers"


@keeps
class Followers(Kept):
    """Addresses of the public: no cycle ends for them, they go when they are stopped or were never confirmed."""

    key, title, model = "followers", _("E-mail subscriptions to public texts"), Follower
    what = _("The e-mail typed, what it follows, how often it is written to")
    why = _("To send what was asked for, and nothing else")
    basis = _("consent (article 6, 1, a of the GDPR), withdrawn in one click")
    readers = _("nobody: the letters leave by themselves")
    since = _("the day it was asked for, unless it was confirmed; at once when it is stopped")
    days = least = most = 2
    by_its_room = True
    fields = ("email", "language", "rhythm", "asked_at", "confirmed_at")

    def rows(self, cycle):
        return Follower.objects.none()

    def of(self, person):
        return Follower.objects.filter(pk__in=people.numbers(person, ROOM))

    def told(self, row):
        return super().told(row) | {str(_("what is followed")): row.follows}


@people.finds
def followers(words):
    """By the whole address alone."""
    for row in Follower.objects.filter(email__iexact=words)[:50]:
        yield Person(room=ROOM, number=row.pk), f"{row.email} – {row.follows}"


@people.links(ROOM)
def rows_of_the_address(person):
    rows = Follower.objects.none()
    if person.user_id:
        rows = Follower.objects.filter(email__iexact=person.user.email)
    elif person.room == ROOM:
        emails = Follower.objects.filter(pk=person.number).values("email")
        rows = Follower.objects.filter(email__in=emails)
    return list(rows.values_list("pk", flat=True))
