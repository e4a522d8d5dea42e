"""What the sheet of the minutes says. Plain values, in the language of the sheet."""

from django.utils.formats import number_format
from django.utils.timezone import localdate

from workshops.withdrawal import purged


def minutes_content(minutes):
    """Everything the sheet will ever say, in plain values."""
    people = list(minutes.meeting.people_heard.all())
    return purged(told(minutes, minutes.meeting, people), [one for one in people if one.withdrawn_at])


def told(minutes, meeting, people):
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
        "people_heard": [heard(person) for person in people if person.agrees],
        "questions": [
            asked(question) for question in meeting.questions.select_related("person") if question.answer
        ],
        "narrative": minutes.narrative,
        "decisions": [decided(decision) for decision in meeting.decisions.all()],
        "commitments": [promised(row) for row in meeting.commitments.select_related("person")],
        "next_meeting": following(meeting),
        "approved_on": localdate(minutes.approved_at).isoformat() if minutes.approved_at else "",
        "approved_in": minutes.approved_in.title if minutes.approved_in else "",
        "edition": minutes.edition,
        "corrects": corrected(minutes.versions_before.first()),
    }


def corrected(earlier):
    """What the version before this one was, and why there is another."""
    return earlier and {"on": localdate(earlier.document.issued_at).isoformat(), "reason": earlier.reason}


def heard(person):
    return {
        "name": person.name,
        "capacity": person.capacity,
        "organisation": person.organisation,
        "interests": person.interests,
    }


def asked(question):
    return {"text": question.text, "addressed_to": question.addressee, "answer": question.answer}


def decided(decision):
    return {"text": decision.text, "tally": decision.tally}


def promised(commitment):
    """By its maker’s name if they agree to be named, by their organisation else."""
    person = commitment.person
    hidden = person is not None and not person.agrees and person.name in commitment.who
    return {
        "text": commitment.text,
        "who": (person.organisation or person.capacity) if hidden else commitment.who,
        "due_on": commitment.due_on.isoformat() if commitment.due_on else "",
    }


def following(meeting):
    after = meeting.following()
    return after and {"title": after.title, "starts_at": after.starts_at.isoformat(), "place": after.place}


def outline(meeting):
    """The narrative as it starts: one heading for each item of the programme."""
    return "\n\n".join(f"# {item.title}\n\n{item.note}".rstrip() for item in meeting.agenda.all())
