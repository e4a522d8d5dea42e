"""python -m sortition.engine draw|explain|replace|invite|verify|prove – the engine on files, without the application.

Exit codes: 0 done, 1 input that cannot be used (or a draw that does not verify), 2 quotas that cannot be kept.
"""

import argparse
import csv
import datetime
import json
import re
import sys
import time
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from sortition.engine import canonical, publish, replacement, verify
from sortition.engine.invite import Invitations, invite, letters_csv
from sortition.engine.lottery import RULES, Lottery, draw_lottery
from sortition.engine.profiles import Person, Quota
from sortition.engine.quotas import Conflict, Infeasible, check
from sortition.engine.reading import open_table
from sortition.engine.sentences import Unreadable
from sortition.engine.weighing import what_if

LETTER = "ticket,line,district,age_band,sex,last_name,first_name,address,postcode,city,country".split(",")


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        return int(options.act(options))
    except Infeasible as error:
        _say_conflicts(error.conflicts)
        return 2
    except FileNotFoundError as error:
        print(f"{error.filename}: there is no such file.", file=sys.stderr)
    except MemoryError:
        print("There was not enough memory; nothing was written.", file=sys.stderr)
    except (Unreadable, ValueError, ArithmeticError, OSError) as error:
        print(error, file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sortition.engine", description=__doc__)
    acts = parser.add_subparsers(required=True)
    for name, act, add in (
        ("draw", draw, _add_draw),
        ("explain", explain, _add_explain),
        ("replace", swap, _add_swap),
    ):
        one = acts.add_parser(name)
        one.set_defaults(act=act)
        one.add_argument("--people", required=True, help="respondents.csv: one row a person, id first")
        one.add_argument("--targets", required=True, help="categories.csv: category,value,min,max")
        one.add_argument("--seats", type=int, required=True)
        one.add_argument("--household", default="", help="columns, comma separated, equal within a household")
        add(one)
    letters = acts.add_parser("invite")
    letters.set_defaults(act=send)
    letters.add_argument("--roll", required=True)
    letters.add_argument("--letters", type=int, required=True)
    letters.add_argument("--strata", default="district,age_band,sex")
    letters.add_argument("--seed", required=True)
    letters.add_argument("--today", type=datetime.date.fromisoformat, default=None)
    letters.add_argument("--out", required=True)
    checking = acts.add_parser("verify")
    checking.set_defaults(act=lambda options: verify.main([options.directory, *_leaf(options)]))
    checking.add_argument("directory")
    checking.add_argument("--leaf", help="the proof a volunteer was given")
    proving = acts.add_parser("prove", help="the proof of one person, from an auditors' folder")
    proving.set_defaults(act=prove)
    proving.add_argument("directory")
    proving.add_argument("id")
    return parser


def _leaf(options: argparse.Namespace) -> list[str]:
    return ["--leaf", options.leaf] if options.leaf else []


def _add_draw(one: argparse.ArgumentParser) -> None:
    one.add_argument("--seed", required=True)
    one.add_argument("--panels", type=int, default=1000)
    one.add_argument("--rule", choices=RULES, default="leximin")
    one.add_argument("--time-limit", type=float, help="seconds")
    one.add_argument("--salts", help="id,salt: 32 hexadecimal digits drawn at random for each person")
    one.add_argument("--public-only", action="store_true", help="leave attributes out of the folder")
    one.add_argument("--out", required=True)


def _add_explain(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "--sacred", action="append", default=[], metavar="CRITERION=COST", help="“inf”: never touched"
    )


def _add_swap(one: argparse.ArgumentParser) -> None:
    one.add_argument("--seated", required=True, help="selected.csv: the ids of the members")
    one.add_argument("--leavers", required=True, help="ids, comma separated")
    one.add_argument("--seed", required=True)
    one.add_argument("--keep", default="", help="criteria that hold in any case, comma separated")
    one.add_argument("--priority", action="append", default=[], metavar="CRITERION=COST")
    one.add_argument("--out", required=True)


def read_quotas(path: str) -> list[Quota]:
    """`category,value,min,max`; also with `name` for either, and `feature,value,min,max,min_flex,max_flex`.

    The flexes of that last one are not used: `explain` proposes what to change.
    """
    table = open_table(path)
    names = [name.strip().lower() for name in table.header]
    first = next((name for name in ("feature", "category", "name") if name in names), None)
    second = next((name for name in ("value", "name") if name in names and name != first), None)
    missing = [name for name in ("min", "max") if name not in names]
    if first is None or second is None or missing:
        raise Unreadable("missing_columns", line=1, columns=", ".join(missing or ["category", "value"]))
    at = [names.index(name) for name in (first, second, "min", "max")]
    return [
        _quota(line, [row[position] if position < len(row) else "" for position in at])
        for line, row in table.rows()
    ]


def _quota(line: int, cells: Sequence[str]) -> Quota:
    criterion, category, low, high = map(_words, cells)
    if not all(cell.isascii() and cell.isdigit() for cell in (low, high)):
        raise Unreadable("unreadable_line", line=line, reason="min and max must be whole numbers")
    if not criterion or not category:
        raise Unreadable("unreadable_line", line=line, reason="the criterion or its category is missing")
    return Quota(criterion, category, int(low), int(high))


def read_people(path: str, criteria: Sequence[str], household: str = "") -> list[Person]:
    """One row a person, the id in the first column; `household` names columns that are equal within a household."""
    table = open_table(path)
    names = [_words(name) for name in table.header]
    homes = [name for name in household.split(",") if name]
    missing = [name for name in [*criteria, *homes] if name not in names]
    if missing:
        raise Unreadable("missing_columns", line=table.header_line, columns=", ".join(missing))
    people = []
    for line, row in table.rows():
        if len(row) < len(names):
            raise Unreadable("ragged", line=line, found=len(row), expected=len(names))
        cells = dict(zip(names, map(_words, row), strict=False))
        if not _words(row[0]):
            raise Unreadable("unreadable_line", line=line, reason="the id is missing")
        home = "|".join(cells[name] for name in homes) if all(cells[name] for name in homes) else ""
        people.append(Person(_words(row[0]), {name: cells[name] for name in criteria}, home))
    return people


def _words(cell: str) -> str:
    return unicodedata.normalize("NFC", cell.strip())


def read_salts(path: str, people: Sequence[Person]) -> dict[str, str]:
    """One row a person: id, salt."""
    salts = {_words(row[0]): row[1].strip() for _, row in open_table(path).rows() if len(row) > 1}
    missing = [person.id for person in people if not re.fullmatch("[0-9a-f]{32}", salts.get(person.id, ""))]
    if missing:
        raise ValueError(
            f"No salt of 32 hexadecimal digits for {', '.join(missing[:3])} ({len(missing)} in all)."
        )
    return {person.id: salts[person.id] for person in people}


def prove(options: argparse.Namespace) -> int:
    folder = Path(options.directory)
    people, salts = folder / "people.csv", folder / "salts.csv"
    rows = csv.DictReader(salts.read_text(encoding="utf-8").splitlines()) if salts.exists() else []
    known = {row["id"]: row["salt"] for row in rows}
    try:
        proof = canonical.leaf_proof(people.read_bytes(), known, options.id)
    except KeyError:
        raise ValueError(f"{options.id} is not in this pool.") from None
    print(json.dumps(proof, ensure_ascii=False, indent=1))
    return 0


def _input(options: argparse.Namespace) -> tuple[list[Person], list[Quota]]:
    quotas = read_quotas(options.targets)
    return read_people(
        options.people, sorted({quota.criterion for quota in quotas}), options.household
    ), quotas


def _refuse_folder(directory: str) -> None:
    """Before any work: results never cover earlier ones."""
    if Path(directory).exists() and (not Path(directory).is_dir() or any(Path(directory).iterdir())):
        raise FileExistsError(f"{directory} already holds something; results go to a new folder.")


def _costs(pairs: Sequence[str], quotas: Sequence[Quota]) -> dict[str, float]:
    costs = {}
    for pair in pairs:
        name, _, cost = pair.partition("=")
        if name not in {quota.criterion for quota in quotas}:
            raise ValueError(f"{name}: there is no such criterion.")
        costs[name] = float(cost)
    return costs


def draw(options: argparse.Namespace) -> int:
    _refuse_folder(options.out)
    people, quotas = _input(options)
    started = time.perf_counter()
    parameters = canonical.parameters_json(seats=options.seats, panels=options.panels, rule=options.rule)
    salts = read_salts(options.salts, people) if options.salts else None
    frozen = canonical.people_csv(people), canonical.quotas_csv(quotas), parameters
    lottery = draw_lottery(
        people,
        quotas,
        options.seats,
        commitment_hex=canonical.commitment(*frozen, salts),
        seed=options.seed,
        panels=options.panels,
        rule=options.rule,
        time_limit=options.time_limit,
    )
    record = {"seconds": round(time.perf_counter() - started, 3), "versions": _versions()}
    attributes = not options.public_only
    files = publish.published_files(
        lottery, people, quotas, parameters, with_attributes=attributes, salts=salts, record=record
    )
    publish.write(options.out, files)
    _say(lottery)
    return 0


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("highspy", "numpy")}


