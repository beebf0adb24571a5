"""How many titles there are for each level: for those who look around."""

from collections import defaultdict

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lending.catalog.queries.titles import is_published
from lending.catalog.queries.vocabularies import terms
from lending.catalog.schemas import LevelCount
from lending.catalog.tables import Title, TitleLevel


def level_counts(session: Session) -> list[LevelCount]:
    """How many published titles each level has, in the vocabulary's order.

    A title for a whole cycle is for each of its levels, one for a level is for the cycle too.
    """
    vocabulary, titles = terms(session, "level"), _titles_by_level(session)
    chosen = {code: frozenset(found) for code, found in titles.items()}
    for term in vocabulary:
        if term.parent is not None:
            titles[term.parent] |= chosen.get(term.code, frozenset())
            titles[term.code] |= chosen.get(term.parent, frozenset())
    return [LevelCount(one.code, one.label, one.parent, len(titles[one.code])) for one in vocabulary]


def _titles_by_level(session: Session) -> defaultdict[str, set[int]]:
    published = and_(Title.id == TitleLevel.title_id, is_published)
    titles: defaultdict[str, set[int]] = defaultdict(set)
    for title_id, code in session.execute(select(TitleLevel.title_id, TitleLevel.level).join(Title, published)):
        titles[code].add(title_id)
    return titles
