"""Check a published draw: python verify.py DIRECTORY [--leaf my-proof.json]

This file stands alone: Python 3.10 or later, standard library only, nothing of the program that made the draw.
It says what holds, and exits 0 if all of it does, 1 at the first thing that does not. DIRECTORY holds
  commitment.txt, quotas.csv, parameters.json, ids.csv, leaves.txt   published before the seed was known
  seed.txt         the public text the lottery follows from; number.txt, the panel, if dice designated it
  panels.csv       who sits on which panel; chances.csv, how often; floors.csv, how often was promised
  certificate.json the scores that prove no lottery could be fairer; lottery.json, what was announced with it
  selected.csv     the panel drawn; reserve.csv, everybody else in order; record.json (all four once it is drawn)
and, for auditors alone, people.csv and salts.csv: then more is checked. A proof is what a volunteer was given.
"""

import csv
import hashlib
import io
import json
import re
import sys
from collections import Counter, defaultdict
from fractions import Fraction
from pathlib import Path
from typing import Any

WHOLE = "0|[1-9][0-9]*"


def must(holds: object, sentence: str) -> None:
    if not holds:
        raise RuntimeError(sentence)


def sha(data: str | bytes) -> bytes:
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).digest()


def number_of(text: str, shape: str = r"-?[0-9]+([./][0-9]+)?") -> Any:
    must(re.fullmatch(shape, text), f"“{text}” is not a number as it should be written.")
    return int(text) if shape is WHOLE else Fraction(text)


class Draw:  # the published files, read once
    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        must(self.path.is_dir(), f"{path} is not a directory.")
        self.commitment, *self.parts = self.text("commitment.txt").split()
        rows = self.rows("quotas.csv")
        bounds = [[number_of(row[name], WHOLE) for name in ("min", "max")] for row in rows]
        self.quotas = [(row["category"], row["value"], *pair) for row, pair in zip(rows, bounds)]  # noqa: B905
        self.parameters = json.loads(self.text("parameters.json"))
        self.size, self.seated = int(self.parameters["panels"]), self.parameters.get("seated", [])
        self.seats = int(self.parameters["seats"]) - len(self.seated)
        self.seed = self.text("seed.txt").removesuffix("\n")
        self.ids = [row["id"] for row in self.rows("ids.csv")]
        self.places = [(number_of(row["panel"], WHOLE), row["id"]) for row in self.rows("panels.csv")]
        self.times, self.panels = Counter(one for _, one in self.places), defaultdict(list)
        for number, one in self.places:
            self.panels[number].append(one)
        self.chances, self.floors = self.rows("chances.csv"), self.rows("floors.csv")
        self.waits = self.has("lottery.json") and not (self.has("record.json") or self.has("selected.csv"))
        self.selected = [] if self.waits else [row["id"] for row in self.rows("selected.csv")]
        told = "lottery.json" if self.waits else "record.json"
        self.record, self.proof = map(json.loads, map(self.text, (told, "certificate.json")))
        self.most, self.all = (number_of(self.proof[f"points_of_{what}"]) for what in ("a_panel", "the_pool"))
        self.seat = number_of(self.proof["seat"])
        self.scores = {(name, value): number_of(score) for name, value, score in self.proof["scores"]}

    def has(self, name: str) -> bool:
        return (self.path / name).is_file()

    def text(self, name: str) -> str:
        must(self.has(name), f"{name} is missing.")
        return (self.path / name).read_bytes().decode()

    def rows(self, name: str) -> list[dict[str, str]]:
        text, again = self.text(name), io.StringIO()
        table = list(csv.reader(io.StringIO(text, newline="")))
        csv.writer(again, lineterminator="\n").writerows(table)
        even = {len(row) for row in table} == {len(table[0])} and "\r" not in text
        must(even and again.getvalue() == text, f"{name} is not written as it should be.")
        return [dict(zip(table[0], row)) for row in table[1:]]  # noqa: B905

    def add_attributes(self) -> None:  # what shared homes are like is one more criterion
        names = sorted({quota[0] for quota in self.quotas})
        self.people, self.criteria, at = self.rows("people.csv"), names, defaultdict(list)
        profiles = {row["id"]: {name: row[name] for name in names} for row in self.people}
        for row in self.people:
            at[row.get("household", "")].append(row["id"])
        homes = {home: ids for home, ids in at.items() if home and len(ids) > 1}
        self.home = {one: (home,) for home, ids in homes.items() for one in ids}
        said = {one: "/".join(profile.values()) for one, profile in profiles.items()}
        alike = {home: " + ".join(sorted(said[one] for one in ids)) for home, ids in homes.items()}
        if homes:
            kinds = {**Counter(alike.values()), "-": self.seats}
            self.quotas += [("household", kind, 0, min(most, self.seats)) for kind, most in kinds.items()]
            self.criteria = sorted([*names, "household"])
        for one, profile in profiles.items():
            profile.update({"household": alike.get(self.home.get(one, ("",))[0], "-")} if homes else {})
        self.kind = {one: tuple(mine[name] for name in self.criteria) for one, mine in profiles.items()}


