"""From the volunteers of a cycle to the bytes of its draw, and back to seats."""

import csv
import io
import json
from collections import Counter, defaultdict
from datetime import timedelta

from assembly import clock
from sortition.engine import canonical, publish
from sortition.engine.lottery import Person, by_category
from sortition.engine.quotas import Quota
from sortition.engine.replacement import reserve_order
from sortition.models import (
    Contact,
    Exhibit,
    Invitation,
    SeatOffer,
    Volunteer,
)
from sortition.models.contacts import days_kept
from sortition.quotas import aimed, criterion_name, live, plan, pools_of, remaining, taking_part

PUBLIC_BEFORE = ("ids.csv", "leaves.txt", "quotas.csv", "parameters.json", "commitment.txt")
PUBLIC_LOTTERY = (
    *PUBLIC_BEFORE,
    "seed.txt",
    "panels.csv",
    "chances.csv",
    "floors.csv",
    "certificate.json",
    "lottery.json",
    "verify.py",
)
FOR_AUDITORS = ("people.csv", "salts.csv")


# ---- freezing


def freeze(draw):
    """Write the three frozen files and their fingerprint; the letters without answer are now silent."""
    people, quotas, draw.seats = live(draw)
    salts = {row.pseudonym: leaf_salt(row) for row in taking_part(draw)}
    draw.counts = {"pools": counted(draw), "composition": by_category(people, list(salts))}
    parameters = canonical.parameters_json(
        seats=draw.seats,
        panels=draw.panels,
        rule=draw.rule,
        cycle=draw.cycle.number,
        draw=draw.pk,
        announced_for=draw.announced_for.isoformat(),
        frozen_at=draw.frozen_at.isoformat(),
        households=draw.households,
        seed_sources=draw.seed_sources,
        beacon=draw.beacon,
        beacon_at=draw.beacon_at.isoformat() if draw.beacon_at else "",
        seed_dice=draw.seed_dice,
        number_from=draw.number_from,
        number_dice=list(draw.dice_colours),
        objection_hours=draw.objection_hours,
    )
    frozen = [canonical.people_csv(people), canonical.quotas_csv(quotas), parameters]
    draw.commitment = canonical.commitment(*frozen, salts)
    files = {
        "people.csv": frozen[0],
        "salts.csv": canonical.salts_csv(salts),
        "ids.csv": canonical.ids_csv(people),
        "leaves.txt": canonical.leaves_txt(frozen[0], salts),
        "quotas.csv": frozen[1],
        "parameters.json": parameters,
        "commitment.txt": canonical.commitment_txt(*frozen, salts),
    }
    file_away(draw, files)
    letters = Invitation.objects.filter(pool__cycle=draw.cycle, state=Invitation.State.SENT)
    letters.update(state=Invitation.State.SILENT)


def leaf_salt(volunteer):
    """Told to the volunteer and to auditors; the salt of the pseudonym, which would lead back to a name, is not."""
    return fingerprint(f"leaf|{volunteer.salt}".encode())[:32]


def fingerprint(data):
    from hashlib import sha256

    return sha256(data).hexdigest()


def file_away(draw, files):
    Exhibit.objects.bulk_create(
        Exhibit(
            draw=draw,
            name=name,
            text=data.decode(),
            sha256=fingerprint(data),
            size=len(data),
            is_public=name not in FOR_AUDITORS,
        )
        for name, data in files.items()
    )


def counted(draw):
    """By pool: registered, left out by reason, taking part."""
    found = []
    for pool in pools_of(draw):
        rows = Volunteer.objects.filter(pool=pool).values_list("state", "obstacle")
        left_out = Counter(obstacle or state for state, obstacle in rows if state in left_out_of(draw))
        found.append(
            {
                "pool": pool.title,
                "seats": pool.seats if not draw.pool_id else remaining(pool)[0],
                "registered": len(rows),
                "left_out": dict(sorted(left_out.items())),
                "taken_part": len(rows) - left_out.total(),
            }
        )
    return found


def left_out_of(draw):
    out = {"ineligible", "withdrawn"}
    return out | {"drawn", "confirmed"} if draw.pool_id else out


# ---- what was frozen, read back


def frozen_people(draw):
    rows = list(csv.DictReader(io.StringIO(draw.exhibit("people.csv").text, newline="")))
    return [Person(row.pop("id"), row, household=row.pop("household", "")) for row in rows]


def frozen_quotas(draw):
    rows = csv.DictReader(io.StringIO(draw.exhibit("quotas.csv").text, newline=""))
    return [Quota(row["category"], row["value"], int(row["min"]), int(row["max"])) for row in rows]


def frozen_salts(draw):
    rows = csv.DictReader(io.StringIO(draw.exhibit("salts.csv").text, newline=""))
    return {row["id"]: row["salt"] for row in rows}


# ---- the outcome


