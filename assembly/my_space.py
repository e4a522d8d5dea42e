"""The page a member lands on: their next step, their next meeting, who helps. Part of the roof."""

from django.contrib import messages
from django.db.models import DecimalField, Exists, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, UpdateView

from assembly.dashboard import workplace
from assembly.models import Appointment, Document, Member, User
from assembly.next_step import waiting_for
from assembly.views import FormPage
from workshops.models import Attendance, Meeting, Paper

HALF_DAYS = DecimalField(max_digits=6, decimal_places=1)
SHOWN = 5


class MySpace(TemplateView):
    """The next step of a member; the page where everybody else works."""

    template_name = "my_space.html"

    def get(self, request, *args, **kwargs):
        if address := workplace(request.user):
            return redirect(address)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **context):
        seats = self.request.user.seats
        seat = self.request.user.seat or next(iter(reversed(seats)), None)
        return super().get_context_data(
            seat=seat, **(member_space(seat, self.request.user) if seat else {}), **context
        )


class MyName(FormPage, UpdateView):
    """How one is called here, and the language one is written to in."""

    fields = ["name", "language"]
    template_name = "form.html"
    title = gettext_lazy("My name and language")
    help_text = gettext_lazy(
        "The others read this name in your workshop. Minors are shown to others by its first word only."
    )

    def get_object(self, queryset=None):
        return User.objects.get(pk=self.request.user.pk)

    def get_cancel_url(self):
        return reverse("my_page")

    def get_success_url(self):
        messages.success(self.request, _("Saved."))
        return self.get_cancel_url()


def member_space(seat, user):
    """What waits, the next meeting, their workshop, papers and half-days: as many queries whatever happened."""
    first, *others = waiting_for(user) or [None]
    own = (
        Member.objects.filter(pk=seat.pk)
        .annotate(half_days=half_days())
        .select_related("enrolment__workshop")
        .get()
    )
    workshop = own.enrolment.workshop if hasattr(own, "enrolment") else None
    meeting = next_meeting(seat, workshop)
    return {
        "step": first,
        "others": others[:SHOWN],
        "meeting": meeting,
        "papers": Paper.objects.visible_to(user).filter(meeting=meeting) if meeting else [],
        "helpers": helpers(seat.cycle, meeting.workshop_id if meeting else workshop and workshop.pk),
        "workshop": workshop,
        "documents": Document.objects.visible_to(user).filter(cycle=seat.cycle).defer("content", "html")[:3],
        "half_days": own.half_days,
    }


def next_meeting(seat, workshop):
    """The first they are invited to, or will be: on the agenda of their workshop or of everybody."""
    announced = Q(state=Meeting.State.OPENED, cycle=seat.cycle_id)
    announced &= Q(workshop=None) | Q(workshop=workshop) if workshop else Q(workshop=None)
    rows = Meeting.objects.upcoming().filter(Q(attendances__member=seat) | announced).distinct()
    return rows.with_status_of(seat.user).select_related("workshop").first()


def helpers(cycle, workshop):
    """[{name, note}]: who leads the workshop (the secretariat for everybody's meetings), and the support team."""
    held = Appointment.objects.current().filter(Q(cycle=None) | Q(cycle=cycle), user=OuterRef("pk"))
    people = User.objects.filter(is_active=True).annotate(
        leads=Exists(
            User.facilitated_workshops.through.objects.filter(user=OuterRef("pk"), workshop=workshop)
        ),
        supports=Exists(held.filter(role=Appointment.Role.SUPPORT)),
        runs=Exists(held.filter(role=Appointment.Role.SECRETARIAT)),
    )
    wanted = Q(supports=True) | (Q(leads=True) if workshop else Q(runs=True))
    return [
        {"name": person.name, "note": _("support team") if person.supports else leading(person)}
        for person in people.filter(wanted).order_by("supports", "name")[:SHOWN]
    ]


def leading(person):
    return _("facilitator") if person.leads else _("secretariat")


def half_days():
    """Those attended, of meetings that were held."""
    rows = Attendance.objects.present().filter(member=OuterRef("pk"), meeting__state=Meeting.State.HELD)
    counted = Sum(Coalesce("attended", "meeting__half_days"))
    total = rows.order_by().values("member").annotate(total=counted).values("total")
    return Coalesce(Subquery(total), 0, output_field=HALF_DAYS)
