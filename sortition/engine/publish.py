"""The published folder of a draw: files anybody can check with `verify.py` alone."""

import csv
import hashlib
import io
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from sortition.engine import canonical
from sortition.engine.lottery import Lottery
from sortition.engine.profiles import Person, Quota

HERE = Path(__file__).parent
NOTHING = 5e-7
Files = dict[str, bytes]


def published_files(
    lottery: Lottery,
    people: Sequence[Person],
    quotas: Sequence[Quota],
    parameters: bytes,
    *,
    with_attributes: bool = False,
    salts: Mapping[str, str] | None = None,
    number: int | None = None,
    record: Mapping[str, object] | None = None,
    more: Mapping[str, bytes] | None = None,
) -> Files:
    """Name and bytes of each file. Attributes (`people.csv`) are for auditors: most profiles are unique.

    `parameters` are the bytes frozen before the seed; `salts` by id, those of the leaves (without them the leaves could
    be guessed, and are not published); `number` the panel if it was designated by hand; `more` other files to record.
    Raises `ValueError` if the lottery was not made from what is published.
    """
    files = _made(lottery, people, quotas, parameters, with_attributes, salts)
    chosen = lottery.number if number is None else number
    files |= _designation(files, chosen, by_hand=number is not None) | dict(more or {})
    told = {**_record(lottery), "panel_number": chosen, **_fingerprints(files), **(record or {})}
    files["record.json"] = canonical.as_json(told)
    files["verify.py"] = verifier()
    return files


def lottery_files(
    lottery: Lottery,
    people: Sequence[Person],
    quotas: Sequence[Quota],
    parameters: bytes,
    *,
    salts: Mapping[str, str] | None = None,
) -> Files:
    """What is published before a panel is designated: `lottery.json` says it all, and can be verified already."""
    files = _made(lottery, people, quotas, parameters, False, salts)
    files["lottery.json"] = canonical.as_json({**_record(lottery), **_fingerprints(files)})
    return files


def designated_files(
    made: Mapping[str, bytes], number: int, *, by_hand: bool, more: Mapping[str, bytes]
) -> Files:
    """What a panel's number adds to the files of a lottery; `more` is recorded with them.

    Raises `ValueError` if there is no panel of that number.
    """
    found = {**_designation(made, number, by_hand=by_hand), **more}
    told = {
        **json.loads(made["lottery.json"]),
        "panel_number": number,
        **_fingerprints({**made, **found}),
    }
    return {**found, "record.json": canonical.as_json(told)}


def verifier(name: str = "verify.py") -> bytes:
    return (HERE / name).read_bytes()


def _made(
    lottery: Lottery,
    people: Sequence[Person],
    quotas: Sequence[Quota],
    parameters: bytes,
    with_attributes: bool,
    salts: Mapping[str, str] | None,
) -> Files:
    people_bytes, quota_bytes = canonical.people_csv(people), canonical.quotas_csv(quotas)
    frozen = people_bytes, quota_bytes, parameters
    if canonical.commitment(*frozen, salts) != lottery.commitment:
        raise ValueError("These people, quotas and parameters are not those this lottery was made from.")
    files = {
        "commitment.txt": canonical.commitment_txt(*frozen, salts),
        "quotas.csv": quota_bytes,
        "parameters.json": parameters,
        "seed.txt": (lottery.seed + "\n").encode(),
        "ids.csv": canonical.ids_csv(people),
        "panels.csv": canonical.panels_csv(lottery.panels),
        "chances.csv": canonical.chances_csv(lottery.chances),
        "floors.csv": canonical.floors_csv(lottery.fair, len(lottery.panels)),
        "certificate.json": canonical.as_json(_certificate(lottery)),
    }
    if salts:
        files["leaves.txt"] = canonical.leaves_txt(people_bytes, salts)
    if with_attributes:
        files["people.csv"] = people_bytes
    if with_attributes and salts:
        files["salts.csv"] = canonical.salts_csv(salts)
    return files


def _designation(files: Mapping[str, bytes], number: int, *, by_hand: bool) -> Files:
    rows = csv.reader(io.StringIO(files["panels.csv"].decode(), newline=""))
    panel = [name for one, name in rows if one == str(number)]
    if not panel:
        raise ValueError(f"There is no panel {number}.")
    found = {"selected.csv": canonical.selected_csv(panel)}
    return {**found, "number.txt": f"{number}\n".encode()} if by_hand else found


def _certificate(lottery: Lottery) -> dict[str, object]:
    """People no legal panel can contain are named by pseudonym: their profiles would tell who they are."""
    return {**lottery.certificate.as_json(), "unreachable": sorted(lottery.unreachable, key=str.encode)}


def _record(lottery: Lottery) -> dict[str, object]:
    return {
        "rule": lottery.rule,
        "engine": lottery.version,
        "commitment": lottery.commitment,
        "panels": len(lottery.panels),
        "minimum": f"{lottery.minimum:.12f}",
        "proven_bound": f"{lottery.bound:.12f}",
        "below_floor": len(lottery.short),
        "short": sorted(lottery.short, key=str.encode),
        "exact": lottery.gap is not None and lottery.gap <= NOTHING and not lottery.cut_short,
        "gap": None if lottery.gap is None else f"{max(lottery.gap, 0):.12f}",
        "unreachable": len(lottery.unreachable),
        "cut_short": lottery.cut_short,
    }


def _fingerprints(files: Mapping[str, bytes]) -> dict[str, object]:
    return {"sha256": {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)}}


def refuse_folder(directory: str | Path) -> None:
    """Before any work: results never cover earlier ones."""
    if Path(directory).exists() and (not Path(directory).is_dir() or any(Path(directory).iterdir())):
        raise FileExistsError(f"{directory} already holds something; results go to a new folder.")


def write(directory: str | Path, files: Mapping[str, bytes]) -> None:
    """Write all the files or none: they appear together, in a directory that must not exist or be empty."""
    refuse_folder(directory)
    directory = Path(directory)
    directory.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=directory.parent, prefix=".draw-"))
    try:
        for name, data in files.items():
            (draft / name).write_bytes(data)
        draft.chmod(0o755)
        if directory.exists():
            directory.rmdir()
        draft.rename(directory)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
