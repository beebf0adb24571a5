"""Hits as people see them, made from the database's own rows: marks, the line of the contents, the way to go."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy.orm import Session

from lending.catalog.schemas import TitleSummary
from lending.search import finds
from lending.search.asked import take_apart
from lending.search.file_hits import file_hits
from lending.search.highlight import excerpt, highlight, plain
from lending.search.matching import answered, stated
from lending.search.schemas import Hit, LineHit, SearchQuery
from lending.search.suggesting import suggestion


def hits_of(
    session: Session, titles: Sequence[TitleSummary], query: SearchQuery, free: Collection[int] | None
) -> list[Hit]:
    """Each title with what was found in it."""
    open_words = _open_words(titles, query.text)
    lines = _lines(session, open_words, query.text)
    files = file_hits(session, _still_open(open_words, lines, query.text), query.text)
    ways = finds.ways_to(session, [one.id for one in titles], query.near) if query.near else {}
    return [
        Hit(
            title=title,
            name=highlight(title.name, query.text),
            excerpt=excerpt(title.summary, query.text),
            # What nobody lends is downloaded: dates say nothing about it.
            is_free=None if free is None or not title.lenders else title.id in free,
            line=lines.get(title.id),
            file=files.get(title.id),
            distance_km=ways.get(title.id),
        )
        for title in titles
    ]


def meant_instead(session: Session, hits: Sequence[Hit], text: str) -> str | None:
    """What was probably meant, when words of the text stand in none of the titles found."""
    if not (text.strip() and hits):
        return None
    # Whoever answers every word answers it in every page: nothing was mistyped then.
    wanted = tuple(take_apart(text).meant)
    if any(frozenset(wanted) <= stated(_seen(hit.title), wanted) for hit in hits):
        return None
    texts = [_seen(hit.title) for hit in hits] + [hit.line.name for hit in hits if hit.line]
    texts += [plain(hit.file.excerpt) for hit in hits if hit.file]
    return suggestion(text, texts + finds.credits_of(session, [hit.title.id for hit in hits]))


def _seen(title: TitleSummary) -> str:
    return " ".join([title.name, title.subtitle, title.summary, *title.theme_labels, *title.level_labels])


def _open_words(titles: Sequence[TitleSummary], text: str) -> dict[int, frozenset[str]]:
    """The words that a title's card leaves unanswered; titles that answer all are left out."""
    wanted = tuple(take_apart(text).meant)
    left = {title.id: frozenset(wanted) - answered(_seen(title), wanted) for title in titles}
    return {title_id: some for title_id, some in left.items() if some}


def _lines(session: Session, open_words: Mapping[int, frozenset[str]], text: str) -> dict[int, LineHit]:
    """The line that answers most of the words that a card leaves unanswered."""
    if not open_words:
        return {}
    wanted, found = tuple(take_apart(text).meant), {}
    for title_id, lines in finds.contents_of(session, list(open_words)).items():
        best = max(lines, key=lambda line: len(answered(line.name, wanted) & open_words[title_id]))
        if answered(best.name, wanted) & open_words[title_id]:
            found[title_id] = LineHit(best.line_id, best.section, highlight(best.name, text))
    return found


def _still_open(
    open_words: Mapping[int, frozenset[str]], lines: Mapping[int, LineHit], text: str
) -> dict[int, frozenset[str]]:
    """What the line that is shown does not answer either."""
    wanted = tuple(take_apart(text).meant)
    said = {title_id: answered(plain(line.name), wanted) for title_id, line in lines.items()}
    left = {title_id: words - said.get(title_id, frozenset()) for title_id, words in open_words.items()}
    return {title_id: some for title_id, some in left.items() if some}
