"""Stage 1: who receives a letter. In proportion by strata, by the ticket each elector holds.

An elector's ticket is SHA-256(seed | stage1 | identity), the identity being their names, date and place of birth in
bare capitals and digits (`roll.identity`): the same whatever the roll's order or spelling. In each stratum the smallest tickets are invited. So the draw does not depend on the order of the lines, anybody can compute
their own ticket and compare it with the published threshold of their stratum, and a second wave is simply the next
tickets. A person listed twice holds the same ticket twice, and is invited once.
"""

import datetime
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sortition.engine import plain
from sortition.engine.reading import Progress, Table
from sortition.engine.roll import (
    DAYS,
    STRATA,
    Columns,
    Elector,
    Judge,
    Profile,
    columns_of,
    district_of_station,
    elector_of,
    identity,
    judge_of,
    refusal_of,
)
from sortition.engine.sentences import Refusal

Stratum = tuple[str, ...]
KEPT_REFUSALS = 1_000
LAST = b"\xff" * 33


@dataclass(frozen=True, slots=True)
class Drawn:
    """Somebody to write to: the elector, their ticket (hexadecimal), their rank in the stratum from 1."""

    elector: Elector
    ticket: str
    stratum: Stratum
    rank: int


@dataclass(frozen=True, slots=True)
class StratumCount:
    """A stratum's usable lines, its letters, and the largest ticket invited (hexadecimal, empty if none)."""

    stratum: Stratum
    population: int
    invited: int
    threshold: str


@dataclass(frozen=True)
class Invitations:
    """The outcome of stage 1. `refused` counts every unusable line by code; `refusals` holds the first thousand."""

    drawn: list[Drawn]
    strata: list[StratumCount]
    refused: Counter[str]
    refusals: list[Refusal]
    fingerprint: str
    rows_read: int
    usable: int
    seconds: float
    names: Stratum
    seed: str
    format: str
    encoding: str
    counts: Mapping[str, int] = field(default_factory=dict)


def ticket(seed: str, birth_name: str, forenames: str, birth_date: str, birth_place: str) -> str:
    """The ticket of an elector, in hexadecimal; `birth_date` is dd/mm/yyyy. Spelling and accents do not matter."""
    held = identity(birth_name, forenames, birth_date, birth_place)
    return hashlib.sha256(f"{seed}|stage1|".encode() + held).hexdigest()


