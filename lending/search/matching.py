"""Which words of a text a query means; marks, lines of contents and suggestions all ask here."""

import re
from collections import defaultdict
from collections.abc import Iterator
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
def parts_in(text: str) -> frozenset[str]:
    """The different folded words of a text; lines and titles come back in one search after the other."""
    return frozenset(part for piece in set(PIECE.findall(text)) for part in parts_of(piece))


class Wanted:
    """Words that are looked for, laid out so that a word of a text meets only those that it may be."""

    def __init__(self, words: tuple[str, ...]) -> None:
        """Takes folded words; the last one may be half typed."""
        self._last = words[-1] if words else ""
        self._stems: dict[str, set[str]] = defaultdict(set)
        self._mistyped: dict[str, list[tuple[str, int, frozenset[str], Typed]]] = defaultdict(list)
        for word in words:
            self._stems[stem(word)].add(word)
            if budget := typo_budget(word):
                self._mistyped[word[0]].append((word, budget, frozenset(word), Typed(word)))

    def met_by(self, part: str) -> Iterator[str]:
        """Those of the words that a word of a text is, in some form or mistyped."""
        yield from self._stems.get(stem(part), ())
        if self._last and part.startswith(self._last):
            yield self._last
        for word, budget, letters, typed in self._mistyped.get(part[0], ()):
            # Each letter that the other word lacks is a typo by itself: most words need no closer look.
            is_near = abs(len(part) - len(word)) <= budget and len(letters.symmetric_difference(part)) <= 2 * budget
            if is_near and typed.edits(part) <= budget:
                yield word


@lru_cache(maxsize=1000)
def looked_for(words: tuple[str, ...]) -> Wanted:
    """The words, laid out once for all the texts of a page."""
    return Wanted(words)


def is_meant(piece: str, wanted: tuple[str, ...]) -> bool:
    """Whether a piece of a text is one of the words looked for, in some form or mistyped."""
    asked = looked_for(wanted)
    return any(True for part in parts_of(piece) for _ in asked.met_by(part))


def answered(text: str, wanted: tuple[str, ...]) -> frozenset[str]:
    """Those of the words looked for that a text answers."""
    asked = looked_for(wanted)
    return frozenset(word for part in parts_in(text) for word in asked.met_by(part))


def is_same(part: str, word: str, *, is_last: bool) -> bool:
    """Whether a word of a text is a typed one without any typo."""
    return part == word or stem(part) == stem(word) or (is_last and part.startswith(word))


def stated(text: str, wanted: tuple[str, ...]) -> frozenset[str]:
    """Those of the words looked for that a text holds without any typo."""
    last = len(wanted) - 1
    parts = parts_in(text)
    stems = {stem(part) for part in parts}
    return frozenset(
        word
        for place, word in enumerate(wanted)
        if word in parts or stem(word) in stems or (place == last and any(part.startswith(word) for part in parts))
    )
