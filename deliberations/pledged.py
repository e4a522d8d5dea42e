"""A public commitment in plain values: what its sheet freezes and prints."""

from django.conf import settings

from assembly import clock


def content(pledge):
    return {
        "on": clock.today().isoformat(),
        **{
            name: getattr(pledge, name)
            for name in ("reference", "plan", "problem", "action", "contribution", "lead", "link")
        },
        "institutions": pledge.institutions,
        "starts_on": pledge.starts_on.isoformat(),
        "ends_on": pledge.ends_on.isoformat(),
        "milestones": [milestone_row(row) for row in pledge.milestones.prefetch_related("proofs")],
        "assessments": [
            {"year": row.year, "words": row.words, "on": row.on.isoformat()}
            for row in pledge.assessments.all()
        ],
    }


def milestone_row(milestone):
    standing = [proof for proof in milestone.proofs.all() if proof.withdrawn_on is None]
    return {
        "number": milestone.number,
        "title": milestone.title,
        "starts_on": milestone.starts_on.isoformat(),
        "ends_on": milestone.ends_on.isoformat(),
        "state": milestone.state,
        "reason": milestone.reason,
        "proofs": [{"title": proof.title, "address": whole(proof.address)} for proof in standing],
    }


def whole(address):
    """An address that can be followed from anywhere."""
    return settings.SITE_URL + address if address.startswith("/") else address
