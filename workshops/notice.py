"""What the notice and the sign-in sheet of a meeting say. Plain values, in the language of the sheet."""

from django.utils.formats import number_format
from django.utils.translation import override

SIGNED = ["member__user__name", "pk"]


def meeting_content(meeting):
    with override("fr"):
        kind = str(meeting.get_kind_display())
    return {
        "title": meeting.title,
        "kind": kind,
        "cycle": meeting.cycle.title,
        "workshop": meeting.workshop.title if meeting.workshop else "",
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "place": meeting.place,
        "half_days": number_format(meeting.half_days.normalize()),
    }


def notice_content(meeting, notice):
    return meeting_content(meeting) | {
        "purpose": meeting.purpose,
        "sent_at": notice.sent_at.isoformat(),
        "days": notice.days,
        "needed": notice.needed,
        "urgency": notice.urgency,
        "changes": notice.changes,
        "programme": [
            {
                "title": item.title,
                "minutes": item.minutes,
                "note": item.note,
                "starts_at": item.starts_at.isoformat() if item.starts_at else "",
            }
            for item in meeting.programme()
        ],
        "papers": [paper.title for paper in meeting.papers.all()],
    }


def sign_in_content(meeting):
    rows = meeting.attendances.select_related("member__user").order_by(*SIGNED)
    return meeting_content(meeting) | {
        "sittings": [
            {"number": sitting.number, "starts_at": sitting.starts_at.isoformat()}
            for sitting in meeting.sittings
        ],
        "people": [row.member.user.name for row in rows],
    }
