"""A show of hands."""


def tally_of(obj):
    """A show of hands in plain values, or None."""
    if obj.votes_for is None:
        return None
    return {"for": obj.votes_for, "against": obj.votes_against, "abstention": obj.abstentions}
