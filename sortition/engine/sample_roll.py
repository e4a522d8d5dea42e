"""A fictional Paris roll in the format of the real export, for demonstrations and measures: nobody on it exists."""

import datetime
import random
from collections.abc import Iterator
from pathlib import Path

from sortition.engine.sample_facts import ADULTS, LAST_NAMES, MEN, STATIONS, STREETS, VOTERS, WOMEN

HEADING = (
    "code du l'ugle",
    "libellé de l'ugle",
    "libellé du type de liste",
    "nom de naissance",
    "nom d'usage",
    "prénoms",
    "sexe",
    "date de naissance",
    "code commune de naissance",
    "libellé commune de naissance",
    "code département de naissance",
    "pays de naissance",
    "libellé nationalité",
    "numéro de voie",
    "libellé de voie",
    "complément 1",
    "complément 2",
    "lieu-dit",
    "code postal",
    "commune",
    "pays",
    "code du bureau de vote",
    "libellé du bureau de vote",
    "code circonscription législative du bureau de vote",
    "libellé canton du bureau de vote",
    "libellé circonscription métropolitaine du bureau de vote",
    "numéro d'ordre dans le bureau de vote",
)
AGES = ((18, 24), (25, 39), (40, 54), (55, 64), (65, 79), (80, 101))
BIRTHPLACES = (
    ("75114", "PARIS 14", "75", "FRANCE"),
    ("75112", "PARIS 12E ARRONDISSEMENT", "75", "France"),
    ("13055", "MARSEILLE", "13", "FRANCE"),
    ("69123", "LYON", "69", "FRANCE"),
    ("44109", "NANTES", "44", "FRANCE"),
    ("59350", "LILLE", "59", "FRANCE"),
    ("31555", "TOULOUSE", "31", "France"),
    ("67482", "STRASBOURG", "67", "FRANCE"),
    ("99352", "ALGER", "99", "ALGERIE"),
    ("99350", "CASABLANCA", "99", "MAROC"),
    ("99351", "TUNIS", "99", "TUNISIE"),
    ("99341", "DAKAR", "99", "SENEGAL"),
    ("99139", "PORTO", "99", "PORTUGAL"),
    ("97209", "FORT-DE-FRANCE", "972", "FRANCE"),
)
ELSEWHERE = (
    ("92100", "BOULOGNE-BILLANCOURT"),
    ("93100", "MONTREUIL"),
    ("94200", "IVRY-SUR-SEINE"),
    ("69003", "LYON"),
    ("33000", "BORDEAUX"),
    ("1050", "BRUXELLES"),
)
EUROPEANS = ("Italienne", "Portugaise", "Espagnole", "Allemande", "Belge", "Roumaine", "Polonaise", "Grecque")
PRINCIPAL, MUNICIPAL, EUROPEAN = (
    "Liste principale",
    "Liste complémentaire municipale",
    "Liste complémentaire européenne",
)

# How often each oddity is met, as published for a real roll of 1.8 million lines or as a cautious guess.
NO_DAY_OF_BIRTH, YEAR_ONLY, NO_STATION, NO_SEX, NO_STREET, MINOR = (
    0.0005,
    0.00005,
    0.0005,
    0.0001,
    0.0004,
    0.0002,
)
OUT_OF_PARIS, TWICE, EUROPEAN_CITIZEN, ON_BOTH_LISTS, SPACED, TOO_OLD = (
    0.015,
    0.0003,
    0.0125,
    0.62,
    0.002,
    0.00005,
)


def write_roll(
    path: str | Path, rows: int, seed: int = 2026, today: datetime.date = datetime.date(2026, 9, 1)
) -> int:
    """Write `rows` lines (and the heading) as UTF-8, semicolons, LF; the same for the same arguments. Returns `rows`."""
    written = 0
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        file.write(";".join(f'"{name}"' for name in HEADING) + "\n")
        batch: list[str] = []
        for line in _Roll(rows, seed, today).lines():
            if written == rows:
                break
            batch.append(line)
            written += 1
            if len(batch) == 5_000:
                file.writelines(batch)
                batch.clear()
        file.writelines(batch)
    return written


