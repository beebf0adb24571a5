"""The words of an index, to tell which of them a mistyped one may be."""

from collections.abc import Iterable, Iterator

import tantivy

from lending.search.edits import edits, prefix_edits
from lending.search.french import typo_budget

Known = tuple[str, int]
LETTERS = "abcdefghijklmnopqrstuvwxyz"
MOST_CANDIDATES = 60
# Asked for only when nothing else is found: two typos in words that are usually allowed one.
GENEROUS_FROM = 6


class Vocabulary:
    """The words of one state of an index, read letter by letter as they are asked for."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        """Takes what the index was when it was last read."""
        self._searcher = searcher
        self._by_letter: dict[str, list[Known]] = {}

    def meant_by(self, word: str, *, is_last: bool, generous: bool) -> dict[int, list[str]]:
        """The words of the index that a typed one may be, by the number of typos; itself is not among them."""
        budget = typo_budget(word)
        if generous and word.isalpha() and len(word) >= GENEROUS_FROM:
            budget = 2
        if not budget:
            return {}
        # Whoever swaps or drops the first letters begins with the second one.
        letters = LETTERS if generous else sorted({word[0], word[1]})
        found: dict[int, list[str]] = {}
        for known, typos in self._near(word, letters, budget, is_last=is_last):
            cost = typos + (known[0] != word[0] and budget > 1)
            if 0 < cost <= budget:
                found.setdefault(cost, []).append(known)
        return {cost: some[:MOST_CANDIDATES] for cost, some in found.items()}

    def _near(self, word: str, letters: Iterable[str], budget: int, *, is_last: bool) -> Iterator[tuple[str, int]]:
        own, length = signature(word), len(word)
        for letter in letters:
            for known, signs in self._words(letter):
                if is_last:
                    is_possible = len(known) >= length - budget and (own & ~signs).bit_count() <= budget
                else:
                    is_possible = abs(len(known) - length) <= budget and (own ^ signs).bit_count() <= 2 * budget
                if is_possible:
                    typos = prefix_edits(word, known, budget) if is_last else edits(word, known, budget)
                    yield known, typos

    def _words(self, letter: str) -> list[Known]:
        """Words that begin with a letter, the frequent ones first, each with the set of its letters."""
        if letter not in self._by_letter:
            terms = self._searcher.terms_with_prefix("all", letter)
            self._by_letter[letter] = [(term, signature(term)) for term, _ in terms]
        return self._by_letter[letter]


def signature(word: str) -> int:
    """The letters of a word as bits: words with very different letters need no closer look."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 31)
    return bits
