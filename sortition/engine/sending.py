"""Letters drawn from a roll: stage 1 on files."""

import argparse
import datetime
import json
from collections.abc import Sequence

from sortition.engine import canonical, publish
from sortition.engine.invite import Invitations, invite, letters_csv
from sortition.engine.reading import open_table

LETTER = "ticket,line,district,age_band,sex,last_name,first_name,address,postcode,city,country".split(",")


def add(letters: argparse.ArgumentParser) -> None:
    letters.set_defaults(act=send)
    letters.add_argument("--roll", required=True)
    letters.add_argument("--letters", type=int, required=True)
    letters.add_argument("--strata", default="district,age_band,sex")
    letters.add_argument("--seed", required=True)
    letters.add_argument("--today", type=datetime.date.fromisoformat, default=None)
    letters.add_argument("--out", required=True)


def send(options: argparse.Namespace) -> int:
    publish.refuse_folder(options.out)
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
