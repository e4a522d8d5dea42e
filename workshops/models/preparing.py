"""What a meeting does while it is prepared: its programme, its notices, its copies."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone, translation
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock
from assembly.models import Document
from workshops.models.minutes import Minutes
from workshops.models.notices import Notice, days_before
from workshops.notice import notice_content, sign_in_content
from workshops.sittings import at_the_same_hour


class Preparing:
    """The preparing half of `Meeting`."""

    @property
    def notice_until(self):
        """The last day on which the notice leaves in time."""
        return localdate(self.starts_at) - timedelta(days=self.cycle.notice_days + 1)

    @property
    def notice_is_late(self):
        """No notice has left, and it can no longer leave in time."""
        return self.called_at is None and days_before(self.starts_at) < self.cycle.notice_days

    def programme(self):
        """Its points, each with the hour it starts at; none when the meeting lasts several days."""
        at, several = self.starts_at, localdate(self.starts_at) != localdate(self.ends_at)
        for item in self.agenda.all():
            item.starts_at = None if several else at
            at += timedelta(minutes=item.minutes)
            yield item

    def minutes_to_approve(self):
        """Those written since the last plenary, and the last plenary's own, not approved yet."""
        if self.kind != self.Kind.PLENARY:
            return Minutes.objects.none()
        before = self.cycle.meetings.filter(kind=self.Kind.PLENARY, starts_at__lt=self.starts_at)
        last = before.exclude(state=self.State.CANCELLED).order_by("starts_at").last()
        rows = Minutes.objects.to_approve().filter(
            meeting__cycle=self.cycle_id, meeting__starts_at__lt=self.starts_at
        )
        return rows.filter(meeting__starts_at__gte=last.starts_at) if last else rows

    def approve_minutes_first(self):
        """While minutes wait, their approval is the first point, once; it names them until a hand changes it."""
        if self.state not in self.editable_states:
            return
        waiting = self.minutes_to_approve().order_by("meeting__starts_at").select_related("meeting")
        titles, points = [minutes.meeting.title for minutes in waiting], self.agenda.filter(approves=True)
        if points.exists():
            points.filter(version=1).update(note="\n".join(titles))
        elif titles:
            with translation.override("fr"):
                title = gettext("Approval of the previous minutes")
            self.agenda.update(position=F("position") + 1)
            self.agenda.create(position=0, title=title, minutes=10, note="\n".join(titles), approves=True)

    def overrun(self, items):
        """Minutes by which the programme is longer than the meeting; below zero, what is left."""
        length = (self.ends_at - self.starts_at).total_seconds() // 60
        return int(sum(item.minutes for item in items) - length)

    def must_be_to_come(self):
        if self.starts_at <= clock.now():
            raise ValidationError(gettext("This meeting would already have begun: change its date first."))

    def differences(self, **fields):
        """{field: [before, after]} of what would change."""
        return {
            name: [getattr(self, name), value]
            for name, value in fields.items()
            if getattr(self, name) != value
        }

    def notify(self, kind, *, changes=None, urgency=""):
        """A notice to everybody invited: its delay, its reason and its sheet are kept."""
        days, needed = days_before(self.starts_at), self.cycle.notice_days
        late = kind != Notice.Kind.CANCELLED and days < needed
        if late and not urgency:
            raise ValidationError(late_sentence(days, needed), code="late")
        notice = Notice(
            meeting=self,
            kind=kind,
            days=days,
            needed=needed,
            urgency=urgency if late else "",
            changes={name: [plain(value) for value in both] for name, both in (changes or {}).items()},
        )
        if kind != Notice.Kind.CANCELLED:
            notice.document = self.printed("notice", _("Notice – %(meeting)s"), notice_content(self, notice))
        notice.save()
        self.attendances.filter(unplanned=False).update(notified_at=None)

    def printed(self, kind, title, content, **readers):
        with translation.override("fr"):
            words = str(title) % {"meeting": self.title}
        readers = readers or {"audience": Document.Audience.MEMBERS}
        return Document.objects.issue(kind, words, content, cycle=self.cycle, **readers)

    def signing(self, by):
        """The sign-in sheet of this person; the last one when nothing changed since."""
        content, last = sign_in_content(self), self.sign_in_sheet
        if last and last.content == content and last.reader_id == by.pk:
            return last
        return self.printed("sign_in", _("Sign-in sheet – %(meeting)s"), content, reader=by)

    def get_sign_in_url(self):
        return self.sign_in_sheet.get_absolute_url()

    def twin(self, starts_at, by):
        """The same meeting on another day, with its programme; papers, notices and people are not copied."""
        zone = timezone.get_current_timezone()
        first, last = localdate(self.starts_at), localdate(self.ends_at)
        ends_on = localdate(starts_at) + (last - first)
        ends_at = at_the_same_hour(self.ends_at, ends_on, zone)
        if timezone.localtime(starts_at).time() != timezone.localtime(self.starts_at).time():
            ends_at = starts_at + (self.ends_at - self.starts_at)
        copy = type(self)(
            starts_at=starts_at,
            ends_at=ends_at,
            **{name: getattr(self, name) for name in COPIED},
        )
        copy.clean()
        copy.save()
        for item in self.agenda.filter(approves=False):
            item.pk, item._state.adding, item.meeting = None, True, copy
            item.save()
        copy.record("create", by=by)
        return copy

    def forget(self, paper):
        paper.file.delete(save=False)
        paper.delete()


def plain(value):
    return value.isoformat() if isinstance(value, datetime) else str(value)


COPIED = ("cycle_id", "workshop_id", "kind", "title", "purpose", "place", "half_days")


def late_sentence(days, needed):
    return gettext(
        "This notice leaves %(days)s clear days before the meeting; the cycle asks for %(needed)s. "
        "Say why it is urgent, or choose a later date."
    ) % {"days": days, "needed": needed}
