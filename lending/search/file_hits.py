"""Where in a title's documents stands what was looked for, when neither its card nor its contents say it.

Texts of documents are long: they are read once, without typos, until the first word that answers.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from lending.catalog.sheets.texts import OpenText, open_texts
from lending.search.asked import take_apart
from lending.search.highlight import excerpt
from lending.search.matching import PIECE, is_same, parts_of
from lending.search.schemas import FileHit

BEFORE, AFTER = 200, 400


def file_hits(session: Session, open_words: Mapping[int, frozenset[str]], text: str) -> dict[int, FileHit]:
    """Per title the first document that answers one of the words that are still open."""
    found: dict[int, FileHit] = {}
    last = next(reversed(tuple(take_apart(text).meant)), "")
    for one in open_texts(session, [title_id for title_id, words in open_words.items() if words]):
        if one.title_id not in found and (hit := _hit(one, open_words[one.title_id], last, text)):
            found[one.title_id] = hit
    return found


def _hit(one: OpenText, words: frozenset[str], last: str, text: str) -> FileHit | None:
    place = _first(one.text, words, last)
    if place is None:
        return None
    begin = max(0, place - BEFORE)
    piece = one.text[begin : place + AFTER]
    if begin:
        piece = piece.partition(" ")[2] or piece
    return FileHit(one.document_id, one.name, excerpt(piece, text))


def _first(text: str, words: frozenset[str], last: str) -> int | None:
    """Where the first piece of a text begins that is one of the words."""
    for piece in PIECE.finditer(text):
        if any(is_same(part, word, is_last=word == last) for part in parts_of(piece[0]) for word in words):
            return piece.start()
    return None
