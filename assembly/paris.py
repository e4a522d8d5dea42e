"""What Paris looks like: the figures a new cycle starts from. Staff may change all of them on the cycle.

Every criterion counts the same people, the 1.78 million Parisians aged 18 and over (16–17 apart, see AGE).
Where a figure is an estimate its source says so, and the source is shown wherever the figure is.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    key: str
    title: str
    population: int


@dataclass(frozen=True)
class Given:
    """A criterion, with the population of each of its categories."""

    key: str
    title: str
    source: str
    figures: tuple[Figure, ...]
    personal: bool = False  # never shown for one person


# Census 2022 for the total and the ages; the split by sex within ages is rebuilt from earlier censuses.
GENDER = Given(
    "gender",
    "Genre",
    "Insee, recensement 2022, population de 18 ans et plus (répartition estimée)",
    (Figure("F", "Femmes", 956_758), Figure("H", "Hommes", 823_150)),
)

# Census 2022 by large age groups; 16–17 is two thirds of 15–17, 25–39 and 40–54 are split by estimate.
AGE = Given(
    "age",
    "Tranche d’âge",
    "Insee, recensement 2022 (16–17 ans et partage 25–39 / 40–54 ans estimés)",
    (
        Figure("16_17", "16–17 ans", 39_680),
        Figure("18_24", "18–24 ans", 233_896),
        Figure("25_39", "25–39 ans", 541_829),
        Figure("40_54", "40–54 ans", 397_862),
        Figure("55_64", "55–64 ans", 236_395),
        Figure("65_79", "65–79 ans", 262_141),
        Figure("80p", "80 ans et plus", 107_786),
    ),
)

# Census 2022 (table FOR T2) by large groups; the detail below the baccalauréat and by age is estimated.
DIPLOMA = Given(
    "diploma",
    "Niveau de diplôme",
    "Insee, recensement 2022, population de 18 ans et plus (répartition estimée)",
    (
        Figure("SANS_DIPLOME", "Sans diplôme ou brevet", 228_317),
        Figure("CAP_BEP", "CAP ou BEP", 115_426),
        Figure("BAC", "Baccalauréat", 188_316),
        Figure("BAC2", "Bac + 2", 121_090),
        Figure("BAC3_4", "Bac + 3 ou + 4", 235_064),
        Figure("BAC5P", "Bac + 5 ou plus", 654_059),
        Figure("EN_ETUDES", "En cours d’études", 237_636),
    ),
    personal=True,
)

# Census 2022. Paris Centre is districts 1 to 4, one town hall since 2020.
DISTRICT = Given(
    "district",
    "Arrondissement",
    "Insee, recensement 2022, population de 18 ans et plus",
    (
        Figure("PC", "Paris Centre", 84_363),
        Figure("05", "5e arrondissement", 48_454),
        Figure("06", "6e arrondissement", 35_381),
        Figure("07", "7e arrondissement", 41_387),
        Figure("08", "8e arrondissement", 29_323),
        Figure("09", "9e arrondissement", 49_457),
        Figure("10", "10e arrondissement", 69_128),
        Figure("11", "11e arrondissement", 122_021),
        Figure("12", "12e arrondissement", 117_960),
        Figure("13", "13e arrondissement", 149_488),
        Figure("14", "14e arrondissement", 116_377),
        Figure("15", "15e arrondissement", 192_788),
        Figure("16", "16e arrondissement", 132_197),
        Figure("17", "17e arrondissement", 133_549),
        Figure("18", "18e arrondissement", 157_119),
        Figure("19", "19e arrondissement", 144_781),
        Figure("20", "20e arrondissement", 156_137),
    ),
)

CRITERIA = (GENDER, AGE, DIPLOMA, DISTRICT)

#: From what files and answers say to the categories above.
SECTORS = {f"{number:02}": "PC" if number <= 4 else f"{number:02}" for number in range(1, 21)}
DIPLOMA_GROUPS = {"SANS_CEP": "SANS_DIPLOME", "BEPC": "SANS_DIPLOME"} | {
    figure.key: figure.key for figure in DIPLOMA.figures
}

#: Where members come from (promotions 2 and 3): key, title, source, seats.
POOLS = (
    ("roll", "Listes électorales", "roll", 80),
    ("non_eu", "Résidents hors Union européenne", "list", 15),
    ("minors", "Mineurs de 16–17 ans", "list", 5),
)

#: Who the small pools speak for. Foreigners: census 2022; outside the European Union: a rough estimate
#: (the share of 2014 applied to 2022); 16–17: two thirds of the 15–17 of the census 2022.
POOL_POPULATIONS = {"roll": 1_355_000, "non_eu": 215_183, "minors": 39_680}
POOL_SOURCES = {
    "roll": "électeurs inscrits, Ville de Paris, 2023",
    "non_eu": "estimation grossière d’après l’Insee, recensements 2014 et 2022",
    "minors": "estimation d’après l’Insee, recensement 2022",
}

#: Criteria a pool is drawn by when it is too small for all four.
SOFT_CRITERIA = ("gender",)
#: Nobody on the electoral roll is under 18.
NOT_ON_THE_ROLL = {("age", "16_17")}
