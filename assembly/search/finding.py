"""From words to what holds them: PostgreSQL's full text where there is one, the stems themselves elsewhere."""

from difflib import get_close_matches
from html import escape

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.core.cache import cache
from django.db import connection
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.safestring import mark_safe

from assembly.models import SearchEntry
from assembly.search.stems import WORD, bare, stem, stems

MOST_WORDS = 12
AROUND = 110  # signs shown each side of the first word found
FEW_MINUTES = 600


def find(words, rows=None):
    """Entries that hold a word beginning with each stem: those whose title holds them first, then the newest."""
    asked = list(dict.fromkeys(stems(words)))[:MOST_WORDS]
    rows = SearchEntry.objects.all() if rows is None else rows
    if not asked:
        return rows.none()
    return holding(rows, asked).annotate(in_title=in_title(asked)).order_by("-in_title", "-day", "-target_id")


def holding(rows, asked):
    if connection.vendor == "postgresql":
        query = SearchQuery(" & ".join(f"{one}:*" for one in asked), search_type="raw", config="simple")
        return rows.annotate(vector=SearchVector("stems", config="simple")).filter(vector=query)
    wanted = Q()
    for one in asked:
        wanted &= Q(stems__contains=f" {one}")
    return rows.filter(wanted)


def in_title(asked):
    """How many of the words the title holds."""
    return sum(
        (
            Case(When(title_stems__contains=f" {one}", then=1), default=0, output_field=IntegerField())
            for one in asked
        ),
        Value(0),
    )


def meant(words):
    """What the words may have been meant to be, from the words of the titles; "" when nothing is near."""
    known = vocabulary()
    nearest = [
        word if bare(word) in known else next(iter(get_close_matches(bare(word), known, 1, 0.78)), word)
        for word in WORD.findall(words)[:MOST_WORDS]
    ]
    better = " ".join(known.get(bare(word), word) for word in nearest)
    return better if bare(better) != " ".join(WORD.findall(bare(words))) and find(better).exists() else ""


def vocabulary():
    """{word without accents: word} of every title; as of a few minutes ago."""
    known = cache.get("search-vocabulary")
    if known is None:
        titles = SearchEntry.objects.values_list("title", flat=True).order_by()
        known = {
            bare(word): word.lower() for title in titles for word in WORD.findall(title) if len(word) > 3
        }
        cache.set("search-vocabulary", known, FEW_MINUTES)
    return known


def excerpt(text, words):
    """The first place of the text that holds one of the words, marked; its beginning when none does."""
    asked = tuple(dict.fromkeys(stems(words)))
    places = (
        [place for place in WORD.finditer(text) if stem(bare(place[0])).startswith(asked)] if asked else []
    )
    first = places[0].start() if places else 0
    begin, end = beginning_at(text, first - AROUND), first + 2 * AROUND
    return mark_safe(
        ("… " if begin else "") + marked(text, begin, end, places) + ("…" if len(text) > end else "")
    )


def beginning_at(text, place):
    """The beginning of the next word after `place`."""
    return 0 if place <= 0 else text.find(" ", place) + 1


def marked(text, begin, end, places):
    said, at = "", begin
    for place in places:
        if at <= place.start() and place.end() <= end:
            said += f"{escape(text[at : place.start()])}<mark>{escape(place[0])}</mark>"
            at = place.end()
    return said + escape(text[at:end])
