"""What the sheet of a hearing says. Plain values, in the language of the sheet."""

from django.utils.translation import gettext as _

from workshops.withdrawal import masked


def hearing_content(hearing):
    """Everything the sheet will ever say; nothing of who does not agree, or no longer does."""
    meeting = hearing.meeting
    people = list(meeting.people_heard.all())
    hidden = [person.name for person in people if not person.agrees]
    return {
        "title": meeting.title,
        "cycle": meeting.cycle.title,
        "workshop": meeting.workshop.title if meeting.workshop else "",
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "place": meeting.place,
        "people": [heard(person) for person in people if person.agrees],
        "unnamed": sum(not person.agrees and person.withdrawn_at is None for person in people),
        "withdrawn": sum(person.withdrawn_at is not None for person in people),
        "summary": masked(hearing.summary, hidden),
        "questions": [asked(question, hidden) for question in questions_of(meeting)],
        "pieces": [
            {"title": masked(piece.title, hidden), "origin": masked(piece.origin, hidden)}
            for piece in hearing.pieces.kept().filter(is_public=True).select_related("person")
            if piece.person is None or piece.person.agrees
        ],
        "commitments": [
            promised(row, hidden) for row in meeting.commitments.select_related("person").order_by("pk")
        ],
    }


def questions_of(meeting):
    """In the order they were put."""
    return meeting.questions.put().counted().in_order().select_related("person")


def heard(person):
    return {
        "name": person.name,
        "capacity": person.capacity,
        "organisation": person.organisation,
        "interests": person.interests,
        "account": person.account,
    }


def asked(question, hidden):
    silent = question.person is not None and not question.person.agrees
    return {
        "text": masked(question.text, hidden),
        "to": _("a person heard") if silent else masked(question.addressee, hidden),
        "answer": "" if silent else masked(question.answer, hidden),
        "withheld": silent and bool(question.answer),
    }


def promised(commitment, hidden):
    silent = commitment.person is not None and not commitment.person.agrees
    return {
        "who": _("a person heard") if silent else masked(commitment.who, hidden),
        "what": masked(commitment.text, hidden),
        "due_on": commitment.due_on.isoformat() if commitment.due_on else "",
    }
