"""Under which licence each thing is given, and whom to name."""

from dataclasses import dataclass

PUBLISHER = "Ville de Paris – Assemblée citoyenne"


@dataclass(frozen=True)
class Licence:
    key: str
    title: str
    url: str
    authority: str
    notice: str

    @property
    def described(self):
        """As a data package names it."""
        return {"name": self.key, "title": self.title, "path": self.url}


DATA = Licence(
    "etalab-2.0",
    "Licence Ouverte / Open Licence 2.0 (Etalab)",
    "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
    "http://publications.europa.eu/resource/authority/licence/ETALAB_2_0",
    """Licence Ouverte / Open Licence, version 2.0 (Etalab)
https://www.etalab.gouv.fr/licence-ouverte-open-licence/

Les fichiers des dossiers csv/ et json/ sont réutilisables librement, y compris à des fins commerciales, à
condition de nommer leur source (« Ville de Paris – Assemblée citoyenne ») et la date de leur dernière mise à jour.

The files in csv/ and json/ may be freely reused, for commercial purposes too, provided that their source
(“Ville de Paris – Assemblée citoyenne”) and the date of their last update are named.
""",
)
MAP = Licence(
    "odbl-1.0",
    "Open Database Licence 1.0 (ODbL)",
    "https://opendatacommons.org/licenses/odbl/1-0/",
    "http://publications.europa.eu/resource/authority/licence/ODC_BL",
    """Open Database Licence (ODbL), version 1.0
https://opendatacommons.org/licenses/odbl/1-0/

carte/districts.json : contours des arrondissements, tirés de « Arrondissements » (Ville de Paris, opendata.paris.fr),
simplifiés à 25 m. Toute base qui en est tirée reste sous la même licence ; toute carte porte la mention
« Contours : Ville de Paris, ODbL ».

carte/districts.json: outlines of the districts, from “Arrondissements” (City of Paris, opendata.paris.fr),
simplified to 25 m. Any database derived from it stays under the same licence; any map drawn from it says
“Contours : Ville de Paris, ODbL”.
""",
)
ALL = (DATA, MAP)
