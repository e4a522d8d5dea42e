"""What the room of the texts keeps on people."""

from django.utils.translation import gettext_lazy as _

from assembly.privacy.keeping import keeps
from assembly.privacy.with_account import WithAccount
from deliberations.models import Amendment, BallotPaper, Version


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