def largest_remainder(counts: Mapping[str, int], total: int) -> dict[str, int]:
    """Share `total` in proportion to `counts`, in whole numbers; ties by code. Never more than `counts`."""
    everybody = sum(counts.values())
    if not everybody:
        return dict.fromkeys(counts, 0)
    total = min(total, everybody)
    shares = {code: count * total // everybody for code, count in counts.items()}
    left = sorted(counts, key=lambda code: (-(counts[code] * total % everybody), code))
    for code in left[: total - sum(shares.values())]:
        shares[code] += 1
    return shares


def allotment(populations: Mapping[Stratum, int], letters: int) -> dict[Stratum, int]:
    """Letters by stratum: largest remainder, first between the first codes, then within each, and so on down."""
    if not populations:
        return {}
    if () in populations:
        return {(): min(letters, populations[()])}
    heads: Counter[str] = Counter()
    for stratum, count in populations.items():
        heads[stratum[0]] += count
    shares: dict[Stratum, int] = {}
    for head, share in largest_remainder(heads, letters).items():
        within = {stratum[1:]: count for stratum, count in populations.items() if stratum[0] == head}
        shares.update({(head, *tail): count for tail, count in allotment(within, share).items()})
    return shares


def invite(
    table: Table,
    letters: int,
    strata: Sequence[str] = STRATA,
    *,
    seed: str,
    today: datetime.date,
    progress: Progress | None = None,
    on_refusal: Callable[[Refusal], None] | None = None,
) -> Invitations:
    """Draw `letters` electors in one pass over the roll, in memory that depends on `letters` alone.

    `strata` names any of district, age_band, sex, most important first. `progress` receives the number of lines read,
    now and then. `on_refusal` receives every refusal as it is met. Raises `Unreadable`, or `ValueError` for an
    empty seed, no letters or an unknown stratum.
    """
    if letters < 1 or not seed or any(name not in STRATA for name in strata):
        raise ValueError("A seed, at least one letter and known strata are needed.")
    started = time.perf_counter()
    columns = columns_of(table)
    picker = _pass(table, letters, strata, seed, today, columns, progress, on_refusal)
    shares = allotment(picker.populations(), letters)
    if not picker.is_complete(shares):
        again = table.reopen()
        picker = _pass(again, letters, strata, seed, today, columns, None, None, shares)
        table = again
    drawn, repeated = picker.draw(shares, columns, judge_of(columns, today))
    if repeated:
        picker.refused["duplicate"] += repeated
    return _outcome(picker, shares, drawn, table, columns, tuple(strata), seed, time.perf_counter() - started)


def _pass(
    table: Table,
    letters: int,
    strata: Sequence[str],
    seed: str,
    today: datetime.date,
    columns: Columns,
    progress: Progress | None,
    on_refusal: Callable[[Refusal], None] | None,
    shares: Mapping[Stratum, int] | None = None,
) -> "_Picker":
    """Read every line once. This is the loop a roll of 1.35 million lines spends its time in."""
    picker = _Picker(letters, tuple(STRATA.index(name) for name in strata), shares)
    judge, sha256 = judge_of(columns, today), hashlib.sha256
    start = f"{seed}|stage1|".encode()
    if progress is not None:
        table.watch(lambda _: progress(picker.lines()))
    near: dict[tuple[str, str, str], dict[str | None, _Pile]] = {}
    nowhere: dict[str | None, _Pile] = {}
    pick, years, width, days, latin, dropped = (
        judge.pick,
        judge.years,
        judge.width,
        DAYS,
        plain.LATIN,
        plain.NOT_KEPT,
    )
    for row in table.records:
        if (
            len(row) == width
        ):  # an ordinary row, judged here without a call; `judge.of` says the same of any row
            listed, sex, station, born, street, postcode, name, forenames, place = pick(row)
            pile = near.get((listed, sex, station), nowhere).get(years.get(born[6:]) or years.get(born))
            if pile is not None and street and postcode and born[:6] in days:
                try:
                    known = f"{name}|{forenames}|{born}|{place}".encode("latin-1").translate(latin, dropped)
                except UnicodeEncodeError:
                    known = b"|"
                if known[0] != 124 and 1 not in known:
                    pile.count += 1
                    number = sha256(start + known).digest()
                    if number < pile.below:
                        picker.keep(pile, number, row, table.line_of(row))
                    continue
        verdict = judge.of(row)
        if isinstance(verdict, str):
            picker.refuse(verdict, row, table.line_of(row), columns, on_refusal)
            continue
        profile, known = verdict
        pile = picker.pile(profile)
        pile.count += 1
        number = sha256(start + known).digest()
        if number < pile.below:
            picker.keep(pile, number, row, table.line_of(row))
        if width > 0 and len(near) < 1 << 14:
            listed, sex, station, *_ = pick(row)
            if district_of_station(station):
                near.setdefault((listed, sex, station), {})[profile[1]] = pile
    picker.refused.pop("empty_line", 0)
    if progress is not None:
        progress(picker.lines())
    return picker


Candidate = tuple[bytes, str, int]


class _Pile:
    """The smallest tickets of one stratum; whatever is cut away is at or above `below`."""

    __slots__ = ("below", "candidates", "count", "room", "stratum")

    def __init__(self, stratum: Stratum) -> None:
        self.stratum = stratum
        self.count = 0
        self.below = LAST
        self.room = 64
        self.candidates: list[Candidate] = []


class _Picker:
    """Piles cut back as the reading goes on, always keeping more than their share of what was read so far.

    A ticket of rank r in its stratum had rank r or less at every moment before. With N of the M lines read so far, the
    stratum's share is about letters x N / M, and M only grows: so what is cut away beyond six standard deviations cannot
    be wanted later, save by an accident of the hashes that `is_complete` would see (the roll is then read a second
    time, with the shares known).
    """

    def __init__(self, letters: int, axes: Sequence[int], shares: Mapping[Stratum, int] | None) -> None:
        self.letters, self.axes, self.shares = letters, axes, shares
        self.piles: dict[Stratum, _Pile] = {}
        self.held = 0
        self.refused: Counter[str] = Counter()
        self.refusals: list[Refusal] = []

    def pile(self, profile: Profile) -> _Pile:
        stratum = tuple(profile[axis] for axis in self.axes)
        return self.piles.setdefault(stratum, _Pile(stratum))

    def lines(self) -> int:
        """How many lines were read so far, blank ones apart."""
        return self._total() + self.refused.total()

    def keep(self, pile: _Pile, number: bytes, row: list[str], line: int) -> None:
        pile.candidates.append((number, "\x1f".join(row), line))
        self.held += 1
        if len(pile.candidates) > pile.room:
            self._cut(pile, self._total())
        if self.held > 3 * self.letters + 64 * len(self.piles) + 10_000:
            self._cut_all()

    def _total(self) -> int:
        return sum(pile.count for pile in self.piles.values())

    def _cut_all(self) -> None:
        total = self._total()
        for pile in self.piles.values():
            self._cut(pile, total)

    def _cut(self, pile: _Pile, total: int) -> None:
        wanted = self._wanted(pile, total)
        if len(pile.candidates) > wanted:
            pile.candidates.sort()
            pile.below = min(pile.below, pile.candidates[wanted][0])
            self.held -= len(pile.candidates) - wanted
            del pile.candidates[wanted:]
        pile.room = len(pile.candidates) + max(48, len(pile.candidates) // 4)

    def _wanted(self, pile: _Pile, total: int) -> int:
        if self.shares is not None:
            return self.shares.get(pile.stratum, 0) * 2 + 64
        share = -(-self.letters * pile.count // max(total, 1))
        return int(share + 6 * share**0.5 + 8)

    def refuse(
        self,
        code: str,
        row: list[str],
        line: int,
        columns: Columns,
        on_refusal: Callable[[Refusal], None] | None,
    ) -> None:
        self.refused[code] += 1
        if code != "empty_line" and (on_refusal is not None or len(self.refusals) < KEPT_REFUSALS):
            refusal = refusal_of(code, row, line, columns)
            if len(self.refusals) < KEPT_REFUSALS:
                self.refusals.append(refusal)
            if on_refusal is not None:
                on_refusal(refusal)

    def populations(self) -> dict[Stratum, int]:
        return {stratum: self.piles[stratum].count for stratum in sorted(self.piles)}

    def is_complete(self, shares: Mapping[Stratum, int]) -> bool:
        """Whether each pile still holds every ticket below what was cut, and enough of them."""
        chosen = self._chosen(shares)
        return all(
            len(chosen[stratum]) == shares[stratum] or self.piles[stratum].below == LAST for stratum in chosen
        )

    def _chosen(self, shares: Mapping[Stratum, int]) -> dict[Stratum, list[Candidate]]:
        """The first tickets of each stratum, each person once: in the first stratum where they are found."""
        seen: set[bytes] = set()
        chosen: dict[Stratum, list[Candidate]] = {}
        for stratum in sorted(self.piles):
            chosen[stratum] = list(self._first(self.piles[stratum], shares[stratum], seen))
        return chosen

    @staticmethod
    def _first(pile: _Pile, share: int, seen: set[bytes]) -> Iterator[Candidate]:
        pile.candidates.sort()
        taken = 0
        for candidate in pile.candidates:
            if taken == share or candidate[0] >= pile.below:
                return
            if candidate[0] not in seen:
                seen.add(candidate[0])
                taken += 1
                yield candidate

    def draw(self, shares: Mapping[Stratum, int], columns: Columns, judge: Judge) -> tuple[list[Drawn], int]:
        chosen = self._chosen(shares)
        drawn = [
            Drawn(_elector(row.split("\x1f"), line, columns, judge), number.hex(), stratum, rank)
            for stratum, candidates in chosen.items()
            for rank, (number, row, line) in enumerate(candidates, 1)
        ]
        return drawn, self._repeated(chosen)

    def _repeated(self, chosen: Mapping[Stratum, Iterable[Candidate]]) -> int:
        """How many other lines carry the ticket of somebody invited."""
        tickets = {candidate[0] for candidates in chosen.values() for candidate in candidates}
        held = sum(candidate[0] in tickets for pile in self.piles.values() for candidate in pile.candidates)
        return held - len(tickets)


def _elector(row: list[str], line: int, columns: Columns, judge: Judge) -> Elector:
    verdict = judge.of(row[: columns.width])
    assert not isinstance(verdict, str)
    return elector_of(row, line, verdict[0], columns)


def _outcome(
    picker: _Picker,
    shares: Mapping[Stratum, int],
    drawn: list[Drawn],
    table: Table,
    columns: Columns,
    names: Stratum,
    seed: str,
    seconds: float,
) -> Invitations:
    populations = picker.populations()
    invited = Counter(person.stratum for person in drawn)
    last = {person.stratum: person.ticket for person in drawn}
    strata = [StratumCount(s, populations[s], invited[s], last.get(s, "")) for s in populations]
    usable = sum(populations.values())
    refused = picker.refused.total() - picker.refused["duplicate"]
    counts = {
        "rows": usable + refused,
        "usable": usable,
        "refused": picker.refused.total(),
        "invited": len(drawn),
    }
    where = (
        table.fingerprint,
        usable + refused,
        usable,
        seconds,
        names,
        seed,
        columns.format,
        table.encoding,
    )
    return Invitations(drawn, strata, picker.refused, picker.refusals, *where, counts)


def letters_csv(invitations: Invitations) -> Iterator[str]:
    """The public trace of stage 1, line by line: no name, only strata, counts and thresholds."""
    yield ",".join((*invitations.names, "population", "invited", "threshold")) + "\n"
    for count in invitations.strata:
        yield ",".join((*count.stratum, str(count.population), str(count.invited), count.threshold)) + "\n"
