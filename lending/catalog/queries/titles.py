"""Reads of titles."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, distinct, func, select, tuple_
from sqlalchemy.orm import Session

from lending.catalog.media import media_url
from lending.catalog.photos.queries import line_photos, photos_of
from lending.catalog.queries.cards import CardFacts, card_facts
from lending.catalog.queries.contents import checklist
from lending.catalog.queries.holdings import (
    held_back,
    holdings,
    is_present,
    lendable_count,
    lent_incomplete,
)
from lending.catalog.queries.vocabularies import label_column, level_codes, levels_of, themes_of
from lending.catalog.requests import TitleFilter
from lending.catalog.rules import Kind, Visibility
from lending.catalog.schemas import (
    KindCount,
    StaffTitle,
    TermCount,
    TitlePage,
    TitleSummary,
)
from lending.catalog.sheets.queries import documents_of
from lending.catalog.tables import Copy, Term, Title, TitleTheme
from lending.core.errors import NotFound
from lending.core.paging import Cursor, Page, encode_cursor
from lending.network.queries import escape_like
from lending.network.tables import Organisation

is_published = Title.visibility == Visibility.PUBLISHED.value
SUMMARIES = (
    select(
        Title.id,
        Title.kind,
        Title.name,
        Title.subtitle,
        Title.summary,
        Title.picture,
        Title.visibility,
        Organisation.name.label("owner_name"),
        Title.min_age,
        Title.max_age,
        Title.min_players,
        Title.max_players,
        Title.duration_minutes,
    )
    .join(Organisation, Organisation.id == Title.owner_id)
    .where(Title.id.in_(bindparam("title_ids", expanding=True)))
)


@dataclass(frozen=True)
class Access:
    """What decides who may see a title."""

    visibility: str
    owner_path: str


def access(session: Session, title_ids: Collection[int]) -> dict[int, Access]:
    """What decides who may see each of these titles; unknown ones are left out."""
    query = (
        select(Title.id, Title.visibility, Organisation.path)
        .join(Organisation, Organisation.id == Title.owner_id)
        .where(Title.id.in_(title_ids))
    )
    return {title_id: Access(visibility, path) for title_id, visibility, path in session.execute(query)}


def title_page(session: Session, title_id: int) -> TitlePage:
    """All facts about a title, whoever asks. Raises NotFound."""
    row = session.execute(
        select(Title, Organisation.name)
        .join(Organisation, Organisation.id == Title.owner_id)
        .where(Title.id == title_id)
    ).first()
    if row is None:
        raise NotFound
    title, owner_name = row
    return TitlePage(
        id=title.id,
        kind=Kind(title.kind),
        name=title.name,
        subtitle=title.subtitle,
        summary=title.summary,
        authors=title.authors,
        publisher=title.publisher,
        isbn=title.isbn,
        language=title.language,
        published_year=title.published_year,
        min_age=title.min_age,
        max_age=title.max_age,
        min_players=title.min_players,
        max_players=title.max_players,
        duration_minutes=title.duration_minutes,
        visibility=Visibility(title.visibility),
        picture_url=media_url(title.picture) if title.picture else None,
        version=title.version,
        updated_at=title.updated_at,
        owner_id=title.owner_id,
        owner_name=owner_name,
        levels=levels_of(session, [title_id]).get(title_id, []),
        themes=themes_of(session, [title_id])[title_id],
        contents=checklist(session, title_id).sections,
        documents=documents_of(session, title_id),
        holdings=holdings(session, title_id),
        held_back=held_back(session, title_id),
        lent_incomplete=lent_incomplete(session, title_id),
        ean=title.ean,
        reference=title.reference,
        is_local=title.is_local,
        game_kind=title.game_kind,
        level_codes=level_codes(session, title_id),
        photos=photos_of(session, title_id),
        line_photos=line_photos(session, title_id),
    )


def title_summaries(session: Session, title_ids: Collection[int]) -> list[TitleSummary]:
    """These titles in few words, in the order asked for; unknown ones are left out. Two queries."""
    rows = {row.id: row for row in session.execute(SUMMARIES, {"title_ids": list(title_ids)})}
    facts = card_facts(session, rows)
    return [_summary(rows[id_], facts[id_]) for id_ in title_ids if id_ in rows]


def _summary(title: Any, facts: CardFacts) -> TitleSummary:
    return TitleSummary(
        id=title.id,
        kind=Kind(title.kind),
        name=title.name,
        subtitle=title.subtitle,
        summary=title.summary,
        picture_url=media_url(title.picture) if title.picture else None,
        visibility=Visibility(title.visibility),
        owner_name=title.owner_name,
        level_labels=facts.levels,
        theme_labels=facts.themes,
        lenders=facts.lenders,
        min_age=title.min_age,
        max_age=title.max_age,
        min_players=title.min_players,
        max_players=title.max_players,
        duration_minutes=title.duration_minutes,
    )


def titles_of(
    session: Session, association_id: int, wanted: TitleFilter, after: Cursor | None, limit: int
) -> Page[StaffTitle]:
    """Titles that an association owns or has copies of, by name, a page at a time."""
    query = _titles_of(association_id).where(*_conditions(wanted))
    if after is not None:
        query = query.where(tuple_(Title.name, Title.id) > tuple_(after.key, after.id))
    rows = session.execute(query.order_by(Title.name, Title.id).limit(limit + 1)).all()
    items = [_staff_title(title, copies, lendable) for title, copies, lendable in rows[:limit]]
    last = items[-1] if len(rows) > limit else None
    return Page(items, encode_cursor(Cursor(last.name, last.id)) if last else None)


def _titles_of(association_id: int) -> Select[Title, int | None, int | None]:
    own = (
        select(Copy.title_id, func.count().label("copies"), lendable_count.label("lendable"))
        .where(Copy.owner_id == association_id, is_present)
        .group_by(Copy.title_id)
        .subquery()
    )
    return (
        select(Title, own.c.copies, own.c.lendable)
        .outerjoin(own, own.c.title_id == Title.id)
        .where((Title.owner_id == association_id) | ((own.c.copies > 0) & is_published))
    )


def _conditions(wanted: TitleFilter) -> list[ColumnElement[bool]]:
    found = []
    if wanted.kind is not None:
        found.append(Title.kind == wanted.kind.value)
    if wanted.visibility is not None:
        found.append(Title.visibility == wanted.visibility.value)
    if text := wanted.text.strip().lower():
        found.append(func.lower(Title.name).like(f"%{escape_like(text)}%", escape="\\"))
    return found


def _staff_title(title: Title, copies: int | None, lendable: int | None) -> StaffTitle:
    return StaffTitle(
        id=title.id,
        kind=Kind(title.kind),
        name=title.name,
        visibility=Visibility(title.visibility),
        version=title.version,
        copies=copies or 0,
        lendable=lendable or 0,
    )


def recently_added(session: Session, limit: int, association_id: int | None = None) -> list[int]:
    """The ids of the newest published titles that somebody (or this association) lends."""
    lent = select(Copy.title_id).where(is_present)
    if association_id is not None:
        lent = lent.where(Copy.owner_id == association_id)
    query = (
        select(Title.id)
        .where(is_published, Title.id.in_(lent))
        .order_by(Title.created_at.desc(), Title.id.desc())
        .limit(limit)
    )
    return list(session.scalars(query))


def theme_counts(session: Session, limit: int) -> list[TermCount]:
    """The themes with most published titles."""
    titles = func.count(distinct(Title.id))
    query = (
        select(Term.code, label_column(), titles)
        .join(TitleTheme, TitleTheme.theme == Term.code)
        .join(Title, and_(Title.id == TitleTheme.title_id, is_published))
        .where(Term.vocabulary == "theme")
        .group_by(Term.vocabulary, Term.code)
        .order_by(titles.desc(), Term.rank)
        .limit(limit)
    )
    return [TermCount(*row) for row in session.execute(query)]


def kind_counts(session: Session) -> list[KindCount]:
    """How many published titles there are of each kind that has any."""
    query = select(Title.kind, func.count()).where(is_published).group_by(Title.kind)
    counts = {kind: count for kind, count in session.execute(query)}  # noqa: C416 - dict() does not take a Result for mypy
    return [KindCount(kind, counts[kind]) for kind in Kind if kind in counts]
