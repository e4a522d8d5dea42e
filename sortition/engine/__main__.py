"""python -m sortition.engine draw|explain|replace|substitutes|invite|verify|prove – the engine on files alone.

Exit codes: 0 done, 1 input that cannot be used (or a draw that does not verify), 2 quotas that cannot be kept.
"""

import argparse
import csv
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from sortition.engine import canonical, levels, publish, replacement, sending, verify, verify_levels
from sortition.engine.inputs import (
    Targets,
    must_be_known,
    read_ids,
    read_people,
    read_rates,
    read_salts,
    read_targets,
)
from sortition.engine.lottery import RULES, TIME_LIMIT, Lottery, draw_lottery
from sortition.engine.profiles import Person, after_seated
from sortition.engine.quotas import Conflict, Infeasible, check, contradictions, misfits
from sortition.engine.sentences import Unreadable
from sortition.engine.weighing import WhatIf, missing, what_if

MOST_SAID = 20


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        return int(options.act(options))
    except Infeasible as error:
        _say_conflicts(error.conflicts)
        return 2
    except FileNotFoundError as error:
        print(f"{error.filename}: there is no such file.", file=sys.stderr)
    except IsADirectoryError as error:
        print(f"{error.filename} is a folder, not a file.", file=sys.stderr)
    except PermissionError as error:
        print(f"{error.filename} may not be read or written.", file=sys.stderr)
    except MemoryError:
        print("There was not enough memory; nothing was written.", file=sys.stderr)
    except (Unreadable, ValueError, ArithmeticError, OSError) as error:
        print(error, file=sys.stderr)
    return 1


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(1, f"{self.format_usage()}{message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m sortition.engine", description=__doc__)
    acts = parser.add_subparsers(required=True)
    for name, act, add in (
        ("draw", draw, _add_draw),
        ("explain", explain, _add_explain),
        ("replace", swap, _add_swap),
        ("substitutes", book, _add_book),
    ):
        one = acts.add_parser(name, help=(act.__doc__ or "").partition("\n")[0])
        one.set_defaults(act=act)
        one.add_argument("--people", required=True, help="respondents.csv: one row a person, id first")
        one.add_argument(
            "--targets", required=True, help="categories.csv: category,value,min,max[,min_flex,max_flex]"
        )
        one.add_argument("--seats", type=int, required=True, help="in all, people already seated included")
        one.add_argument("--household", default="", help="columns, comma separated, equal within a household")
        one.add_argument("--seated", help="a table of ids, such as selected.csv: people who already sit")
        add(one)
    sending.add(acts.add_parser("invite", help=sending.__doc__))
    checking = acts.add_parser("verify")
    checking.set_defaults(act=audit)
    checking.add_argument("directory")
    checking.add_argument("--leaf", help="the proof a volunteer was given")
    proving = acts.add_parser("prove", help="the proof of one person, from an auditors' folder")
    proving.set_defaults(act=prove)
    proving.add_argument("directory")
    proving.add_argument("id")
    return parser


def audit(options: argparse.Namespace) -> int:
    """Check a published folder; each level of chances too, if they were proved."""
    leaf = ["--leaf", options.leaf] if options.leaf else []
    failed = verify.main([options.directory, *leaf])
    if not failed and (Path(options.directory) / "levels.json").exists():
        return verify_levels.main([options.directory])
    return failed


def _add_draw(one: argparse.ArgumentParser) -> None:
    one.add_argument("--seed", required=True)
    one.add_argument("--panels", type=int, default=1000)
    one.add_argument("--rule", choices=RULES, default="leximin")
    one.add_argument(
        "--time-limit",
        type=_seconds,
        default=TIME_LIMIT,
        help=f"seconds of computing ({TIME_LIMIT:.0f} if not said); past it, the best found so far, with its bound",
    )
    one.add_argument(
        "--flex", action="store_true", help="if the quotas cannot be kept, move them within their flexes"
    )
    one.add_argument("--levels", action="store_true", help="prove each level of chances, for auditors")
    _add_sacred(one)
    one.add_argument("--salts", help="id,salt: 32 hexadecimal digits drawn at random for each person")
    one.add_argument("--public-only", action="store_true", help="leave attributes out of the folder")
    one.add_argument("--out", required=True)


def _seconds(text: str) -> float:
    if not 0 < (seconds := float(text)) < float("inf"):
        raise argparse.ArgumentTypeError("a number of seconds above 0 is needed")
    return seconds


def _add_sacred(one: argparse.ArgumentParser) -> None:
    help_ = "what moving a quota of this criterion costs (1 if not said; inf: never moved)"
    one.add_argument("--sacred", action="append", default=[], metavar="CRITERION=COST", help=help_)


def _add_explain(one: argparse.ArgumentParser) -> None:
    one.add_argument("--proposals", type=int, default=3, help="how many ways out, at most")
    _add_sacred(one)


