"""What the public page of a draw says: its protocol in order, its quotas beside the city, its files in words."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.charts import number, part
from assembly.templatetags.house import moment, percent
from sortition import drawing
from sortition.record import incidents_of

#: What each file is for, in the order in which it became public.
FILES = {
    "ids.csv": gettext_lazy("the volunteers, by pseudonym"),
    "leaves.txt": gettext_lazy("one sealed leaf a volunteer, which they alone can open"),
    "quotas.csv": gettext_lazy("the quotas"),
    "parameters.json": gettext_lazy("the rule, the seats, where the seed and the number come from"),
    "commitment.txt": gettext_lazy("the fingerprint of all that, published before the seed"),
    "people.csv": gettext_lazy("the profiles, by pseudonym"),
    "salts.csv": gettext_lazy("what opens the sealed leaves"),
    "seed.txt": gettext_lazy("the seed"),
    "panels.csv": gettext_lazy("the lottery: who sits on which panel"),
    "chances.csv": gettext_lazy("the chance of each volunteer"),
    "floors.csv": gettext_lazy("in how many panels each was promised to be"),
    "certificate.json": gettext_lazy("the scores that prove no lottery could be fairer"),
    "lottery.json": gettext_lazy("what was announced with the lottery, before the number"),
    "number.txt": gettext_lazy("the number thrown"),
    "selected.csv": gettext_lazy("the panel drawn"),
    "reserve.csv": gettext_lazy("everybody else, in the order in which they are called"),
    "record.json": gettext_lazy("what was announced, and the fingerprint of each file"),
    "verify.py": gettext_lazy("the program that checks it all"),
}


def files(exhibits):
    """The files with what they are for, in the order of the ceremony."""
    order = {name: place for place, name in enumerate(FILES)}
    found = sorted(exhibits, key=lambda exhibit: order.get(exhibit.name, len(order)))
    return [{"exhibit": exhibit, "words": FILES.get(exhibit.name, "")} for exhibit in found]


# ---- the protocol, in the order of time


def protocol(draw, entries):
    """[{at, title, words, code, kind}]: what was done before witnesses, incidents among them."""
    steps = [announced(draw), frozen(draw), seeded(draw), composed(draw), drawn(draw), certified(draw)]
    steps += [{"at": draw.published_at, "title": _("Published, with its official record")}]
    told = [step for step in steps if step["at"]]
    told += [{"kind": "incident", **incident} for incident in incidents_of(entries)]
    return sorted(told, key=lambda step: step["at"])


def announced(draw):
    words = _("The draw is announced for %(moment)s. The seed is to come from: %(sources)s") % {
        "moment": moment(draw.announced_for),
        "sources": draw.seed_sources,
    }
    return {"at": draw.announced_at, "title": _("Announced"), "words": words}


def frozen(draw):
    words = _(
        "People, quotas and rule can no longer change: their fingerprint is public before the seed exists. One operator prepared, another froze."
    )
    return {"at": draw.frozen_at, "title": _("Frozen"), "words": words, "code": draw.commitment}


def seeded(draw):
    if draw.seed_confirmed_by_id:
        words = _(
            "Typed before the witnesses by one operator, then by another, from the dice and the public source."
        )
    else:
        words = _("Entered before the witnesses, from the dice and the public source.")
    return {"at": draw.seeded_at, "title": _("Seed"), "words": words, "code": draw.seed}


def composed(draw):
    words = ngettext(
        "%(panels)s numbered panel that keeps every quota: all were public before one was designated. The fingerprint of the lottery (panels.csv):",
        "%(panels)s numbered panels that all keep every quota: all were public before one was designated. The fingerprint of the lottery (panels.csv):",
        draw.panels,
    ) % {"panels": number_format(draw.panels)}
    at = draw.composed_at if draw.composed_at != draw.drawn_at else None
    lottery = draw.exhibits.filter(name="panels.csv").values_list("sha256", flat=True).first()
    return {"at": at, "title": _("Lottery published"), "words": words, "code": lottery or ""}


def drawn(draw):
    if draw.number_confirmed_by_id:
        words = _(
            "Thrown with %(dice)s dice before the bailiff, typed by one person and confirmed by another."
        ) % {"dice": draw.dice_for_the_number}
    else:
        words = _(
            "The number follows from the seed, as laid down before the freeze: there was no second throw."
        )
    title = _("Panel %(number)s drawn") % {"number": draw.number_label}
    return {"at": draw.drawn_at, "title": title, "words": words}


def certified(draw):
    title = _("Certified by %(name)s, bailiff") % {"name": draw.certified_by}
    return {"at": draw.certified_at, "title": title, "words": draw.statement}


# ---- the chances


def chances(draw):
    return {f"{plain(low)}–{plain(high)}\u00a0%": people for low, high, people in draw.outcome["histogram"]}


def plain(share):
    """2,5 in French, 5 and not 5,0."""
    return number_format(share, 0 if share == int(share) else 1)


def certificate(draw):
    """The three figures that say how fair it was, in words."""
    outcome = draw.outcome
    return {
        "least": percent(outcome["minimum"], 2),
        "bound": percent(outcome["bound"], 2),
        "most": percent(outcome["maximum"], 0),
        "mean": percent(outcome["mean"], 1),
        "reached": outcome["bound"] - outcome["minimum"] < 1 / draw.panels,
    }


# ---- the quotas, beside the city, the volunteers and the panel

LINE, FEW = 62, 5


def comparison(draw):
    """For each criterion, a figure and a table: share of the city, volunteers, quota, panel."""
    volunteers = draw.counts.get("composition", {})
    found = []
    for criterion in drawing.result_rows(draw):
        pool = volunteers.get(criterion["key"], {})
        people = sum(pool.get(row["key"], 0) for row in criterion["rows"])
        seats = sum(row["value"] for row in criterion["rows"])
        rows = [
            row | {"pool": pool.get(row["key"], 0), "pool_share": share(pool.get(row["key"], 0), people)}
            for row in criterion["rows"]
        ]
        found.append(
            {"title": criterion["title"], "rows": drawn_rows(rows, seats), "height": str(len(rows) * LINE)}
            | {"has_pool": bool(people), "has_city": any(row["share"] is not None for row in rows)}
        )
    return found


def share(count, whole):
    return count / whole if whole else None


def drawn_rows(rows, seats):
    """Positions of the bars: the widest share fills the drawing."""
    for row in rows:
        row["panel_share"] = share(row["value"], seats) or 0
    widest = max(
        (max(row["panel_share"], row["pool_share"] or 0, row["share"] or 0) for row in rows), default=1
    )
    return [placed(row, at * LINE, 1.03 * widest or 1) for at, row in enumerate(rows)]


def placed(row, top, whole):
    return row | {
        "few": 0 < row["pool"] < FEW,
        "off": not row["minimum"] <= row["value"] <= row["maximum"],
        "text_y": number(top + 14),
        "panel_y": number(top + 22),
        "panel_width": part(row["panel_share"], whole),
        "pool_y": number(top + 36),
        "pool_width": part(row["pool_share"] or 0, whole),
        "city_x": part(row["share"] or 0, whole),
        "city_top": number(top + 19),
        "city_bottom": number(top + 48),
    }
