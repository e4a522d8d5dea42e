"""The tags every page shares: icons, dates, badges, act buttons, trails, pages, figures."""

import re
from datetime import date, datetime
from functools import cache, lru_cache
from types import SimpleNamespace

from django import template
from django.conf import settings
from django.db.models import Model
from django.template.loader import get_template, render_to_string
from django.urls import reverse, translate_url
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from assembly import charts, districts, rules
from assembly import panels as added_panels

register = template.Library()


# Icons -----------------------------------------------------------------------


@cache
def _drawing(name):
    path = settings.VENDOR / "icons" / f"{name}.svg"
    source = path.read_text() if path.exists() else ""
    return mark_safe(source[source.find(">") + 1 : source.rfind("</svg>")].strip())


@register.simple_tag
def icon(name, label=""):
    """An icon in the line of the text: silent, unless it is given a label."""
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 16 16" role="img" aria-label="{}">{}</svg>', label, _drawing(name)
        )
    return format_html('<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">{}</svg>', _drawing(name))


# Addresses -------------------------------------------------------------------

NUMBER = re.compile(r"\d+")


def _address(target):
    """An address as it is, an object's own page, or the name of a page without arguments."""
    if hasattr(target, "get_absolute_url"):
        return target.get_absolute_url()
    target = str(target)
    return reverse(target) if target and "/" not in target and "#" not in target else target


@register.simple_tag(takes_context=True)
def other_language_url(context, language=None):
    """The same page in the other language; its home page when the address leads nowhere."""
    language = language or ("en" if get_language() == "fr" else "fr")
    request = getattr(context, "request", None)
    if request is not None:
        here = request.get_full_path()
        there = translate_url(here, language)
        if there != here:
            return there
    with override(language):
        return reverse("home")


@register.simple_tag(takes_context=True)
def nav_link(context, target, label, icon_name=""):
    """A link of a menu, marked when it leads to the page or the part of the site one is in."""
    address, request = _address(target), getattr(context, "request", None)
    here = request.path if request is not None else ""
    home = address in ("/", "/en/")
    current = here == address or (not home and here.startswith(address))
    mark = mark_safe(' aria-current="page"' if here == address else ' aria-current="true"') if current else ""
    picture = icon(icon_name) if icon_name else ""
    return format_html('<a href="{}"{}>{}{}</a>', address, mark, picture, label)


@register.simple_tag(takes_context=True)
def same_for_all(context, name):
    """A part of every page that only the language and the part of the site one is in change: made once for each."""
    path = getattr(getattr(context, "request", None), "path", "")
    return _same_for_all(name, get_language(), NUMBER.sub("0", path))


@lru_cache(maxsize=1000)
def _same_for_all(name, _language, path):
    here = template.Context()
    here.request = SimpleNamespace(path=path)
    return get_template(name).template.render(here)


@register.inclusion_tag("components/_breadcrumb.html")
def breadcrumb(*steps):
    """`{% breadcrumb _("Cycles") "assembly:cycle_list" cycle cycle _("Draw") %}`: label, page, label, page, …, label.

    A page is an address, a name of page or an object; the last label is where one is.
    """
    pairs = zip(steps[:-1:2], steps[1::2], strict=False)
    trail = [(titled(label), _address(target)) for label, target in pairs if target]
    return {"trail": trail, "here": titled(steps[-1]) if len(steps) % 2 else ""}


@register.inclusion_tag("components/_pagination.html", takes_context=True)
def pagination(context, page_obj):
    """The pages of a list; the filters in the address are kept."""
    request = getattr(context, "request", None)
    query = request.GET.copy() if request else None

    def address(number):
        if query is None:
            return f"?page={number}"
        query["page"] = number
        return f"?{query.urlencode()}"

    paginator = page_obj.paginator
    numbers = paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    pages = [{"number": n, "url": address(n) if isinstance(n, int) else ""} for n in numbers]
    return {
        "page_obj": page_obj,
        "pages": pages,
        "previous": address(page_obj.number - 1) if page_obj.has_previous() else "",
        "next": address(page_obj.number + 1) if page_obj.has_next() else "",
    }


# Heads and blocks ------------------------------------------------------------


WRITTEN = ("title", "text", "sentence")
BLOCKS = ("<p", "<ul", "<ol", "<h", "<blockquote")


@register.filter
def said(words):
    """What the Assembly wrote, marked as French on the pages of another language.

    An object is called by its words when they are its title or its text; our own, translated, are left as they are.
    """
    if isinstance(words, Model) and not is_called_by_its_words(words):
        return words
    if not words or isinstance(words, Promise) or get_language() == settings.LANGUAGE_CODE:
        return words
    tag = "div" if isinstance(words, SafeString) and words.startswith(BLOCKS) else "span"
    return format_html('<{} lang="{}">{}</{}>', tag, settings.LANGUAGE_CODE, words, tag)