def _say(lottery: Lottery) -> None:
    print(
        f"{len(lottery.panels)} panels; everybody has at least {lottery.minimum:.4%}, of {lottery.bound:.4%} possible."
    )
    if lottery.cut_short:
        print(
            "Time ran out: the last panels repeat the first ones. They are legal, and the bound above still holds."
        )
    if lottery.unreachable:
        print(f"No legal panel can contain {len(lottery.unreachable)} people.")
    if lottery.short:
        print(f"{len(lottery.short)} people are one panel below their share.")
    print(f"Panel {lottery.number} is drawn.")


def explain(options: argparse.Namespace) -> int:
    people, quotas = _input(options)
    found = check(people, quotas, options.seats, sacred=_costs(options.sacred, quotas))
    _say_conflicts(found)
    if found:
        return 2
    print("The quotas can be kept.")
    for row in what_if(people, quotas, options.seats)[:10]:
        if row.gain > 1e-9:
            name = f"{row.quota.criterion}, {row.quota.category}, {row.bound} {row.change:+d}"
            print(f"{name}: the worst chance goes from {row.minimum - row.gain:.4%} to {row.minimum:.4%}.")
    return 0


def swap(options: argparse.Namespace) -> int:
    """Replace those who leave: the reserve in its order, the people to call, the quotas they depart from."""
    _refuse_folder(options.out)
    people, quotas = _input(options)
    known = {person.id: person for person in people}
    names = [row[0] for _, row in open_table(options.seated).rows()]
    leaving = [name.strip() for name in options.leavers.split(",") if name.strip()]
    strangers = [name for name in [*names, *leaving] if name not in known]
    if strangers or not options.seed:
        raise ValueError(f"{strangers[0]} is not among the people." if strangers else "A seed is needed.")
    reserve = [person for person in people if person.id not in set(names)]
    found = replacement.replace(
        leaving,
        [known[name] for name in names],
        reserve,
        quotas,
        options.seats,
        options.seed,
        kept_criteria=[name for name in options.keep.split(",") if name],
        priorities=_costs(options.priority, quotas),
    )
    publish.write(options.out, _replaced(found, leaving, reserve, options.seed))
    print(f"{len(found.chosen)} of {len(leaving)} replaced{'' if found.exact else ', not every quota kept'}.")
    for deviation in found.deviations:
        print(f"  {deviation}")
    return 0


