"""What the sheet of the minutes says. Plain values, in the language of the sheet."""

from django.utils.formats import number_format
from django.utils.timezone import localdate


def minutes_content(minutes):
    """Everything the sheet will ever say, in plain values."""
    meeting = minutes.meeting
    return {
        "title": meeting.title,
        "cycle": meeting.cycle.title,
        "workshop": meeting.workshop.title if meeting.workshop else "",
        "kind": str(meeting.get_kind_display()),
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "place": meeting.place,
        "half_days": number_format(meeting.half_days.normalize()),
        "counts": dict(minutes.counts),
        "programme": [
            {"position": item.position, "title": item.title, "minutes": item.minutes}
            for item in meeting.agenda.all()
        ],
        "people_heard": [heard(person) for person in meeting.people_heard.all() if person.agrees],
        "questions": [asked(question) for question in meeting.questions.all() if question.answer],
        "narrative": minutes.narrative,
        "decisions": [decided(decision) for decision in meeting.decisions.all()],
        "next_meeting": following(meeting),
        "approved_on": localdate(minutes.approved_at).isoformat() if minutes.approved_at else "",
    }


def heard(person):
    return {
        "name": person.name,
        "capacity": person.capacity,
        "organisation": person.organisation,
        "interests": person.interests,
    }


def asked(question):
    return {"text": question.text, "addressed_to": question.addressed_to, "answer": question.answer}


def decided(decision):
    return {"text": decision.text, "tally": decision.tally}


def following(meeting):
    after = meeting.following()
    return after and {"title": after.title, "starts_at": after.starts_at.isoformat(), "place": after.place}


def outline(meeting):
    """The narrative as it starts: one heading for each item of the programme."""
    return "\n\n".join(f"# {item.title}\n\n{item.note}".rstrip() for item in meeting.agenda.all())
