"""A member tells their needs; the support team ticks them off for each meeting."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Exists, OuterRef
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import ListView

from assembly.models import Appointment
from assembly.views import ActView, OwnActView
from sortition.models import SeatOffer
from workshops.forms import members as member_forms
from workshops.models import Attendance, Meeting, Need, NeedsSheet, Provision, in_cycles_of


class NeedsTell(OwnActView):
    """Once for the whole cycle; changed whenever life changes."""

    model = NeedsSheet
    act = "tell"
    form_class = member_forms.NeedsForm
    template_name = "workshops/needs_tell.html"
    title = gettext_lazy("What would help you to take part")
    submit_label = gettext_lazy("Keep my answer")

    def get_object(self):
        if self.request.user.seat is None:
            raise Http404
        return NeedsSheet.objects.of(self.request.user.seat)

    def kept(self):
        return NeedsSheet.objects.get_or_create(member=self.request.user.seat)[0]

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"told": self.told()}

    def told(self):
        """What they said last; at first, what they had written when they volunteered."""
        if self.object.pk:
            return {need.kind: need.words for need in self.object.needs.all()}
        offers = SeatOffer.objects.filter(member=self.object.member)
        words = offers.values_list("volunteer__contact__needs", flat=True).first()
        return {Need.Kind.OTHER: words[:300]} if words else {}


class SupportList(ListView):
    """The meetings to come, and how many needs are still to arrange for each."""

    template_name = "workshops/support_list.html"
    paginate_by = 30

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not request.user.holds(Appointment.Role.SUPPORT):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        held = in_cycles_of(self.request.user, [Appointment.Role.SUPPORT], "cycle")
        rows = Meeting.objects.visible_to(self.request.user).upcoming().filter(held)
        return rows.select_related("workshop", "cycle")

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        meetings = list(context["object_list"])
        told, settled = needs_at(meetings), settled_at(meetings)
        rows = [
            {"meeting": meeting, "told": told.get(meeting.pk, 0), "settled": settled.get(meeting.pk, 0)}
            for meeting in meetings
        ]
        return context | {"rows": rows, "kinds": told_by_kind(Need.objects.visible_to(self.request.user))}


AWAY = [Attendance.Status.EXCUSED, Attendance.Status.ABSENT]


def needs_at(meetings):
    """{meeting: needs of those expected}; meetings whose notice has not left have nobody expected yet."""
    rows = Attendance.objects.filter(meeting__in=meetings).exclude(status__in=AWAY).order_by()
    return dict(rows.values_list("meeting").annotate(Count("member__needs_sheet__needs")))


def settled_at(meetings):
    """{meeting: needs settled, of those who are expected}."""
    expected = Attendance.objects.filter(
        meeting=OuterRef("meeting"), member=OuterRef("need__sheet__member")
    ).exclude(status__in=AWAY)
    rows = Provision.objects.filter(Exists(expected), meeting__in=meetings)
    return dict(rows.order_by().values_list("meeting").annotate(Count("pk")))


def told_by_kind(needs):
    """(kind, people)."""
    counts = dict(needs.order_by().values_list("kind").annotate(Count("pk")))
    return [(label, counts[kind]) for kind, label in Need.Kind.choices if counts.get(kind)]


class Provide(ActView):
    """Who needs what at this meeting; each line ticked off by whoever arranged it."""

    model = Meeting
    act = "provide"
    form_class = member_forms.ProvideForm
    template_name = "workshops/meeting_provide.html"
    title = gettext_lazy("Needs at this meeting")
    submit_label = gettext_lazy("Keep")

    def get_queryset(self):
        return super().get_queryset().select_related("workshop", "cycle")

    def form_valid(self, form):
        try:
            left = self.object.provide(by=self.request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        for need in left:
            words = _("%(name)s, %(need)s: somebody else settled it meanwhile; theirs was kept. Check.")
            messages.warning(self.request, words % {"name": need.sheet.member.shown_name, "need": need})
        messages.success(self.request, _("Kept."))
        return redirect(self.object.get_needs_url())
