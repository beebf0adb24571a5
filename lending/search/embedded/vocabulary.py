"""The words of an index, to tell which of them a mistyped one may be.

Words are read letter by letter as they are asked for, and kept for a while although the index changes: a word that is
gone finds nothing, and the words of changes made in this process are added at once.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator

import tantivy

from lending.search.edits import Typed
from lending.search.french import typo_budget

LETTERS = "abcdefghijklmnopqrstuvwxyz"
MOST_CANDIDATES = 60
KEPT_SECONDS = 60.0
BEGUN = 0.5
# By length, each word with the set of its letters.
Shelf = dict[int, dict[str, int]]


class Vocabulary:
    """The words of an index."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        """Takes what the index is now."""
        self._searcher = searcher
        self._shelves: dict[str, Shelf] = {}
        self._until = time.monotonic() + KEPT_SECONDS

    @property
    def is_old(self) -> bool:
        """Whether other processes may have written much since."""
        return time.monotonic() > self._until

    def add(self, words: Iterable[str]) -> None:
        """Learn words that were just written."""
        for word in words:
            if word[:1] in self._shelves:
                self._shelves[word[:1]].setdefault(len(word), {})[word] = signature(word)

    def frequency(self, word: str) -> int:
        """How many titles held the word."""
        return self._searcher.doc_freq("all", word)

    def meant_by(self, word: str, budget: int, *, is_last: bool) -> dict[float, list[str]]:
        """The words of the index that a typed one may be, by the number of typos; itself is not among them.

        Words that it may be the beginning of cost a little more.
        """
        if not budget:
            return {}
        # Whoever swaps or drops the first letters begins with the second one; more is looked for in whole words only.
        letters = sorted({word[0], word[1]}) if is_last or budget == typo_budget(word) else LETTERS
        near = self._begun_near if is_last else self._near
        found: dict[float, list[str]] = defaultdict(list)
        for known, typos in near(word, letters, budget):
            cost = typos + (known[0] != word[0] and budget > 1)
            if BEGUN < cost <= budget + BEGUN:
                found[cost].append(known)
        return {cost: some[:MOST_CANDIDATES] for cost, some in found.items()}

    def _near(self, word: str, letters: Iterable[str], budget: int) -> Iterator[tuple[str, float]]:
        own, typed = signature(word), Typed(word)
        for letter in letters:
            shelf = self._shelf(letter)
            for length in range(len(word) - budget, len(word) + budget + 1):
                known = shelf.get(length, {})
                likely = [one for one, signs in known.items() if (own ^ signs).bit_count() <= 2 * budget]
                yield from ((one, typed.edits(one)) for one in likely)

    def _begun_near(self, word: str, letters: Iterable[str], budget: int) -> Iterator[tuple[str, float]]:
        own, typed, longest = signature(word), Typed(word), len(word) + budget
        for letter in letters:
            for length, known in self._shelf(letter).items():
                if length < len(word) - budget:
                    continue
                likely = [one for one, signs in known.items() if (own & ~signs).bit_count() <= budget]
                for one in likely:
                    begun = one[:longest]
                    if (signature(begun) & ~own).bit_count() <= 2 * budget:
                        whole = typed.edits(one) if length <= longest else longest
                        yield one, min(whole, typed.prefix_edits(begun) + BEGUN)

    def _shelf(self, letter: str) -> Shelf:
        """Words that begin with a letter, the frequent ones first."""
        if letter not in self._shelves:
            shelf: Shelf = {}
            for term, _ in self._searcher.terms_with_prefix("all", letter):
                shelf.setdefault(len(term), {})[term] = signature(term)
            self._shelves[letter] = shelf
        return self._shelves[letter]


BITS = {letter: 1 << place for place, letter in enumerate(LETTERS)}


def signature(word: str) -> int:
    """The letters of a word as bits: words with very different letters need no closer look."""
    bits = 0
    for letter in set(word):
        bits |= BITS.get(letter, 0)
    return bits
