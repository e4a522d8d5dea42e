"""How priority subjects are chosen, in plain values: points, quorum, who is kept."""

from collections import Counter
from math import ceil


def scores(ballots, points=None):
    """One voice a choice; with `points`, the first choice earns so many, the next one less, and so on."""
    total = Counter()
    for choices in ballots:
        for rank, subject in enumerate(choices):
            total[subject] += 1 if points is None else max(1, points - rank)
    return total


def result(titles, scores, *, keeps, voters, eligible, quorum):
    """The lines, best first, and those kept: as many as agreed, and whoever is level with the last of them."""
    ordered = sorted(titles, key=lambda subject: (-scores.get(subject, 0), subject))
    needed = ceil(eligible * quorum / 100)
    reached = voters >= needed
    last = scores.get(ordered[min(keeps, len(ordered)) - 1], 0)
    return {
        "lines": [
            {
                "subject": subject,
                "title": titles[subject],
                "score": scores.get(subject, 0),
                "kept": reached and scores.get(subject, 0) >= max(1, last),
            }
            for subject in ordered
        ],
        "voters": voters,
        "eligible": eligible,
        "quorum": needed,
        "reached": reached,
    }
