"""French as people type it: accents, elisions, hyphens, plurals and typos."""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

STOP_WORDS = frozenset(
    [
        "l",
        "d",
        "j",
        "m",
        "n",
        "s",
        "t",
        "c",
        "qu",
        "le",
        "la",
        "les",
        "un",
        "une",
        "des",
        "du",
        "de",
        "et",
        "en",
        "a",
        "au",
        "aux",
        "ce",
        "ces",
        "cet",
        "cette",
        "dans",
        "par",
        "pour",
        "sur",
        "avec",
        "sans",
        "ou",
        "est",
        "son",
        "sa",
        "ses",
        "leur",
        "leurs",
        "se",
        "qui",
        "que",
    ]
)
WORD = re.compile(r"[a-z0-9]+")
HYPHENATED = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "’": "'", "‐": "-", "‑": "-", "–": "-"})
LONGEST_QUERY_WORDS = 12
ONE_TYPO_FROM = 5
TWO_TYPOS_FROM = 9


def fold(text: str) -> str:
    """Lower case without accents and ligatures."""
    decomposed = unicodedata.normalize("NFKD", text.translate(LIGATURES).lower())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def words(text: str) -> list[str]:
    """The folded words of a text; apostrophes and hyphens part words."""
    return WORD.findall(fold(text))


def glued(text: str) -> list[str]:
    """Hyphenated words in one piece (`arc-en-ciel` → `arcenciel`), and neighbours too, for who types them so."""
    found = [one.replace("-", "") for one in HYPHENATED.findall(fold(text))]
    parts = words(text)
    return found + [first + second for first, second in pairwise(parts)]


def query_words(text: str) -> list[str]:
    """The words that matter in a query: stop words go, unless one is being typed last or nothing else is left."""
    typed = words(text)[:LONGEST_QUERY_WORDS]
    kept = [word for place, word in enumerate(typed) if word not in STOP_WORDS or place == len(typed) - 1]
    return kept or typed


def typo_budget(word: str) -> int:
    """How many typos a word may hold: none in short ones and in numbers, one from 5 letters, two from 9."""
    if not word.isalpha() or len(word) < ONE_TYPO_FROM:
        return 0
    return 1 if len(word) < TWO_TYPOS_FROM else 2


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of a folded word; `journaux` and `journal` meet as well."""
    singular = re.sub(r"(?:e)?aux$", lambda found: "eau" if found[0] == "eaux" else "al", word)
    stemmed = _stemmer().analyze(singular)
    return str(stemmed[0]) if stemmed else word


@lru_cache(maxsize=1)
def _stemmer() -> TextAnalyzer:
    return TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.stemmer("french")).build()


def stems(text: str) -> str:
    """The stems of a text's words."""
    return " ".join(stem(word) for word in words(text))
