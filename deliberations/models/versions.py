"""The words of a text, version after version."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock
from deliberations import clauses as pieces
from deliberations.models.ground import Role, require
from deliberations.models.stages import State
from workshops.models import Meeting


def check_clauses(words):
    require(len(words) <= pieces.MOST, gettext("A text holds at most %s clauses.") % pieces.MOST)
    for place, clause in enumerate(words, 1):
        require(
            clause["kind"] in Version.ClauseKind.values, gettext("Clause %s is of no known kind.") % place
        )
        require(
            len(clause["text"]) <= pieces.LONGEST,
            gettext("Clause %(place)s is longer than %(most)s characters: split it.")
            % {"place": place, "most": pieces.LONGEST},
        )


class VersionConflict(ValidationError):
    """Somebody saved first: their version travels with the refusal so that both can be read."""

    def __init__(self, theirs):
        self.theirs = theirs
        number = theirs.number if theirs else 0
        super().__init__(
            gettext(
                "Version %s was saved in the meantime. Your words are kept below, theirs beside: "
                "bring them together, then save again."
            )
            % number
        )


class Version(models.Model):
    """The text as it was saved, once and for all."""

    class AuthorKind(models.TextChoices):
        MEMBERS = "members", _("members")
        DEPARTMENT = "department", _("department")
        EXECUTIVE = "executive", _("executive")
        COUNCIL = "council", _("Council")

    class ClauseKind(models.TextChoices):
        CITATION = "citation", _("citation")
        RECITAL = "recital", _("recital")
        OPERATIVE = "operative", _("operative part")
        ARTICLE = "article", _("article")
        MEASURE = "measure", _("measure")

    proposal = models.ForeignKey("deliberations.Proposal", models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    author_kind = models.CharField(max_length=20, choices=AuthorKind)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    note = models.CharField(_("what changed, in a few words"), max_length=200, blank=True)
    meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="versions",
        verbose_name=_("co-drafting session it comes from"),
    )
    clauses = models.JSONField(help_text="list of {id, kind, text}")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="a_version_has_its_number"),
        ]

    def __str__(self):
        return gettext("version %(number)s, %(author)s") % {
            "number": self.number,
            "author": self.get_author_kind_display(),
        }

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("A version is written once.")
        super().save(*args, **kwargs)

    @property
    def asks(self):
        """What it asks for: its measures or, in a deliberation that has none, its articles."""
        return pieces.of_kind(self.clauses, "measure") or pieces.of_kind(self.clauses, "article")

    @property
    def parts(self):
        """Its clauses with the words for their kind."""
        kinds = dict(self.ClauseKind.choices)
        return [clause | {"label": kinds[clause["kind"]]} for clause in self.clauses]

    @classmethod
    def kind_of(cls, user):
        role = user.main_role if user else ""
        return {Role.DEPARTMENT: cls.AuthorKind.DEPARTMENT, Role.EXECUTIVE: cls.AuthorKind.EXECUTIVE}.get(
            role, cls.AuthorKind.MEMBERS
        )

    @classmethod
    def pens(cls, state):
        """Who may write in a text in this state."""
        kinds = cls.AuthorKind
        together = (kinds.MEMBERS, kinds.DEPARTMENT, kinds.EXECUTIVE)
        return {
            State.DRAFT: (kinds.MEMBERS,),
            State.IN_REVIEW: together,
            State.CO_DRAFTED: together,
            State.TRANSMITTED: (kinds.EXECUTIVE,),
            State.ON_AGENDA: (kinds.COUNCIL,),
        }.get(state, ())

    @classmethod
    def not_their_turn(cls, state):
        names = [str(cls.AuthorKind(kind).label) for kind in cls.pens(state)]
        return gettext("At this stage the text is written by: %s.") % ", ".join(names)
