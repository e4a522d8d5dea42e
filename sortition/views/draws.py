"""The draws, their page and their files."""

import io
import zipfile

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import DetailView, ListView, View

from assembly.rules import entitled
from assembly.templatetags.house import day
from assembly.views import ActView
from sortition import drawing, publication, quotas
from sortition.models import Draw
from sortition.record import counts
from sortition.views.pages import STAFF_PAGE, attachment


class DrawList(ListView):
    template_name = "sortition/draw_list.html"
    paginate_by = 20

    def get_queryset(self):
        return Draw.objects.visible_to(self.request.user).select_related("cycle", "pool").defer("outcome")


def sees_result(user, draw):
    return draw.is_published or (user.is_authenticated and user.has_perm(STAFF_PAGE, draw))


def shown_exhibits(user, draw):
    """The files one may take: what was frozen, the lottery as soon as it is made, the rest once it is published."""
    files = draw.exhibits.defer("text")
    if not (user.is_authenticated and user.has_perm("sortition.view_profiles", draw)):
        files = files.filter(is_public=True)
    if sees_result(user, draw):
        return files
    return files.filter(name__in=drawing.PUBLIC_LOTTERY if draw.shows_lottery else drawing.PUBLIC_BEFORE)


class DrawDetail(DetailView):
    """Written for a citizen; those who run the draw find their next act at the top."""

    template_name = "sortition/draw_detail.html"
    PEOPLE = ("prepared_by", "frozen_by", "certified_by")

    def get_queryset(self):
        rows = Draw.objects.visible_to(self.request.user)
        return rows.select_related("cycle", "pool", "document", "follows", *self.PEOPLE)

    def get_context_data(self, **context):
        draw, user = self.object, self.request.user
        staff = user.is_authenticated and user.has_perm(STAFF_PAGE, draw)
        shown = bool(draw.drawn_at) and sees_result(user, draw)
        waiting = draw.state in (Draw.State.PREPARED, Draw.State.ANNOUNCED)
        exhibits, entries = list(shown_exhibits(user, draw)), list(draw.entries.select_related("by"))
        return super().get_context_data(
            is_staff=staff,
            steps=steps(draw),
            protocol=publication.protocol(draw, entries),
            pools=counts(draw) if draw.counts else [],
            volunteers=sum(pool["taken_part"] for pool in draw.counts.get("pools", [])),
            conflicts=quotas.conflicts(draw) if staff and waiting else [],
            checked=staff and waiting,
            shows_result=shown,
            result=publication.comparison(draw) if shown else [],
            chances=publication.chances(draw) if draw.outcome else {},
            certificate=publication.certificate(draw) if draw.outcome else {},
            exhibits=exhibits,
            files=publication.files(exhibits),
            job=draw.job if staff and draw.state == Draw.State.FROZEN and draw.seed else None,
            entries=entries if staff else [],
            after=follower(user, draw),
            screen_url=screen_url(user, draw),
            **context,
        )


def follower(user, draw):
    """The draw held after this one was cancelled, for those who may know it."""
    if draw.state != Draw.State.CANCELLED:
        return None
    return Draw.objects.visible_to(user).filter(follows=draw).first()


def screen_url(user, draw):
    """The projector's page, for those who type before the room."""
    if draw.frozen_at and entitled(user, "enter_number", draw):
        return reverse("sortition:draw_enter_number", args=[draw.pk])
    return ""


def steps(draw):
    """Prepared to published, and where this draw stands."""
    moments = {
        "prepared": None,
        "announced": draw.announced_at,
        "frozen": draw.frozen_at,
        "composed": draw.composed_at,
        "drawn": draw.drawn_at,
        "certified": draw.certified_at,
        "published": draw.published_at,
    }
    stopped = draw.state in (Draw.State.SUSPENDED, Draw.State.CANCELLED)
    at, order = draw.suspended_from if stopped else draw.state, list(moments)
    now = order.index(at) if at in order else -1
    return [
        {
            "label": Draw.State(name).label.capitalize(),
            "done": place <= now,
            "current": place == now,
            "dates": day(date) if date else "",
        }
        for place, (name, date) in enumerate(moments.items())
    ]


class DrawFile(View):
    """One file of a draw. Those with profiles are for auditors, and each taking is written down."""

    def get(self, request, *args, **kwargs):
        draw = get_object_or_404(Draw.objects.visible_to(request.user), pk=kwargs["pk"])
        exhibit = get_object_or_404(shown_exhibits(request.user, draw).defer(None), name=kwargs["name"])
        if not exhibit.is_public:
            draw.record("audit", by=request.user, file=exhibit.name)
        kind = "text/csv" if exhibit.name.endswith(".csv") else "text/plain"
        return attachment(exhibit.text.encode(), f"{kind}; charset=utf-8", exhibit.name)


class DrawArchive(View):
    """Everything it takes to check a draw, in one file; before the number is drawn, the lottery."""

    def get(self, request, *args, **kwargs):
        draw = get_object_or_404(Draw.objects.visible_to(request.user), pk=kwargs["pk"])
        if not draw.shows_lottery:
            raise Http404
        files = draw.exhibits.filter(is_public=True)
        if not draw.is_published:
            files = files.filter(name__in=drawing.PUBLIC_LOTTERY)
        return attachment(archive(files), "application/zip", f"tirage-{draw.cycle.number}.zip")


def archive(exhibits):
    """The same bytes each time."""
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as packed:
        for exhibit in exhibits:
            packed.writestr(
                zipfile.ZipInfo(exhibit.name, (1980, 1, 1, 0, 0, 0)), exhibit.text, zipfile.ZIP_DEFLATED
            )
    return found.getvalue()


class DrawAct(ActView):
    model = Draw

    def get_queryset(self):
        return super().get_queryset().select_related("cycle", "pool")