def _add_book(one: argparse.ArgumentParser) -> None:
    one.add_argument("--count", type=int, required=True, help="how many people to book")
    one.add_argument("--drop-out", default="0.12", help="a rate for all, or a table id,rate")
    one.add_argument("--scenarios", type=int, default=100)
    one.add_argument("--seed", required=True)
    one.add_argument("--out", required=True)


def _add_swap(one: argparse.ArgumentParser) -> None:
    one.add_argument("--leavers", required=True, help="ids, comma separated")
    one.add_argument("--seed", required=True)
    one.add_argument("--keep", default="", help="criteria that hold in any case, comma separated")
    one.add_argument("--priority", action="append", default=[], metavar="CRITERION=COST")
    one.add_argument("--out", required=True)


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


def _input(options: argparse.Namespace) -> tuple[list[Person], list[Person], Targets]:
    """People not seated, people seated, quotas."""
    targets = read_targets(options.targets)
    people = read_people(options.people, targets.criteria, options.household)
    ids = set(read_ids(options.seated, people)) if options.seated else set()
    seated = [person for person in people if person.id in ids]
    return [person for person in people if person.id not in ids], seated, targets


def _costs(pairs: Sequence[str], targets: Targets) -> dict[str, float]:
    costs = {}
    for pair in pairs:
        name, _, cost = pair.rpartition("=")
        if name not in targets.criteria:
            raise ValueError(f"{name or pair}: there is no such criterion.")
        try:
            costs[name] = float(cost)
        except ValueError:
            costs[name] = -1.0
        if not costs[name] > 0:
            raise ValueError(f"{pair}: a cost is a number above 0, or inf.")
    return costs


def draw(options: argparse.Namespace) -> int:
    """Make a lottery, draw its panel, write the folder anybody can verify."""
    publish.refuse_folder(options.out)
    people, seated, targets = _input(options)
    if options.levels and (options.rule != "leximin" or options.public_only or seated):
        raise ValueError(
            "--levels is for auditors, under leximin: not --public-only, another rule, nor people seated."
        )
    targets, moved = _softened(people, seated, targets, options) if options.flex else (targets, "")
    quotas, started = targets.quotas, time.perf_counter()
    ids = [person.id for person in seated]
    parameters = canonical.parameters_json(
        seats=options.seats, panels=options.panels, rule=options.rule, seated=ids
    )
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
        seated=seated,
        time_limit=options.time_limit,
    )
    record: dict[str, object] = {"seconds": round(time.perf_counter() - started, 3), "versions": _versions()}
    record |= {"relaxed": moved} if moved else {}
    attributes = not options.public_only
    files = publish.published_files(
        lottery,
        people,
        quotas,
        parameters,
        with_attributes=attributes,
        salts=salts,
        record=record,
        more=_levels(lottery, people, targets, options.seats) if options.levels else {},
    )
    publish.write(options.out, files)
    _say(lottery)
    if moved:
        print(f"The quotas could not all be kept; they were moved: {moved}.")
    return 0


def _levels(lottery: Lottery, people: Sequence[Person], targets: Targets, seats: int) -> dict[str, bytes]:
    proved = levels.prove(people, targets.quotas, seats, lottery.fair, unreachable=lottery.unreachable)
    if not proved:
        print("Whole panels give less than the relaxation: the smallest chance is proved, each level is not.")
        return {}
    return {
        "levels.json": canonical.as_json(levels.as_json(proved)),
        "verify_levels.py": publish.verifier("verify_levels.py"),
    }


def _softened(
    people: Sequence[Person], seated: Sequence[Person], targets: Targets, options: argparse.Namespace
) -> tuple[Targets, str]:
    """The quotas, or those nearest to them within their flexes that can be kept, with what was moved."""
    if not targets.flexes:
        raise ValueError("--flex needs the columns min_flex and max_flex.")
    found = check(
        people,
        targets.quotas,
        options.seats,
        seated=seated,
        relaxations=1,
        sacred=_costs(options.sacred, targets),
        flexes=targets.flexes,
    )
    if not found:
        return targets, ""
    if not found[-1].relaxations:
        raise Infeasible(found)
    (relaxation,) = found[-1].relaxations
    return targets.relaxed(relaxation), str(relaxation)


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("highspy", "numpy")}


def _say(lottery: Lottery) -> None:
    print(
        f"{len(lottery.panels)} panels; everybody has at least {lottery.minimum:.4%}, of {lottery.bound:.4%} possible."
    )
    if lottery.cut_short:
        print(
            "Time ran out: this is the fairest lottery found by then. Its panels are legal, and the bound above still holds."
        )
    if lottery.unreachable:
        print(f"No legal panel can contain {len(lottery.unreachable)} people.")
    if lottery.short:
        more = ", …" if len(lottery.short) > MOST_SAID else ""
        print(f"In fewer panels than promised: {', '.join(lottery.short[:MOST_SAID])}{more}.")
    print(f"Panel {lottery.number} is drawn.")


