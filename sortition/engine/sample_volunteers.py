"""Fictional answers to the letters, as self-selected as real ones: graduates and the 55-79 answer more.

The odds are an assumption (no file of real answers is public); e-mails end in .invalid and telephones are in the range
kept for fiction. The same seed gives the same answers, whatever the order of the invited.
"""

import csv
import datetime
import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sortition.engine import plain
from sortition.engine.sample_facts import DIPLOMAS_BY_AGE, LAST_NAMES, MEN, NON_EUROPEANS, WOMEN
from sortition.engine.volunteers import DIPLOMAS

ODDS_BY_DIPLOMA = (0.30, 0.50, 0.60, 0.90, 1.15, 1.55, 2.10, 1.00)
ODDS_BY_AGE = {"18_24": 0.75, "25_39": 0.85, "40_54": 1.0, "55_64": 1.4, "65_79": 1.55, "80p": 0.45}
ODDS_BY_SEX = {"M": 1.08, "F": 0.95}
LABELS: dict[str, tuple[str, ...]] = {
    "SANS_CEP": ("Aucun diplôme", "Aucun diplôme ou certificat d'études primaires", "aucun"),
    "BEPC": ("Brevet des collèges", "BEPC", "Brevet"),
    "CAP_BEP": ("CAP, BEP ou équivalent", "CAP", "BEP"),
    "BAC": ("Baccalauréat", "Bac", "bac pro"),
    "BAC2": ("Bac +2", "BTS", "DUT"),
    "BAC3_4": ("Bac +3 ou +4", "Licence", "Bac+3"),
    "BAC5P": ("Bac +5 ou plus", "Master", "Doctorat"),
    "EN_ETUDES": ("En cours d'études", "Étudiant", "étudiante en licence"),
}
HEADING = (
    "Horodateur;Code d'invitation;Civilité;Nom;Prénom;Date de naissance;Adresse;Code postal;Arrondissement;Courriel;"
    "Téléphone;Diplôme le plus élevé obtenu;Besoins d'accessibilité;Garde d'enfants;Interprète;Disponible les samedis;"
    "Consentement RGPD;Canal;Commentaire"
).split(";")
CARD_HEADING = "Carte citoyenne;Nom;Prénom;Sexe;Date de naissance;Arrondissement;Nationalité;Diplôme".split(
    ";"
)
NATIONALITIES = (
    "Algérienne Marocaine Chinoise Tunisienne Américaine Britannique Malienne Brésilienne Turque".split()
)
NEEDS = ("PMR", "Boucle magnétique", "LSF", "Documents FALC", "Déficience visuelle")


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who received a letter, as far as an answer repeats it."""

    code: str
    last_name: str
    first_name: str
    sex: str
    birth_date: datetime.date
    age_band: str
    district: str
    address: str
    postcode: str


@dataclass(frozen=True, slots=True)
class SampleAnswer:
    """An answer with every category clean; `sample_rows` writes it as people would."""

    invited: Invited
    diploma: str
    email: str
    phone: str
    access_needs: str
    childcare: bool
    interpreter: bool
    day: int


def part(seed: str, *labels: object) -> float:
    """A number in [0, 1) that depends on these words alone."""
    text = "|".join([seed, *(str(label) for label in labels)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") / 2.0**64


def answers(invited: Iterable[Invited], count: int, seed: str) -> list[SampleAnswer]:
    """`count` of the invited answer (all, if fewer), likelier by diploma, age and sex; sorted by day, then code."""
    scored = []
    for person in invited:
        level = _diploma(person, seed)
        odds = ODDS_BY_DIPLOMA[DIPLOMAS.index(level)] * ODDS_BY_AGE[person.age_band] * ODDS_BY_SEX[person.sex]
        luck = max(part(seed, "answers", person.code), 1e-18)
        scored.append((-math.log(luck) / odds, person.code, person, level))
    chosen = sorted(scored, key=lambda entry: entry[:2])[:count]
    made = [_answer(person, level, seed) for _, _, person, level in chosen]
    return sorted(made, key=lambda answer: (answer.day, answer.invited.code))


def _diploma(person: Invited, seed: str) -> str:
    return weighted(DIPLOMAS, DIPLOMAS_BY_AGE[person.age_band], part(seed, "diploma", person.code))


def weighted(choices: Sequence[str], weights: Sequence[float], luck: float) -> str:
    aim = luck * sum(weights)
    for choice, weight in zip(choices, weights, strict=True):
        aim -= weight
        if aim < 0:
            return choice
    return choices[-1]


def _answer(person: Invited, level: str, seed: str) -> SampleAnswer:
    luck = [
        part(seed, label, person.code) for label in ("mail", "phone", "needs", "child", "interpreter", "day")
    ]
    parent = person.age_band in ("25_39", "40_54")
    return SampleAnswer(
        invited=person,
        diploma=level,
        email=_email(person) if luck[0] < 0.94 else "",
        phone=fictional_phone(luck[1] / 0.88) if luck[1] < 0.88 else "",
        access_needs=NEEDS[int(luck[2] * 100) % len(NEEDS)] if luck[2] < 0.07 else "",
        childcare=parent and luck[3] < 0.25,
        interpreter=luck[4] < 0.015,
        day=min(34, int(-9 * math.log(1 - luck[5]))),
    )


def _email(person: Invited) -> str:
    first, last = (plain.bare(name).decode().lower() for name in (person.first_name, person.last_name))
    return f"{first}.{last}.{person.code[-4:].lower()}@exemple.invalid"


def fictional_phone(luck: float) -> str:
    """06 39 98 xx xx, a range that is given to nobody."""
    number = int(luck * 10_000) % 10_000
    return f"06 39 98 {number // 100:02d} {number % 100:02d}"


def sample_rows(made: Sequence[SampleAnswer], seed: str, opening: datetime.datetime) -> list[list[str]]:
    """The rows of a form export, each written in one of the ways people write; a few answer twice."""
    rows = [_row(answer, seed, opening) for answer in made]
    twice = [
        row
        for row, answer in zip(rows, made, strict=True)
        if part(seed, "twice", answer.invited.code) < 0.008
    ]
    return rows + [[*row[:4], row[4].upper(), *row[5:]] for row in twice]


def _row(answer: SampleAnswer, seed: str, opening: datetime.datetime) -> list[str]:
    person = answer.invited
    style = part(seed, "style", person.code)
    minutes = int(part(seed, "hour", person.code) * 840)
    moment = opening + datetime.timedelta(days=answer.day, minutes=minutes)
    labels = LABELS[answer.diploma]
    label = labels[0] if style < 0.6 else labels[int(style * 100) % len(labels)]
    number = int(person.district)
    district = (
        f"{number}{'er' if number == 1 else 'e'}"
        if style < 0.7
        else f"Paris {number}"
        if style < 0.9
        else f"750{number:02d}"
    )
    title = "M." if person.sex == "M" else "Mme"
    day = f"{person.birth_date:%d/%m/%Y}" if style < 0.93 else f"{person.birth_date:%Y-%m-%d}"
    phone = answer.phone if style < 0.8 else answer.phone.replace(" ", "")
    yes = {True: "Oui", False: "Non"}
    return [
        f"{moment:%d/%m/%Y %H:%M:%S}",
        person.code if style < 0.97 else person.code.lower().replace("-", " "),
        title,
        person.last_name,
        person.first_name,
        day,
        person.address,
        person.postcode,
        district,
        answer.email,
        phone,
        label,
        answer.access_needs,
        yes[answer.childcare],
        yes[answer.interpreter],
        "Oui" if style < 0.9 else "Parfois",
        "Oui",
        "En ligne" if style < 0.86 else "Courrier",
        "",
    ]


def write_answers(
    path: str | Path, made: Sequence[SampleAnswer], seed: str, opening: datetime.datetime
) -> None:
    """A form export as an office would hand it over: UTF-8 with BOM, semicolons, CRLF."""
    _write(path, HEADING, sample_rows(made, seed, opening))


def write_pool(path: str | Path, kind: str, count: int, seed: str, today: datetime.date) -> None:
    """The volunteers of a small pool: `non_eu` residents, or `minors` of 16 and 17."""
    if kind not in ("non_eu", "minors"):
        raise ValueError("The small pools are non_eu and minors.")
    _write(path, CARD_HEADING, [_card(kind, number, seed, today) for number in range(count)])


def _card(kind: str, number: int, seed: str, today: datetime.date) -> list[str]:
    luck = [
        part(seed, kind, number, label)
        for label in ("name", "first", "sex", "age", "where", "nation", "level")
    ]
    minor, woman = kind == "minors", luck[2] < 0.5
    born = _born(today, luck[3], luck[0], minor=minor)
    names = (WOMEN if woman else MEN)[3 if minor else 2]
    district = weighted([str(d) for d in range(1, 21)], NON_EUROPEANS, luck[4])
    band = plain.band_of(max(18, plain.age_on(today, born)))
    level = "EN_ETUDES" if minor else weighted(DIPLOMAS, DIPLOMAS_BY_AGE[band], luck[6])
    french = minor and luck[5] < 0.8
    return [
        f"CC{int(part(seed, kind, number, 'card') * 90_000_000) + 10_000_000}",
        LAST_NAMES[int(luck[0] * len(LAST_NAMES))].replace("_", " "),
        names[int(luck[1] * len(names))],
        "F" if woman else "H",
        f"{born:%d/%m/%Y}",
        district,
        "Française" if french else NATIONALITIES[int(luck[5] * len(NATIONALITIES))],
        level,
    ]


def _born(today: datetime.date, luck: float, day: float, *, minor: bool) -> datetime.date:
    age = 16 + int(luck * 2) if minor else 18 + int(62 * luck**1.4)
    birthday = today.replace(year=today.year - age, day=min(today.day, 28))
    return birthday - datetime.timedelta(days=int(day * 360))


def _write(path: str | Path, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with Path(path).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(heading)
        writer.writerows(rows)
