"""Words by their stems, without accents, French first. Pure: texts in, words out.

Accents go before the stemmer comes, so that “vegetalise” finds « végétalisée »: a stem is a key, not a word.
"""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

WORD = re.compile(r"[^\W_]+")
SMALL = frozenset(
    "a au aux avec ce ces cet cette d dans de des du elle en est et eux il ils je l la le les leur leurs lui m "
    "mais me meme mes moi mon n ne nos notre nous on ont ou par pas pour qu que qui s sa se ses si son sont sur "
    "t ta te tes toi ton tu un une vos votre vous y the of and to in is for on".split()
)
"""Words that are in every text find nothing."""
_stemmer = snowballstemmer.stemmer("french")


def bare(text: str) -> str:
    """Lower case, without accents; « œ » is oe."""
    text = text.lower().replace("œ", "oe").replace("æ", "ae")
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Of one bare word. Without its accent an ending such as « -ée » is half seen: the other half goes too,
    and so does a plural that no rule knows."""
    found = _stemmer.stemWord(word)
    return found.rstrip("es") if len(found) > 4 else found


def stems(text: str) -> list[str]:
    """In the order of the text; small words left out."""
    return [stem(word) for word in WORD.findall(bare(text)) if word not in SMALL]


def spelled(text: str) -> str:
    """The stems as the index keeps them: each once, each after a blank."""
    return "".join(f" {one}" for one in dict.fromkeys(stems(text)))
