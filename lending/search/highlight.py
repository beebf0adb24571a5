"""Marks around what was found. Private-use characters stand for the marks until a page has escaped the text."""

import re

from markupsafe import Markup, escape

from lending.search.asked import take_apart
from lending.search.edits import edits
from lending.search.french import typo_budget, words
from lending.search.stemming import stem

BEGIN, END = "\ue000", "\ue001"
PIECE = re.compile(r"\w+", re.UNICODE)
EXCERPT_LENGTH = 220


def highlight(text: str, query: str) -> str:
    """The text with marks around the words that the query found."""
    wanted = take_apart(query).meant
    text = text.replace(BEGIN, "").replace(END, "")
    if not wanted:
        return text
    return PIECE.sub(lambda found: f"{BEGIN}{found[0]}{END}" if _is_meant(found[0], wanted) else found[0], text)


def excerpt(text: str, query: str, length: int = EXCERPT_LENGTH) -> str:
    """A piece of a text around the first word that was found, with marks."""
    marked = highlight(text, query)
    first = max(0, marked.find(BEGIN))
    begin = 0 if first < length * 2 // 3 else marked.rfind(" ", 0, first - length // 3) + 1
    piece = marked[begin : begin + length]
    if len(marked) > begin + length:
        piece = piece.rpartition(" ")[0] + " …"
    if piece.count(BEGIN) > piece.count(END):
        piece += END
    return ("… " if begin else "") + piece


def highlight_html(marked: str) -> Markup:
    """What `highlight` made, safe for a page: escaped first, then marked."""
    return Markup(str(escape(marked)).replace(BEGIN, "<mark>").replace(END, "</mark>"))  # noqa: S704 - escaped above


def plain(marked: str) -> str:
    """The text without marks."""
    return marked.replace(BEGIN, "").replace(END, "")


def _is_meant(piece: str, wanted: list[str]) -> bool:
    parts = words(piece)
    return any(
        _matches(part, word, is_last=place == len(wanted) - 1) for part in parts for place, word in enumerate(wanted)
    )


def _matches(part: str, word: str, *, is_last: bool) -> bool:
    if part == word or stem(part) == stem(word) or (is_last and part.startswith(word)):
        return True
    budget = typo_budget(word)
    return budget > 0 and part[0] == word[0] and edits(part, word, budget) <= budget
