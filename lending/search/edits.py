"""How many typos part two words. A swap of neighbours counts one.

After Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances" (2003): a column of the
table is a number, so that a word costs a few additions instead of a table.
"""

from collections.abc import Iterator


class Typed:
    """A word that was typed, ready to be held against many others."""

    def __init__(self, word: str) -> None:
        """Takes a folded word."""
        self._length = len(word)
        self._all = (1 << len(word)) - 1
        self._places: dict[str, int] = {}
        for place, letter in enumerate(word):
            self._places[letter] = self._places.get(letter, 0) | 1 << place

    def edits(self, other: str) -> int:
        """Typos that part the word from another."""
        typos = self._length
        for typos in self._along(other):  # noqa: B007 - the last one counts
            pass
        return typos

    def prefix_edits(self, other: str) -> int:
        """Typos that part the word from the nearest beginning of another."""
        return min(self._along(other), default=self._length)

    def _along(self, other: str) -> Iterator[int]:
        """The typos that part the word from ever longer beginnings of another."""
        whole, last = self._all, 1 << self._length >> 1
        positive, negative, diagonal, before, typos = whole, 0, 0, 0, self._length
        for letter in other:
            here = self._places.get(letter, 0)
            swapped = ((~diagonal & here) << 1) & before
            diagonal = (((here & positive) + positive) ^ positive) | here | negative | swapped
            up = negative | (whole & ~(diagonal | positive))
            down = diagonal & positive
            if up & last:
                typos += 1
            elif down & last:
                typos -= 1
            yield typos
            up, down = (up << 1) | 1, down << 1
            positive = (down | ~(diagonal | up)) & whole
            negative = up & diagonal & whole
            diagonal &= whole
            before = here


def edits(one: str, other: str, limit: int) -> int:
    """How many typos part two words, at most `limit` + 1."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    return min(Typed(one).edits(other), limit + 1)
