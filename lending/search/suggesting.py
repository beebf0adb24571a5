"""« Did you mean »: what was typed, with the words of the titles found in place of mistyped ones."""

from collections import Counter
from collections.abc import Iterable

from lending.search.asked import take_apart
from lending.search.edits import Typed
from lending.search.french import words
from lending.search.matching import PIECE, is_same, parts_of

SHORTEST = 4
MOST_TYPOS = 2


def suggestion(text: str, found: Iterable[str]) -> str | None:
    """The text that was probably meant, or None when every word typed stands in what was found."""
    asked = take_apart(text)
    if asked.is_number:
        return None
    known = Counter(piece for one in found for piece in PIECE.findall(one.lower()))
    parts = {piece: parts_of(piece) for piece in known}
    instead = {}
    for word in asked.words:
        is_last = word == asked.words[-1]
        is_known = any(is_same(part, word, is_last=is_last) for some in parts.values() for part in some)
        if len(word) >= SHORTEST and not is_known and (better := _nearest(word, known, parts)):
            instead[word] = better
    if not instead:
        return None
    return PIECE.sub(lambda piece: instead.get("".join(words(piece[0])), piece[0]), text.strip())


def _nearest(word: str, known: Counter[str], parts: dict[str, tuple[str, ...]]) -> str | None:
    typed, ways = Typed(word), []
    for piece, some in parts.items():
        if len(some) == 1 and abs(len(some[0]) - len(word)) <= MOST_TYPOS:
            ways.append((typed.edits(some[0]), -known[piece], piece))
    best = min(ways, default=None)
    return best[2] if best and best[0] <= MOST_TYPOS else None
