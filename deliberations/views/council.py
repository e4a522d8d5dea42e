"""What the page of a text says of the Paris Council."""

from deliberations.models import GroupPosition

Position = GroupPosition.Position
VOICES = {
    Position.FOR: "for",
    Position.AGAINST: "against",
    Position.ABSTENTION: "abstention",
    Position.NOT_TAKING_PART: "absent",
}


def council_of(text):
    """Its amendments, the positions of the groups and their bar; nothing before it is filed."""
    item = text.council
    if item is None:
        return None
    positions = list(item.positions.all())
    counted = [row for row in positions if row.position in VOICES]
    return {
        "item": item,
        "amendments": list(item.amendments.all()),
        "positions": positions,
        "in_voices": bool(counted) and all(row.voices is not None for row in counted),
        "tally": tally(counted),
        "divided": len(positions) - len(counted),
    }


def tally(rows):
    """In voices when all are known, else in groups."""
    in_voices = all(row.voices is not None for row in rows)
    return {
        voice: sum(row.voices if in_voices else 1 for row in rows if row.position == position)
        for position, voice in VOICES.items()
    }
