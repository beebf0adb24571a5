"""What a person typed, taken apart: words, « "as it stands" », « -without », a number that names one thing."""

import re
from dataclasses import dataclass
from functools import lru_cache

from stdnum import isbn

from lending.core.barcodes import has_valid_key, parse_scan
from lending.search.french import LONGEST_QUERY_WORDS, kept_words, words

PIECE = re.compile(r'(-?)"([^"]*)"?|(-?)(\S+)')
NUMBER = re.compile(r"[\d\s-]{8,}[Xx]?")


@dataclass(frozen=True)
class Asked:
    """A text taken apart, everything folded. `typed` still has the stop words; `words` are those that matter.

    `code` is the text as a code would stand in the database; with `is_number` it can be nothing else.
    """

    words: tuple[str, ...]
    typed: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]
    unwanted: tuple[tuple[str, ...], ...]
    code: str
    is_number: bool

    @property
    def meant(self) -> list[str]:
        """Every word that must be there, for marking."""
        return [*(word for phrase in self.phrases for word in phrase), *self.words]


@lru_cache(maxsize=1000)
def take_apart(text: str) -> Asked:
    """Read what was typed; no sign is ever an error."""
    text = " ".join(text.replace("\x00", " ").split())
    is_number = bool(NUMBER.fullmatch(text))
    typed: list[str] = []
    phrases: list[tuple[str, ...]] = []
    unwanted: list[tuple[str, ...]] = []
    for minus, phrase, dash, word in PIECE.findall("" if is_number else text):
        if found := tuple(words(phrase)):
            (unwanted if minus else phrases).append(found)
        elif dash and (gone := tuple(words(word))):
            unwanted.append(gone)
        elif not dash:
            typed += words(word)
    typed = typed[:LONGEST_QUERY_WORDS]
    return Asked(
        words=tuple(kept_words(typed)),
        typed=tuple(typed),
        phrases=tuple(phrases),
        unwanted=tuple(unwanted),
        code=_code(text, is_number=is_number),
        is_number=is_number,
    )


def _code(text: str, *, is_number: bool) -> str:
    code = parse_scan(text)
    if not is_number:
        return code
    code = code.replace("-", "")
    if has_valid_key(code):
        # One in eleven of our own codes could be a book's number of ten digits too.
        return code
    return str(isbn.to_isbn13(code)) if isbn.is_valid(code) else code
