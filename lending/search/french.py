"""French as people type it: accents, elisions, hyphens, plurals and typos."""

import re
import unicodedata
from itertools import pairwise

from lending.search.stemming import stem

SMALL_WORDS = (
    "l d j m n s t c qu le la les un une des du de et en a au aux ce ces cet cette dans par pour sur avec sans ou est"
    " son sa ses leur leurs se qui que"
)
STOP_WORDS = frozenset(SMALL_WORDS.split())
MARKS = re.compile(r"[\u0300-\u036f]+")
WORD = re.compile(r"[a-z0-9]+")
HYPHENATED = re.compile(r"[a-z0-9]+(?:['-][a-z0-9]+)+")
ACRONYM = re.compile(r"\b(?:[a-z]\.){2,}(?:[a-z]\b)?")
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "‐": "-", "‑": "-", "–": "-"})
LONGEST_QUERY_WORDS = 12
ONE_TYPO_FROM = 5
TWO_TYPOS_FROM = 9


def fold(text: str) -> str:
    """Lower case without accents and ligatures; acronyms without their points."""
    plain = text.lower()
    if not plain.isascii():
        plain = MARKS.sub("", unicodedata.normalize("NFKD", plain.translate(LIGATURES)))
    return ACRONYM.sub(lambda found: found[0].replace(".", ""), plain) if "." in plain else plain


def words(text: str) -> list[str]:
    """The folded words of a text; apostrophes and hyphens part words."""
    return WORD.findall(fold(text))


def in_one_piece(text: str) -> list[str]:
    """What hyphens and apostrophes part, unparted: `arc-en-ciel` → `arcenciel`, `presqu’île` → `presquile`."""
    return [one.replace("-", "").replace("'", "") for one in HYPHENATED.findall(fold(text))]


def glued(text: str) -> list[str]:
    """Hyphenated words in one piece, and neighbours too, for who types them so."""
    parts = words(text)
    return in_one_piece(text) + [first + second for first, second in pairwise(parts)]


def query_words(text: str) -> list[str]:
    """The words that matter in a query: stop words go, unless one is being typed last or nothing else is left."""
    return kept_words(words(text)[:LONGEST_QUERY_WORDS])


def kept_words(typed: list[str]) -> list[str]:
    """The words that matter of those typed."""
    kept = [word for place, word in enumerate(typed) if word not in STOP_WORDS or place == len(typed) - 1]
    return kept or typed


def typo_budget(word: str) -> int:
    """How many typos a word may hold: none in short ones and in numbers, one from 5 letters, two from 9."""
    if not word.isalpha() or len(word) < ONE_TYPO_FROM:
        return 0
    return 1 if len(word) < TWO_TYPOS_FROM else 2


def stems(text: str) -> str:
    """The stems of a text's words."""
    return " ".join(map(stem, words(text)))
