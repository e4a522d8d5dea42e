"""Published folders, honest and tampered with, on which every verifier must agree."""

import hashlib
import json
from collections import Counter
from functools import cache

from sortition.engine import canonical, publish
from sortition.engine.lottery import Person, Quota, draw_lottery
from sortition.engine.replacement import reserve_order
from sortition.engine.tests.test_lottery import pool

SEED = "3 7 1|Loto 4 8 15"
AUDITORS = ("people.csv", "salts.csv")


def salts_of(people):
    return {person.id: hashlib.sha256(f"salt {person.id}".encode()).hexdigest()[:32] for person in people}


def published(people, quotas, seats, *, panels=40, seated=(), salted=True, number=None):
    """What the draw room publishes, auditors' files included."""
    salts = salts_of(people) if salted else None
    ids = [person.id for person in seated]
    parameters = canonical.parameters_json(seats=seats, panels=panels, rule="leximin", seated=ids)
    frozen = canonical.people_csv(people), canonical.quotas_csv(quotas), parameters
    committed = canonical.commitment(*frozen, salts)
    lottery = draw_lottery(
        people, quotas, seats, seed=SEED, panels=panels, seated=seated, commitment_hex=committed
    )
    files = publish.published_files(
        lottery, people, quotas, parameters, with_attributes=True, salts=salts, number=number
    )
    selected = lottery.selected if number is None else lottery.panels[number]
    left = reserve_order([person for person in people if person.id not in selected], SEED)
    files["reserve.csv"] = canonical.table(["rank", "id"], enumerate(left, 1))
    return forged(files)


def in_two_steps(number):
    """Dice laid down beforehand: the lottery is published, then a panel designated (or not yet: None)."""
    people, quotas, seats = pool()
    salts = salts_of(people)
    parameters = canonical.parameters_json(seats=seats, panels=40, rule="leximin", number_from="dice")
    frozen = canonical.people_csv(people), canonical.quotas_csv(quotas), parameters
    committed = canonical.commitment(*frozen, salts)
    lottery = draw_lottery(people, quotas, seats, seed=SEED, panels=40, commitment_hex=committed)
    files = publish.lottery_files(lottery, people, quotas, parameters, salts=salts)
    if number is not None:
        left = reserve_order([one for one in people if one.id not in lottery.panels[number]], SEED)
        reserve = {"reserve.csv": canonical.table(["rank", "id"], enumerate(left, 1))}
        files |= publish.designated_files(files, number, by_hand=True, more=reserve)
    return {**files, "people.csv": frozen[0], "salts.csv": canonical.salts_csv(salts)}


def households():
    """Twelve couples of all sorts among forty people."""
    people = [
        Person(
            f"h{n:02d}",
            {"sex": "MF"[n % 2], "age": ["young", "old"][n % 3 == 0]},
            f"home {n // 2}" if n < 24 else "",
        )
        for n in range(40)
    ]
    return people, [Quota("sex", "F", 4, 6), Quota("sex", "M", 4, 6), Quota("age", "old", 3, 5)], 10


def with_ages(people, quotas, seats):
    return people, [*quotas, Quota("age", "young", 0, seats)], seats


def impossible_profile():
    """An old man would make two quotas of one impossible: he is in the pool and on no legal panel."""
    people = [Person("m1", {"a": "x", "b": "y"}), Person("é2", {"a": "x", "b": "z"})]
    people += [
        Person(f"n{n}, “{n}”", {"a": "w" if n % 2 else 'say "w"', "b": "yz"[n % 2]}) for n in range(12)
    ]
    quotas = [
        Quota("a", "x", 0, 1),
        Quota("a", "w", 3, 3),
        Quota("a", 'say "w"', 1, 2),
        Quota("b", "y", 1, 1),
        Quota("b", "z", 3, 4),
    ]
    return people, quotas, 5


@cache
def honest(name):
    """One of the honest folders; not to be changed in place."""
    if name in ("lottery", "two steps"):
        return in_two_steps(None if name == "lottery" else 7)
    if name == "seated":
        people, quotas, seats = pool()
        return published(people[3:], quotas, seats, seated=people[:3])
    people, quotas, seats = with_ages(*households()) if name == "households" else pool()
    if name == "odd names":
        people, quotas, seats = impossible_profile()
    return published(
        people, quotas, seats, salted=name != "without salts", number=7 if name == "dice" else None
    )


HONEST = ("plain", "households", "seated", "odd names", "without salts", "dice", "lottery", "two steps")


def public(files):
    return {name: data for name, data in files.items() if name not in AUDITORS}


def forged(files):
    """The same with the fingerprints of the record made to fit: what a careful forger would not forget."""
    told = "record.json" if "record.json" in files else "lottery.json"
    record = json.loads(files[told])
    others = {name: data for name, data in files.items() if name not in (told, "verify.py")}
    record["sha256"] = {name: hashlib.sha256(others[name]).hexdigest() for name in sorted(others)}
    return {**files, told: canonical.as_json(record)}


