"""How Meilisearch finds: words, typos, prefixes, phrases, filters and facets, after its documented rules."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from lending.search.edits import edits

Document = dict[str, Any]
WORD = re.compile(r"[^\W_]+")
QUERY_PIECE = re.compile(r'(-?)"([^"]*)"?|(\S+)')
LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"})
MOST_QUERY_WORDS = 10
NEVER = 1_000


@lru_cache(maxsize=50_000)
def words(text: str) -> tuple[str, ...]:
    """Folded words; everything else parts them."""
    decomposed = unicodedata.normalize("NFKD", text.translate(LIGATURES).lower())
    return tuple(WORD.findall("".join(sign for sign in decomposed if not unicodedata.combining(sign))))


def budget(word: str, settings: dict[str, Any]) -> int:
    """How many typos a query word may hold."""
    typos = settings.get("typoTolerance", {})
    sizes = typos.get("minWordSizeForTypos", {})
    if any(sign.isdigit() for sign in word) and typos.get("disableOnNumbers"):
        return 0
    return (len(word) >= sizes.get("oneTypo", 5)) + (len(word) >= sizes.get("twoTypos", 9))


@lru_cache(maxsize=200_000)
def distance(typed: str, found: str, allowed: int, is_prefix: bool) -> int:
    """Typos between a typed and a found word; a different first letter costs two; NEVER when beyond `allowed`."""
    if typed == found or (is_prefix and found.startswith(typed)):
        return 0
    if not allowed:
        return NEVER
    lengths = range(len(typed) - allowed, len(typed) + allowed + 1) if is_prefix else (len(found),)
    best = min(edits(typed, found[:length], allowed) for length in lengths if length > 0)
    best += best > 0 and typed[0] != found[0]
    return best if best <= allowed else NEVER


@dataclass
class Text:
    """A document's words by attribute, in the order of the searchable attributes."""

    attributes: list[tuple[str, tuple[str, ...]]]

    def has_phrase(self, phrase: tuple[str, ...]) -> bool:
        size = len(phrase)
        return any(
            found[place : place + size] == phrase
            for _, found in self.attributes
            for place in range(len(found) - size + 1)
        )

    def cost(self, typed: str, allowed: int, exact_only: set[str], *, is_prefix: bool) -> tuple[int, int, int]:
        """The fewest typos, then the best attribute and place, of one query word."""
        best = (NEVER, NEVER, NEVER)
        for rank, (name, found) in enumerate(self.attributes):
            for place, word in enumerate(found):
                typos = distance(typed, word, 0 if name in exact_only else allowed, is_prefix)
                best = min(best, (typos, rank, place))
        return best


@dataclass
class Asked:
    """A query taken apart."""

    words: list[str] = field(default_factory=list)
    phrases: list[tuple[str, ...]] = field(default_factory=list)
    unwanted: list[tuple[str, ...]] = field(default_factory=list)
    ends_open: bool = True

    @classmethod
    def parsed(cls, text: str, stop_words: set[str]) -> "Asked":
        asked = cls(ends_open=not text or words(text[-1:]) != ())
        for minus, phrase, word in QUERY_PIECE.findall(text):
            if phrase:
                (asked.unwanted if minus else asked.phrases).append(words(phrase))
            elif word.startswith("-"):
                asked.unwanted.append(words(word))
            else:
                asked.words += words(word)
        typed = asked.words[:MOST_QUERY_WORDS]
        last = len(typed) - 1
        asked.words = [one for place, one in enumerate(typed) if one not in stop_words or place == last]
        asked.ends_open = asked.ends_open and not text.rstrip().endswith('"')
        return asked


def rank(document: Document, text: str, settings: dict[str, Any], strategy: str) -> tuple[Any, ...] | None:
    """Where a document stands among the hits (smaller is better); None when it is none."""
    asked = Asked.parsed(text, set(settings.get("stopWords") or []))
    held = Text([(name, _words_of(document.get(name))) for name in searchable(document, settings)])
    if any(held.has_phrase(one) for one in asked.unwanted if one):
        return None
    if not all(held.has_phrase(one) for one in asked.phrases if one):
        return None
    counts = [len(asked.words)] if strategy == "all" else range(len(asked.words), 0, -1)
    for count in counts or [0]:
        found = _whole(held, asked, count, settings)
        if found is not None:
            return (-count, *found)
    return None if asked.words else (0,)


def searchable(document: Document, settings: dict[str, Any]) -> list[str]:
    """The attributes that are searched."""
    names = settings.get("searchableAttributes") or ["*"]
    return list(document) if names == ["*"] else list(names)


def _words_of(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(word for one in value for word in _words_of(one))
    return words(str(value)) if value is not None else ()


def _whole(held: Text, asked: Asked, count: int, settings: dict[str, Any]) -> tuple[Any, ...] | None:
    """All of the first `count` words, one by one, glued or split; the cheapest way."""
    typed = asked.words[:count]
    exact_only = set(settings.get("typoTolerance", {}).get("disableOnAttributes") or [])
    best: list[tuple[int, int, int] | None] = [(0, 0, 0)] + [None] * len(typed)
    for end in range(1, len(typed) + 1):
        for size in (1, 2, 3):
            before = best[end - size] if size <= end else None
            if before is None:
                continue
            glued = "".join(typed[end - size : end])
            is_prefix = end == len(asked.words) and asked.ends_open
            allowed = max(0, budget(glued, settings) - (size - 1))
            found = held.cost(glued, allowed, exact_only, is_prefix=is_prefix)
            if size == 1 and found[0] == NEVER and _is_split(held, glued):
                found = (1, 0, 0)
            if found[0] == NEVER:
                continue
            way = (before[0] + found[0] + (size - 1), before[1] + found[1], before[2] + found[2])
            best[end] = way if best[end] is None else min(way, best[end] or way)
    return best[-1]


def _is_split(held: Text, word: str) -> bool:
    return any(held.has_phrase((word[:cut], word[cut:])) for cut in range(1, len(word)))
