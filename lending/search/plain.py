"""What can be found while no index answers: titles whose name, authors or summary hold every word, newest first.

No typos, no facet counts, no dates, no distances: pages say so, and show for each hit what the database knows.
"""

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from lending.catalog.rules import Status, Visibility
from lending.catalog.tables import Copy, Title, TitleLevel, TitleTheme
from lending.network.queries import escape_like
from lending.network.tables import Association
from lending.search.schemas import IndexPage, SearchQuery

MOST_WORDS = 6
LONGEST_NUMBER = 10
GONE = (Status.LOST.value, Status.WITHDRAWN.value)


def plain_page(session: Session, query: SearchQuery) -> IndexPage:
    """A page of published titles without the index."""
    conditions = [Title.visibility == Visibility.PUBLISHED.value, *_words(query.text), *_choices(query)]
    total = session.scalar(select(func.count()).select_from(Title).where(*conditions)) or 0
    found = select(Title.id).where(*conditions).order_by(Title.created_at.desc(), Title.id.desc())
    ids = session.scalars(found.offset((query.page - 1) * query.per_page).limit(query.per_page))
    return IndexPage(ids=list(ids), total=total, facets={})


def _words(text: str) -> list[ColumnElement[bool]]:
    texts = (Title.name, Title.subtitle, Title.authors, Title.summary)
    wanted = [f"%{escape_like(word.lower())}%" for word in text.replace("\x00", " ").split()[:MOST_WORDS]]
    return [or_(*(func.lower(column).like(one, escape="\\") for column in texts)) for one in wanted]


def _choices(query: SearchQuery) -> list[ColumnElement[bool]]:
    lenders: Select[int] = (
        select(Copy.title_id)
        .join(Association, Association.organisation_id == Copy.owner_id)
        .where(Copy.status.not_in(GONE), Association.code.in_(query.association))
    )
    levels = exists().where(TitleLevel.title_id == Title.id, TitleLevel.level.in_(query.level))
    themes = exists().where(TitleTheme.title_id == Title.id, TitleTheme.theme.in_(query.theme))
    by_facet: dict[str, ColumnElement[bool]] = {
        "kind": Title.kind.in_(query.kind),
        "level": levels,
        "theme": themes,
        "association": Title.id.in_(lenders),
    }
    owners = [int(one) for one in query.owner if one.isascii() and one.isdecimal() and len(one) < LONGEST_NUMBER]
    by_facet |= {"language": Title.language.in_(query.language), "owner": Title.owner_id.in_(owners)}
    return [condition for facet, condition in by_facet.items() if query.chosen(facet)] + _bounds(query)


def _bounds(query: SearchQuery) -> list[ColumnElement[bool]]:
    bounds = []
    if query.age is not None:
        bounds += [func.coalesce(Title.min_age, 0) <= query.age, func.coalesce(Title.max_age, query.age) >= query.age]
    if query.players is not None:
        bounds.append(func.coalesce(Title.min_players, 0) <= query.players)
        bounds.append(func.coalesce(Title.max_players, query.players) >= query.players)
    if query.minutes is not None:
        bounds.append(func.coalesce(Title.duration_minutes, 0) <= query.minutes)
    return bounds
