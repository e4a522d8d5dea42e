"""Papers received: at a hearing, or with a referral."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import get_valid_filename
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assembly import clock
from assembly.lifecycle import transition
from assembly.models import Accountable
from workshops import papers
from workshops.models.hearings import Hearing, inside_meeting
from workshops.models.partners import Referral
from workshops.models.proceedings import PersonHeard


class PieceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Public with the sheet of its hearing when it may be, unless the person withdrew; else for those inside."""
        public = Q(hearing__state=Hearing.State.PUBLISHED, is_public=True, state=Piece.State.KEPT) & (
            Q(person=None) | Q(person__withdrawn_at=None)
        )
        if not user.is_authenticated:
            return self.filter(public)
        hearings = Hearing.objects.filter(inside_meeting(user))
        referrals = Referral.objects.visible_to(user)
        return self.filter(
            public
            | Q(hearing__in=hearings.order_by().values("pk"))
            | Q(referral__in=referrals.order_by().values("pk"))
        )

    def kept(self):
        return self.filter(state=Piece.State.KEPT)


class Piece(Accountable):
    """A file somebody handed over, checked when it came in."""

    class State(models.TextChoices):
        KEPT = "kept", pgettext_lazy("piece", "kept")
        REMOVED = "removed", pgettext_lazy("piece", "removed")

    hearing = models.ForeignKey(
        Hearing, models.PROTECT, null=True, blank=True, related_name="pieces", editable=False
    )
    referral = models.ForeignKey(
        Referral, models.PROTECT, null=True, blank=True, related_name="pieces", editable=False
    )
    person = models.ForeignKey(
        PersonHeard,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="pieces",
        verbose_name=_("person heard"),
    )
    title = models.CharField(_("title"), max_length=200)
    origin = models.CharField(_("handed over by"), max_length=200, blank=True)
    file = models.FileField(_("file"), upload_to="pieces/")
    kind = models.CharField(max_length=100, editable=False)
    size = models.PositiveIntegerField(default=0, editable=False)
    is_public = models.BooleanField(
        _("may be published with the sheet"),
        default=False,
        help_text=_("Only if whoever handed it over agrees."),
    )
    received_at = models.DateTimeField(default=clock.now, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.KEPT, editable=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)

    objects = PieceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_piece_hangs_on_one_thing",
                condition=Q(hearing__isnull=False, referral=None) | Q(hearing=None, referral__isnull=False),
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return self.about.get_absolute_url()

    def clean(self):
        if self.file and not self.file._committed:
            try:
                self.kind, self.size = papers.kind_of(self.file), self.file.size
            except ValidationError as refusal:
                raise ValidationError({"file": refusal.messages}) from refusal

    @property
    def name(self):
        """The name it is saved under: its title, with the ending of what it is."""
        return get_valid_filename(self.title[:80]) + papers.ENDINGS[self.kind]

    def get_file_url(self):
        return reverse("workshops:piece_file", args=[self.pk])

    @property
    def about(self):
        return self.hearing or self.referral

    @property
    def cycle(self):
        return self.about.cycle

    @property
    def workshop(self):
        return self.about.workshop

    @property
    def workshop_id(self):
        return self.about.workshop_id

    @transition(source=State.KEPT, target=State.REMOVED, label=_("paper removed"))
    def remove(self, *, by, reason):
        """Handed over by mistake: nobody reads it any more."""
        self.reason = reason
