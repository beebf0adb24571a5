"""Marks around what was found. Private-use characters stand for the marks until a page has escaped the text."""

from markupsafe import Markup, escape

from lending.search.asked import take_apart
from lending.search.matching import PIECE, is_meant

BEGIN, END = "\ue000", "\ue001"
EXCERPT_LENGTH = 220


def highlight(text: str, query: str) -> str:
    """The text with marks around the words that the query found."""
    wanted = tuple(take_apart(query).meant)
    text = text.replace(BEGIN, "").replace(END, "")
    if not wanted:
        return text
    return PIECE.sub(lambda found: f"{BEGIN}{found[0]}{END}" if is_meant(found[0], wanted) else found[0], text)


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