def is_called_by_its_words(thing):
    """By its own, or by those of the meeting it belongs to; a reference may follow them."""
    known = [thing, thing._state.fields_cache.get("meeting")]
    words = {getattr(one, name, None) for one in known for name in WRITTEN}
    return any(word and str(thing).startswith(str(word)) for word in words)


def titled(label):
    return said(label) if isinstance(label, Model) else label


@register.simple_block_tag
def page_header(content, title, kicker="", lead="", obj=None):
    """The head of a page; what stands between the tags are its actions."""
    return render_to_string(
        "components/_page_header.html",
        {
            "title": titled(title),
            "kicker": titled(kicker),
            "lead": lead,
            "object": obj,
            "actions": mark_safe(content.strip()),
        },
    )


@register.simple_tag(takes_context=True)
def panels(context, obj):
    """What the upper floors add to the page of this object: see assembly/panels.py."""
    return added_panels.render(context["request"], obj)


# States ----------------------------------------------------------------------

TONES = {
    tone: frozenset(states.split())
    for tone, states in {
        "good": """adopted adopted_amended adopted_as_amended approved deposited published certified confirmed
            sitting answered done carried drawn eligible accepted printed present open active current in_force
            followed_up in_follow_up follow_up settled closed_adopted ok kept retained placed granted finished""",
        "busy": """in_review review reviewed announced frozen composed sent asked forwarded co_drafted voted transmitted
            filed on_the_agenda on_agenda under_way running recruitment discovery deepening council under_study
            in_progress volunteered proposed counter_proposed deliberation requested taken_up resumed reported
            convened held""",
        "due": """overdue late suspended postponed partly_done partially_done partly on_leave undelivered
            awaited absent_excused excused waiting_visa to_confirm stuck incomplete""",
        "bad": """refused rejected cancelled withdrawn dropped failed ineligible removed resigned declined
            absent infeasible duplicate""",
    }.items()
}


def tone(state):
    state = str(state).replace("-", "_")
    return next((name for name, states in TONES.items() if state in states), "")


@register.simple_tag
def badge(obj, label=""):
    """The state of an object, or a bare state with its label: `{% badge "overdue" _("overdue") %}`."""
    state = getattr(obj, "state", obj)
    if isinstance(state, Model):  # it has none to tell
        return ""
    words = label or (obj.get_state_display() if hasattr(obj, "get_state_display") else state)
    return format_html('<span class="badge {}">{}</span>', tone(state), words)


@register.simple_tag(takes_context=True)
def may(context, act, obj):
    """`{% may "settle" wish as can_settle %}`: entitled, and it is the moment."""
    return bool(context.get("user")) and rules.may(context["user"], act, obj)


@register.simple_tag(takes_context=True)
def act_button(context, act, obj, label="", style="primary", icon_name="", quiet=False):
    """The way to an act: a link when one may and it is the moment, the reason when it is not, else nothing.

    `quiet=True` shows nothing at all when it is not the moment.
    """
    user, moment, meta = context.get("user"), rules.is_moment(act, obj), obj._meta
    if (quiet and not moment) or not user or not rules.entitled(user, act, obj):
        return ""
    shown = {
        "moment": moment,
        "url": reverse(f"{meta.app_label}:{meta.model_name}_{act}", args=[address_of(obj)]) if moment else "",
        "label": label or getattr(getattr(type(obj), act, None), "label", "") or _("Modify"),
        "state": obj.get_state_display() if hasattr(obj, "get_state_display") else "",
        "style": style,
        "icon": icon_name,
    }
    return render_to_string("components/_act_button.html", shown)


def address_of(obj):
    """What names an object in its address: its number in the table, unless it has a better one."""
    return getattr(obj, "slug_in_address", obj.pk)


# Words, figures, dates -------------------------------------------------------


@register.filter
def day(value):
    """16 mars 2023, 1er mars 2023; 16 March 2023."""
    if not value:
        return ""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        value = timezone.localdate(value) if timezone.is_aware(value) else value.date()
    return _day(value, get_language())


@lru_cache(maxsize=5000)
def _day(value, language):
    first = "er" if language == "fr" and value.day == 1 else ""
    return f"{value.day}{first}\u00a0{date_format(value, 'F Y')}"


@register.filter
def beginning(text, length=200):
    """The first words of a text; its no-break spaces stay."""
    text = str(text or "")
    return text if len(text) <= length else text[:length].rpartition(" ")[0].rstrip(",;:.\u00a0 ") + "…"


@register.filter
def hour(value):
    """18 h 30, 18 h; 18:30."""
    if not value:
        return ""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    if get_language() == "fr":
        return f"{value.hour}\u00a0h" + (f"\u00a0{value.minute:02}" if value.minute else "")
    return f"{value.hour}:{value.minute:02}"


