"""What a draw would give, as the draw room shows it: figures into rows, bars and sentences."""

from functools import cached_property
from itertools import groupby

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.charts import part
from assembly.templatetags.house import percent
from sortition.engine.lottery import RULES
from sortition.engine.quotas import Conflict
from sortition.explaining import Names, change, lacking, said, span
from sortition.models import Draw
from sortition.quotas import POOL

#: What each rule seeks, in plain words.
SEEKS = {
    "leximin": gettext_lazy(
        "Raises the smallest chance as far as the quotas allow, then the next smallest, and so on to the last. "
        "No rule treats the least favoured better."
    ),
    "capped": gettext_lazy(
        "The same smallest chance, then the largest is brought down as far as possible: fewer people are almost sure to sit."
    ),
    "maximin": gettext_lazy(
        "Raises the smallest chance only. Quicker, but people above the smallest are not looked after."
    ),
    "nash": gettext_lazy(
        "Raises all chances together, by their product: the smallest may fall a little if many others rise."
    ),
}
MOST_PRICES = 8


class Outlook:
    """A stored result and the titles of its cycle."""

    def __init__(self, draw, pools, result):
        self.draw, self.pools, self.result = draw, pools, result
        self.names = Names(pools)

    def __getattr__(self, name):
        try:
            return self.__dict__["result"][name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def is_possible(self):
        return not self.result["conflicts"]

    # when no panel exists

    @cached_property
    def sentences(self):
        found = [
            line
            for code, facts in self.result["conflicts"]
            for line in said(Conflict(code, facts), self.names)
        ]
        return list(dict.fromkeys(found))

    @cached_property
    def ways(self):
        """[[sentence, …], …]: each a set of changes after which a panel exists."""
        return [[change(*one, self.names) for one in way] for way in self.result["relaxations"]]

    @cached_property
    def lacking(self):
        return [lacking(*one, self.names) for one in self.result["missing"]]

    # when one does

    @property
    def chosen(self):
        return self.result["rules"][self.draw.rule]

    @property
    def chances(self):
        return {
            f"{number_format(low)}–{number_format(high)}\u00a0%": number
            for low, high, number in self.result["histogram"]
        }

    @property
    def largest(self):
        return percent(self.chosen["maximum"], 0 if self.chosen["certain"] else 1)

    @cached_property
    def rules(self):
        return [rule_row(rule, self.result["rules"][rule], self.draw) for rule in RULES]

    @cached_property
    def criteria(self):
        """[{title, rows}]: the chances of each category, the pools first."""
        whole = 1.04 * (max((row[5] for row in self.result["categories"]), default=0) or 1)
        order = {key: place for place, key in enumerate([POOL, *self.names.criteria])}
        rows = sorted(self.result["categories"], key=lambda row: order.get(row[0], len(order)))
        return [
            {
                "title": self.names.criterion(criterion),
                "rows": [self.category_row(row, whole) for row in self.in_order(criterion, group)],
            }
            for criterion, group in groupby(rows, key=lambda row: row[0])
        ]

    def in_order(self, criterion, rows):
        places = {pair: place for place, pair in enumerate(self.names.categories)}
        return sorted(rows, key=lambda row: places.get((criterion, row[1]), len(places)))

    def category_row(self, row, whole):
        criterion, category, people, low, middle, high = row
        return {
            "label": self.names.category(criterion, category),
            "people": people,
            "minimum": low,
            "median": middle,
            "maximum": high,
            "low_x": part(low, whole),
            "middle_x": part(middle, whole),
            "high_x": part(high, whole),
        }

    @cached_property
    def prices(self):
        return [self.price_row(row) for row in self.result["prices"]]

    @property
    def dearest(self):
        """The moves that would help most, one a quota."""
        found = {}
        for row in self.prices:
            if row["gain"] > 5e-5:
                found.setdefault(row["quota"], row)
        return list(found.values())[:MOST_PRICES]

    def price_row(self, row):
        criterion, category, bound, move, minimum, gain = row
        low, high = self.bounds.get((criterion, category), (0, 0))
        moved = (low + move, high) if bound == "minimum" else (low, high + move)
        return {
            "quota": f"{self.names.criterion(criterion)}, {self.names.category(criterion, category)}",
            "now": span(low, high),
            "then": span(*moved),
            "minimum": minimum,
            "gain": gain,
            "points": points(gain),
        }

    @cached_property
    def bounds(self):
        return {(name, key): (low, high) for name, key, low, high in self.result["bounds"]}


def points(gain):
    """“+0.42 points”, as a sentence would say it."""
    if abs(gain) < 5e-5:
        return _("no change")
    sign, value = "+" if gain > 0 else "−", number_format(round(100 * abs(gain), 2), 2)
    return _("%(sign)s%(value)s points") % {"sign": sign, "value": value}


def rule_row(rule, figures, draw):
    return {
        "rule": rule,
        "label": Draw.Rule(rule).label,
        "seeks": SEEKS[rule],
        "is_chosen": rule == draw.rule,
        "sentence": in_words(figures),
        **figures,
    }


def in_words(figures):
    """The figures of a rule as one would tell them."""
    said = [
        _("Everybody has a chance of at least %(least)s, nobody more than %(most)s.")
        % {"least": percent(figures["minimum"], 1), "most": percent(figures["maximum"], 1)}
    ]
    if figures["certain"]:
        said.append(
            ngettext(
                "%(number)s person is sure to be drawn.",
                "%(number)s people are sure to be drawn.",
                figures["certain"],
            )
            % {"number": figures["certain"]}
        )
    if figures["never"]:
        said.append(
            ngettext(
                "%(number)s person can be in no panel.",
                "%(number)s people can be in no panel.",
                figures["never"],
            )
            % {"number": figures["never"]}
        )
    return " ".join(said)