def changed(name, change):
    """A mutation: one file, as text."""
    return lambda files: {**files, name: change(files[name].decode()).encode()}


def in_json(name, **facts):
    def change(text):
        found = json.loads(text)
        return canonical.as_json({**found, **{key: fact(found[key]) for key, fact in facts.items()}}).decode()

    return changed(name, change)


def panels_of(files):
    rows = [line.split(",") for line in files["panels.csv"].decode().splitlines()[1:]]
    found = {}
    for number, one in rows:
        found.setdefault(int(number), []).append(one)
    return found


def with_panels(files, panels):
    """Panels rewritten, chances with them."""
    ordered = [sorted(panels[number], key=str.encode) for number in sorted(panels)]
    times = Counter(one for panel in ordered for one in panel)
    ids = files["ids.csv"].decode().split()[1:]
    chances = {one: times[one] / len(ordered) for one in ids}
    return {
        **files,
        "panels.csv": canonical.panels_csv(ordered),
        "chances.csv": canonical.chances_csv(chances),
    }


def drawn(files):
    return json.loads(files["record.json"])["panel_number"]


def swap_in_drawn_panel(files):
    """Somebody drawn gives way to somebody who was not."""
    panels = panels_of(files)
    outside = next(one for one in files["ids.csv"].decode().split()[1:] if one not in panels[drawn(files)])
    panels[drawn(files)][0] = outside
    return with_panels(files, panels)


def exchange_alike(files):
    """Two people of one profile change panels: chances and quotas stay as they were."""
    panels, lines = panels_of(files), files["people.csv"].decode().splitlines()[1:]
    kind = dict(line.split(",", 1) for line in lines)
    for here in panels:
        for there in panels:
            for one in panels[here]:
                for other in panels[there]:
                    apart = one not in panels[there] and other not in panels[here]
                    if kind[one] == kind[other] and apart and drawn(files) not in (here, there):
                        panels[here].remove(one), panels[there].remove(other)
                        panels[here].append(other), panels[there].append(one)
                        return with_panels(files, panels)
    raise AssertionError


def renumber(files):
    """The panel drawn and the next exchange their numbers."""
    panels, at = panels_of(files), drawn(files)
    other = (at + 1) % len(panels)
    panels[at], panels[other] = panels[other], panels[at]
    return with_panels(files, panels)


def move_last_panel_first(text):
    heading, *lines = text.splitlines(keepends=True)
    last = [line for line in lines if line.startswith("39,")]
    return "".join([heading, *last, *lines[: -len(last)]])


def without_line(text, at):
    lines = text.splitlines(keepends=True)
    return "".join(lines[:at] + lines[at + 1 :])


def twice_line(text, at):
    lines = text.splitlines(keepends=True)
    return "".join([*lines[:at], lines[at], *lines[at:]])


def other_quotas_and_commitment(files):
    """Everything made to fit a quota changed after the seed: only the places still depend on the first commitment."""
    quotas = files["quotas.csv"].replace(b"old,3,4", b"old,2,5")
    salts = dict(line.split(",") for line in files["salts.csv"].decode().splitlines()[1:])
    frozen = files["people.csv"], quotas, files["parameters.json"]
    record = in_json("record.json", commitment=lambda _: canonical.commitment(*frozen, salts))(files)
    return {**record, "quotas.csv": quotas, "commitment.txt": canonical.commitment_txt(*frozen, salts)}


def digit(text):
    return text.replace(text[0], "0" if text[0] != "0" else "1", 1)