@register.filter
def moment(value):
    """16 mars 2023 à 18 h 30."""
    return _("%(day)s at %(hour)s") % {"day": day(value), "hour": hour(value)} if value else ""


@register.simple_tag
def time(value, with_hour=None):
    """A date for people and for machines: `{% time meeting.starts_at %}`."""
    if not value:
        return ""
    has_hour = isinstance(value, datetime) if with_hour is None else with_hour
    return format_html(
        '<time datetime="{}">{}</time>', value.isoformat(), moment(value) if has_hour else day(value)
    )


@register.filter
def fingerprint(value, length=12):
    """The beginning of a fingerprint, enough to recognise it."""
    return (
        format_html('<code class="fingerprint" title="{}">{}…</code>', value, str(value)[:length])
        if value
        else ""
    )


@register.filter
def percent(value, decimals=0):
    """0.42 becomes 42 %."""
    return f"{number_format(round(100 * value, decimals), decimals)}\u00a0%" if value is not None else ""


@register.filter
def district(code):
    """05 becomes 5e arrondissement, PC Paris Centre."""
    code = districts.code(code)
    if not code.isdigit():
        return _("Paris Centre (1st to 4th)") if code == "PC" else code
    if get_language() == "fr":
        return f"{int(code)}{'er' if int(code) == 1 else 'e'} arrondissement"
    ending = {"01": "st", "02": "nd", "03": "rd"}.get(code, "th")
    return f"{int(code)}{ending} district"


@register.simple_tag
def diff(segments):
    """What changed, from segments such as [("=", "…"), ("-", "…"), ("+", "…")]; said aloud too."""
    said = {
        "+": ("ins", _("added:"), _("end of addition")),
        "-": ("del", _("removed:"), _("end of removal")),
    }
    return format_html_join("", "{}", ((_segment(said.get(sign), text),) for sign, text in segments))


def _segment(said, text):
    if said is None:
        return text
    element, begins, ends = said
    return format_html(
        '<{0}><span class="visually-hidden">{1} </span>{2}<span class="visually-hidden"> {3}</span></{0}>',
        element,
        begins,
        text,
        ends,
    )


# Figures ---------------------------------------------------------------------


@register.inclusion_tag("components/_hemicycle.html")
def hemicycle(seats=100, lit=(), title=""):
    """The Assembly as dots; `lit` is how many are lit, or which (counted from 0)."""
    return {"drawing": charts.hemicycle(seats, lit), "title": title}


@register.inclusion_tag("components/_mark.html")
def mark():
    """The logo-mark, always beside the name."""
    return {"drawing": charts.mark()}


@register.inclusion_tag("components/_composition.html")
def composition_chart(rows, title="", note="", held=""):
    """rows: {label, share (0–1 of the population), minimum, maximum, value}; `held` says what is counted (seats)."""
    drawing = charts.composition([dict(row) for row in rows])
    held = held or _("seats held")
    return {"drawing": drawing, "title": title or _("Composition"), "note": note, "held": held}


@register.inclusion_tag("components/_district_map.html")
def district_map(values, title="", unit="", table=True, plain=False):
    """values: {"05": 3, …} by district (twenty) or {"PC": 8, "05": 3, …} by sector (seventeen).

    `plain=True` only says which ones: no figure, no table, the names stand in the text beside it.
    """
    drawing = districts.shaded(values)
    for area in drawing["areas"]:
        area["name"] = district(area["code"])
    return {
        "drawing": drawing,
        "title": title or _("By district"),
        "unit": unit,
        "table": table and not plain,
        "plain": plain,
    }


@register.inclusion_tag("components/_funnel.html")
def funnel(rows, title=""):
    """rows: {label, value, note}, from the many to the few."""
    return {"drawing": charts.funnel(rows), "title": title or _("From letters to seats")}


@register.inclusion_tag("components/_vote_bar.html")
def vote_bar(tally, title=""):
    """tally: {for, against, abstention, absent} – a dictionary or an object (`for_`, …)."""
    return {"drawing": charts.votes(tally), "title": title or _("Result of the vote")}


@register.inclusion_tag("components/_histogram.html")
def histogram(values, title="", unit="", label=""):
    """values: {label: number} or pairs."""
    drawing = charts.histogram(values)
    return {
        "drawing": drawing,
        "bars": drawing["lying"]["rows"] if "lying" in drawing else drawing["bars"],
        "title": title or _("Distribution"),
        "unit": unit,
        "label": label or _("Group"),
    }


@register.inclusion_tag("components/_line.html")
def line_chart(values, title="", unit="", label=""):
    """values: {label: number} or pairs, in the order of time."""
    return {
        "drawing": charts.line(values),
        "title": title or _("Over time"),
        "unit": unit,
        "label": label or _("Date"),
    }
