"""Which words of a text a query means; marks, lines of contents and suggestions all ask here."""

import re
from functools import lru_cache

from lending.search.edits import Typed
from lending.search.french import typo_budget, words
from lending.search.stemming import stem

PIECE = re.compile(r"\w+", re.UNICODE)


@lru_cache(maxsize=50_000)
def parts_of(piece: str) -> tuple[str, ...]:
    """The folded words of a piece of a text."""
    return tuple(words(piece))


@lru_cache(maxsize=20_000)
def pieces_of(text: str) -> frozenset[str]:
    """The different pieces of a text; lines and titles come back in one search after the other."""
    return frozenset(PIECE.findall(text))


@lru_cache(maxsize=50_000)
def is_meant(piece: str, wanted: tuple[str, ...]) -> bool:
    """Whether a piece of a text is one of the words looked for, in some form or mistyped."""
    return bool(meant_by(piece, wanted))


@lru_cache(maxsize=50_000)
def meant_by(piece: str, wanted: tuple[str, ...]) -> frozenset[str]:
    """Those of the words looked for that a piece of a text answers."""
    last = len(wanted) - 1
    return frozenset(
        word
        for part in parts_of(piece)
        for place, word in enumerate(wanted)
        if is_same(part, word, is_last=place == last) or is_mistyped(part, word)
    )


def answered(text: str, wanted: tuple[str, ...]) -> frozenset[str]:
    """Those of the words looked for that a text answers."""
    return frozenset[str]().union(*(meant_by(piece, wanted) for piece in pieces_of(text)))


def is_same(part: str, word: str, *, is_last: bool) -> bool:
    """Whether a word of a text is a typed one without any typo."""
    return part == word or stem(part) == stem(word) or (is_last and part.startswith(word))


def is_mistyped(part: str, word: str) -> bool:
    """Whether a typed word may be a word of a text with typos."""
    budget = typo_budget(word)
    return (
        budget > 0 and part[0] == word[0] and abs(len(part) - len(word)) <= budget and Typed(word).edits(part) <= budget
    )


def stated(text: str, wanted: tuple[str, ...]) -> frozenset[str]:
    """Those of the words looked for that a text holds without any typo."""
    last = len(wanted) - 1
    parts = {part for piece in pieces_of(text) for part in parts_of(piece)}
    stems = {stem(part) for part in parts}
    return frozenset(
        word
        for place, word in enumerate(wanted)
        if word in parts or stem(word) in stems or (place == last and any(part.startswith(word) for part in parts))
    )
