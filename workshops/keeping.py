"""What the workshops keep on people, and how they forget."""

from django.utils.translation import gettext_lazy as _

from assembly.models import Cycle
from assembly.privacy.keeping import Kept, keeps
from assembly.privacy.with_account import WithAccount
from workshops.models import (
    AllowanceLine,
    Attendance,
    Enrolment,
    FreeAnswer,
    Guest,
    Message,
    Need,
    NeedsSheet,
    Outreach,
    Participation,
    Preference,
    Question,
    Registration,
)

OVER = (Cycle.State.FOLLOW_UP, Cycle.State.ARCHIVED)


class UntilTheEnd(Kept):
    """Goes as soon as the Council has heard the cycle: the room’s own purge erases it."""

    since = _("the opening of the right of follow-up")
    least = most = 0
    by_its_room = True

    def rows(self, cycle):
        return self.model.objects.filter(**{self.path: cycle})

    def expired(self, cycle, on):
        return self.rows(cycle) if cycle.state in OVER else self.rows(cycle).none()

    def of(self, person):
        return self.model.objects.filter(
            **{f"{self.owner}__user": person.user_id, f"{self.owner}__user__isnull": False}
        )


@keeps
class Needs(UntilTheEnd):
    key, title, model = "needs", _("Needs told by members"), NeedsSheet
    what = _("Childcare, transport, interpreting, reading, access")
    why = _("To let everybody take part in each meeting")
    readers = _("the support team")
    since = _("the opening of the right of follow-up, or the day they leave")
    path, owner = "member__cycle", "member"

    def expired(self, cycle, on):
        return self.rows(cycle) & NeedsSheet.objects.expired()

    def told(self, row):
        return {str(need): need.words for need in Need.objects.filter(sheet=row)}


@keeps
class Registrations(UntilTheEnd):
    key, title, model = "registrations", _("Registrations for visits and trainings"), Registration
    what = _("Who registered for which outing")
    why = _("To count places and call the waiting list")
    readers = _("the secretariat, the facilitators")
    path, owner = "outing__meeting__cycle", "member"
    fields = ("outing", "state", "at")


@keeps
class Surveyed(UntilTheEnd):
    key, title, model = "surveyed", _("Who finished a survey"), Participation
    what = _("Who was asked and who finished; never what they said, which is counted without names")
    why = _("To ask each member once, and to remind those who have not answered")
    readers = _("nobody: it is counted")
    path, owner = "survey__cycle", "member"
    fields = ("survey", "answered")


@keeps
class FreeAnswers(UntilTheEnd):
    key, title, model = "free_answers", _("Free answers to surveys that were not published"), FreeAnswer
    what = _("A few words, without a name")
    why = _("To choose which may be published")
    readers = _("the secretariat")
    path = "survey__cycle"

    def rows(self, cycle):
        return super().rows(cycle).filter(published="")

    def of(self, person):
        return FreeAnswer.objects.none()


@keeps
class Company(UntilTheEnd):
    key, title, model = "guests", _("Guests of meetings"), Guest
    what = _("Name and capacity of people who came without being members")
    why = _("To know who is in the room")
    readers = _("the secretariat, the facilitators")
    path = "meeting__cycle"

    def of(self, person):
        return Guest.objects.none()


@keeps
class Contacts(UntilTheEnd):
    key, title, model = "outreach", _("Notes of contacts with members who drift away"), Outreach
    what = _("Who called whom, when, and what was said")
    why = _("To help members stay")
    readers = _("the secretariat, the facilitators")
    path, owner = "workshop__cycle", "member"
    fields = ("made_on", "note", "next_step")


@keeps
class Messages(Kept):
    key, title, model = "messages", _("Messages in the discussions"), Message
    what = _("What members wrote to each other, under the name they chose")
    why = _("To work between meetings, inside the workshop")
    readers = _("the workshop, the secretariat")
    days, least, most, visa = 365, 30, 1825, True
    fields = ("written_at", "text")

    def rows(self, cycle):
        return Message.objects.filter(thread__workshop__cycle=cycle).exclude(text="")

    def of(self, person):
        return Message.objects.filter(author=person.user_id, author__isnull=False).exclude(text="")

    def erase(self, rows):
        """That somebody wrote, and when, stays: the figures of a discussion do not move."""
        rows.exclude(reason="").update(reason="…")
        rows.update(text="")
        return []


@keeps
class Placements(Kept):
    key, title, model = "placements", _("Why a member was placed by hand"), Enrolment
    what = _("The reason, in words")
    why = _("Who is placed by hand is told why")
    days, least, most, visa = 365, 30, 1825, True
    fields = ("workshop", "pinned_because")

    def rows(self, cycle):
        return Enrolment.objects.filter(member__cycle=cycle).exclude(pinned_because="")

    def of(self, person):
        return Enrolment.objects.filter(member__user=person.user_id, member__user__isnull=False)

    def erase(self, rows):
        rows.update(pinned_to=None, pinned_because="")
        return []


@keeps
class Attendances(WithAccount):
    key, title, model = "attendance", _("Attendance"), Attendance
    what = _("Who was expected and who came; the reason of an absence goes at the end of the cycle")
    why = _("Quorum, allowances, help for those who drift away")
    owner, fields = "member__user", ("meeting", "status", "reason", "attended")


@keeps
class Allowances(WithAccount):
    key, title, model = "allowances", _("Allowances"), AllowanceLine
    what = _("Half-days and amounts")
    why = _("To pay members")
    owner, fields = "member__user", ("meeting", "half_days", "amount")


@keeps
class Wishes(WithAccount):
    key, title, model = "preferences", _("Workshops ranked"), Preference
    what = _("The order of preference of each member")
    why = _("To allot members to workshops")
    owner, fields = "member__user", ("workshop", "rank")


@keeps
class Questions(WithAccount):
    key, title, model = "questions", _("Questions asked"), Question
    what = _("Questions proposed by members; their words are public once put")
    why = _("To prepare hearings")
    readers = _("the workshop, the secretariat")
    owner, fields = "asked_by__user", ("asked_at", "text", "state")
