"""What members discuss between meetings: a subject, and what each has to say about it."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.lifecycle import act, transition
from assembly.models import Accountable, Versioned
from workshops.models.enrolments import own_workshops
from workshops.models.readers import OVERSEERS, in_cycles_of

EDITABLE_FOR = timedelta(minutes=30)
AN_HOUR = timedelta(hours=1)
MESSAGES_AN_HOUR = 40


def in_workshops_of(user, path):
    """Rows of the workshops this person belongs to, leads or oversees; `path` leads to the workshop."""
    return in_cycles_of(user, OVERSEERS, f"{path}__cycle") | Q(**{f"{path}__in": own_workshops(user)})


class ThreadQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(in_workshops_of(user, "workshop")) if user.is_authenticated else self.none()

    def with_counts(self):
        return self.annotate(message_count=Count("messages", filter=Q(messages__state="shown")))

    def open(self, workshop, *, by, title, text):
        """A new subject with its first message."""
        thread = self.create(workshop=workshop, title=title, opened_by=by)
        thread.record("create", by=by)
        thread.say(by=by, text=text)
        return thread


class Thread(Accountable):
    """A subject under discussion in a workshop."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("discussion", "open")
        CLOSED = "closed", pgettext_lazy("discussion", "closed")

    workshop = models.ForeignKey("workshops.Workshop", models.PROTECT, related_name="threads")
    title = models.CharField(_("subject"), max_length=150)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=clock.now, editable=False)
    last_at = models.DateTimeField(default=clock.now, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        ordering = ["-last_at", "-pk"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("workshops:thread_detail", args=[self.pk])

    @property
    def cycle(self):
        return self.workshop.cycle

    @act(source=State.OPEN, label=_("message written"), private=("text",))
    def say(self, *, by, text):
        lately = Message.objects.filter(author=by, written_at__gt=clock.now() - AN_HOUR)
        if lately.count() >= MESSAGES_AN_HOUR:
            raise ValidationError(gettext("You wrote a great deal within the hour: leave others some room."))
        self.last_at = clock.now()
        return self.messages.create(author=by, text=text)

    @transition(source=State.OPEN, target=State.CLOSED, label=_("discussion closed"))
    def close(self, *, by, reason):
        self.reason = reason

    @transition(source=State.CLOSED, target=State.OPEN, label=_("discussion opened again"))
    def reopen(self, *, by):
        self.reason = ""


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user):
        return (
            self.filter(in_workshops_of(user, "thread__workshop")) if user.is_authenticated else self.none()
        )


class Message(Accountable, Versioned):
    """What one person said; hidden by the facilitator with a reason, or withdrawn by its author."""

    of_a_person = True
    written_as = property(str)

    class State(models.TextChoices):
        SHOWN = "shown", pgettext_lazy("message", "shown")
        HIDDEN = "hidden", pgettext_lazy("message", "hidden")
        WITHDRAWN = "withdrawn", pgettext_lazy("message", "withdrawn")

    editable_states = (State.SHOWN,)

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(_("your message"), max_length=5000, blank=True)
    written_at = models.DateTimeField(default=clock.now, editable=False, db_index=True)
    edited_at = models.DateTimeField(null=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SHOWN)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_hidden_message_says_why", condition=~Q(state="hidden") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="a_withdrawn_message_is_empty", condition=~Q(state="withdrawn") | Q(text="")
            ),
        ]

    def __str__(self):
        return gettext("Message in “%(subject)s”") % {"subject": self.thread}

    def get_absolute_url(self):
        return f"{self.thread.get_absolute_url()}#message-{self.pk}"

    @property
    def workshop(self):
        return self.thread.workshop

    @property
    def cycle(self):
        return self.thread.cycle

    @property
    def is_fresh(self):
        """May still be changed by its author."""
        return self.state == self.State.SHOWN and clock.now() < self.written_at + EDITABLE_FOR

    @act(source=State.SHOWN, label=_("message flagged"), private=("reason",))
    def flag(self, *, by, reason=""):
        """To the facilitator, who reads it again; once a person, and nobody is told who did."""
        if by.pk == self.author_id:
            raise ValidationError(gettext("This message is yours: change it or withdraw it."))
        MessageFlag.objects.get_or_create(message=self, by=by, defaults={"reason": reason})

    @act(source=State.SHOWN, label=_("flagged message kept"))
    def let_stand(self, *, by):
        """Read again by the facilitator: there is nothing against it."""
        self.settle_flags()

    def settle_flags(self):
        self.flags.pending().update(settled_at=clock.now())

    @transition(source=State.SHOWN, target=State.HIDDEN, label=_("message hidden"))
    def hide(self, *, by, reason):
        """Its author still reads it, with the reason."""
        self.reason = reason
        self.settle_flags()

    @transition(source=State.HIDDEN, target=State.SHOWN, label=_("message shown again"))
    def show(self, *, by):
        self.reason = ""

    @transition(source=State.SHOWN, target=State.WITHDRAWN, label=_("message withdrawn"))
    def withdraw(self, *, by):
        self.text = ""
        self.settle_flags()


class MessageFlagQuerySet(models.QuerySet):
    def pending(self):
        return self.filter(settled_at=None)


class MessageFlag(models.Model):
    """Somebody finds that a message breaks the charter, and tells the facilitator."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="flags")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True)

    objects = MessageFlagQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["message", "by"], name="a_message_is_flagged_once_by_each")
        ]

    def __str__(self):
        return str(self.message)
