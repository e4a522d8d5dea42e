"""Who is there: the sheet, the room, the code, the person themselves."""

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from qrcode import QRCode

from assembly import clock
from assembly.composition.portraits import portraits
from assembly.rules import entitled
from assembly.views import ActView
from workshops.forms import meetings as meeting_forms
from workshops.models import Meeting, TablePlan

TRIES, SPAN = 8, 15 * 60  # wrong codes, seconds


class OfMeeting(ActView):
    model = Meeting

    def get_queryset(self):
        return super().get_queryset().select_related("cycle", "workshop")


class TakeAttendance(OfMeeting):
    """One page for everybody expected, by half-day; several people may hold it at once."""

    act = "take_attendance"
    title = gettext_lazy("Take attendance")
    form_class = meeting_forms.AttendanceForm
    template_name = "workshops/meeting_take_attendance.html"

    @property
    def half_day(self):
        """The one asked for; else the one under way; else the last that has begun."""
        asked, sittings = self.request.GET.get("demi-journee", ""), self.object.sittings
        if asked.isdecimal() and 1 <= int(asked) <= len(sittings):
            return int(asked)
        now = self.object.sitting_now
        begun = [sitting for sitting in sittings if sitting.starts_at <= clock.now()]
        return (now or (begun or sittings[:1])[-1]).number

    @property
    def here(self):
        address = reverse("workshops:meeting_take_attendance", args=[self.object.pk])
        return f"{address}?demi-journee={self.half_day}"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"half_day": self.half_day}

    def get(self, request, *args, **kwargs):
        if wants_json(request):
            return self.as_json(self.get_form(), [])
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **context):
        form = context.get("form") or self.get_form()
        context["form"] = form
        present = [line.member for line in form.lines if line.status_at(self.half_day) == "present"]
        return super().get_context_data(
            counts=self.object.there_at(self.half_day),
            half_day=self.half_day,
            sittings=self.object.sittings,
            here=self.here,
            guests=self.object.guests.all(),
            composition=likeness(self.object.cycle, present),
            may_welcome=entitled(self.request.user, "welcome", self.object),
            **context,
        )

    def form_valid(self, form):
        try:
            left = self.object.take_attendance(by=self.request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        sentences = [kept_theirs(row, self.half_day) for row in left]
        if wants_json(self.request):
            return self.as_json(self.get_form_class()(object=self.object, half_day=self.half_day), sentences)
        for sentence in sentences:
            messages.warning(self.request, sentence)
        messages.success(self.request, _("Attendance is kept."))
        return redirect(self.here)

    def form_invalid(self, form):
        if wants_json(self.request):
            return JsonResponse({"sentences": [str(line) for line in form.errors.values()]}, status=422)
        return super().form_invalid(form)

    def as_json(self, form, sentences):
        """What the sheet says now, for a page that stays open."""
        counts = self.object.there_at(self.half_day)
        return JsonResponse(
            {
                "statuses": {line.member_id: line.status_at(self.half_day) for line in form.lines},
                "reasons": {line.member_id: line.reason for line in form.lines},
                "counts": counts,
                "sentences": sentences,
            }
        )


def likeness(cycle, members):
    """Those present beside what Paris looks like; the targets are those of the whole Assembly, and left out."""
    found = portraits(cycle, [member.profile for member in members]) if members else []
    for line in (line for portrait in found for line in portrait.lines):
        line.minimum = line.maximum = None
    return found


def kept_theirs(row, half_day):
    names = {"name": row.member, "status": meeting_forms.Presence.Status(row.status_at(half_day)).label}
    return _("%(name)s was marked “%(status)s” by somebody else meanwhile: theirs was kept. Check.") % names


def wants_json(request):
    return request.headers.get("Accept") == "application/json"


class WelcomeGuest(OfMeeting):
    """A member who came without being invited."""

    act = "welcome"
    title = gettext_lazy("Add a member who came unplanned")
    form_class = meeting_forms.WelcomeForm
    then = back = "get_sheet_url"


class RoomScreen(OfMeeting):
    """For the projector: the code of this half-day, where to type it, how many are there."""

    act = "renew_code"
    title = gettext_lazy("Screen of the room")
    template_name = "workshops/meeting_screen.html"
    then = "get_screen_url"

    def get_context_data(self, **context):
        meeting, sitting = self.object, self.object.sitting_now
        address = self.request.build_absolute_uri(reverse("workshops:meeting_check_in", args=[meeting.pk]))
        return super().get_context_data(
            sitting=sitting,
            code=meeting.code_of(sitting.number) if sitting else "",
            counts=meeting.there_at(sitting.number) if sitting else None,
            address=address,
            picture=squares(address),
            plan=TablePlan.objects.filter(meeting=meeting, state=TablePlan.State.SHOWN).first(),
            **context,
        )


def squares(text):
    """A QR code as one SVG path, and its size."""
    code = QRCode(border=0)
    code.add_data(text)
    rows = code.get_matrix()
    dots = ((x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return {"size": len(rows), "path": "".join(f"M{x} {y}h1v1h-1z" for x, y in dots)}


class CheckIn(OfMeeting):
    """A member types the code of the room; wrong codes are counted, and few."""

    act = "check_in"
    title = gettext_lazy("I am here")
    submit_label = gettext_lazy("Check in")
    form_class = meeting_forms.CodeForm
    template_name = "workshops/meeting_check_in.html"

    @property
    def counter(self):
        return f"check_in:{self.object.pk}:{self.request.user.pk}"

    def get_context_data(self, **context):
        row = self.object.attendances.filter(member__user=self.request.user).first()
        sitting = self.object.sitting_now
        done = bool(sitting and row and row.by_half_day.get(sitting.number) == "present")
        return super().get_context_data(sitting=sitting, done=done, **context)

    def form_valid(self, form):
        if cache.get(self.counter, 0) >= TRIES:
            form.add_error(None, _("Too many wrong codes: ask your facilitator to tick you."))
            return self.form_invalid(form)
        try:
            self.object.check_in(by=self.request.user, **form.cleaned_data)
        except ValidationError as refusal:
            if getattr(refusal, "code", "") == "code":
                cache.add(self.counter, 0, SPAN)
                cache.incr(self.counter)
            form.add_error(None, refusal)
            return self.form_invalid(form)
        messages.success(self.request, _("You are checked in. Welcome!"))
        return redirect(self.object)