def compose(draw, lottery):
    """File the whole lottery; nobody is designated yet."""
    people, quotas = frozen_people(draw), frozen_quotas(draw)
    parameters = draw.exhibit("parameters.json").text.encode()
    files = publish.lottery_files(lottery, people, quotas, parameters, salts=frozen_salts(draw))
    known = set(draw.exhibits.values_list("name", flat=True))
    new = {name: data for name, data in files.items() if name not in known}
    file_away(draw, new | {"verify.py": publish.verifier()})
    draw.outcome = summary(lottery)


def summary(lottery):
    """What may be said of the lottery: totals and chances, no profile of anybody."""
    chances = sorted(lottery.chances.values())
    return {
        "minimum": lottery.minimum,
        "bound": lottery.bound,
        "maximum": chances[-1],
        "mean": sum(chances) / len(chances),
        "histogram": histogram(chances),
        "short": len(lottery.short),
        "unreachable": len(lottery.unreachable),
        "cut_short": lottery.cut_short,
        "seconds": round(lottery.seconds, 2),
        "engine": lottery.version,
        "scores": len(lottery.certificate.as_json()["scores"]),
    }


def designate(draw, number, *, by):
    """The panel of that number is the one: its people are offered their seats, the others wait in order."""
    people = frozen_people(draw)
    selected = panels_of(draw)[number]
    left = [person for person in people if person.id not in selected]
    reserve = canonical.table(["rank", "id"], enumerate(reserve_order(left, draw.seed), 1))
    made = {file.name: file.text.encode() for file in draw.exhibits.filter(name__in=PUBLIC_LOTTERY)}
    del made["verify.py"]
    by_hand = draw.number_from == draw.NumberFrom.DICE
    file_away(draw, publish.designated_files(made, number, by_hand=by_hand, more={"reserve.csv": reserve}))
    composition = by_category(people, selected)
    draw.outcome |= {"number": number, "selected": selected, "composition": composition}
    fill(draw, selected, by) if draw.pool_id else seat(draw, selected)


def panels_of(draw):
    """The pseudonyms of each panel, by its number."""
    found = defaultdict(list)
    for row in csv.DictReader(io.StringIO(draw.exhibit("panels.csv").text, newline="")):
        found[int(row["panel"])].append(row["id"])
    return found


BARS = ((0, 0.025), (0.025, 0.05), (0.05, 0.075), (0.075, 0.1), (0.1, 0.2), (0.2, 0.5), (0.5, 1.01))


def histogram(chances):
    return [
        [round(100 * low, 1), min(100, round(100 * high, 1)), sum(low <= chance < high for chance in chances)]
        for low, high in BARS
    ]


def seat(draw, selected):
    """Offers to the drawn; the others wait in the reserve. Letters nobody answered have their date of deletion."""
    rows = Volunteer.objects.filter(cycle=draw.cycle).eligible()
    drawn = list(rows.filter(pseudonym__in=selected))
    rows.exclude(pk__in=[row.pk for row in drawn]).update(state=Volunteer.State.RESERVE)
    Volunteer.objects.filter(pk__in=[row.pk for row in drawn]).update(state=Volunteer.State.DRAWN)
    until = clock.today() + timedelta(days=draw.cycle.replace_within_days)
    SeatOffer.objects.bulk_create(
        SeatOffer(draw=draw, pool_id=row.pool_id, volunteer=row, answer_by=until)
        for row in sorted(drawn, key=lambda row: (row.pool_id, row.pseudonym))
    )
    date = clock.today() + timedelta(days=days_kept("letters"))
    Contact.objects.filter(cycle=draw.cycle, volunteer=None, purge_on__gt=date).update(purge_on=date)


def fill(draw, selected, by):
    """A complementary draw: the seats left empty, the oldest first, go to those it designated."""
    empty = SeatOffer.objects.empty(draw.pool).order_by("pk")
    waiting = Volunteer.objects.filter(pool=draw.pool, state=Volunteer.State.RESERVE, pseudonym__in=selected)
    for offer, volunteer in zip(list(empty), list(waiting.order_by("pseudonym")), strict=False):
        volunteer.call(by=by)
        offer.fill(by=by, draw=draw, volunteer=volunteer)


# ---- showing


def result_rows(draw):
    """[{key, title, rows: [{key, label, minimum, maximum, value, share}]}] of the panel, with the quotas that were frozen."""
    composition = draw.outcome.get("composition", {})
    bounds = {(quota.criterion, quota.category): quota for quota in frozen_quotas(draw)}
    found = []
    for pool in plan(draw.cycle):
        for criterion, categories in aimed(pool):
            key = criterion_name(pool, criterion)
            people = sum(category.population or 0 for category in categories)
            rows = [
                {
                    "key": category.key,
                    "label": category.title,
                    "share": category.population / people if people and category.population else None,
                    "minimum": bounds[key, category.key].minimum,
                    "maximum": bounds[key, category.key].maximum,
                    "value": composition.get(key, {}).get(category.key, 0),
                }
                for category in categories
                if (key, category.key) in bounds
            ]
            title = criterion_name(pool, criterion, titled=True)
            if rows:
                found.append({"key": key, "title": title, "rows": rows})
    return found


def parameters(draw):
    return json.loads(draw.exhibit("parameters.json").text)
