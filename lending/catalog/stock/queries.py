"""The copies of an association, narrowed and page by page."""

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import Session

from lending.catalog.queries.copies import copies
from lending.catalog.schemas import CopyDetail
from lending.catalog.stock.schemas import StockFilter
from lending.catalog.tables import Copy, CopyAlias, Title
from lending.core.barcodes import parse_scan
from lending.core.paging import Cursor, Page, encode_cursor


def stock_page(
    session: Session, association_id: int, wanted: StockFilter, after: Cursor | None, limit: int
) -> Page[CopyDetail]:
    """What an association owns, by title."""
    query = (
        select(Copy.id, Title.name)
        .join(Title, Title.id == Copy.title_id)
        .where(Copy.owner_id == association_id, *_conditions(wanted))
        .order_by(Title.name, Copy.id)
    )
    if after is not None:
        query = query.where(tuple_(Title.name, Copy.id) > tuple_(after.key, after.id))
    rows = session.execute(query.limit(limit + 1)).all()
    found = {one.id: one for one in copies(session, [row.id for row in rows[:limit]])}
    last = rows[limit - 1] if len(rows) > limit else None
    cursor = encode_cursor(Cursor(last.name, last.id)) if last else None
    return Page([found[row.id] for row in rows[:limit]], cursor)


def _conditions(wanted: StockFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.kind is not None:
        found.append(Title.kind == wanted.kind.value)
    if wanted.depot_id is not None:
        found.append(Copy.depot_id == wanted.depot_id)
    if wanted.shelf:
        found.append(Copy.shelf == wanted.shelf)
    if wanted.status is not None:
        found.append(Copy.status == wanted.status.value)
    if wanted.condition is not None:
        found.append(Copy.condition == wanted.condition.value)
    if text := wanted.text.strip():
        found.append(or_(*_named(text), *_coded(text)))
    return found


def _named(text: str) -> list[ColumnElement[bool]]:
    # SQLite makes only letters without accents small: « école » is looked for as « École » too.
    written = {text, text.lower(), text.capitalize()}
    own = [Title.name.contains(one, autoescape=True) for one in sorted(written)]
    return [func.lower(Title.name).contains(text.lower(), autoescape=True), *own]


def _coded(text: str) -> list[ColumnElement[bool]]:
    """A part of the copy's code, as it is written in groups too, or the whole of another code of the copy."""
    bare = "".join(text.split())
    aliased = select(CopyAlias.copy_id).where(CopyAlias.code.in_({text, parse_scan(text)}))
    return [Copy.code.contains(bare, autoescape=True), Copy.code == parse_scan(text), Copy.id.in_(aliased)]
