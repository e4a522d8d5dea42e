"""A notebook of some thirty pages, with everything a notebook may hold. Plain values, made of nothing."""

PARAGRAPH = (
    "Nous avons marché dans le quartier à l’heure de la sortie des écoles, compté les bancs, les arbres et les "
    "passages, interrogé les commerçants, les parents et les agents de la voirie. Ce que nous avons vu ne "
    "correspond pas toujours à ce qui nous avait été présenté : l’**ombre** manque là où les gens attendent, et "
    "les *rues fermées* aux voitures ne sont pas toujours ouvertes aux enfants. Il faut le dire simplement. "
)
TABLE = "| Rue | Arbres | Bancs |\n|---|---|---|\n" + "\n".join(
    f"| Rue numéro {number} | {number * 3} | {number % 4} |" for number in range(1, 15)
)
SECTIONS, PARTS = 6, 4


def notebook():
    """The fields of a document: title, content, and a cycle that is never asked for."""
    return {"title": "Carnet de synthèse – Fraîcheur en ville", "content": content()}


def content():
    return {
        "title": "Carnet de synthèse – Fraîcheur en ville",
        "cycle": "Promotion de mesure",
        "workshop": "Fraîcheur en ville",
        "purpose": "Rafraîchir les rues, les cours et les logements.",
        "version": 1,
        "deposited_on": "2026-03-12",
        "sections": [section(number) for number in range(1, SECTIONS + 1)],
        "findings": [finding(number) for number in range(1, 17)],
        "questions": [{"number": number, "text": PARAGRAPH[:200]} for number in range(1, 21)],
        "method": [meeting(number) for number in range(1, 17)],
        "vote": {"for": 28, "against": 3, "abstention": 2},
    }


def section(number):
    words = "\n\n".join(f"# Partie {part}\n\n{PARAGRAPH * 3}\n\n{PARAGRAPH * 2}" for part in range(PARTS))
    blocks = [{"sort": "words", "text": f"{words}\n\n{TABLE}"}, figure(number)]
    return {"kind": "findings", "title": f"Section {number}", "blocks": blocks}


def figure(number):
    if number % 3 == 0:
        values = {f"{district:02}": district % 7 for district in range(1, 21)}
        return {"sort": "map", "title": "Où habitent les membres", "values": values}
    if number % 3 == 1:
        values = [[f"{day} mars", 20 + day] for day in range(1, 13)]
        return {"sort": "presence", "title": "Présents à chaque séance", "values": values}
    rows = [
        {"label": label, "share": 0.25, "minimum": 8, "maximum": 11, "value": 9, "shown": "9"}
        for label in ("16 à 24 ans", "25 à 39 ans", "40 à 59 ans", "60 ans et plus")
    ]
    return {"sort": "composition", "charts": [{"title": "Âge", "rows": rows}]}


def finding(number):
    source = {
        "title": "Audition de la voirie",
        "url": "https://exemple.invalid/r",
        "note": "",
        "on": "2026-02-03",
    }
    return {
        "number": number,
        "text": PARAGRAPH[:220],
        "disputed": number % 5 == 0,
        "other_view": PARAGRAPH[:160],
        "evidence": [source, source],
    }


def meeting(number):
    return {
        "title": f"Rencontre {number}",
        "kind": "atelier",
        "held_on": "2026-02-03",
        "present": 27,
        "invited": 33,
        "heard": ["Maëlle Corbin, urbaniste"],
    }
