"""The work of the workshops as open data: who works on what, when the Assembly meets, and on which programme."""

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _

from assembly.open_data.registry import Dataset, Field, register
from workshops.models import AgendaItem, Meeting, Workshop

NOBODY = AnonymousUser()


def published_minutes(meeting):
    """The sheet of its minutes, once there is one."""
    minutes = getattr(meeting, "minutes", None)
    return minutes and minutes.document_id


def published_hearing(meeting):
    hearing = getattr(meeting, "hearing", None)
    return hearing and hearing.document_id


def if_held(name):
    return lambda meeting: getattr(meeting, name) if meeting.state == Meeting.State.HELD else None


register(
    Dataset(
        "workshops",
        _("Workshops"),
        _("The thematic workshops of each cycle, and their summary notebook once it is handed over."),
        lambda: Workshop.objects.public().select_related("cycle", "notebook"),
        (
            Field("name", "string", _("name"), "title"),
            Field("description", "string", _("purpose"), "purpose"),
            Field("notebook", "reference", _("summary notebook"), "notebook.document_id", "documents"),
            Field(
                "answers",
                "reference",
                _("answers of the executive to it"),
                "notebook.answers_id",
                "documents",
            ),
        ),
        cycle="cycle",
        oparl="Organization",
    ),
    Dataset(
        "meetings",
        _("Meetings"),
        _("Plenaries, sessions of workshops, hearings, visits and trainings, once they are on the agenda."),
        lambda: (
            Meeting.objects.public().with_counts().select_related("cycle", "workshop", "minutes", "hearing")
        ),
        (
            Field("name", "string", _("title"), "title"),
            Field("kind", "string", _("kind"), "kind", choices=Meeting.Kind),
            Field("meetingState", "string", _("where it stands"), "state", choices=Meeting.State),
            Field(
                "cancelled",
                "boolean",
                _("whether it was cancelled"),
                lambda row: row.state == Meeting.State.CANCELLED,
            ),
            Field("start", "datetime", _("when it begins"), "starts_at"),
            Field("end", "datetime", _("when it is over"), "ends_at"),
            Field("location", "string", _("place"), "place"),
            Field(
                "organization",
                "reference",
                _("workshop; empty: the whole Assembly"),
                "workshop_id",
                "workshops",
            ),
            Field("halfDays", "number", _("half-days it lasts"), "half_days"),
            Field("invited", "integer", _("members invited, once it was held"), if_held("invited_count")),
            Field("present", "integer", _("of whom present, once it was held"), if_held("present")),
            Field("resultsProtocol", "reference", _("minutes"), published_minutes, "documents"),
            Field("hearingSheet", "reference", _("hearing sheet"), published_hearing, "documents"),
        ),
        cycle="cycle",
        oparl="Meeting",
    ),
    Dataset(
        "agenda-items",
        _("Points of the programmes"),
        _("What was on the programme of each meeting, in order."),
        lambda: AgendaItem.objects.visible_to(NOBODY).select_related("meeting__cycle"),
        (
            Field("meeting", "reference", _("meeting"), "meeting_id", "meetings"),
            Field("order", "integer", _("place in the programme"), "position"),
            Field("name", "string", _("title"), "title"),
            Field("minutes", "integer", _("length planned, in minutes"), "minutes"),
        ),
        cycle="meeting__cycle",
        oparl="AgendaItem",
    ),
)
