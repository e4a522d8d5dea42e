"""What the official record of a draw says, in plain values, frozen when it is published."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
        "follows": followed(draw),
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
        "beacon": draw.beacon_sentence,
        "dice": draw.dice_in_fives,
        "source_text": draw.source_text,
        "commitment": draw.commitment,
        "pools": counts(draw),
        "minimum": draw.outcome["minimum"],
        "maximum": draw.outcome["maximum"],
        "bound": draw.outcome["bound"],
        "panel_number": draw.number_label,
        "number_from": draw.number_from,
        "number_dice": draw.dice_for_the_number,
        "number_entered_by": str(draw.number_entered_by or ""),
        "number_confirmed_by": str(draw.number_confirmed_by or ""),
        "seed_entered_by": str(draw.seed_entered_by or ""),
        "seed_confirmed_by": str(draw.seed_confirmed_by or ""),
        "composed_at": local(draw.composed_at),
        "objection_hours": draw.objection_hours,
        "lottery": draw.exhibit("panels.csv").sha256,
        "seconds": draw.outcome["seconds"],
        "engine": draw.outcome["engine"],
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


def followed(draw):
    """The cancelled draw this one comes after, and why it is held."""
    former = draw.follows
    if former is None:
        return {}
    return {"draw": former.pk, "cancelled": former.reason, "reason": draw.follow_reason}


CORRECTED = {
    "enter_seed": gettext_lazy("seed typed again before it was confirmed"),
    "enter_number": gettext_lazy("number typed again before it was confirmed"),
}


def incidents_of(entries):
    """[{at, title, words}]: stops, and what was typed again before it was confirmed."""
    found, seen = [], set()
    for entry in entries:
        name = entry.act.rpartition(".")[2]
        if name in ("suspend", "resume", "cancel", "relaunch"):
            found.append({"at": entry.at, "title": str(entry.sentence), "words": entry.reason})
        elif name in CORRECTED and name in seen:
            found.append({"at": entry.at, "title": str(CORRECTED[name]), "words": typed(entry)})
        seen.add(name)
    return found


def typed(entry):
    return str(entry.facts.get("digits") or entry.facts.get("dice") or "")


def incidents(draw):
    return [
        [local(incident["at"]), incident["title"].capitalize(), incident["words"]]
        for incident in incidents_of(draw.entries)
    ]
