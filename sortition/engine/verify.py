"""Check a published draw: python verify.py DIRECTORY

This file stands alone: Python 3.9 or later, standard library only, nothing of the program that made the draw.
It says in words what it checked, and exits 0 if all of it holds, 1 if anything does not.

The directory holds
  commitment.txt    the commitment published before the seed was known, then the SHA-256 of people, quotas, parameters
  quotas.csv        category,value,min,max
  parameters.json   seats, panels, rule and whatever else was fixed beforehand
  seed.txt          the public text the seed was made from
  ids.csv           pseudonyms; or people.csv, with attributes, which only auditors hold
  panels.csv        panel,id
  chances.csv       id,probability
  selected.csv      id
  certificate.json  the scores that prove no lottery could be fairer to the least favoured
  number.txt        only if the panel was designated by hand (dice) and not by the seed
"""

import csv
import hashlib
import io
import json
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path


class Broken(Exception):
    """Something published does not hold."""


def require(holds, sentence):
    if not holds:
        raise Broken(sentence)


def sha(data):
    return hashlib.sha256(data).digest()


class Folder:
    """The published files, read once."""

    def __init__(self, path):
        self.path = Path(path)
        require(self.path.is_dir(), f"{path} is not a directory.")
        self.quotas = [
            (row["category"], row["value"], int(row["min"]), int(row["max"]))
            for row in self.rows("quotas.csv")
        ]
        self.parameters = json.loads(self.text("parameters.json"))
        self.seats, self.size = int(self.parameters["seats"]), int(self.parameters["panels"])
        self.seated = list(self.parameters.get("seated", []))
        self.seed = self.text("seed.txt").rstrip("\n")
        self.people = self.rows("people.csv") if self.has("people.csv") else None
        self.ids = [row["id"] for row in (self.people or self.rows("ids.csv"))]
        self.panels = self.read_panels()
        self.selected = [row["id"] for row in self.rows("selected.csv")]

    def has(self, name):
        return (self.path / name).is_file()

    def data(self, name):
        require(self.has(name), f"{name} is missing.")
        return (self.path / name).read_bytes()

    def text(self, name):
        return self.data(name).decode("utf-8")

    def rows(self, name):
        return list(csv.DictReader(io.StringIO(self.text(name), newline="")))

    def read_panels(self):
        panels = {}
        for row in self.rows("panels.csv"):
            panels.setdefault(int(row["panel"]), []).append(row["id"])
        return panels


def check_commitment(folder):
    lines = folder.text("commitment.txt").split()
    require(len(lines) == 4, "commitment.txt does not hold a commitment and three fingerprints.")
    commitment, people, quotas, parameters = lines
    together = sha(bytes.fromhex(people) + bytes.fromhex(quotas) + bytes.fromhex(parameters)).hex()
    require(together == commitment, "The commitment does not follow from the three fingerprints.")
    require(sha(folder.data("quotas.csv")).hex() == quotas, "The quotas are not those committed to.")
    require(
        sha(folder.data("parameters.json")).hex() == parameters, "The parameters are not those committed to."
    )
    if folder.people is not None:
        require(sha(folder.data("people.csv")).hex() == people, "The people are not those committed to.")
        return f"Pool, quotas and parameters are those committed to ({commitment[:16]}…)."
    return f"Quotas and parameters are those committed to ({commitment[:16]}…); the pool is for auditors to check."


def check_people(folder):
    require(len(set(folder.ids)) == len(folder.ids), "Somebody appears twice in the pool.")
    require(folder.ids == sorted(folder.ids, key=str.encode), "The pool is not in order.")
    if folder.people is not None and folder.has("ids.csv"):
        public = [row["id"] for row in folder.rows("ids.csv")]
        require(public == folder.ids, "The public list of pseudonyms is not that of the pool.")
    return f"{len(folder.ids)} people in the pool, each once."


def check_panels(folder):
    known, wanted = set(folder.ids), folder.seats - len(folder.seated)
    numbers = list(range(folder.size))
    require(sorted(folder.panels) == numbers, f"There should be panels 0 to {folder.size - 1}.")
    for number, panel in sorted(folder.panels.items()):
        require(len(panel) == wanted, f"Panel {number} has {len(panel)} people for {wanted} seats.")
        require(len(set(panel)) == len(panel), f"Somebody sits twice on panel {number}.")
        require(known.issuperset(panel), f"Panel {number} holds somebody who is not in the pool.")
    return f"{folder.size} panels of {wanted} different people of the pool."


def check_quotas(folder):
    if folder.people is None:
        return "Attributes are not published: that every panel keeps the quotas is for auditors to check."
    if folder.seated:
        return "Some people were seated already: quotas concern them too and are for auditors to check."
    criteria = sorted({quota[0] for quota in folder.quotas})
    profiles = {row["id"]: [(name, row[name]) for name in criteria] for row in folder.people}
    homes = {row["id"]: row.get("household", "") for row in folder.people}
    for number, panel in sorted(folder.panels.items()):
        counts = Counter(value for name in panel for value in profiles[name])
        for criterion, category, low, high in folder.quotas:
            held = counts[criterion, category]
            sentence = (
                f"Panel {number} has {held} people for {criterion} {category}, which asks {low} to {high}."
            )
            require(low <= held <= high, sentence)
        shared = [homes[name] for name in panel if homes[name]]
        require(len(set(shared)) == len(shared), f"Two people of one household sit on panel {number}.")
    return f"Every panel keeps all {len(folder.quotas)} quotas."


