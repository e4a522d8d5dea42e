"""What the summary notebook says. Plain values, in the language of the sheet."""

from django.apps import apps
from django.utils.timezone import localdate

from workshops.blocks import blocks, known_to
from workshops.evidence import source_of
from workshops.withdrawal import purged


def notebook_content(notebook):
    """Everything the sheet will ever say, in plain values."""
    return purged(told(notebook, notebook.workshop), withdrawn_from(notebook.workshop))


def withdrawn_from(workshop):
    """Those this workshop heard who withdrew their consent."""
    people = apps.get_model("workshops.PersonHeard").objects
    return people.filter(meeting__workshop=workshop, withdrawn_at__isnull=False)


def told(notebook, workshop):
    deposited = notebook.deposited_at
    return {
        "title": notebook.title,
        "cycle": workshop.cycle.title,
        "workshop": workshop.title,
        "purpose": workshop.purpose,
        "version": notebook.version,
        "deposited_on": localdate(deposited).isoformat() if deposited else "",
        "method": method(workshop),
        "vote": notebook.tally,
        "sections": sections(notebook),
        "findings": [found(finding) for finding in notebook.findings.all()],
        "questions": [
            {"number": question.number, "text": question.text} for question in notebook.questions.all()
        ],
    }


def answers_content(notebook, questions):
    """The questions of a notebook, each with its answer, who gave it and when."""
    content = {
        "title": notebook.title,
        "cycle": notebook.workshop.cycle.title,
        "workshop": notebook.workshop.title,
        "lines": [
            {
                "number": question.number,
                "text": question.text,
                "answer": question.answer,
                "by": question.answered_by.name,
                "on": localdate(question.answered_at).isoformat(),
            }
            for question in questions
        ],
    }
    return purged(content, withdrawn_from(notebook.workshop))


def sections(notebook):
    """Those that say something, as words, pictures and figures."""
    written = [section for section in notebook.sections.all() if section.body.strip()]
    known = known_to(notebook, [section.body for section in written])
    return [
        {"kind": section.kind, "title": section.title, "blocks": blocks(section.body, known)}
        for section in written
    ]


def found(finding):
    """A finding, whether it is shared, and what it rests on."""
    return {
        "number": finding.number,
        "text": finding.text,
        "disputed": finding.stance == finding.Stance.DISPUTED,
        "other_view": finding.other_view,
        "evidence": [source_of(row) for row in finding.evidence.all()],
    }


def method(workshop):
    """The meetings held, with attendance as counts."""
    return [
        {
            "title": meeting.title,
            "kind": str(meeting.get_kind_display()),
            "held_on": localdate(meeting.starts_at).isoformat(),
            "present": meeting.present,
            "invited": meeting.invited_count,
            "heard": [
                f"{person.name}, {person.capacity}" for person in meeting.people_heard.all() if person.agrees
            ],
        }
        for meeting in workshop.meetings.held()
        .with_counts()
        .order_by("starts_at")
        .prefetch_related("people_heard")
    ]
