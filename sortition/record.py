"""What the official record of a draw says, in plain values, frozen when it is published."""

from django.utils import timezone
from django.utils.translation import gettext as _

from sortition.models import Volunteer


def local(moment):
    return timezone.localtime(moment).isoformat(timespec="minutes") if moment else ""


def record_content(draw):
    """Announcement, witnesses, counts, rule, fingerprints, seed, the drawn by pseudonym, time stamps, incidents."""
    from sortition.drawing import result_rows

    return {
        "cycle": str(draw.cycle),
        "number": draw.cycle.number,
        "draw": str(draw),
        "rule": draw.get_rule_display(),
        "panels": draw.panels,
        "seats": draw.seats,
        "announced_at": local(draw.announced_at),
        "announced_for": local(draw.announced_for),
        "clear_days": draw.cycle.clear_days,
        "frozen_at": local(draw.frozen_at),
        "prepared_by": str(draw.prepared_by),
        "frozen_by": str(draw.frozen_by),
        "seeded_at": local(draw.seeded_at),
        "drawn_at": local(draw.drawn_at),
        "certified_at": local(draw.certified_at),
        "published_at": local(draw.published_at),
        "witnesses": [line.strip() for line in draw.witnesses.splitlines() if line.strip()],
        "seed_sources": draw.seed_sources,
        "dice": draw.dice,
        "source_text": draw.source_text,
        "commitment": draw.commitment,
        "pools": counts(draw),
        "minimum": draw.outcome["minimum"],
        "maximum": draw.outcome["maximum"],
        "bound": draw.outcome["bound"],
        "panel_number": draw.outcome["number"],
        "selected": sorted(draw.outcome["selected"]),
        "result": result_rows(draw),
        "files": [[file.name, file.sha256] for file in draw.exhibits.only("name", "sha256")],
        "bailiff": str(draw.certified_by),
        "statement": draw.statement,
        "incidents": incidents(draw),
    }


def counts(draw):
    """Registered, left out by reason in words, taking part."""
    words = dict(Volunteer.Obstacle.choices) | {"withdrawn": _("withdrew")}
    return [
        {**pool, "left_out": [[str(words[code]), count] for code, count in pool["left_out"].items()]}
        for pool in draw.counts["pools"]
    ]


def incidents(draw):
    found = []
    for entry in draw.entries:
        name = entry.act.rpartition(".")[2]
        if name in ("suspend", "resume", "cancel"):
            found.append([local(entry.at), str(entry.sentence), entry.reason])
    return found