def _replaced(
    found: replacement.Replacement, leaving: Sequence[str], reserve: Sequence[Person], seed: str
) -> dict[str, bytes]:
    order = replacement.reserve_order(reserve, seed)
    record = {
        "seed": seed,
        "leavers": sorted(leaving),
        "exact": found.exact,
        "missing": found.missing,
        "deviations": [str(deviation) for deviation in found.deviations],
    }
    return {
        "replacements.csv": canonical.table(["rank", "id"], enumerate(found.chosen, 1)),
        "reserve.csv": canonical.table(["rank", "id"], enumerate(order, 1)),
        "record.json": canonical.as_json(record),
    }


def _say_conflicts(conflicts: Sequence[Conflict]) -> None:
    for conflict in conflicts:
        print(conflict, file=sys.stderr)
        for relaxation in conflict.relaxations:
            print(f"  Could be changed: {relaxation}", file=sys.stderr)


def send(options: argparse.Namespace) -> int:
    _refuse_folder(options.out)
    if not options.seed or options.letters < 1:
        raise ValueError("A seed and at least one letter are needed.")
    table = open_table(options.roll)
    today = options.today or datetime.date.today()
    strata = options.strata.split(",")
    drawn = invite(table, options.letters, strata, seed=options.seed, today=today)
    publish.write(options.out, _letters(drawn, today))
    print(f"{drawn.rows_read} lines read, {drawn.refused.total()} unusable, {len(drawn.drawn)} invited.")
    return 0


def _letters(drawn: Invitations, today: datetime.date) -> dict[str, bytes]:
    rows = (
        (
            p.ticket,
            e.line,
            e.district,
            e.age_band,
            e.sex,
            e.last_name,
            e.first_name,
            *_address(p.elector.address),
            *w,
        )
        for p in drawn.drawn
        for e, w in [(p.elector, (p.elector.postcode, p.elector.city, p.elector.country))]
    )
    record = {
        **drawn.counts,
        "fingerprint": drawn.fingerprint,
        "seed": drawn.seed,
        "today": today.isoformat(),
        "refused_by_reason": dict(sorted(drawn.refused.items())),
        "seconds": round(drawn.seconds, 3),
    }
    return {
        "letters.csv": canonical.table(LETTER, rows),
        "strata.csv": "".join(letters_csv(drawn)).encode(),
        "refused.csv": canonical.table(["line", "reason"], ((r.line, str(r)) for r in drawn.refusals)),
        "record.json": (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode(),
    }


def _address(lines: Sequence[str]) -> tuple[str]:
    return (" / ".join(lines),)


def rows_of(path: str | Path) -> list[dict[str, str]]:
    """A published file's rows, for reading back."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    sys.exit(main())