def explain(options: argparse.Namespace) -> int:
    """Say whether the quotas can be kept: if so their price, else why not and what would be the least to change."""
    people, seated, targets = _input(options)
    quotas, seats = targets.quotas, options.seats
    sacred = _costs(options.sacred, targets)
    settings = {"sacred": sacred, "seated": seated, "relaxations": max(0, options.proposals)}
    found = check(people, quotas, seats, flexes=targets.flexes, **settings)
    if found and targets.flexes and not found[-1].relaxations:
        print("Nothing within the flexes would be enough.", file=sys.stderr)
        found = check(people, quotas, seats, **settings)
    _say_conflicts(found)
    if found:
        for lack in missing(people, after_seated(quotas, seated), seats - len(seated)):
            print(
                f"  Missing: {lack.people} more, {lack.quota.criterion} {lack.quota.category}.",
                file=sys.stderr,
            )
        return 2
    print("The quotas can be kept.")
    _say_prices(what_if(people, after_seated(quotas, seated), seats - len(seated)))
    return 0


def _say_prices(rows: Sequence[WhatIf]) -> None:
    for row in rows[:10]:
        if row.gain > 1e-9:
            name = f"{row.quota.criterion}, {row.quota.category}, {row.bound} {row.change:+d}"
            print(f"{name}: the worst chance goes from {row.minimum - row.gain:.4%} to {row.minimum:.4%}.")


def swap(options: argparse.Namespace) -> int:
    """Replace those who leave: the reserve in its order, the people to call, the quotas they depart from."""
    publish.refuse_folder(options.out)
    reserve, seated, targets = _input(options)
    leaving = sorted({name.strip() for name in options.leavers.split(",") if name.strip()})
    must_be_known(leaving, [*reserve, *seated])
    _refuse_unfit(options, reserve, seated, targets)
    kept = [name for name in options.keep.split(",") if name]
    if set(kept) - set(targets.criteria):
        raise ValueError(f"{min(set(kept) - set(targets.criteria))}: there is no such criterion.")
    found = replacement.replace(
        leaving,
        seated,
        reserve,
        targets.quotas,
        options.seats,
        options.seed,
        kept_criteria=kept,
        priorities=_costs(options.priority, targets),
    )
    publish.write(options.out, _replaced(found, leaving, reserve, options.seed))
    needed = len(found.chosen) + found.missing
    print(f"{len(found.chosen)} of {needed} replaced{'' if found.exact else ', not every quota kept'}.")
    for deviation in found.deviations:
        print(f"  {deviation}")
    return 0


def _refuse_unfit(
    options: argparse.Namespace, reserve: Sequence[Person], seated: Sequence[Person], targets: Targets
) -> None:
    found = contradictions(targets.quotas, options.seats) or misfits([*reserve, *seated], targets.quotas)
    if found:
        raise Infeasible(found)
    if not options.seed:
        raise ValueError("A seed is needed.")
    if len(seated) > options.seats:
        raise ValueError(f"{len(seated)} people sit, for {options.seats} seats.")
    if not seated:
        raise ValueError("The people who sit are needed: --seated selected.csv.")


def book(options: argparse.Namespace) -> int:
    """Choose a few people to book in advance against expected drop-out, each the one who helps most."""
    publish.refuse_folder(options.out)
    reserve, seated, targets = _input(options)
    _refuse_unfit(options, reserve, seated, targets)
    if options.count < 1 or options.scenarios < 1:
        raise ValueError("At least one person to book and one scenario are needed.")
    rates: float | dict[str, float]
    try:
        rates = float(options.drop_out)
    except ValueError:
        rates = read_rates(options.drop_out, seated)
    if isinstance(rates, float) and not 0 <= rates <= 1:
        raise ValueError("The rate of drop-out is between 0 and 1.")
    settings = {"count": options.count, "drop_out": rates, "scenarios": options.scenarios}
    booked = replacement.substitutes(seated, reserve, targets.quotas, options.seats, options.seed, **settings)
    files = {
        "substitutes.csv": canonical.table(["rank", "id"], enumerate(booked, 1)),
        "record.json": canonical.as_json({"seed": options.seed, **settings}),
    }
    publish.write(options.out, files)
    print(f"{len(booked)} people to book, of {len(reserve)} in reserve.")
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
    if len(conflicts) > MOST_SAID:
        print(f"{len(conflicts)} reasons, of which the first {MOST_SAID}:", file=sys.stderr)
    for conflict in conflicts[:MOST_SAID]:
        print(conflict, file=sys.stderr)
        for relaxation in conflict.relaxations:
            print(f"  Could be changed: {relaxation}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
