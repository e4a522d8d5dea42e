"""Who sits at which table. Pure: people in, tables out; the same people and the same seed, the same tables.

Everything asked of a table adds up over the pairs of people sitting at it: having met before, resembling each
other on a criterion, being asked apart (dear) or together (a gain). So a plan is a grouping that makes the
sum of one matrix over the pairs of each table small, and exchanging the two people whose exchange gains most,
until none gains, from several starts drawn from the seed, finds very good ones.
"""

from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations
from random import Random

import numpy as np

STARTS = 8
MIX, MET = 3, 10
FORBIDDEN = 10_000_000


@dataclass(frozen=True)
class Wanted:
    """What a plan must hold to. People are known by number; a pin is {(person, round): table}, all from 0."""

    people: tuple
    size: int = 6
    rounds: int = 1
    traits: dict = field(default_factory=dict)  # person -> one category for each criterion
    together: tuple = ()
    apart: tuple = ()
    pins: dict = field(default_factory=dict)
    met: dict = field(default_factory=dict)  # (smaller, larger) -> times, before this plan
    seed: str = ""

    @property
    def sizes(self):
        return sizes(len(self.people), self.size)


def sizes(people, size):
    """As few tables as hold everybody, none with more than one person above another."""
    count = max(1, -(-people // max(1, size)))
    each, rest = divmod(people, count)
    return [each + (table < rest) for table in range(count)]


def pair(one, other):
    return (one, other) if one <= other else (other, one)


def blocks(wanted):
    """The groups to keep at one table, those that share somebody joined into one."""
    joined, here = [], set(wanted.people)
    for group in wanted.together:
        group = set(group) & here
        near = [block for block in joined if block & group]
        joined = [block for block in joined if block not in near] + [group.union(*near)]
    return [block for block in joined if len(block) > 1]


def contradictions(wanted):
    """What cannot hold, as (kind, people): before anything is computed."""
    found, room = [], wanted.sizes
    for block in blocks(wanted):
        if len(block) > max(room):
            found.append(("too_many_together", sorted(block)))
        for group in wanted.apart:
            if len(both := block & set(group)) > 1:
                found.append(("together_and_apart", sorted(both)))
    for group in wanted.apart:
        if len(here := set(group) & set(wanted.people)) > len(room):
            found.append(("too_many_apart", sorted(here)))
    return found + [fault for turn in range(wanted.rounds) for fault in wrong_pins(wanted, turn, room)]


def wrong_pins(wanted, turn, room):
    here = {person: table for (person, when), table in wanted.pins.items() if when == turn}
    here = {person: table for person, table in here.items() if person in wanted.people}
    for table, count in Counter(here.values()).items():
        if table >= len(room) or count > room[table]:
            yield "too_many_pinned", sorted(person for person, where in here.items() if where == table)
    for block in blocks(wanted):
        pinned = sorted(person for person in block if person in here)
        if len({here[person] for person in pinned}) > 1:
            yield "together_pinned_apart", pinned
    for group in wanted.apart:
        for table in set(here.values()):
            if len(both := sorted(set(group) & {who for who, where in here.items() if where == table})) > 1:
                yield "apart_pinned_together", both


def seat(wanted):
    """One list of tables for each round; each table a sorted list of people."""
    people, met = sorted(wanted.people), Counter(wanted.met)
    plan = []
    for turn in range(wanted.rounds):
        fixed = {
            person: table
            for (person, when), table in wanted.pins.items()
            if when == turn and person in wanted.people
        }
        tables = one_round(wanted, people, met, fixed, Random(f"{wanted.seed}/{turn}"))
        met.update(pair(*two) for table in tables for two in combinations(table, 2))
        plan.append(tables)
    return plan


def one_round(wanted, people, met, fixed, chance):
    if not people:
        return [[]]
    dislike = dislikes(wanted, people, met)
    free = np.array([person not in fixed for person in people])
    best, least = None, None
    for _start in range(STARTS):
        places = settled(dislike, first_places(wanted, people, fixed, chance), free)
        cost = total(dislike, places)
        if least is None or cost < least:
            best, least = places, cost
    return [
        [person for person, place in zip(people, best, strict=True) if place == table]
        for table in range(len(wanted.sizes))
    ]


def dislikes(wanted, people, met):
    """How little each two people should share a table, as a symmetric matrix of whole numbers."""
    rank = {person: row for row, person in enumerate(people)}
    matrix = np.zeros((len(people), len(people)), dtype=np.int64)
    for criterion in range(max((len(found) for found in wanted.traits.values()), default=0)):
        values = [(wanted.traits.get(person) or (None,) * 9)[criterion] for person in people]
        matrix += MIX * np.array([[a == b and a is not None for a in values] for b in values], dtype=np.int64)
    for (one, other), times in met.items():
        if one in rank and other in rank:
            add(matrix, rank[one], rank[other], MET * (2 * times + 1))
    for groups, weight in ((wanted.together, -FORBIDDEN), (wanted.apart, FORBIDDEN)):
        for group in groups:
            for one, other in combinations(sorted(set(group) & set(people)), 2):
                add(matrix, rank[one], rank[other], weight)
    np.fill_diagonal(matrix, 0)
    return matrix


def add(matrix, row, column, weight):
    matrix[row, column] += weight
    matrix[column, row] += weight


def first_places(wanted, people, fixed, chance):
    """A start: those pinned, then the groups kept together, largest first, then the others as drawn."""
    room = list(wanted.sizes)
    places = dict(fixed)
    for table in fixed.values():
        room[table] -= 1
    for block in sorted(blocks(wanted), key=lambda block: (-len(block), min(block))):
        anchor = next((places[person] for person in sorted(block) if person in places), None)
        loose = [person for person in sorted(block) if person not in places]
        order = sorted(range(len(room)), key=lambda table: (table != anchor, -room[table], chance.random()))
        for person in loose:
            table = next(table for table in order if room[table])
            places[person], room[table] = table, room[table] - 1
    others = [person for person in people if person not in places]
    chance.shuffle(others)
    chairs = [table for table, left in enumerate(room) for _chair in range(left)]
    places |= dict(zip(others, chairs, strict=True))
    return np.array([places[person] for person in people])


def settled(dislike, places, free):
    """Exchange the two whose exchange gains most, until no exchange gains."""
    count, tables = len(places), places.max() + 1
    rows = np.arange(count)
    here = np.zeros((count, tables), dtype=np.int64)
    here[rows, places] = 1
    felt = dislike @ here
    barred = ~(free[:, None] & free[None, :])
    while True:
        own = felt[rows, places]
        there = felt[:, places]  # [i, j]: what i would feel at the table of j
        change = there + there.T - own[:, None] - own[None, :] - 2 * dislike
        change[barred | (places[:, None] == places[None, :])] = 0
        one, other = np.unravel_index(np.argmin(change), change.shape)
        if change[one, other] >= 0:
            return places
        for mover, source, target in ((one, places[one], places[other]), (other, places[other], places[one])):
            felt[:, source] -= dislike[:, mover]
            felt[:, target] += dislike[:, mover]
        places[one], places[other] = places[other], places[one]


def total(dislike, places):
    return int(dislike[places[:, None] == places[None, :]].sum()) // 2


def broken(wanted, plan):
    """The groups a plan does not respect, as (kind, people)."""
    found = []
    for tables in plan:
        place = {person: table for table, people in enumerate(tables) for person in people}
        for block in blocks(wanted):
            if len({place[person] for person in block}) > 1:
                found.append(("split", sorted(block)))
        for group in wanted.apart:
            for one, other in combinations(sorted(set(group) & set(place)), 2):
                if place[one] == place[other]:
                    found.append(("joined", [one, other]))
    return found


def met_in(plan):
    """How often each two people share a table in a plan."""
    return Counter(pair(*two) for tables in plan for table in tables for two in combinations(table, 2))


def moved(wanted, plan, person, turn, table):
    """The plan with this person at that table in that round: whoever fits best at the old table takes the place.

    Those pinned stay. None when nobody there may move.
    """
    tables = [list(people) for people in plan[turn]]
    old = next(rank for rank, people in enumerate(tables) if person in people)
    if old == table:
        return plan
    known = Counter(wanted.met) + met_in([*plan[:turn], *plan[turn + 1 :]])
    people = sorted(one for row in tables for one in row)
    dislike = dislikes(wanted, people, known)
    places = np.array([next(rank for rank, row in enumerate(tables) if one in row) for one in people])
    best = None
    for other in tables[table]:
        if (other, turn) in wanted.pins:
            continue
        tried = places.copy()
        tried[people.index(person)], tried[people.index(other)] = table, old
        cost = total(dislike, tried)
        if best is None or cost < best[0]:
            best = (cost, other)
    if best is None:
        return None
    tables[old] = sorted([one for one in tables[old] if one != person] + [best[1]])
    tables[table] = sorted([one for one in tables[table] if one != best[1]] + [person])
    return [*plan[:turn], tables, *plan[turn + 1 :]]
