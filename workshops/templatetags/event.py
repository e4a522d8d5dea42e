"""A meeting, for the machines that read agendas."""

from django import template

from assembly import linked

register = template.Library()


@register.simple_tag
def event(meeting):
    status = "EventCancelled" if meeting.state == "cancelled" else "EventScheduled"
    return linked.script(
        {
            "@type": "Event",
            "name": meeting.title,
            "description": meeting.purpose,
            "startDate": meeting.starts_at.isoformat(),
            "endDate": meeting.ends_at.isoformat(),
            "eventStatus": f"https://schema.org/{status}",
            "location": {"@type": "Place", "name": meeting.place, "address": "Paris"},
            "organizer": linked.assembly(),
            "url": linked.address(meeting.get_absolute_url()),
        }
    )