def root_of(nodes: list[bytes]) -> str:
    while len(nodes) > 1:
        pairs = [nodes[at : at + 2] for at in range(0, len(nodes), 2)]
        nodes = [sha(b"\1" + b"".join(pair)) if len(pair) == 2 else pair[0] for pair in pairs]
    return nodes[0].hex() if nodes else sha("").hex()


def check_commitment(draw: Draw) -> str:
    follows = len(draw.parts) == 3 and sha(bytes.fromhex("".join(draw.parts))).hex() == draw.commitment
    must(follows, "The commitment does not follow from what it is made of.")
    quotas, parameters = (sha(draw.text(name)).hex() for name in ("quotas.csv", "parameters.json"))
    must(quotas == draw.parts[1], "The quotas are not those committed to.")
    must(parameters == draw.parts[2], "The parameters are not those committed to.")
    order = sorted(set(draw.ids), key=str.encode)
    must(draw.ids == order, "Somebody appears twice in the pool, or it is not in order.")
    if draw.has("leaves.txt"):
        leaves = [bytes.fromhex(leaf) for leaf in draw.text("leaves.txt").split()]
        once = leaves == sorted(set(leaves)) and len(leaves) == len(draw.ids)
        must(once, "There is not one sealed leaf a person, in order.")
        must(root_of(leaves) == draw.parts[0], "The sealed leaves are not those committed to.")
    return f"{len(draw.ids)} people, quotas and parameters as committed to ({draw.commitment[:16]}…)."


def check_panels(draw: Draw) -> str:
    order = [(number, one.encode()) for number, one in draw.places]
    must(order == sorted(set(order)), "Somebody sits twice on a panel, or the panels are not in order.")
    must(list(draw.panels) == list(range(draw.size)), f"There should be panels 0 to {draw.size - 1}.")
    must(set(draw.times) <= set(draw.ids), "Somebody who is not in the pool sits on a panel.")
    for number, panel in draw.panels.items():
        must(len(panel) == draw.seats, f"Panel {number} has {len(panel)} people, not {draw.seats}.")
    return f"{draw.size} panels of {draw.seats} different people of the pool."


def check_chances(draw: Draw) -> str:
    for rows in draw.chances, draw.floors:
        must([row["id"] for row in rows] == draw.ids, "The chances, or promises, are not those of the pool.")
    for row in draw.chances:
        times = draw.times[row["id"]]
        far = abs(number_of(row["probability"], r"[01]\.[0-9]{12}") - Fraction(times, draw.size))
        must(far * 2 * 10**12 <= 1, f"{row['id']} is in {times} panels, which is not the chance published.")
    floors = ((row["id"], number_of(row["panels"], WHOLE)) for row in draw.floors)
    short = [one for one, promised in floors if draw.times[one] < promised]
    told = len(short) == draw.record["below_floor"]
    must(told, f"People in fewer panels than promised: {len(short)}, not as announced.")
    counts, save = [draw.times[one] for one in draw.ids], f" (save {', '.join(short)})" if short else ""
    return f"Everybody is in {min(counts)} to {max(counts)} panels, as published and as promised{save}."