BY_ANYBODY = {
    "a name swapped on the panel drawn": swap_in_drawn_panel,
    "a name swapped on a panel": changed("panels.csv", lambda t: t.replace("0,p", "0,q", 1)),
    "a seat missing": changed("panels.csv", lambda t: without_line(t, 1)),
    "a duplicate on a panel": changed("panels.csv", lambda t: twice_line(t, 1)),
    "panels reordered": changed("panels.csv", move_last_panel_first),
    "panels renumbered": renumber,
    "a panel fewer": changed("panels.csv", lambda t: "".join(t.partition("\n39,")[:1]) + "\n"),
    "a quota": changed("quotas.csv", lambda t: t.replace("F,6,6", "F,5,7")),
    "a parameter": changed("parameters.json", lambda t: t.replace("leximin", "maximin")),
    "the number of seats": changed("parameters.json", lambda t: t.replace('"seats":12', '"seats":11')),
    "the commitment": changed("commitment.txt", digit),
    "the root": changed("commitment.txt", lambda t: t[:65] + digit(t[65:])),
    "a leaf": changed("leaves.txt", digit),
    "a leaf fewer": changed("leaves.txt", lambda t: without_line(t, 1)),
    "a person removed": changed("ids.csv", lambda t: t.replace("p07\n", "")),
    "a person added": changed("ids.csv", lambda t: t + "p99\n"),
    "a person named twice": changed("ids.csv", lambda t: t + "p59\n"),
    "the seed": changed("seed.txt", lambda t: t.replace("3 7 1", "3 7 2")),
    "the panel number in the record": in_json("record.json", panel_number=lambda n: n + 1),
    "a panel number by hand": lambda files: {**files, "number.txt": b"1\n"},
    "the selected": changed("selected.csv", lambda t: without_line(t, 1)),
    "the order of the reserve": changed("reserve.csv", lambda t: t.replace("\n1,", "\n#,").replace("\n2,", "\n1,").replace("\n#,", "\n2,")),
    "a chance": changed("chances.csv", lambda t: t.replace("p01,0.", "p01,1.")),
    "a promise": changed("floors.csv", lambda t: t.replace("p01,", "p01,9")),
    "the number of people below their promise": in_json("record.json", below_floor=lambda n: n + 1),
    "a certificate lowered": in_json("certificate.json", points_of_a_panel=lambda t: "-" + t),
    "a certificate's bound": in_json("certificate.json", bound=lambda _: "0.900000000000"),
    "a certificate's score": changed("certificate.json", lambda t: t.replace('"sex","F","', '"sex","F","9')),
    "a certificate that scores something else": changed("certificate.json", lambda t: t.replace('"sex","F"', '"sex","X"')),
    "a certificate that proves nothing": in_json("certificate.json", points_of_the_pool=lambda _: "0"),
    "the smallest chance announced": in_json("record.json", minimum=lambda _: "0.500000000000"),
    "people said to be on no panel": in_json("record.json", unreachable=lambda _: 3),
    "somebody on panels said to be on none": lambda files: in_json("record.json", unreachable=lambda _: 1)(
        in_json("certificate.json", unreachable=lambda _: ["p07"])(files)
    ),
    "the rule announced": in_json("record.json", rule=lambda _: "maximin"),
    "a damaged number": changed("panels.csv", lambda t: t.replace("\n0,", "\nzero,", 1)),
    "a damaged certificate": changed("certificate.json", lambda t: t[: len(t) // 2]),
    "a file that is not text": lambda files: {**files, "seed.txt": b"\xff\xfe"},
    "a missing file": lambda files: {name: data for name, data in files.items() if name != "floors.csv"},
}  # fmt: skip

OF_TWO_STEPS = {
    "the throw forgotten": lambda files: {name: files[name] for name in files if name != "number.txt"},
    "another throw": lambda files: {**files, "number.txt": b"8\n"},
    "no such panel": changed("number.txt", lambda _: "40\n"),
    "a number with zeros before it": changed("number.txt", lambda _: "007\n"),
    "the record forgotten": lambda files: {name: files[name] for name in files if name != "record.json"},
    "another lottery than announced": in_json("lottery.json", sha256=lambda found: {**found, "panels.csv": "0" * 64}),
    "another rule than announced": in_json("lottery.json", rule=lambda _: "maximin"),
}  # fmt: skip

BY_AUDITORS = {
    "an attribute": changed("people.csv", lambda t: t.replace("p01,between,F", "p01,between,M")),
    "the heading of the attributes": changed("people.csv", lambda t: t.replace("id,age,sex", "id,sex,age")),
    "a salt": changed("salts.csv", lambda t: t.replace("p01,", "p01,0")),
    "no salts": lambda files: {name: data for name, data in files.items() if name != "salts.csv"},
    "a person removed from the attributes": changed("people.csv", lambda t: without_line(t, 5)),
    "two people alike exchanged": exchange_alike,
    "a quota changed and the commitment with it": other_quotas_and_commitment,
    "a certificate raised": lambda files: in_json("record.json", proven_bound=lambda _: "1.000000000000")(
        in_json("certificate.json", bound=lambda _: "1.000000000000")(
            in_json("certificate.json", points_of_a_panel=lambda _: _pool_points(files))(files)
        )
    ),
}


def _pool_points(files):
    return json.loads(files["certificate.json"])["points_of_the_pool"]


def cases():
    """(name, files, whether it holds): honest folders, and each tampering both hasty and careful, in both tiers."""
    for name in HONEST:
        yield name, honest(name), True
        yield f"{name}, public", public(honest(name)), True
    for name, mutate in OF_TWO_STEPS.items():
        yield name, public(mutate(honest("two steps"))), False
    base = honest("plain")
    for name, mutate in BY_ANYBODY.items():
        for tier in (dict, public):
            yield f"{name} ({tier.__name__})", tier(mutate(base)), False
            yield f"{name}, carefully ({tier.__name__})", tier(forged(mutate(base))), False
    for name, mutate in BY_AUDITORS.items():
        yield name, mutate(base), False
        yield f"{name}, carefully", forged(mutate(base)), False
