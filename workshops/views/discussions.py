"""Discussion by subject in a workshop."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView

from assembly import clock
from assembly.models import Member
from assembly.rules import is_moment
from assembly.views import EditView, FoundView, entitled_to_add, laid_out
from workshops.forms import members as member_forms
from workshops.models import Message, MessageFlag, Thread, Workshop
from workshops.rules import belongs, runs
from workshops.views.spaces import InSpace


class ThreadFound(FoundView):
    model = Thread
    form_class = member_forms.ThreadForm
    title = gettext_lazy("Open a subject")
    parent_model, parent_field = Workshop, "workshop"

    def once(self, form):
        found = form.cleaned_data
        thread = Thread.objects.open(
            self.parent, by=self.request.user, title=found["title"], text=found["text"]
        )
        return redirect(thread)


class ThreadDetail(InSpace, DetailView):
    """What was said, oldest first; one writes at the end."""

    here = "discussion"

    def get_queryset(self):
        rows = Thread.objects.visible_to(self.request.user)
        return rows.select_related("workshop__cycle", "opened_by")

    def get_context_data(self, **context):
        thread, user = self.object, self.request.user
        messages = list(thread.messages.select_related("author"))
        moderates = runs.test(user, thread)
        names = shown_names(thread, messages)
        flags = flags_of(thread, None if moderates else user)
        for message in messages:
            message.flagged = flags.get(message.pk)
            message.thread = thread
            message.shown_author = names[message.author_id]
            message.is_own = message.author_id == user.pk
            message.is_read = message.state == "shown" or (
                message.state == "hidden" and (message.is_own or moderates)
            )
        may_write = entitled_to_add(user, Message, thread) and is_moment("say", thread)
        return super().get_context_data(
            talk=messages,
            opened_by=names.get(thread.opened_by_id, thread.opened_by.name),
            moderates=moderates,
            may_flag=not moderates and belongs.test(user, thread),
            form=laid_out(member_forms.MessageForm()) if may_write else None,
            **context,
        )


def flags_of(thread, user):
    """{message: reasons} of what waits for the facilitator; of one person alone, what they flagged themselves."""
    rows = MessageFlag.objects.pending().filter(message__thread=thread)
    found = defaultdict(list)
    for message, reason in (rows.filter(by=user) if user else rows).values_list("message", "reason"):
        found[message].append(reason)
    return dict(found)


def shown_names(thread, messages):
    """{person: the name they chose}; of minors the first name only."""
    people = {message.author_id: message.author.name for message in messages}
    people.setdefault(thread.opened_by_id, thread.opened_by.name)
    minors = Member.objects.filter(cycle=thread.workshop.cycle_id, is_minor=True, user__in=people)
    return people | {seat.user_id: seat.shown_name for seat in minors.select_related("user")}


class MessageFound(FoundView):
    model = Message
    form_class = member_forms.MessageForm
    title = gettext_lazy("Write a message")
    parent_model, parent_field = Thread, "thread"

    def once(self, form):
        message = self.parent.say(by=self.request.user, text=form.cleaned_data["text"])
        return redirect(message)


class MessageEdit(EditView):
    """One's own, for half an hour."""

    model = Message
    form_class = member_forms.MessageForm
    title = gettext_lazy("Change my message")

    def keep(self, form):
        kept = Message.objects.get(pk=self.object.pk)
        if kept.state == Message.State.SHOWN and not kept.is_fresh:
            raise ValidationError(
                _("A message may be changed for half an hour. Write another one, or withdraw this one.")
            )
        form.instance.edited_at = clock.now()
        super().keep(form)
