"""A hearing: prepared with members’ questions, kept as a sheet."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act, transition
from assembly.models import Accountable, Document, Versioned
from workshops.hearing import hearing_content
from workshops.models.inside import inside
from workshops.models.meetings import Meeting
from workshops.models.questions import Question


def inside_meeting(user):
    """Rows that hang on a meeting this person is inside of."""
    return Q(meeting__in=Meeting.objects.filter(inside(user)).order_by().values("pk"))


class HearingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Preparing it is for those inside; the sheet is for all once published."""
        return self.filter(Q(state=Hearing.State.PUBLISHED) | inside_meeting(user))

    def public(self):
        return self.filter(state=Hearing.State.PUBLISHED)


class Hearing(Accountable, Versioned):
    """What hangs on a meeting where people are heard: the questions before it, the sheet after it."""

    class State(models.TextChoices):
        PREPARED = "prepared", pgettext_lazy("hearing", "being prepared")
        PUBLISHED = "published", pgettext_lazy("hearing", "sheet published")

    editable_states = tuple(State)

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="hearing", editable=False)
    questions_until = models.DateTimeField(
        _("questions proposed until"),
        null=True,
        blank=True,
        help_text=_("Empty: until the meeting begins."),
    )
    brief = models.TextField(
        _("why we hear them"), blank=True, max_length=5000, help_text=_("For members, before the hearing.")
    )
    summary = models.TextField(_("summary of the exchange"), blank=True, max_length=50_000)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREPARED, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="hearings", editable=False
    )

    objects = HearingQuerySet.as_manager()

    class Meta:
        ordering = ["-meeting__starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_hearing_is_published_with_its_sheet",
                condition=Q(state="prepared", document=None)
                | Q(state="published", document__isnull=False, published_at__isnull=False),
            )
        ]

    def __str__(self):
        return self.meeting.title

    def get_absolute_url(self):
        return reverse("workshops:hearing_detail", args=[self.pk])

    @property
    def cycle(self):
        return self.meeting.cycle

    @property
    def workshop(self):
        return self.meeting.workshop

    @property
    def workshop_id(self):
        return self.meeting.workshop_id

    @property
    def closes_at(self):
        return self.questions_until or self.meeting.starts_at

    @property
    def takes_questions(self):
        over = self.meeting.state in (Meeting.State.HELD, Meeting.State.CANCELLED)
        return not over and clock.now() < self.closes_at

    @act(label=_("questions put in order"))
    def arrange(self, *, by, order=(), joined=(), put=(), person=None):
        """`order`: (question, position); `joined`: (question, into); `put`: those put to the person, in order."""
        for question, position in order:
            Question.objects.filter(pk=question.pk).update(position=position)
        for question, into in joined:
            question.merge(by=by, into=into)
        for question in put:
            question.refresh_from_db(fields=["position"])
            question.put(by=by, person=person or question.person, position=question.position)

    @transition(
        source=[State.PREPARED, State.PUBLISHED], target=State.PUBLISHED, label=_("hearing sheet published")
    )
    def publish(self, *, by):
        """The sheet as it stands; one published before is replaced, and kept for staff."""
        if self.meeting.state != Meeting.State.HELD:
            raise ValidationError(gettext("The hearing has not been held yet."))
        with translation.override("fr"):
            content = hearing_content(self)
            title = gettext("Hearing sheet – %(meeting)s") % {"meeting": self.meeting.title}
        if self.document_id and self.document.content == content:
            raise ValidationError(gettext("The published sheet says all this already."))
        issued = Document.objects.issue("hearing", title, content, cycle=self.cycle)
        if self.document_id:
            Document.objects.filter(pk=self.document_id).update(audience=Document.Audience.STAFF)
        self.document, self.published_at = issued, self.published_at or clock.now()