def check_selected(draw: Draw) -> str:
    tries = (int.from_bytes(sha(f"panel|{draw.seed}|{at}")[:8], "big") for at in range(9999))
    fair = next(one for one in tries if one < 2**64 // draw.size * draw.size)
    number, how = fair % draw.size, "designated by the seed"
    if draw.has("number.txt"):
        number, how = number_of(draw.text("number.txt").removesuffix("\n"), WHOLE), "designated by hand"
    laid_down = draw.parameters.get("number_from") in (None, "dice" if draw.has("number.txt") else "seed")
    must(laid_down, f"Panel {number} was {how}, which is not what was laid down beforehand.")
    must(number == draw.record["panel_number"], f"Panel {number}, {how}, is not the one recorded.")
    panel = draw.panels.get(number)
    must(panel == draw.selected, f"The people selected are not those of panel {number}, {how}.")
    if draw.has("reserve.csv"):
        left = sorted(set(draw.ids) - set(draw.selected), key=lambda one: sha(f"{draw.seed}|reserve|{one}"))
        order = [{"rank": str(rank), "id": one} for rank, one in enumerate(left, 1)]
        must(draw.rows("reserve.csv") == order, "The reserve is not in the order of the seed.")
    return f"Panel {number}, {how}, is the one selected."


def rest_of(draw: Draw) -> Any:  # points beyond seats and quotas: room for negative balances
    limits = [(draw.scores[name, value], low, high) for name, value, low, high in draw.quotas]
    return draw.most - draw.seat * draw.seats - sum(max(s * low, s * high) for s, low, high in limits)


def check_certificate(draw: Draw) -> str:
    must(draw.all > 0, "The certificate proves nothing.")
    bound, out = draw.most / draw.all, set(draw.proof["unreachable"])
    asked, scored = {quota[:2] for quota in draw.quotas}, set(draw.scores)
    others = {name for name, _ in scored - asked}
    must(asked <= scored and others <= {"household"}, "The certificate does not score these quotas.")
    must(draw.seated or rest_of(draw) >= 0, "The certificate's points do not follow from its scores.")
    must(len(out) == draw.record["unreachable"], "The people said to be on no panel are not as announced.")
    must(not out & set(draw.times), "Somebody said to be on no legal panel sits on one.")
    least = Fraction(min((draw.times[one] for one in draw.ids if one not in out), default=0), draw.size)
    must(least <= bound, "The certificate is contradicted by the panels.")
    said = (draw.record["minimum"], least), (draw.record["proven_bound"], bound), (draw.proof["bound"], bound)
    told = all(abs(number_of(text) - value) * 10**12 <= 1 for text, value in said)
    must(told, "The smallest chance, or its bound, is not the one announced.")
    figures = f"{float(bound):.4%}; this one gives at least {float(least):.4%}"
    return f"By the certificate, no lottery could give everybody more than {figures}."


def check_record(draw: Draw) -> str:
    for record in [json.loads(draw.text(name)) for name in ("lottery.json", "record.json") if draw.has(name)]:
        told = [record[name] for name in ("commitment", "panels", "rule")]
        ours = told == [draw.commitment, draw.size, draw.parameters["rule"]]
        must(ours, "The record is not that of this draw.")
        for name, digest in sorted(record["sha256"].items()):
            same = not draw.has(name) or sha((draw.path / name).read_bytes()).hex() == digest
            must(same, f"{name} is not the file recorded.")
    return "The record tells the same" + (", and no panel is drawn yet." if draw.waits else ".")


def check_pool(draw: Draw) -> str:
    draw.add_attributes()
    salts = {row["id"]: row["salt"] for row in draw.rows("salts.csv")} if draw.has("salts.csv") else {}
    records, ids = [""], [row["id"] for row in draw.people]
    for line in io.StringIO(draw.text("people.csv"), newline="\n"):
        records[-1] += line
        records += [""] if records[-1].count('"') % 2 == 0 else []  # otherwise a line feed inside quotes
    leaves = [sha(f"\0{records[0]}{row}{salts.get(one, '')}") for row, one in zip(records[1:-1], ids)]  # noqa: B905
    must(ids == draw.ids, "The public list of pseudonyms is not that of the pool.")
    must(root_of(sorted(leaves)) == draw.parts[0], "The people are not those committed to.")
    return "Everybody's attributes are those committed to."


def check_quotas(draw: Draw) -> str:
    for number, panel in sorted(draw.panels.items()):
        homes = [draw.home[one] for one in panel if one in draw.home]
        must(len(set(homes)) == len(homes), f"Two people of one household sit on panel {number}.")
        counts = Counter(pair for one in panel for pair in zip(draw.criteria, draw.kind[one]))  # noqa: B905
        for name, value, low, high in [] if draw.seated else draw.quotas:
            who = f"{counts[name, value]} people for {name} {value}"
            must(low <= counts[name, value] <= high, f"Panel {number} has {who}: {low} to {high} asked.")
    return "Every panel keeps every quota" + (", seen without those already seated." if draw.seated else ".")


def check_places(draw: Draw) -> str:
    secret = sha(f"sortition-v1|{draw.commitment}|{draw.seed}")
    members, wanted, homes = map(defaultdict[Any, Any], (list, Counter, set))
    for one in draw.ids:
        members[draw.kind[one]].append(one)
    for number, one in draw.places:
        wanted[draw.kind[one]][number] += 1
    for kind, alike in sorted(members.items()):
        waiting, cycle = list[str](), 0
        for number in sorted(wanted[kind].elements()):
            taken = homes[number]
            at = next((at for at, one in enumerate(waiting) if draw.home.get(one, one) not in taken), -1)
            if at < 0:  # nobody waiting may sit here: everybody once more, in a new order
                tickets = {one: sha(secret + f"|person|{cycle}|{one}".encode()) for one in alike}
                waiting, cycle = waiting + sorted(alike, key=tickets.__getitem__), cycle + 1
                at = next((at for at, one in enumerate(waiting) if draw.home.get(one, one) not in taken), -1)
            one = waiting.pop(at)
            must(one in draw.panels[number], f"Panel {number} does not hold the people the seed gave it.")
            taken.add(draw.home.get(one, one))
    return "Among people alike, hashes of the seed alone say who sits on which panel."


def check_scores(draw: Draw) -> str:
    must(set(draw.scores) == {quota[:2] for quota in draw.quotas}, "The certificate scores other quotas.")
    kinds = [kind for one, kind in draw.kind.items() if one not in draw.proof["unreachable"]]
    held = [draw.seat + sum(map(draw.scores.__getitem__, zip(draw.criteria, kind))) for kind in kinds]  # noqa: B905
    above, below = sum(one for one in held if one > 0), sum(-one for one in held if one < 0)
    must((draw.all, rest_of(draw)) == (above, below), "The points do not follow from the scores.")
    return f"Counted again from {len(draw.scores)} scores and all attributes, the certificate is exact."


def check_leaf(draw: Draw, proof: dict[str, Any]) -> str:
    text = f"{proof['heading']}\n{proof['row']}\n"
    node = sha(f"\0{text}{proof['salt']}")
    for side, beside in proof["path"]:
        pair = [bytes.fromhex(beside), node]
        node = sha(b"\1" + b"".join(pair if side == "left" else pair[::-1]))
    must(node.hex() == draw.parts[0], "This proof does not lead to the pool committed to.")
    names, (one, *values) = csv.reader(io.StringIO(text, newline=""))
    must(draw.ids.count(one) == 1, f"{one} is not once in the public list.")
    facts = ", ".join(f"{name}: {value}" for name, value in zip(names[1:], values))  # noqa: B905
    numbers = ", ".join(str(number) for number, other in draw.places if other == one) or "none"
    return f"{one} is in the pool, once ({facts}). Panels: {numbers}."


PUBLIC = check_commitment, check_panels, check_chances, check_selected, check_certificate, check_record
AUDITORS = check_pool, check_quotas, check_places, check_scores


def verify(path: str | Path, proof: str | Path | None = None) -> tuple[bool, list[str]]:
    said = []
    try:
        draw = Draw(path)
        for check in PUBLIC + (AUDITORS if draw.has("people.csv") else ()):
            left_out = draw.seated and check is check_scores or draw.waits and check is check_selected
            said += [] if left_out else [check(draw)]
        said += [check_leaf(draw, json.loads(Path(proof).read_text("utf-8")))] if proof else []
    except Exception as error:
        known = isinstance(error, RuntimeError)
        return False, [*said, str(error) if known else f"A file is damaged: {error!r}"]
    return True, said


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 3) or arguments[1:2] not in ([], ["--leaf"]):
        sys.exit("python verify.py DIRECTORY [--leaf my-proof.json]")
    holds, said = verify(*arguments[::2])
    for sentence in said:
        print(("ok: " if holds or sentence is not said[-1] else "NOT SO: ") + sentence)
    print("The draw is verified." if holds else "The draw is NOT verified.")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
