"""The letters as printed: a batch, its text, its parts."""

import os
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Min, Q, Sum
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock, jobs
from assembly.lifecycle import act, transition
from assembly.models import Accountable, Versioned
from assembly.privacy.keeping import CATEGORIES
from sortition.models.invitations import Invitation
from sortition.models.readers import Role, followed_by
from sortition.models.registers import Register

#: The first part, which the printer tries before the others.
PROOF = 20


class LetterBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(followed_by(user, Role.SECRETARIAT, path="register__cycle"))

    def due(self):
        """Those whose files have reached their date."""
        return self.exclude(state=LetterBatch.State.CLEARED).filter(delete_on__lt=clock.today())


class LetterBatch(Accountable, Versioned):
    """Letters to the people drawn from a roll: one text, printed in parts for the City's printer."""

    class State(models.TextChoices):
        DRAFT = "draft", _("being written")
        PRINTING = "printing", _("being printed")
        PROVED = "proved", _("first part printed")
        PRINTED = "printed", _("printed")
        CLEARED = "cleared", _("files deleted")

    class Readers(models.TextChoices):
        DRAWN = "drawn", _("everybody drawn")
        SILENT = "silent", _("those who have not answered yet")

    register = models.ForeignKey(Register, models.PROTECT, related_name="batches")
    readers = models.CharField(_("who receives it"), max_length=10, choices=Readers, default=Readers.DRAWN)
    heading = models.CharField(_("heading"), max_length=90)
    text = models.TextField(_("letter"), max_length=2500)
    questions = models.TextField(_("questions and answers, on the back"), max_length=5000)
    english = models.TextField(_("summary in English"), max_length=1200)
    sender = models.TextField(_("sender, and where letters come back to"), max_length=300)
    signatory = models.CharField(_("signed by"), max_length=80)
    signatory_role = models.CharField(_("in the capacity of"), max_length=120, blank=True)
    phone = models.CharField(_("telephone of the secretariat"), max_length=25)
    email = models.EmailField(_("e-mail of the secretariat"))
    officer = models.CharField(_("contact of the data protection officer"), max_length=120)
    dated_on = models.DateField(_("date of the letter"))
    last_day = models.DateField(_("last day to answer"))
    per_part = models.PositiveSmallIntegerField(
        _("letters in a part"), default=500, validators=[MinValueValidator(20), MaxValueValidator(1000)]
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    orders = models.PositiveSmallIntegerField(default=0, editable=False)
    whole = models.BooleanField(
        default=False, editable=False, help_text="every part is ordered, not the first alone"
    )
    delete_on = models.DateField(null=True, editable=False)

    objects = LetterBatchQuerySet.as_manager()
    editable_states = frozenset({State.DRAFT})

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="an_answer_is_expected_after_the_letter", condition=Q(last_day__gt=F("dated_on"))
            )
        ]

    def __str__(self):
        return gettext("Letters no. %(number)s: %(readers)s") % {
            "number": self.pk,
            "readers": self.get_readers_display(),
        }

    def get_absolute_url(self):
        return reverse("sortition:letterbatch_detail", args=[self.pk])

    @property
    def cycle(self):
        return self.register.cycle

    @property
    def job_key(self):
        return f"print_letters:{self.pk}:{self.orders}"

    @cached_property
    def job(self):
        return jobs.Job.objects.filter(key=self.job_key).first()

    def letters(self):
        """Who is written to, in the order of the postal rounds; whoever objected, or was erased, is not."""
        limited = CATEGORIES["letters"].held_back()
        found = self.register.invitations.exclude(contact=None).exclude(contact__in=limited)
        if self.readers == self.Readers.SILENT:
            found = found.filter(state=Invitation.State.SENT)
        return found.order_by("contact__postcode", "pk")

    @transition(source=State.DRAFT, target=State.PRINTING, label=_("first part ordered"))
    def prove(self, *, by):
        """A few letters first, for the printer's trial; the others follow once it is good."""
        self.order(by, whole=False)

    @transition(source=(State.DRAFT, State.PROVED), target=State.PRINTING, label=_("printing ordered"))
    def print(self, *, by):
        """The text is settled and the list closed: every part not printed yet is."""
        self.order(by, whole=True)

    def order(self, by, whole):
        if not self.parts.exists():
            self.share_out()
        self.orders, self.whole = self.orders + 1, whole
        jobs.enqueue("print_letters", key=self.job_key, about=self.pk, by=by)

    def share_out(self):
        """Write down who is in which part, once: whatever stops the printing, it goes on from this list."""
        numbers = list(self.letters().values_list("pk", flat=True))
        if not numbers:
            raise ValidationError(gettext("Nobody is left to write to in this roll."))
        shares = [numbers[:PROOF]]
        shares += [numbers[at : at + self.per_part] for at in range(PROOF, len(numbers), self.per_part)]
        self.parts.bulk_create(
            LetterPart(batch=self, number=place, letters=share) for place, share in enumerate(shares, 1)
        )
        self.delete_on = self.letters().aggregate(first=Min("contact__purge_on"))["first"]

    @transition(
        source=State.PRINTING,
        target=lambda batch: batch.State.PROVED if batch.parts.waiting().exists() else batch.State.PRINTED,
        label=_("parts printed"),
    )
    def finish(self, *, by, parts):
        """The printing reached the end of what was ordered."""

    @transition(source=(State.PROVED, State.PRINTED), target=State.DRAFT, label=_("text taken up again"))
    def rewrite(self, *, by, reason):
        """What was printed is deleted: the text changes, or the list does."""
        if self.register.state == Register.State.SENT and self.readers == self.Readers.DRAWN:
            raise ValidationError(
                gettext("These letters were sent: what people hold in hand stays as it is.")
            )
        for part in self.parts.all():
            part.erase()
        self.parts.all().delete()
        self.delete_on = None

    @transition(
        source=(State.DRAFT, State.PRINTING, State.PROVED, State.PRINTED),
        target=State.CLEARED,
        label=_("files deleted"),
    )
    def clear(self, *, by):
        """Names leave the disk; how many letters, their parts and fingerprints stay."""
        for part in self.parts.all():
            part.erase()

    def ordered(self):
        parts = list(self.parts.all())
        return parts if self.whole else parts[:1]

    @property
    def printed(self):
        return self.parts.aggregate(total=Sum("count"))["total"] or 0


class LetterPartQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(followed_by(user, Role.SECRETARIAT, path="batch__register__cycle"))

    def waiting(self):
        return self.filter(fingerprint="")

    def on_disk(self):
        return self.exclude(fingerprint="").filter(erased_on=None)

    def holding(self, invitation):
        """The parts in which this letter is printed."""
        rows = self.on_disk().filter(batch__register=invitation.register_id)
        return [part for part in rows if invitation.pk in part.letters]


class LetterPart(Accountable):
    """One file for the printer: its letters are laid down before it is printed, its fingerprint after."""

    batch = models.ForeignKey(LetterBatch, models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField()
    letters = models.JSONField(default=list, help_text="numbers of the invitations, in order")
    count = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    fingerprint = models.CharField(max_length=64, blank=True)
    printed_at = models.DateTimeField(null=True)
    erased_on = models.DateField(null=True)

    objects = LetterPartQuerySet.as_manager()

    class Meta:
        ordering = ["batch", "number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="a_part_is_numbered_once"),
            models.CheckConstraint(
                name="a_printed_part_has_a_fingerprint", condition=~Q(fingerprint="") | Q(printed_at=None)
            ),
        ]

    def __str__(self):
        return gettext("part %(number)s of letters no. %(batch)s") % {
            "number": self.number,
            "batch": self.batch_id,
        }

    def get_absolute_url(self):
        return self.batch.get_absolute_url()

    @property
    def cycle(self):
        return self.batch.cycle

    @property
    def path(self):
        """Apart from every other file: these hold names, and are served to nobody but through `export`."""
        return settings.LETTERS / f"part-{self.pk}.pdf"

    @property
    def is_printed(self):
        return bool(self.fingerprint) and not self.erased_on

    def take(self, written, *, count, pages):
        """A finished file takes its place, in one move, and is written down."""
        written = Path(written)
        self.fingerprint = sha256(written.read_bytes()).hexdigest()
        self.size, self.count, self.pages = written.stat().st_size, count, pages
        self.printed_at = clock.now()
        os.replace(written, self.path)
        self.save()

    def erase(self):
        self.path.unlink(missing_ok=True)
        if self.fingerprint and not self.erased_on:
            self.erased_on = clock.today()
            self.save(update_fields=["erased_on"])

    @act(label=_("letters taken out"))
    def export(self, *, by):
        """Names and addresses leave the house: who took them is written down."""
        if not self.is_printed or not self.path.exists():
            raise ValidationError(
                gettext("This part has no file: it is not printed, or was deleted on its date.")
            )


#: How long the files stay once the letters are posted.
DAYS_KEPT_ONCE_SENT = 30


def keep_until(register):
    """The letters of a roll were posted: their files go a month later, or sooner with the people's data."""
    day = clock.today() + timedelta(days=DAYS_KEPT_ONCE_SENT)
    later = Q(delete_on__gt=day) | Q(delete_on=None)
    LetterBatch.objects.filter(register=register).exclude(state=LetterBatch.State.CLEARED).filter(
        later
    ).update(delete_on=day)
