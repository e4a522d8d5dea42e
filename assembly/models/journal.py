"""What was done, by whom and when: written once."""

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly import clock, journal
from assembly.models.roles import Role


class JournalQuerySet(models.QuerySet):
    def about(self, *targets):
        kind = ContentType.objects.get_for_model(targets[0])
        return self.filter(target_type=kind, target_id__in=[target.pk for target in targets])

    def update(self, **kwargs):
        raise TypeError("The journal is written once.")

    def delete(self):
        raise TypeError("The journal is written once.")


class JournalEntry(models.Model):
    at = models.DateTimeField(default=clock.now, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20, blank=True)
    act = models.CharField(max_length=100, db_index=True)
    target_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    target_id = models.PositiveBigIntegerField()
    target = GenericForeignKey("target_type", "target_id")
    label = models.CharField(max_length=200)
    facts = models.JSONField(default=dict, encoder=journal.FactEncoder)

    objects = JournalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["target_type", "target_id"])]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.act} {self.label}"

    @property
    def sentence(self):
        """What was done, in words: the label of the act."""
        app, model, name = self.act.split(".")
        done = getattr(apps.get_model(app, model), name, None)
        return getattr(done, "label", None) or RECORDED.get(name, name)

    @property
    def role_label(self):
        return Role(self.role).label if self.role in Role.values else ""

    @property
    def reason(self):
        """Said in the entry itself or, about a person, on the sheet kept beside it until its date."""
        if "reason" not in self.facts.get("apart", ()):
            return self.facts.get("reason", "")
        sheet = getattr(self, "words_apart", None)
        return sheet.words.get("reason", "") if sheet else _("[erased on its date]")


class WordsApart(models.Model):
    """What an entry about a person says in words. The entry is written once; this sheet goes on its date."""

    entry = models.OneToOneField(JournalEntry, models.PROTECT, related_name="words_apart")
    words = models.JSONField(default=dict, encoder=journal.FactEncoder)

    def __str__(self):
        return str(self.entry_id)


RECORDED = {
    "create": _("created"),
    "edit": _("modified"),
    "purge_contacts": _("expired contact details deleted"),
    "purge_needs": _("expired needs deleted"),
    "purge_company": _("names of guests and notes of contacts deleted"),
}


class Accountable(models.Model):
    """Anything whose acts must be answered for."""

    #: It is about one person: the journal, which is never altered, knows it by a number and keeps no word on it.
    of_a_person = False

    class Meta:
        abstract = True

    @property
    def written_as(self):
        """How the journal calls it for ever: never by the name of a person."""
        return f"{self._meta.verbose_name} {self.pk}" if self.of_a_person else str(self)

    def record(self, act, *, by, **facts):
        facts, words = journal.parted(facts) if self.of_a_person else (facts, {})
        entry = JournalEntry.objects.create(
            act=f"{self._meta.label_lower}.{act}",
            target=self,
            label=self.written_as[:200],
            by=by,
            role=by.main_role if by else "",
            facts=facts,
        )
        if words:
            WordsApart.objects.create(entry=entry, words=words)
        journal.announce(entry)
        return entry

    @property
    def entries(self):
        """The acts on this object, oldest first."""
        return JournalEntry.objects.about(self).select_related("words_apart").order_by("pk")


class Versioned(models.Model):
    """Edited by several hands: a save that starts from an older version is refused, and both texts kept."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class Receipt(models.Model):
    """A form sent twice is done once: the token of a form and where its first sending led."""

    token = models.UUIDField(unique=True)
    address = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return str(self.token)
