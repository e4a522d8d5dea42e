"""Everything a sheet will ever say, in plain values."""


def vote_content(ballot):
    if ballot is None or ballot.tally is None:
        return None
    return {
        "held_on": ballot.closed_at.date(),
        "for": ballot.votes_for,
        "against": ballot.votes_against,
        "abstention": ballot.abstentions,
        "absent": ballot.not_voting,
        "quorum_percent": ballot.quorum_percent,
    }


def answers_content(notebook):
    """The questions of the notebook and what the executive answered."""
    if notebook is None:
        return []
    return [{"question": question.text, "answer": question.answer} for question in notebook.questions.all()]


def wordings_content(mandate):
    """The words of the members that the executive accepted."""
    rows = mandate.wordings.filter(state="accepted").order_by("number")
    return [
        {"number": row.number, "was": row.was, "sentence": row.sentence, "reason": row.reason} for row in rows
    ]


def mandate_content(mandate, ballot):
    return {
        "cycle": str(mandate.cycle),
        "workshop": str(mandate.workshop),
        "sentence": mandate.sentence,
        "context": mandate.context,
        "expected_product": mandate.expected_product,
        "limits": mandate.limits,
        "deputy_mayor": mandate.deputy_mayor,
        "directorate": mandate.directorate,
        "answers": answers_content(mandate.notebook),
        "wordings": wordings_content(mandate),
        "vote": vote_content(ballot),
    }


def text_content(proposal, version, **more):
    return {
        "kind": proposal.kind,
        "title": proposal.title,
        "summary": proposal.plain_summary,
        "cycle": str(proposal.cycle),
        "workshop": str(proposal.workshop),
        "carrier": proposal.carrier,
        "version": version.number,
        "clauses": version.clauses,
        "vote": vote_content(proposal.ballots.filter(adopted=True).order_by("pk").last()),
        **more,
    }


def voted_content(proposal):
    return text_content(proposal, proposal.voted_version, stage="voted")


def adopted_content(proposal, item):
    council = {
        "session_on": item.session_on,
        "committee": item.committee,
        "number": item.number,
        "reference": item.reference,
        "opinion": item.opinion,
        "outcome": item.outcome,
        "link": item.link,
    }
    return text_content(proposal, item.adopted_version, stage="adopted", council=council)
