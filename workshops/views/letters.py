"""E-mails and calendar: what each person chooses, and the calendars themselves."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from assembly import clock
from assembly.views import OwnActView
from workshops.calendar import calendar
from workshops.forms import members as member_forms
from workshops.models import Meeting, Subscription

LOOKING_BACK = timedelta(days=180)


class OwnSubscription(OwnActView):
    """An act on one's own choices."""

    model = Subscription

    def get_object(self):
        return Subscription.objects.of(self.request.user)

    def kept(self):
        return Subscription.objects.get_or_create(user=self.request.user)[0]


class MySubscription(OwnSubscription):
    """E-mails at once or once a week; the address of one's own calendar."""

    act = "choose"
    form_class = member_forms.RhythmForm
    template_name = "workshops/subscription.html"
    title = gettext_lazy("E-mails and calendar")
    submit_label = gettext_lazy("Keep my choice")

    def get_initial(self):
        return {"rhythm": self.object.rhythm}

    def get_context_data(self, **context):
        address = self.object.calendar_url
        whole = f"{settings.SITE_URL}{address}" if address else ""
        webcal = "webcal:" + whole.partition(":")[2] if whole else ""
        return super().get_context_data(calendar_url=whole, webcal_url=webcal, **context)


@require_safe
def own_calendar(request, secret):
    """The meetings one person is expected at or leads; whoever holds the address reads it, until it is revoked."""
    subscription = Subscription.objects.behind(secret)
    if subscription is None:
        raise Http404
    user = subscription.user
    rows = Meeting.objects.filter(attendances__member__user=user, called_at__isnull=False)
    rows |= Meeting.objects.filter(workshop__facilitators=user, called_at__isnull=False)
    with translation.override(user.language):
        return served(_("Citizens’ Assembly – my meetings"), rows.distinct(), own=True)


@require_safe
def public_calendar(request):
    rows = Meeting.objects.public().filter(called_at__isnull=False)
    return served(_("Citizens’ Assembly of Paris – meetings"), rows)


def served(title, rows, own=False):
    rows = rows.filter(ends_at__gte=clock.now() - LOOKING_BACK).order_by("starts_at", "pk")[:500]
    response = HttpResponse(calendar(title, list(rows), own=own), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="agenda.ics"'
    if own:
        patch_cache_control(response, private=True, no_store=True)
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "no-referrer"
    return response