class _Roll:
    """The lines of a roll, district by district and station by station, as they are exported."""

    def __init__(self, rows: int, seed: int, today: datetime.date) -> None:
        self.rows, self.today = rows, today
        self.random = random.Random(f"roll|{seed}").random
        self.birthdays = {
            age: today.replace(year=today.year - age, day=min(today.day, 28)) for age in range(130)
        }
        self.last_names = LAST_NAMES

    def lines(self) -> Iterator[str]:
        left, total = self.rows, sum(VOTERS)
        for district, voters in enumerate(VOTERS, 1):
            count = left if district == 20 else round(self.rows * voters / total)
            left -= count
            yield from self._district(district, count)

    def _district(self, district: int, count: int) -> Iterator[str]:
        """Lines of a district; the last station gives a few more than asked, for doubles fill the count earlier."""
        stations, written = STATIONS[district - 1], 0
        for station in range(1, stations + 1):
            until, rank = count * station // stations, 0
            while written < until:
                rank += 1
                for line in self._person(district, station, rank):
                    if written < until:
                        written += 1
                        yield line

    def _person(self, district: int, station: int, rank: int) -> list[str]:
        draw = self.random
        code, cut = f"{district:02d}{station:02d}", self._of_band(district)
        band, woman = divmod(cut, 2)
        low, high = AGES[band]
        age = low + int(draw() * (high - low + 1)) if band < 5 else low + int((high - low + 1) * draw() ** 3)
        born = datetime.date.fromordinal(self.birthdays[age].toordinal() - int(draw() * 364))
        line = self._line(district, code, rank, "MF"[woman], born, draw())
        return self._oddly(line, born)

    def _of_band(self, district: int) -> int:
        """Index 0 to 11: age band and sex, men first."""
        weights = _CUMULATED[district - 1]
        aim, index = self.random() * weights[-1], 0
        while weights[index] <= aim:
            index += 1
        return index

    def _line(
        self, district: int, code: str, rank: int, sex: str, born: datetime.date, luck: float
    ) -> list[str]:
        draw, names = self.random, self.last_names
        forenames = (WOMEN if sex == "F" else MEN)[_era(born.year)]
        several = forenames[int(draw() * len(forenames))]
        if draw() > 0.42:
            several += " " + forenames[int(draw() * len(forenames))]
        name = names[int(draw() * draw() * len(names))].replace("_", " ")
        if draw() < 0.015:
            name += "-" + names[int(draw() * len(names))].replace("_", " ")
        used = names[int(draw() * len(names))].replace("_", " ") if sex == "F" and draw() < 0.35 else ""
        place = BIRTHPLACES[int(draw() * draw() * len(BIRTHPLACES))]
        streets = STREETS[district - 1]
        postcode = "75116" if district == 16 and draw() < 0.34 else f"750{district:02d}"
        city = "PARIS" if luck < 0.6 else "Paris" if luck < 0.85 else f"PARIS {district:02d}"
        day = f"{born.day:02d}/{born.month:02d}/{born.year}"
        extra = f"BATIMENT {'ABCDEFGH'[int(draw() * 8)]}" if draw() < 0.1 else ""
        cells = ["75056", "PARIS", PRINCIPAL, name, used, several, sex, day, *place, "Française"]
        cells += [str(1 + int(draw() * draw() * 180)), streets[int(draw() * len(streets))], extra, "", ""]
        return [
            *cells,
            postcode,
            city,
            "",
            code,
            "ECOLE ELEMENTAIRE",
            f"75-{1 + district % 18:02d}",
            "",
            "",
            str(rank),
        ]

    def _oddly(self, cells: list[str], born: datetime.date) -> list[str]:
        """The line as it may stand on a real roll: sometimes incomplete, elsewhere, or twice."""
        luck = self.random()
        copies = 1
        for rate, change in _ODDITIES:
            if luck < rate:
                copies = change(self, cells, born) or 1
                break
            luck -= rate
        if copies < 0:
            return [_written(cells), _written([*cells[:2], EUROPEAN, *cells[3:]])]
        return [_written(cells)] * copies

    def no_day(self, cells: list[str], born: datetime.date) -> None:
        cells[7] = f"00/00/{born.year}"

    def year_only(self, cells: list[str], born: datetime.date) -> None:
        cells[7] = str(born.year)

    def no_station(self, cells: list[str], born: datetime.date) -> None:
        cells[21] = cells[22] = cells[23] = cells[26] = ""

    def no_sex(self, cells: list[str], born: datetime.date) -> None:
        cells[6] = ""

    def no_street(self, cells: list[str], born: datetime.date) -> None:
        cells[14] = ""

    def minor(self, cells: list[str], born: datetime.date) -> None:
        cells[7] = f"{born.day:02d}/{born.month:02d}/{self.today.year - 17}"

    def too_old(self, cells: list[str], born: datetime.date) -> None:
        cells[7] = f"{born.day:02d}/{born.month:02d}/1908"

    def elsewhere(self, cells: list[str], born: datetime.date) -> None:
        cells[18], cells[19] = ELSEWHERE[int(self.random() * len(ELSEWHERE))]
        cells[14] = "RUE DE LA REPUBLIQUE"

    def spaced(self, cells: list[str], born: datetime.date) -> None:
        cells[3] = f" {cells[3]}  "

    def twice(self, cells: list[str], born: datetime.date) -> int:
        return 2

    def european(self, cells: list[str], born: datetime.date) -> int:
        cells[2], cells[12] = MUNICIPAL, EUROPEANS[int(self.random() * len(EUROPEANS))]
        both = self.random()
        if both > 0.87:
            cells[2] = EUROPEAN
        return -1 if both < ON_BOTH_LISTS else 1


_ODDITIES = (
    (OUT_OF_PARIS, _Roll.elsewhere),
    (EUROPEAN_CITIZEN, _Roll.european),
    (SPACED, _Roll.spaced),
    (NO_DAY_OF_BIRTH, _Roll.no_day),
    (NO_STATION, _Roll.no_station),
    (NO_STREET, _Roll.no_street),
    (TWICE, _Roll.twice),
    (MINOR, _Roll.minor),
    (NO_SEX, _Roll.no_sex),
    (YEAR_ONLY, _Roll.year_only),
    (TOO_OLD, _Roll.too_old),
)


def _era(year: int) -> int:
    return 0 if year < 1950 else 1 if year < 1970 else 2 if year < 1990 else 3


def _written(cells: list[str]) -> str:
    """Every filled cell in quotes except the last, as the real export does."""
    quoted = ";".join([f'"{cell}"' if cell else "" for cell in cells[:-1]])
    return f"{quoted};{cells[-1]}\n"


def _cumulated(weights: tuple[int, ...]) -> tuple[int, ...]:
    sums, total = [], 0
    for weight in weights:
        total += weight
        sums.append(total)
    return tuple(sums)


_CUMULATED = tuple(_cumulated(weights) for weights in ADULTS)