def check_chances(folder):
    times = Counter(name for panel in folder.panels.values() for name in panel)
    published = {row["id"]: row["probability"] for row in folder.rows("chances.csv")}
    require(sorted(published) == sorted(folder.ids), "The chances are not those of the pool.")
    for name in folder.ids:
        counted = f"{times[name] / folder.size:.12f}"
        require(
            published[name] == counted,
            f"{name} is in {times[name]} panels, which is not the chance published.",
        )
    smallest, largest = (pick(times[name] for name in folder.ids) for pick in (min, max))
    return f"Everybody is in {smallest} to {largest} panels of {folder.size}, as published."


def panel_number(size, seed):
    rounds = 2**64 // size * size
    counter = 0
    while True:
        number = int.from_bytes(sha(f"panel|{seed}|{counter}".encode())[:8], "big")
        if number < rounds:
            return number % size
        counter += 1


def check_selected(folder):
    if folder.has("number.txt"):
        number, how = int(folder.text("number.txt")), "designated by hand"
    else:
        number, how = panel_number(folder.size, folder.seed), "designated by the seed"
    require(number in folder.panels, f"There is no panel {number}.")
    same = sorted(folder.panels[number]) == sorted(folder.selected)
    require(same, f"The people selected are not those of panel {number}, {how}.")
    return f"Panel {number}, {how}, is the one selected."


def check_certificate(folder):
    proof = json.loads(folder.text("certificate.json"))
    claimed = Fraction(proof["points_of_a_panel"]), Fraction(proof["points_of_the_pool"])
    if folder.people is None or folder.seated or any(row.get("household") for row in folder.people):
        require(claimed[1] > 0, "The certificate proves nothing.")
        return (
            f"The certificate claims that nobody could do better than {float(claimed[0] / claimed[1]):.4%}."
        )
    seat = Fraction(proof["seat"])
    scores = {(criterion, category): Fraction(score) for criterion, category, score in proof["scores"]}
    require(
        set(scores) == {quota[:2] for quota in folder.quotas}, "The certificate does not score these quotas."
    )
    panel, pool = points(folder, seat, scores, [tuple(profile) for profile in proof["unreachable"]])
    require((panel, pool) == claimed and pool > 0, "The certificate's points do not follow from its scores.")
    times = Counter(name for members in folder.panels.values() for name in members)
    smallest = min(
        times[row["id"]] for row in folder.people if profile_of(folder, row) not in proof_left_out(proof)
    )
    require(Fraction(smallest, folder.size) <= panel / pool, "The certificate is contradicted by the panels.")
    return (
        f"No lottery could give everybody more than {float(panel / pool):.4%};"
        f" this one gives everybody at least {smallest / folder.size:.4%}."
    )


def proof_left_out(proof):
    return {tuple(profile) for profile in proof["unreachable"]}


def profile_of(folder, row):
    return tuple(row[criterion] for criterion in sorted({quota[0] for quota in folder.quotas}))


def points(folder, seat, scores, left_out):
    """The most points a legal panel can carry, and the points of everybody in the pool."""
    panel, pool = seat * folder.seats, Fraction(0)
    for criterion, category, low, high in folder.quotas:
        score = scores[criterion, category]
        panel += max(score * low, score * high)
    criteria = sorted({quota[0] for quota in folder.quotas})
    for profile, count in Counter(profile_of(folder, row) for row in folder.people).items():
        if profile not in left_out:
            held = seat + sum(scores[criterion, value] for criterion, value in zip(criteria, profile))  # noqa: B905
            pool += count * max(held, 0)
            panel += count * max(-held, 0)
    return panel, pool


CHECKS = (
    check_commitment,
    check_people,
    check_panels,
    check_quotas,
    check_chances,
    check_selected,
    check_certificate,
)


def verify(path):
    """(True, what holds) or (False, what held and then what does not)."""
    said = []
    try:
        folder = Folder(path)
        for check in CHECKS:
            said.append(check(folder))
    except Broken as broken:
        return False, [*said, str(broken)]
    except (KeyError, ValueError, TypeError, ArithmeticError, csv.Error) as error:
        return False, [*said, f"A file is damaged: {error!r}"]
    return True, said


def main(arguments):
    if len(arguments) != 1:
        print("python verify.py DIRECTORY")
        return 1
    holds, said = verify(arguments[0])
    for number, sentence in enumerate(said, 1):
        last = not holds and number == len(said)
        print(("NOT SO: " if last else "ok: ") + sentence)
    print("The draw is verified." if holds else "The draw is NOT verified.")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
