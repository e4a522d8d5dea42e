"""Who sits, against what Paris looks like: five queries whatever the number of members."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

FEW = 3  # below it, a count about a personal criterion could point at somebody


@dataclass
class Line:
    """A category: how many sit, what the population would give, what the targets ask."""

    key: str
    label: str
    count: int
    share: float | None = None
    minimum: int | None = None
    maximum: int | None = None
    shown: str = ""

    @property
    def chart(self):
        """The row of the chart; a protected count is drawn at the middle of what is said of it."""
        return {
            "label": self.label,
            "share": self.share,
            "minimum": self.minimum,
            "maximum": self.maximum,
            "value": middle(self.shown) if self.shown else self.count,
            "shown": self.shown or str(self.count),
        }


@dataclass
class Portrait:
    """One criterion, its categories and where the figures of the population come from."""

    key: str
    title: str
    personal: bool
    source: str
    lines: list[Line] = field(default_factory=list)
    day: date | None = None  # when it was frozen

    @property
    def rows(self):
        return [line.chart for line in self.lines]

    @property
    def by_key(self):
        return {line.key: line.count for line in self.lines if line.key}

    @property
    def is_protected(self):
        return any(line.shown for line in self.lines)


def middle(shown):
    low, high = map(int, shown.split("–"))
    return (low + high) / 2


def portraits(cycle, members=None):
    """A portrait by criterion of those who sit (or sat to the end, once the cycle is over)."""
    members = list(seated(cycle).values_list("profile", flat=True)) if members is None else members
    pools = list(cycle.pools.prefetch_related("targets"))
    return [
        protected(portrait(criterion, members, pools))
        for criterion in cycle.criteria.prefetch_related("categories")
    ]


def public_portraits(cycle, members=None):
    """The same for everybody to read: a personal criterion is that of the last snapshot, never of today."""
    last = cycle.snapshots.last()
    frozen = {criterion["key"]: criterion for criterion in last.public["criteria"]} if last else {}
    found = []
    for portrait in portraits(cycle, members):
        cells = frozen.get(portrait.key, {}).get("cells", {})
        if not portrait.personal:
            found.append(portrait)
        elif shown := cells.get("sitting") or cells.get("drawn"):
            found.append(as_frozen(portrait, shown, last.day))
    return found


def as_frozen(portrait, cells, day):
    portrait.day = day
    for line in portrait.lines:
        low, high = cells.get(line.key, (0, 0))
        line.count, line.shown = low, f"{low}–{high}" if low != high else ""
    portrait.lines = [line for line in portrait.lines if line.key or line.count]
    return portrait


def seated(cycle):
    """Who counts: those who sit; after the cycle, those who sat until its end."""
    sitting = cycle.members.seated()
    over = cycle.state in (cycle.State.FOLLOW_UP, cycle.State.ARCHIVED)
    return cycle.members.filter(state="term_ended") if over else sitting


def portrait(criterion, profiles, pools):
    categories = list(criterion.categories.all())
    counts = Counter(profile.get(criterion.key, "") for profile in profiles)
    people = sum(category.population or 0 for category in categories)
    aims = whole_targets(categories, pools)
    lines = [
        Line(
            category.key,
            category.title,
            counts.pop(category.key, 0),
            (category.population or 0) / people if people else None,
            *aims.get(category.pk, (None, None)),
        )
        for category in categories
    ]
    if unknown := counts.total():
        lines.append(Line("", _("Not stated"), unknown))
    source = next((category.source for category in categories if category.source), "")
    return Portrait(criterion.key, criterion.title, criterion.personal, source, lines)


def whole_targets(categories, pools):
    """{category: (minimum, maximum)} for the whole Assembly; empty when a pool leaves this criterion free."""
    own = {category.pk for category in categories}
    by_pool = [
        {target.category_id: target for target in pool.targets.all() if target.category_id in own}
        for pool in pools
    ]
    if not by_pool or not all(by_pool):
        return {}
    return {
        pk: (
            sum(aims[pk].minimum for aims in by_pool if pk in aims),
            sum(aims[pk].maximum for aims in by_pool if pk in aims),
        )
        for pk in own
        if any(pk in aims for aims in by_pool)
    }


def protected(portrait):
    """Small counts of a personal criterion are blurred, and a second one when the total would give the first away."""
    if not portrait.personal:
        return portrait
    small = [line for line in portrait.lines if 0 < line.count < FEW]
    for line in small:
        line.shown = f"1–{FEW - 1}"
    others = sorted((line for line in portrait.lines if line.count >= FEW), key=lambda line: line.count)
    if len(small) == 1 and others:
        both = small[0].count + others[0].count
        others[0].shown = f"{both - FEW + 1}–{both - 1}"
    return portrait
