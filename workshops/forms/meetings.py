"""Forms of the meetings: planning, notices, attendance, tables, contacts."""

from django import forms
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly import clock
from assembly.forms import DateInput
from assembly.models import Member
from workshops.forms.fields import MomentInput, text_area
from workshops.models import (
    AgendaItem,
    Guest,
    Meeting,
    Outreach,
    Paper,
    Presence,
    Workshop,
)
from workshops.sittings import at_the_same_hour, next_month, same_weekday

# The calendar ----------------------------------------------------------------


class CalendarFilter(forms.Form):
    month = forms.RegexField(r"^\d{4}-\d{2}$", required=False, widget=forms.HiddenInput)
    workshop = forms.ModelChoiceField(
        label=gettext_lazy("Workshop"),
        queryset=Workshop.objects.none(),
        required=False,
        empty_label=gettext_lazy("All, and plenaries"),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("", gettext_lazy("All kinds")), *Meeting.Kind.choices],
        required=False,
    )

    def __init__(self, *args, workshops, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["workshop"].queryset = workshops


class UrgencyForm(forms.Form):
    """The notice; late, it owes a reason."""

    wants_object = True
    urgency = forms.CharField(
        label=gettext_lazy("Why it is urgent"),
        help_text=gettext_lazy("Printed on the notice."),
        max_length=300,
        required=False,
        widget=text_area(2),
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        if not object.notice_is_late:
            del self.fields["urgency"]


class MoveForm(forms.Form):
    wants_object = True
    starts_at = forms.DateTimeField(label=gettext_lazy("starts at"), widget=MomentInput)
    ends_at = forms.DateTimeField(label=gettext_lazy("ends at"), widget=MomentInput)
    place = forms.CharField(label=gettext_lazy("place"), max_length=200)
    urgency = forms.CharField(
        label=gettext_lazy("Why it is urgent"),
        help_text=gettext_lazy("Needed when fewer clear days are left than the cycle asks for."),
        max_length=300,
        required=False,
        widget=text_area(2),
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("starts_at", "ends_at", "place"):
            self.fields[name].initial = getattr(object, name)


class CopyForm(forms.Form):
    wants_object = True
    starts_at = forms.DateTimeField(
        label=gettext_lazy("starts at"),
        help_text=gettext_lazy("The copy lasts as long, with the same programme. Nothing is mailed."),
        widget=MomentInput,
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        local = timezone.localtime(object.starts_at)
        day = same_weekday(local.date(), next_month(local.date()))
        self.fields["starts_at"].initial = at_the_same_hour(
            object.starts_at, day, timezone.get_current_timezone()
        )


class MonthForm(forms.Form):
    """Last month’s meetings, each with the day it would take this month."""

    def __init__(self, *args, meetings, month, taken, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = []
        zone = timezone.get_current_timezone()
        for meeting in meetings:
            day = same_weekday(localdate(meeting.starts_at), month)
            starts_at = at_the_same_hour(meeting.starts_at, day, zone)
            there = (meeting.workshop_id, starts_at) in taken
            keep, at = f"keep_{meeting.pk}", f"at_{meeting.pk}"
            self.fields[keep] = forms.BooleanField(
                label=meeting.title, required=False, initial=not there and starts_at > clock.now()
            )
            self.fields[at] = forms.DateTimeField(
                label=_("Date of the copy of “%(meeting)s”") % {"meeting": meeting.title},
                initial=starts_at,
                required=False,
                widget=MomentInput(attrs={"class": "form-control"}),
            )
            self.rows.append({"meeting": meeting, "keep": self[keep], "at": self[at], "there": there})

    def clean(self):
        super().clean()
        self.chosen = []
        for row in self.rows:
            pk = row["meeting"].pk
            if not self.cleaned_data.get(f"keep_{pk}"):
                self.errors.pop(f"at_{pk}", None)
            elif at := self.cleaned_data.get(f"at_{pk}"):
                self.chosen.append((row["meeting"], at))
            elif f"at_{pk}" not in self.errors:
                self.add_error(f"at_{pk}", _("Give the date and hour of this copy."))
        if not self.chosen and not self.errors:
            raise forms.ValidationError(_("Tick at least one meeting to copy."))
        return self.cleaned_data


# The programme ---------------------------------------------------------------


class AgendaItemForm(forms.ModelForm):
    class Meta:
        model = AgendaItem
        fields = ["title", "minutes", "note"]
        widgets = {"note": text_area(4)}


class DropItemForm(forms.Form):
    wants_object = True
    item = forms.ModelChoiceField(
        label=gettext_lazy("point of the programme"), queryset=AgendaItem.objects.none()
    )

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = object.agenda.all()


class DropPaperForm(forms.Form):
    wants_object = True
    paper = forms.ModelChoiceField(label=gettext_lazy("Paper"), queryset=Paper.objects.none())

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["paper"].queryset = object.papers.all()


class StepForm(forms.Form):
    step = forms.TypedChoiceField(
        label=gettext_lazy("Move"),
        choices=[(-1, gettext_lazy("one place earlier")), (1, gettext_lazy("one place later"))],
        coerce=int,
    )


class PaperForm(forms.ModelForm):
    class Meta:
        model = Paper
        fields = ["file", "title", "item", "public"]
        help_texts = {
            "file": gettext_lazy("PDF, picture or office document without macros, 20 MB at most."),
            "title": gettext_lazy("Left empty, the name of the file is taken."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = self.instance.meeting.agenda.all()
        self.fields["item"].empty_label = _("the whole meeting")
        self.fields["title"].required = False


# Attendance ------------------------------------------------------------------


class AttendanceForm(forms.Form):
    """A line for each person on the sheet, for one half-day; `seen` is what the page showed when it was opened."""

    wants_object = True

    def __init__(self, *args, object, half_day, **kwargs):
        super().__init__(*args, **kwargs)
        self.half_day = half_day
        rows = object.attendances.select_related("member__user").prefetch_related("presences")
        self.lines = sorted(rows, key=lambda row: (row.unplanned, row.member.user.name.casefold(), row.pk))
        for line in self.lines:
            self.add_fields(line)

    def add_fields(self, line):
        number, name = line.member_id, line.member.user.name
        self.fields[f"status_{number}"] = forms.ChoiceField(
            label=name,
            choices=Presence.Status.choices,
            required=False,
            initial=line.status_at(self.half_day),
            widget=forms.RadioSelect(attrs={"class": "btn-check"}),
        )
        self.fields[f"reason_{number}"] = forms.CharField(
            label=_("Reason given by %(name)s") % {"name": name},
            max_length=200,
            required=False,
            initial=line.reason,
            widget=forms.TextInput(
                attrs={"class": "form-control", "placeholder": _("Reason (never public)")}
            ),
        )

    @property
    def rows(self):
        """What the page shows of each person."""
        for line in self.lines:
            number, status = line.member_id, line.status_at(self.half_day)
            yield {
                "number": number,
                "name": line.member.user.name,
                "unplanned": line.unplanned,
                "status": self[f"status_{number}"],
                "now": status,
                "reason": self[f"reason_{number}"],
                "lacks_reason": status == "excused" and not line.reason,
                "seen": self.data.get(f"seen_{number}", status),
                "seen_reason": self.data.get(f"seen_reason_{number}", line.reason),
            }

    def clean(self):
        """Lines that nobody touched on this page are left out."""
        super().clean()
        marks, reasons, seen = {}, {}, {}
        for line in self.lines:
            number = line.member_id
            status, reason = (
                self.cleaned_data.get(f"status_{number}"),
                self.cleaned_data.get(f"reason_{number}"),
            )
            seen[number] = self.data.get(f"seen_{number}", "")
            if status and status != seen[number]:
                marks[number] = status
            if (reason or "") != self.data.get(f"seen_reason_{number}", ""):
                marks.setdefault(number, seen[number])
                reasons[number] = reason or ""
        self.cleaned_data = {"marks": marks, "reasons": reasons, "seen": seen, "half_day": self.half_day}
        return self.cleaned_data


class WelcomeForm(forms.Form):
    """A member of the cycle who is not on the sheet."""

    wants_object = True
    member = forms.ModelChoiceField(label=gettext_lazy("Member"), queryset=Member.objects.none())
    half_day = forms.TypedChoiceField(label=gettext_lazy("Half-day"), coerce=int)

    def __init__(self, *args, object, **kwargs):
        super().__init__(*args, **kwargs)
        others = object.cycle.members.seated().exclude(attendances__meeting=object)
        self.fields["member"].queryset = others.select_related("user")
        self.fields["half_day"].choices = half_days(object)


def half_days(meeting):
    return [
        (sitting.number, _("half-day %(number)s") % {"number": sitting.number})
        for sitting in meeting.sittings
    ]


class GuestForm(forms.ModelForm):
    class Meta:
        model = Guest
        fields = ["name", "capacity"]


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code shown in the room"),
        max_length=10,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "pattern": "[0-9 ]*", "class": "code-input"}
        ),
    )

    def clean_code(self):
        return self.cleaned_data["code"].replace(" ", "")


class ExcuseForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Only your facilitator and the secretariat read it; a few words are enough."),
        max_length=200,
    )


# The year --------------------------------------------------------------------


class OutreachForm(forms.ModelForm):
    class Meta:
        model = Outreach
        fields = ["member", "means", "made_on", "note", "next_step"]
        widgets = {"note": text_area(4), "made_on": DateInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = self.instance.workshop.members.select_related("user")

    def clean_made_on(self):
        day = self.cleaned_data["made_on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        return day
