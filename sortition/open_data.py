"""The draws as open data: what was announced, drawn, published, and each file to check them with."""

from django.conf import settings
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assembly.open_data.registry import Dataset, Field, last_act, register
from sortition.drawing import PUBLIC_BEFORE, PUBLIC_LOTTERY
from sortition.models import Draw, Exhibit

LOTTERY_IS_SHOWN = Q(draw__composed_at__isnull=False) & (
    Q(draw__drawn_at=None) | ~Q(draw__drawn_at=F("draw__composed_at"))
)


def exhibits():
    """The files anybody may take, as the page of the draw gives them: see `views.draws.shown_exhibits`."""
    shown = (
        Q(draw__published_at__isnull=False)
        | Q(name__in=PUBLIC_BEFORE)
        | (Q(name__in=PUBLIC_LOTTERY) & LOTTERY_IS_SHOWN)
    )
    rows = Exhibit.objects.filter(shown, is_public=True, draw__in=Draw.objects.public())
    return rows.select_related("draw__cycle").defer("text")


def once_published(name):
    return lambda draw: getattr(draw, name) if draw.is_published else None


def once_shown(name):
    return lambda draw: getattr(draw, name) if draw.shows_lottery else None


def taken_part(draw):
    return sum(pool["taken_part"] for pool in draw.counts.get("pools", [])) if draw.frozen_at else None


def file_address(exhibit):
    return settings.SITE_URL + reverse("sortition:draw_file", args=[exhibit.draw_id, exhibit.name])


def archive_address(draw):
    return (
        settings.SITE_URL + reverse("sortition:draw_archive", args=[draw.pk]) if draw.shows_lottery else None
    )


register(
    Dataset(
        "draws",
        _("Draws"),
        _(
            "Each draw that was announced: rule, moments, counts, seed, fingerprint and number of the panel drawn."
        ),
        lambda: Draw.objects.public().select_related("cycle", "document"),
        (
            Field("kind", "string", _("kind of draw"), "kind", choices=Draw.Kind),
            Field("state", "string", _("where it stands"), "state", choices=Draw.State),
            Field("rule", "string", _("rule"), "rule", choices=Draw.Rule),
            Field("panels", "integer", _("panels in the lottery"), "panels"),
            Field("seats", "integer", _("seats"), "seats"),
            Field("volunteers", "integer", _("people who took part, once frozen"), taken_part),
            Field("announced", "datetime", _("when it was announced"), "announced_at"),
            Field("date", "datetime", _("day and hour announced"), "announced_for"),
            Field("frozen", "datetime", _("when the pool was frozen"), "frozen_at"),
            Field("commitment", "string", _("fingerprint (SHA-256) of what was frozen"), "commitment"),
            Field("seed", "string", _("seed, once the lottery is published"), once_shown("seed")),
            Field(
                "drawn", "datetime", _("when the panel was drawn, once published"), once_published("drawn_at")
            ),
            Field(
                "number",
                "string",
                _("number of the panel drawn, once published"),
                once_published("number_label"),
            ),
            Field("published", "datetime", _("when it was published"), "published_at"),
            Field("record", "reference", _("official record"), "document_id", "documents"),
            Field("archiveUrl", "uri", _("everything it takes to check it, in one file"), archive_address),
        ),
        cycle="cycle",
    ),
    Dataset(
        "draw-files",
        _("Files of the draws"),
        _("Each published file of each draw, with its fingerprint. People are there by pseudonym only."),
        exhibits,
        (
            Field("draw", "reference", _("draw"), "draw_id", "draws"),
            Field("fileName", "string", _("name of the file"), "name"),
            Field("size", "integer", _("size in bytes"), "size"),
            Field("sha256", "string", _("fingerprint (SHA-256)"), "sha256"),
            Field("downloadUrl", "uri", _("address of the file"), file_address),
        ),
        cycle="draw__cycle",
        oparl="File",
        modified=last_act(Draw, "draw_id"),
        web=lambda exhibit: exhibit.draw.get_absolute_url(),
    ),
)
