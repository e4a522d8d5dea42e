"""The sheet of a cycle: one line for each thing the databases on citizen participation ask about.

The columns follow what two public collections ask for: the experiences of the International Observatory on
Participatory Democracy (OIDP) and the deliberative processes of the OECD; each line says what it is called in the
one and in the other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly import clock, goals
from deliberations.counted import with_figures

DAYS = ("starts_on", "ends_on", "first_meeting", "last_meeting")
ADDRESSES = ("link", "evaluation_link")


@dataclass(frozen=True)
class Line:
    """One thing said of a cycle, and what each collection calls it; "" where it is not asked."""

    key: str
    label: str | Promise
    read: Callable
    oidp: str = ""
    oecd: str = ""
    group: str = "process"
    in_french: bool = False

    @property
    def columns(self):
        return {"oidp": self.oidp, "oecd": self.oecd}


def said_by_people(name):
    return lambda cycle: getattr(getattr(cycle, "fiche", None), name, None)


def number(name):
    return lambda cycle: getattr(cycle, name) or 0


def budget(cycle):
    found = said_by_people("budget")(cycle)
    return None if found is None else float(found)


def recruitment(cycle):
    ways = [gettext("drawn by lot in two stages")]
    for pool in cycle.pools.all():
        ways.append(f"{pool.title} ({pool.get_source_display()}, {pool.seats})")
    return " ; ".join(ways)


def stages(cycle):
    return " ; ".join(
        f"{phase.title} ({phase.starts_on:%m/%Y} – {phase.ends_on:%m/%Y})" for phase in cycle.phases.all()
    )


def half_days(cycle):
    return float(cycle.half_day_total or 0)


def day(name):
    return lambda cycle: localdate(found) if (found := getattr(cycle, name)) else None


def kind(cycle):
    return gettext("citizens’ jury") if cycle.parent_id else gettext("permanent citizens’ assembly")


GROUPS = (
    ("where", _("What and where")),
    ("process", _("How it went")),
    ("impact", _("What came of it")),
    ("more", _("To know more")),
)
LINES = (
    Line("title", _("title"), lambda cycle: cycle.title, "title", "process_name", "where", True),
    Line("place", _("place"), lambda cycle: gettext("Paris, France"), "city", "location", "where"),
    Line(
        "level", _("level of government"), lambda cycle: gettext("local"), "", "level_of_government", "where"
    ),
    Line(
        "population",
        _("adults living there, by the figures the targets rest on"),
        lambda cycle: cycle.inhabitants,
        "population",
        "population",
        "where",
    ),
    Line(
        "organiser",
        _("organiser"),
        lambda cycle: gettext("City of Paris"),
        "organiser",
        "commissioning_authority",
        "where",
    ),
    Line("kind", _("type"), kind, "type_of_experience", "model", "where"),
    Line("summary", _("summary"), lambda cycle: cycle.summary, "objective", "purpose", "where", True),
    Line("goals", _("Sustainable Development Goals"), lambda cycle: cycle.goals, "sdg", "", "where"),
    Line("starts_on", _("first day"), lambda cycle: cycle.starts_on, "start_date", "start_date"),
    Line("ends_on", _("last day"), lambda cycle: cycle.ends_on, "end_date", "end_date"),
    Line("recruitment", _("how they were recruited"), recruitment, "methodology", "selection_method"),
    Line(
        "criteria",
        _("criteria of the draw"),
        lambda cycle: " ; ".join(row.title for row in cycle.criteria.all()),
        "",
        "stratification_criteria",
        in_french=True,
    ),
    Line("letters", _("letters sent"), number("letters_sent"), "", "invitations_sent"),
    Line("volunteers", _("answers received"), number("volunteers_found"), "", "positive_responses"),
    Line("seats", _("seats"), lambda cycle: sum(pool.seats for pool in cycle.pools.all()), "", "places"),
    Line(
        "participants",
        _("people who sat, replacements included"),
        number("sat_count"),
        "number_of_participants",
        "number_of_participants",
    ),
    Line(
        "remuneration",
        _("allowance for a half-day, in euros"),
        lambda cycle: float(cycle.allowance),
        "",
        "remuneration",
    ),
    Line("stages", _("stages"), stages, "stages", "stages", in_french=True),
    Line("workshops", _("workshops"), number("workshop_total"), "", "number_of_groups"),
    Line("meetings", _("meetings held"), number("meeting_total"), "number_of_meetings", "number_of_meetings"),
    Line("half_days", _("half-days of meetings, all together"), half_days, "", "half_days"),
    Line("first_meeting", _("first meeting"), day("first_meeting"), "", "first_meeting"),
    Line("last_meeting", _("last meeting held"), day("last_meeting"), "", "last_meeting"),
    Line("hearings", _("hearing sheets published"), number("hearing_total"), "", "hearings"),
    Line("budget", _("cost, in euros"), budget, "budget", "total_cost"),
    Line(
        "recommendations",
        _("recommendations handed over"),
        number("recommendation_total"),
        "results",
        "number_of_recommendations",
        "impact",
    ),
    Line("texts", _("texts transmitted"), number("text_total"), "texts", "outputs", "impact"),
    Line(
        "adopted",
        _("texts the Council adopted"),
        number("adopted_total"),
        "texts_adopted",
        "response_of_authority",
        "impact",
    ),
    Line("measures", _("measures to carry out"), number("measure_total"), "measures", "measures", "impact"),
    Line(
        "done",
        _("measures done"),
        number("done_total"),
        "measures_done",
        "implementation_monitored",
        "impact",
    ),
    Line(
        "evaluation",
        _("evaluation"),
        said_by_people("evaluation"),
        "evaluation",
        "evaluation",
        "impact",
        True,
    ),
    Line(
        "evaluation_link",
        _("address of the evaluation"),
        said_by_people("evaluation_link"),
        "evaluation_link",
        "evaluation_link",
        "impact",
    ),
    Line(
        "link",
        _("page of the cycle"),
        lambda cycle: settings.SITE_URL + cycle.get_absolute_url(),
        "link",
        "website",
        "more",
    ),
    Line("documents", _("documents published"), number("document_total"), "documents", "", "more"),
    Line("contact", _("contact"), said_by_people("contact"), "contact", "contact", "more", True),
)


def told(cycle):
    """{key: value} of a cycle that comes `with_figures`; what is not known is None."""
    return {line.key: None if (value := line.read(cycle)) == "" else value for line in LINES}


def shown(key, value):
    """A value as people read it, frozen in plain values or not."""
    if value in (None, "", []):
        return ""
    if key == "goals":
        return ", ".join(f"{number}. {title}" for number, title in goals.named(value))
    if key in DAYS:
        return date_format(date.fromisoformat(value) if isinstance(value, str) else value)
    if isinstance(value, int | float):
        return number_format(value, 0 if value == int(value) else 2, force_grouping=True)
    return value


def groups(values):
    """[(title, rows)], for the page and for the sheet."""
    rows = [
        {
            "group": line.group,
            "label": line.label,
            "value": shown(line.key, values.get(line.key)),
            "in_french": line.in_french,
            "is_address": line.key in ADDRESSES,
        }
        for line in LINES
    ]
    return [(title, [row for row in rows if row["group"] == group]) for group, title in GROUPS]


def content(cycle):
    """Everything the printed sheet will ever say."""
    rows = type(cycle).objects.filter(pk=cycle.pk)
    values = told(with_figures(rows).get())
    return {
        "on": clock.today().isoformat(),
        "values": {
            key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in values.items()
        },
    }


def table(cycle, vocabulary):
    """[columns, values] in the words of one collection."""
    values, asked = told(cycle), [line for line in LINES if line.columns[vocabulary]]
    return [
        [line.columns[vocabulary] for line in asked],
        [in_cell(values[line.key]) for line in asked],
    ]


def in_cell(value):
    if isinstance(value, list):
        return ";".join(map(str, value))
    return "" if value is None else value
