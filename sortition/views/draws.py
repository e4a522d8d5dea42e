"""The draws, their page and their files."""

import io
import zipfile

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.generic import DetailView, ListView, View

from assembly.templatetags.house import day
from assembly.views import ActView
from sortition import drawing, quotas
from sortition.models import Draw, Exhibit
from sortition.record import counts
from sortition.views.pages import STAFF_PAGE, attachment


class DrawList(ListView):
    template_name = "sortition/draw_list.html"
    paginate_by = 20

    def get_queryset(self):
        return Draw.objects.visible_to(self.request.user).select_related("cycle").defer("outcome")


def sees_result(user, draw):
    return draw.is_published or (user.is_authenticated and user.has_perm(STAFF_PAGE, draw))


def shown_exhibits(user, draw):
    """The files one may take: what was frozen as soon as it is, what came out once it is published."""
    files = draw.exhibits.defer("text")
    if not (user.is_authenticated and user.has_perm("sortition.view_profiles", draw)):
        files = files.filter(is_public=True)
    return files if sees_result(user, draw) else files.filter(name__in=drawing.PUBLIC_BEFORE)


class DrawDetail(DetailView):
    template_name = "sortition/draw_detail.html"

    def get_queryset(self):
        rows = Draw.objects.visible_to(self.request.user)
        return rows.select_related("cycle", "document", "prepared_by", "frozen_by", "certified_by")

    def get_context_data(self, **context):
        draw, user = self.object, self.request.user
        staff = user.is_authenticated and user.has_perm(STAFF_PAGE, draw)
        shown = bool(draw.drawn_at) and sees_result(user, draw)
        waiting = draw.state in (Draw.State.PREPARED, Draw.State.ANNOUNCED)
        return super().get_context_data(
            is_staff=staff,
            steps=steps(draw),
            pools=word_counts(draw),
            conflicts=quotas.conflicts(draw) if staff and waiting else [],
            checked=staff and waiting,
            is_ready=staff and waiting,
            shows_result=shown,
            result=drawing.result_rows(draw) if shown else [],
            chances=chances(draw) if shown else {},
            exhibits=list(shown_exhibits(user, draw)),
            job=draw.job if staff and draw.state == Draw.State.FROZEN and draw.seed else None,
            entries=draw.entries.select_related("by") if staff else [],
            **context,
        )


def steps(draw):
    """Prepared to published, and where this draw stands."""
    order = [
        Draw.State(name) for name in ("prepared", "announced", "frozen", "drawn", "certified", "published")
    ]
    stopped = draw.state in (Draw.State.SUSPENDED, Draw.State.CANCELLED)
    at = draw.suspended_from if stopped else draw.state
    now = order.index(at) if at in order else -1
    dates = [None, draw.announced_at, draw.frozen_at, draw.drawn_at, draw.certified_at, draw.published_at]
    return [
        {
            "label": state.label.capitalize(),
            "done": place <= now,
            "current": place == now,
            "dates": day(date) if date else "",
        }
        for place, (state, date) in enumerate(zip(order, dates, strict=True))
    ]


def word_counts(draw):
    return counts(draw) if draw.counts else []


def chances(draw):
    return {f"{low:g}–{high:g} %": number for low, high, number in draw.outcome["histogram"]}


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
    """Everything it takes to check a published draw, in one file."""

    def get(self, request, *args, **kwargs):
        draw = get_object_or_404(Draw.objects.visible_to(request.user), pk=kwargs["pk"])
        if not draw.is_published:
            raise Http404
        return attachment(archive(draw), "application/zip", f"tirage-{draw.cycle.number}.zip")


def archive(draw):
    """The same bytes each time."""
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as packed:
        for exhibit in Exhibit.objects.filter(draw=draw, is_public=True):
            packed.writestr(
                zipfile.ZipInfo(exhibit.name, (1980, 1, 1, 0, 0, 0)), exhibit.text, zipfile.ZIP_DEFLATED
            )
    return found.getvalue()


class DrawAct(ActView):
    model = Draw

    def get_queryset(self):
        return super().get_queryset().select_related("cycle")
